"""Takes names of people apart and puts them together: title, given, middle, family, suffix; and spots placeholders."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.cleanse.lookup import is_listed
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

_TITLES = (
    r"mr|mrs|ms|miss|mx|sir|dame|lord|lady|rev|hon|dr|drs|prof|professor|doctor|ing|dipl[. -]*ing|dipl|mag|herrn?|frau|frl|"
    r"fräulein|m|mme|mlle|monsieur|madame|mademoiselle|sr|sra|srta|don|doña|señor|señora|sig|sig\.ra|signor|signora|dott|dott\.ssa|dhr|mevr|"
    r"hr|fru|pan|pani|г-н|г-жа|capt|col|maj|sgt|lt"
)
# One letter is a title only with its point (M. Dupont), so that initials stay names.
_TITLE = rf"(?iu)^(?:(?:(?!m\s)(?:{_TITLES}))(?:\.\s*|\s+))+(?=\S)"
_SUFFIXES = (
    r"jr|jnr|junior|sr|snr|senior|ii|iii|iv|esq|esquire|ph\.?\s?d|md|m\.d|dds|dvm|mba|cpa|ba|bsc|ma|msc|b\.?\s?sc|m\.?\s?sc|"
    r"ll\.?[bm]|obe|mbe|cbe|kg"
)
_SUFFIX = rf"(?iu)(?:(?:,\s*|\s+)(?:{_SUFFIXES})\.?)+\s*\z"
_PARTICLES = (
    r"van|von|vom|zu|zur|zum|de|der|den|des|del|della|delle|dello|degli|dei|di|da|do|dos|das|du|d'|la|le|las|los|lo|el|al|bin|ibn|"
    r"ben|bint|abu|af|av|ten|ter|te|'t|op|y|e|st\.?|san|santa|mac|mc|o'|vander|vanden|dalla|dal"
)
_PARTED = "\u0001"
_GIVEN_FIRST = rf"(?iu)^(\S+(?:\s.*?)??)\s+((?:(?:{_PARTICLES})\s+)*\S+)\z"
_FAMILY_FIRST = rf"(?iu)^((?:(?:{_PARTICLES})\s+)*\S+)\s+(.*)\z"
_FAMILY_FIRST_SCRIPTS = r"^[\p{IsHan}\p{IsHiragana}\p{IsKatakana}\p{IsHangul}\s]+\z"
_NOT_NAMES = r"\s*[(\"“«][^)\"”»]*[)\"”»]\s*|[\p{So}\p{Sk}\p{Cs}\p{Co}\u200D\uFE0F]+"
_BY_COMMA = r"^([^,]*?)\s*,\s*(.*?)[,\s]*\z"


def standardise_names(rows: DataFrame) -> DataFrame:
    """Return the rows with the name columns of the canonical model; a whole name is split only where no part is given.

    `Family, Given` is read by its comma; otherwise `name_order` decides; auto means that given names come first, but not in
    Chinese, Japanese and Korean script. Particles
    (van, de la, bin) belong to the family name. Nicknames are not replaced. Needs squeezed texts; `full_name` is put
    together from the parts afterwards.
    """
    return rows.transform(_without_title_and_suffix).transform(_split).transform(_assemble).transform(_refuse_placeholders)


def _without_title_and_suffix(rows: DataFrame) -> DataFrame:
    whole = F.when(F.col("given_name").isNull() & F.col("family_name").isNull(), F.col("full_name"))
    bare = F.trim(F.regexp_replace(whole, _NOT_NAMES, " "))
    led = rows.select(
        "*",
        bare.alias("_bare"),
        F.regexp_extract(F.coalesce(bare, F.col("given_name"), F.lit("")), _TITLE, 0).alias("_title"),
        F.regexp_extract(F.coalesce(bare, F.col("family_name"), F.lit("")), _SUFFIX, 0).alias("_suffix"),
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
    bare = F.col("_bare")
    swapped = f"$2{_PARTED}$1"
    family_first = (F.col("name_order") == "family_first") | ((F.col("name_order") == "auto") & bare.rlike(_FAMILY_FIRST_SCRIPTS))
    parted = (
        F.when(bare.contains(","), F.regexp_replace(bare, _BY_COMMA, swapped))
        .when(family_first, F.regexp_replace(bare, _FAMILY_FIRST, swapped))
        .otherwise(F.regexp_replace(bare, _GIVEN_FIRST, f"$1{_PARTED}$2"))
    )
    return rows.withColumn("_parted", F.split(parted, _PARTED))


def _assemble(rows: DataFrame) -> DataFrame:
    parted = F.col("_parted")
    alone = F.size(parted) == 1
    first, second = F.get(parted, F.lit(0)), F.get(parted, F.lit(1))
    titled = F.col("_title") != ""
    # "Herr Müller" is a family; "Cher" stands for the given name.
    given_all = F.when(~(alone & titled), first)
    family = F.when(alone & titled, first).otherwise(second)
    words = F.split(given_all, r"\s+", 2)
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
    ).drop("_bare", "_title", "_suffix", "_parted")


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
    reasons = F.array_compact(F.array(F.when(placeholder | both, "name:placeholder"), F.when(digits, "name:digits")))
    refused = rows.select("*", reasons.alias("_name_reasons")).withColumns(kept)
    whole = F.concat_ws(" ", "given_name", "middle_name", "family_name")
    # A company row keeps its contact's name only where it has one; an unsplit whole name that was all placeholder goes.
    return refused.withColumn("full_name", F.nullif(whole, F.lit("")))
