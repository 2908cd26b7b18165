"""A table of parties as cleansing writes them, of any size, with slips in a few of each hundred."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from onefold.contracts.silver import PARTY

__all__ = ["parties"]

_GIVEN = ("Anna", "Bertha", "Carla", "Doris", "Emil", "Felix", "Gustav", "Hugo", "Ines", "José")
_FAMILY = ("Abel", "Brandt", "Conrad", "Decker", "Engel", "Fischer", "Graf", "Hahn", "Illig", "Müller")
_STREETS = ("Hauptstraße", "Bahnhofstraße", "Gartenweg", "Lindenallee", "Am Markt")
_CITIES = ("Berlin", "Hamburg", "München", "Köln", "Lyon", "Paris", "Wien")
_COUNTRIES = ("DE", "DE", "DE", "FR", "FR", "AT", "GB")


def parties(spark: SparkSession, records: int) -> DataFrame:
    """Return so many parties of four sources; one in eight is a company."""
    n = F.col("id")
    given, family = _pick(_GIVEN, n), _pick(_FAMILY, F.floor(n / 10))
    company = n % 8 == 0
    email = F.when(n % 50 == 1, None).otherwise(
        F.lower(F.concat(given, F.lit("."), family, n.cast("string"), F.lit("@mail.example")))
    )
    phone = F.when(n % 20 != 3, F.concat(F.lit("+4930"), F.lpad(n.cast("string"), 8, "0")))
    record = F.concat(F.lit("s"), (n % 4).cast("string"), F.lit(":"), n.cast("string"))
    street, city, country = _pick(_STREETS, n), _pick(_CITIES, n), _pick(_COUNTRIES, n)
    postcode = F.lpad((n % 90_000 + 9_999).cast("string"), 5, "0")
    raw = {"full_name": F.concat_ws(" ", given, family), "email": email, "phone": phone, "city": city}
    pairs = [part for name, value in raw.items() for part in (F.lit(name), value)]
    made: dict[str, Column] = {
        "record_id": record,
        "party_id": F.xxhash64(record),
        "source": F.concat(F.lit("s"), (n % 4).cast("string")),
        "source_key": n.cast("string"),
        "entity_type": F.when(company, "company").otherwise("person"),
        "batch": F.lit("b1"),
        "file": F.lit("export.csv"),
        "file_hash": F.sha2(F.lit("export"), 256),
        "row_number": n,
        "as_of": F.timestamp_seconds(F.lit(1_780_000_000)),
        "source_updated_at": F.timestamp_seconds(1_780_000_000 - (n % 3_000) * 86_400),
        "full_name": F.when(~company, F.concat_ws(" ", given, family)),
        "given_name": F.when(~company, F.when(n % 300 == 5, "test").otherwise(given)),
        "family_name": F.when(~company, F.when(n % 400 == 7, "MÃ¼ller").otherwise(family)),
        "birth_date": F.when(~company, F.date_sub(F.lit("2005-01-01").cast("date"), (n % 30_000).cast("int"))),
        "company_name": F.when(company, F.concat(family, F.lit(" GmbH"))),
        "legal_form": F.when(company, "gmbh"),
        "given_name_key": F.lower(given),
        "family_name_key": F.lower(family),
        "full_name_key": F.lower(F.concat_ws(" ", given, family)),
        "email": email,
        "phone": phone,
        "house_number": (n % 200).cast("string"),
        "street": street,
        "city": city,
        "street_key": F.lower(street),
        "city_key": F.lower(city),
        "postcode": postcode,
        "country": country,
        "vat": F.when(company, F.concat(F.lit("DE"), F.lpad(n.cast("string"), 9, "0"))),
        "emails": F.array(_struct(value=email, domain=F.lit("mail.example"), **{"class": F.lit("personal")}, raw=email)),
        "phones": F.array(_struct(value=phone, region=F.lit("DE"), kind=F.lit("fixed"), extension=F.lit(""), raw=phone)),
        "reasons": F.when(n % 60 == 9, F.array(F.lit("email:syntax"))).otherwise(F.array().cast("array<string>")),
        "raw": F.create_map(*pairs),
        "content_hash": F.xxhash64(n),
    }  # fmt: skip
    return spark.range(records).select(*(made.get(c.name, F.lit(None)).cast(c.type).alias(c.name) for c in PARTY.columns))


def _pick(values: tuple[str, ...], n: Column) -> Column:
    return F.get(F.array(*(F.lit(v) for v in values)), (n % len(values)).cast("int"))


def _struct(**parts: Column) -> Column:
    return F.struct(*(value.alias(name) for name, value in parts.items()))
