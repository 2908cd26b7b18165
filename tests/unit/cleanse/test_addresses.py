"""Addresses of the largest countries taken into parts, and postcodes held against the shapes of their country."""

from __future__ import annotations

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from onefold.cleanse.addresses import address_texts, read_addresses
from onefold.cleanse.party_values import ADDRESS_PARTS
from onefold.cleanse.postcodes import shapes
from onefold.cleanse.text import squeeze

Parts = tuple[str | None, str | None, str | None, str | None, str | None, str | None]

# whole address or street line, country of the record: house number, street, unit, city, postcode, country
WHOLE: dict[tuple[str, str | None], Parts] = {
    ("12 High St, Apt 4B, Springfield, IL 62704, USA", None): ("12", "High St", "apt 4b", "Springfield", "62704", "US"),
    ("3212 W. 32nd St Palm Harbor, FL 60527", "US"): ("3212", "W. 32nd St", None, "Palm Harbor", "60527", "US"),
    ("Hughes Plaza, 100 Howard Hughes Way, Las Vegas, NV 89111", "US"): (
        "100", "Howard Hughes Way", "Hughes Plaza", "Las Vegas", "89111", "US",
    ),
    ("18 Danver Place, Loughborough, United Kingdom, LE11 1UU", None): (
        "18", "Danver Place", None, "Loughborough", "LE111UU", "GB",
    ),
    ("Hauptstr. 5a, 50667 Köln", "DE"): ("5a", "Hauptstr.", None, "Köln", "50667", "DE"),
    ("Hauptstr. 5 50667 Köln", "DE"): ("5", "Hauptstr.", None, "Köln", "50667", "DE"),
    ("Mariahilfer Straße 12/3/4, 1060 Wien", "AT"): ("12/3/4", "Mariahilfer Straße", None, "Wien", "1060", "AT"),
    ("12 bis rue de la Paix, 75002 Paris", "FR"): ("12bis", "rue de la Paix", None, "Paris", "75002", "FR"),
    ("Calle Mayor 5, 3º B, 28013 Madrid", "ES"): ("5", "Calle Mayor", "3º b", "Madrid", "28013", "ES"),
    ("Via Roma 10, 20121 Milano MI", "IT"): ("10", "Via Roma", None, "Milano", "20121", "IT"),
    ("Rua Augusta, 1500, São Paulo, 01304-001", "BR"): ("1500", "Rua Augusta", None, "São Paulo", "01304-001", "BR"),
    ("ul. Długa 5 m. 3, 00-238 Warszawa", "PL"): ("5", "ul. Długa", "m 3", "Warszawa", "00-238", "PL"),
    ("Damrak 1, 1012 LG Amsterdam", "NL"): ("1", "Damrak", None, "Amsterdam", "1012LG", "NL"),
    ("Postfach 10 01 20, 50441 Köln", "DE"): (None, "Postfach 10 01 20", None, "Köln", "50441", "DE"),
}  # fmt: skip
LINES: dict[tuple[str, str | None], tuple[str | None, str | None, str | None, str | None]] = {
    # street line: house number, street, unit, post-office box
    ("Vesterbrogade 12, 3. tv", "DK"): ("12", "Vesterbrogade", "3 tv", None),
    ("Calle Mayor 5, 3º B", "ES"): ("5", "Calle Mayor", "3º b", None),
    ("Rua Augusta, 1500 - apto 12", "BR"): ("1500", "Rua Augusta", "apto 12", None),
    ("ул. Ленина, д. 5, кв. 10", "RU"): ("5", "ул. Ленина", "кв 10", None),
    ("Hauptstr. 5, 2. OG links", "DE"): ("5", "Hauptstr.", "2 og links", None),
    ("75 N Elm Avenue", "US"): ("75", "N Elm Avenue", None, None),
    ("Suite 900, 1450 N City Rd", "US"): ("1450", "N City Rd", "suite 900", None),
    ("1450 N City Rd Suite 900", "US"): ("1450", "N City Rd", "suite 900", None),
    ("14 Old Shop Road", "GB"): ("14", "Old Shop Road", None, None),
    ("P.O. Box 12987", "US"): (None, "P.O. Box 12987", None, "12987"),
    ("12 High St, PO Box 44", "AU"): ("12", "High St, PO Box 44", None, "44"),
    ("BP 123", "FR"): (None, "Bp 123", None, "123"),
    ("Petőfi utca 29.", "HU"): ("29", "Petőfi utca", None, None),
    ("Atatürk Cad. No:5 D:3", "TR"): ("5", "Atatürk Cad.", "d:3", None),
}


def test_addresses(spark: SparkSession) -> None:
    rows = [("full", text, country) for text, country in WHOLE] + [("line", text, country) for text, country in LINES]
    empty = dict.fromkeys(ADDRESS_PARTS)
    data = [([{"kind": None, **empty, part: text}], country, text) for part, text, country in rows]
    parts = ",".join(f"{p}:string" for p in ADDRESS_PARTS)
    frame = spark.createDataFrame(data, f"a array<struct<kind:string,{parts}>>, c string, t string").coalesce(1)
    read = read_addresses(F.col("a"), squeeze(address_texts(F.col("a"))), F.col("c"))
    found = {(row["t"], row["c"]): row["r"][0] for row in frame.select("t", "c", read.alias("r")).collect()}
    whole = {
        key: tuple(found[key][p] for p in ("house_number", "street", "unit", "city", "postcode", "country")) for key in WHOLE
    }
    assert whole == WHOLE
    assert {key: tuple(found[key][p] for p in ("house_number", "street", "unit", "po_box")) for key in LINES} == LINES
    assert [key for key in WHOLE if found[key]["odd_postcode"]] == []


def test_postcodes_have_the_shape_of_their_country(spark: SparkSession) -> None:
    from onefold.cleanse.postcodes import misshapen

    cases = {
        ("50667", "DE"): False, ("5066", "DE"): True, ("SW1A1AA", "GB"): False, ("12345", "GB"): True, ("1012LG", "NL"): False,
        ("62704-1234", "US"): False, ("ABC", "XX"): False, (None, "DE"): False, ("12345", None): False,
    }  # fmt: skip
    frame = spark.createDataFrame(list(cases), "p string, c string").coalesce(1)
    found = {
        (row["p"], row["c"]): row["odd"]
        for row in frame.select("p", "c", misshapen(F.col("p"), F.col("c")).alias("odd")).collect()
    }
    assert found == cases
    assert len(shapes()) > 110
