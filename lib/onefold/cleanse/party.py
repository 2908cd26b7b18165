"""The walk of one party through cleansing: one vertical list of steps, each a frame in and a frame out."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.cleanse.addresses import address_texts, read_addresses
from onefold.cleanse.attributes import PREFIX
from onefold.cleanse.companies import standardise_companies
from onefold.cleanse.countries import country_code
from onefold.cleanse.dates import birth_date_reason
from onefold.cleanse.emails import check_unusual, judged_emails, read_emails
from onefold.cleanse.genders import read_gender
from onefold.cleanse.identifiers import first_usable, identifiers_to_read, read_identifiers
from onefold.cleanse.names import standardise_names
from onefold.cleanse.party_values import PARTY_TEXTS
from onefold.cleanse.phones import phones_to_read, read_phones
from onefold.cleanse.reasons import party_reasons
from onefold.cleanse.settings import StandardiseSettings
from onefold.cleanse.streets import city_words, street_words
from onefold.cleanse.text import MARK, at, fold, is_sentinel, squeeze, together, unless_sentinel
from onefold.cleanse.transliterate import to_ascii
from onefold.contracts.silver import PARTY

__all__ = ["standardise_party"]

_KEYED = ("given_name", "middle_name", "family_name", "_company")


def standardise_party(rows: DataFrame, attributes: Mapping[str, str], standardise: StandardiseSettings) -> DataFrame:
    """Return parties of the contract from canonical raw rows, one for one; `attributes` are the further ones by type.

    The list is the order of work: texts tidied, sentinels gone, countries, birth dates, e-mails and addresses read, names and
    companies taken apart by their country, then the one pass through Python (scripts, phones, identifiers), keys and reasons.
    """
    texts = (*PARTY_TEXTS, *(PREFIX + name for name, type_ in attributes.items() if type_ == "text"))
    return (
        rows.transform(lambda f: _join_texts(f, texts))
        .transform(lambda f: _tidy_texts(f, texts, standardise.sentinels))
        .transform(lambda f: _read_scalars(f, standardise))
        .transform(lambda f: _read_lists(f, standardise))
        .transform(standardise_names)
        .transform(standardise_companies)
        .transform(lambda f: _through_python(f, texts, standardise))
        .transform(lambda f: _with_keys(f, texts))
        .transform(lambda f: _first_values(f, attributes, standardise))
        .transform(lambda f: _to_contract(f, attributes))
    )


def _join_texts(rows: DataFrame, texts: tuple[str, ...]) -> DataFrame:
    """Put the record's texts together, so that tidying runs once a row."""
    single = together(F.col(name) for name in texts)
    return rows.withColumns({"_texts": single, "_address_texts": address_texts(F.col("addresses"))})


def _tidy_texts(rows: DataFrame, texts: tuple[str, ...], sentinels: tuple[str, ...]) -> DataFrame:
    tidied = {name: unless_sentinel(squeeze(F.col(name)), sentinels) for name in ("_texts", "_address_texts")}
    parted = rows.withColumns(tidied).withColumn("_texts", F.split("_texts", MARK))
    return parted.withColumns({name: at(F.col("_texts"), i) for i, name in enumerate(texts)})


def _read_scalars(rows: DataFrame, standardise: StandardiseSettings) -> DataFrame:
    said_nothing = is_sentinel(F.col("raw")["birth_date"], standardise.sentinels)
    reason = F.when(said_nothing, "sentinel").otherwise(
        birth_date_reason(F.col("birth_dates"), F.col("as_of"), standardise.earliest_birth_year)
    )
    return rows.withColumns(
        {
            "gender_read": read_gender(F.col("gender")),
            "country_read": country_code(F.col("country")),
            "_birth_reason": F.when(F.col("birth_dates").isNotNull(), reason),
        }
    )


def _read_lists(rows: DataFrame, standardise: StandardiseSettings) -> DataFrame:
    own = F.coalesce("country_read", "default_country")
    read = rows.withColumns(
        {
            "emails": read_emails(F.col("emails"), standardise.sentinels, standardise.placeholder_emails),
            "addresses": read_addresses(F.col("addresses"), F.col("_address_texts"), own),
        }
    )
    home = F.get("addresses", F.lit(0))["country"]
    # A phone without a country code may belong to either country where a record lives in one and is kept in another.
    both = F.when(home != own, F.concat_ws("|", home, own))
    return read.withColumns({"_country": F.coalesce(home, own), "_countries": F.coalesce(both, home, own)})


def _through_python(rows: DataFrame, texts: tuple[str, ...], standardise: StandardiseSettings) -> DataFrame:
    """Make the one pass through Python: what no native column can do, asked for in one select so that rows travel once."""
    streets_and_cities = F.flatten(F.transform("addresses", lambda a: F.array(_filled(a["street"]), _filled(a["city"]))))
    single = together(F.col(name) for name in (*_KEYED, *(name for name in texts if name.startswith(PREFIX))))
    ready = rows.withColumns(
        {
            "_keys": F.concat_ws(MARK, single, F.array_join(streets_and_cities, MARK)),
            "phones": phones_to_read(F.col("phones"), F.col("_countries")),
            "identifiers": identifiers_to_read(F.col("identifiers"), F.col("_country")),
        }
    )
    return ready.withColumn("_keys", fold(F.col("_keys"))).withColumns(
        {
            "_keys": to_ascii(F.col("_keys")),
            "phones": read_phones(F.col("phones"), standardise.sentinels),
            "identifiers": read_identifiers(F.col("identifiers"), standardise.sentinels),
            "_unusual": check_unusual(F.col("emails")),
        }
    )


def _filled(text: Column) -> Column:
    return F.coalesce(text, F.lit(""))


def _with_keys(rows: DataFrame, texts: tuple[str, ...]) -> DataFrame:
    keys = F.col("_keys")
    further = [name for name in texts if name.startswith(PREFIX)]
    streets = len(_KEYED) + len(further)

    def keyed(address: Column, position: Column) -> Column:
        street, city = at(keys, position * 2 + streets), at(keys, position * 2 + streets + 1)
        return address.withField("street_key", street_words(street)).withField("city_key", city_words(city))

    return rows.withColumn("_keys", F.split("_keys", MARK)).withColumns(
        {
            "given_name_key": at(keys, 0),
            "family_name_key": at(keys, 2),
            "full_name_key": F.nullif(F.concat_ws(" ", at(keys, 0), at(keys, 1), at(keys, 2)), F.lit("")),
            "company_key": at(keys, 3),
            **{f"{name}_key": at(keys, len(_KEYED) + i) for i, name in enumerate(further)},
            "addresses": F.transform("addresses", keyed),
            "emails": judged_emails(F.col("emails"), F.col("_unusual")),
        }
    )


def _first_values(rows: DataFrame, attributes: Mapping[str, str], standardise: StandardiseSettings) -> DataFrame:
    birth = F.when(F.col("_birth_reason").isNull(), F.get("birth_dates", F.lit(0)))
    reasons = party_reasons(attributes, standardise.sentinels)
    address = F.get("addresses", F.lit(0))
    parts = ("house_number", "street", "city", "region", "postcode", "street_key", "city_key")
    return rows.withColumns(
        {
            "gender": F.col("gender_read"),
            "birth_date": birth,
            "email": F.get(F.filter("emails", lambda e: e["value"].isNotNull()), F.lit(0))["value"],
            "phone": F.get(F.filter("phones", lambda p: p["value"].isNotNull()), F.lit(0))["value"],
            **{part: address[part] for part in parts},
            "country": F.col("_country"),
            "duns": first_usable(F.col("identifiers"), "duns"),
            "vat": first_usable(F.col("identifiers"), "vat"),
            "registration_number": first_usable(F.col("identifiers"), "registration"),
            "reasons": reasons,
        }
    )


def _to_contract(rows: DataFrame, attributes: Mapping[str, str]) -> DataFrame:
    wanted = [F.col(name) if name not in _NARROWED else _narrowed(name) for name in PARTY.column_names]
    further = [F.col(PREFIX + name).alias(name) for name in attributes]
    keys = [F.col(f"{PREFIX}{name}_key").alias(f"{name}_key") for name, type_ in attributes.items() if type_ == "text"]
    return PARTY.conform(rows.select(*wanted, *further, *keys))


_NARROWED = {
    "emails": ("value", "domain", "class", "raw"),
    "phones": ("value", "region", "kind", "extension", "raw"),
    "addresses": (
        "kind", "house_number", "street", "unit", "po_box", "city", "region", "postcode", "country", "street_key",
        "city_key", "raw",
    ),
}  # fmt: skip


def _narrowed(name: str) -> Column:
    """Leave out of a list's structs what only the walk needed (reasons)."""
    fields = _NARROWED[name]
    return F.transform(name, lambda item: F.struct(*[item[f].alias(f) for f in fields])).alias(name)
