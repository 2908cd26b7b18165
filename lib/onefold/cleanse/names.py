"""Takes names of people apart and puts them together: title, given, middle, family, suffix; and spots placeholders."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.cleanse.lookup import is_listed
from onefold.cleanse.name_order import PARTED, order_of, parted_by
from onefold.cleanse.name_words import COMPOUND_GIVEN, INVERTED_PARTICLE, SEVERAL_PEOPLE, SUFFIX, TITLE, TITLE_OF_GIVEN
from onefold.cleanse.text import proper_case

__all__ = ["PLACEHOLDERS", "standardise_names"]

PLACEHOLDERS = (
    "test", "tester", "testing", "asdf", "asdfasdf", "qwerty", "qwertz", "xxx", "xxxx", "aaa", "abc", "foo", "dummy",
    "no name", "noname", "first name", "firstname", "last name", "lastname", "vorname", "nachname", "name", "anonymous",
    "customer", "kunde", "nn", "n n", "do not use", "duplicate",
)  # fmt: skip
_STAND_INS = (
    "john doe", "jane doe", "max mustermann", "erika mustermann", "mickey mouse", "donald duck", "test test", "test user",
    "jean dupont", "mario rossi", "joe bloggs", "juan perez", "jan jansen", "john q public",
)  # fmt: skip

_NOT_NAMES = (
    r"\s*[(\"“«][^)\"”»]*[)\"”»]\s*|[\p{So}\p{Sk}\p{Cs}\p{Co}\u200D\uFE0F]+|"
    r"(?<=[\p{IsHan}\p{IsKatakana}ー])[·・•](?=[\p{IsHan}\p{IsKatakana}])"
)
_INVERTED = rf"^(.*?)\s+({INVERTED_PARTICLE}(?:\s{INVERTED_PARTICLE})*){PARTED}(.*)\z"
_EASTERN_FOREIGN = r"[\p{IsHan}\p{IsKatakana}ー][·・•][\p{IsHan}\p{IsKatakana}]"


def standardise_names(rows: DataFrame) -> DataFrame:
    """Return the rows with the name columns of the canonical model; a whole name is split only where no part is given.

    `Family, Given` is read by its comma; otherwise `name_order` decides, and where it is auto, `name_order.order_of` does, which
    looks at script, capitals, patronymics, known surnames and `_country` (alpha-2; taken as unknown where the rows have no
    such column). Particles (van, de la, bin) belong to the family name, a patronymic to the middle names. Nicknames are not
    replaced. Needs squeezed texts; `full_name` is put together from the parts afterwards; doubts are in `_name_reasons`.
    """
    return rows.transform(_without_title_and_suffix).transform(_split).transform(_assemble).transform(_refuse_placeholders)


def _without_title_and_suffix(rows: DataFrame) -> DataFrame:
    whole = F.when(F.col("given_name").isNull() & F.col("family_name").isNull(), F.col("full_name"))
    bare = F.trim(F.regexp_replace(whole, _NOT_NAMES, " "))
    led = rows.select(
        "*",
        bare.alias("_bare"),
        F.regexp_extract(F.coalesce(bare, F.col("given_name"), F.lit("")), TITLE, 0).alias("_title"),
        F.regexp_extract(F.coalesce(bare, F.col("family_name"), F.lit("")), SUFFIX, 0).alias("_suffix"),
    )
    return led.withColumns(
        {
            "_bare": _cut(F.col("_bare"), title=True, suffix=True),
            "given_name": _cut(F.col("given_name"), title=True),
            "family_name": _cut(F.col("family_name"), suffix=True),
        }
    )


def _cut(text: Column, *, title: bool = False, suffix: bool = False) -> Column:
    start = F.length("_title") if title else F.lit(0)
    end = F.length("_suffix") if suffix else F.lit(0)
    rest = F.trim(F.substring(text, start + 1, F.length(text) - start - end))
    return F.when(rest != "", rest).otherwise(text)


def _split(rows: DataFrame) -> DataFrame:
    country = F.col("_country") if "_country" in rows.columns else F.lit(None).cast("string")
    # 贝拉克·奥巴马: a foreign name in an eastern script keeps its own order.
    foreign = F.coalesce(F.col("full_name"), F.lit("")).rlike(_EASTERN_FOREIGN)
    wanted = F.when(foreign & (F.col("name_order") == "auto"), "given_first").otherwise(F.col("name_order"))
    ordered = rows.withColumn("_order", order_of(F.col("_bare"), wanted, country))
    inverted = F.regexp_replace(parted_by(F.col("_bare"), F.col("_order")), _INVERTED, f"$1{PARTED}$2 $3")
    return ordered.withColumn("_parted", F.split(inverted, PARTED))


def _assemble(rows: DataFrame) -> DataFrame:
    parted = F.col("_parted")
    alone = F.size(parted) == 1
    first, second = F.get(parted, F.lit(0)), F.get(parted, F.lit(1))
    titled = (F.col("_title") != "") & ~F.col("_title").rlike(TITLE_OF_GIVEN)
    # "Herr Müller" is a family; "Cher" and "Sir Winston" stand for the given name.
    given_all = F.when(~(alone & titled), first)
    family = F.when(alone & titled, first).otherwise(second)
    words = F.split(given_all, COMPOUND_GIVEN, 2)
    title = F.coalesce(F.col("name_title"), F.col("_title"))
    suffix = F.coalesce(F.col("name_suffix"), F.col("_suffix"))
    return rows.withColumns(
        {
            "name_title": _marks_off(title),
            "given_name": _named(F.coalesce(F.col("given_name"), F.get(words, F.lit(0)))),
            "middle_name": _named(F.coalesce(F.col("middle_name"), F.get(words, F.lit(1)))),
            "family_name": _named(F.coalesce(F.col("family_name"), family)),
            "name_suffix": _marks_off(suffix),
        }
    ).drop("_title", "_suffix", "_parted")


def _named(text: Column) -> Column:
    """Return a name part in proper case, null when it holds no letter."""
    return F.when(text.rlike(r"\p{L}"), proper_case(text))


def _marks_off(text: Column) -> Column:
    bare = F.trim(F.regexp_replace(F.regexp_replace(F.lower(text), r"\.(?=\S\b)", ""), r"[.,\s]+", " "))
    return F.nullif(bare, F.lit(""))


def _refuse_placeholders(rows: DataFrame) -> DataFrame:
    """Null the parts that stand for no name (test, asdf, vorname); stand-ins such as John Doe stay, with a doubt."""
    parts = ("given_name", "middle_name", "family_name")
    stands_for_none = [is_listed(PLACEHOLDERS, F.lower(p)) for p in parts]
    kept = {p: F.when(~none, F.col(p)) for p, none in zip(parts, stands_for_none, strict=True)}
    placeholder = stands_for_none[0] | stands_for_none[1] | stands_for_none[2]
    name = F.lower(F.concat_ws(" ", "given_name", "family_name"))
    both, digits = is_listed(_STAND_INS, name), name.rlike(r"\d")
    doubt = F.nullif(F.substring_index("_order", ":", -1), F.lit(""))
    several = F.coalesce(F.col("_bare"), F.col("given_name")).rlike(SEVERAL_PEOPLE)
    reasons = F.array_compact(
        F.array(
            F.when(placeholder | both, "name:placeholder"),
            F.when(digits, "name:digits"),
            F.when(several, "full_name:several_people"),
            F.concat(F.lit("full_name:"), doubt),
        )
    )
    refused = rows.select("*", reasons.alias("_name_reasons")).withColumns(kept)
    whole = F.concat_ws(" ", "given_name", "middle_name", "family_name")
    # A company row keeps its contact's name only where it has one; an unsplit whole name that was all placeholder goes.
    return refused.withColumn("full_name", F.nullif(whole, F.lit(""))).drop("_bare", "_order")
