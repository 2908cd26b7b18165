"""Tidies company names, recognises their legal form and makes the key that comparisons use."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.cleanse.lookup import lookup, replace_tokens
from onefold.cleanse.reference import LegalForm, legal_forms, local_forms
from onefold.cleanse.text import MARK, fold

__all__ = ["ABBREVIATIONS", "standardise_companies"]

_LONGEST_FORM = 6
"""Words of the longest legal form that may follow another (Co., S. de R.L. de C.V.)."""

_DOTTED = r"(?<=(?:^|\P{L})\p{L})\.(?=\p{L}(?:\P{L}|$))"
"""Dots inside initials, gone before the rest, so that V L.P. stays the number V and the form LP."""
_PHRASES = {"united states(?: of america)?": "usa", "united kingdom": "uk", "peoples republic of china": "china"}
_NO_OTHER_WORD = frozenset({
    "aps", "bv", "bvba", "co ltd", "doo", "eurl", "ggmbh", "gmbh", "gmbh & co kg", "inc", "jsc", "kft", "kg", "llc", "llp", "ltd",
    "ltd sti", "ltda", "nv", "oao", "ohg", "ooo", "oyj", "pjsc", "plc", "pte ltd", "pty ltd", "pvt ltd", "sa de cv", "sarl",
    "sasu", "sdn bhd", "sp zoo", "spa", "sprl", "srl", "srl de cv", "sro", "ulc", "zrt",
})  # fmt: skip
"""Normal forms that stand for nothing else, so that they are seen inside a name too."""

ABBREVIATIONS = {
    "intl": "international", "internatl": "international", "mfg": "manufacturing", "mfr": "manufacturing", "bros": "brothers",
    "svcs": "services", "svc": "service", "assoc": "associates", "assocs": "associates", "assn": "association",
    "natl": "national", "univ": "university", "mgmt": "management", "mgt": "management", "dept": "department",
    "centre": "center", "ctr": "center", "labs": "laboratories", "lab": "laboratory", "und": "and", "et": "and", "och": "and",
    "og": "and", "gebruder": "gebr", "gebrueder": "gebr", "grp": "group", "hldgs": "holdings", "inds": "industries",
    "us": "usa", "hldg": "holding", "eng": "engineering", "engg": "engineering", "constr": "construction",
    "technol": "technology", "sys": "systems", "mktg": "marketing", "distr": "distribution", "transp": "transport",
    "govt": "government",
}  # fmt: skip


def standardise_companies(rows: DataFrame) -> DataFrame:
    """Return the rows with `legal_form` and `_company`, the folded core of the name in the name's own script.

    Legal forms go from the end (Müller & Co. KG), from the start (ООО, PT) and, in Chinese, Japanese and Korean, from either
    side without a space; "the" goes from the start. What would leave nothing stays whole. A form that is an ordinary word or
    a place elsewhere (C.A., S.C.) goes only where `_country` (alpha-2, if the rows have it) is one of its own.
    """
    spelled = F.regexp_replace(F.regexp_replace("company_name", _DOTTED, ""), r"\s*[&+]\s*", " and ")
    folded = rows.withColumn("_company", _joined_initials(fold(spelled)))
    for phrase, short in _PHRASES.items():
        folded = folded.withColumn("_company", F.regexp_replace("_company", rf"\b{phrase}\b", short))
    folded = folded.withColumn("_company", F.nullif("_company", F.lit("")))
    unified = folded.withColumn("_company", replace_tokens(ABBREVIATIONS, F.col("_company")))
    forms = legal_forms()
    unified = _without_local_form(unified)
    parted = unified.withColumn("_parted", F.split(F.regexp_replace("_company", _pattern(forms), "$2\u0001$1 $3"), "\u0001"))
    # A form inside (Acme GmbH Hamburg) is looked for where there is none at either end.
    inside = F.split(F.regexp_replace("_company", _inside(forms), "$1 $3\u0001$2"), "\u0001")
    bare = F.trim(F.get("_parted", F.lit(1))) == ""
    parted = parted.withColumn("_parted", F.when(bare, inside).otherwise(F.col("_parted")))
    core, found = F.get("_parted", F.lit(0)), F.coalesce(F.trim(F.get("_parted", F.lit(1))), F.lit(""))
    return parted.withColumns(
        {
            "legal_form": F.coalesce(_form(forms, found), "_local"),
            "_company": F.regexp_replace(
                F.trim(F.when(F.trim(core) != "", core).otherwise(F.col("_company"))), r"^the (?=\S)", ""
            ),
        }
    ).drop("_parted", "_local")


def _joined_initials(text: Column) -> Column:
    """Join single letters that stand apart: s a de c v becomes sa de cv, g m b h becomes gmbh."""
    return F.regexp_replace(text, r"(?<=(?:^|\s)\p{L})\s(?=\p{L}(?:\s|$))", "")


def _without_local_form(rows: DataFrame) -> DataFrame:
    """Take off a form that holds in the company's country alone, into `_local`."""
    if "_country" not in rows.columns:
        return rows.withColumn("_local", F.lit(None).cast("string"))
    here = F.concat(F.col("_country"), F.lit(MARK), F.col("_company"))
    before, after = here.rlike(_local_pattern("before")), here.rlike(_local_pattern("after"))
    table = {form.term: form.form for _, form in local_forms()}
    word = F.when(after, F.substring_index("_company", " ", -1)).when(before, F.substring_index("_company", " ", 1))
    return rows.withColumns(
        {
            "_local": lookup(table, word),
            "_company": F.when(after, F.regexp_replace("_company", r" \S+$", ""))
            .when(before, F.regexp_replace("_company", r"^\S+ ", ""))
            .otherwise(F.col("_company")),
        }
    )


def _local_pattern(place: str) -> str:
    """Return the pattern of a country, `MARK` and a company name that has a form of that country at this place."""
    found = [(countries.replace(" ", "|"), re.escape(f.term)) for countries, f in local_forms() if f.place == place]
    one = rf"{MARK}%s \S" if place == "before" else rf"{MARK}\S.* %s$"
    return "^(?:" + "|".join(f"(?:{countries}){one % term}" for countries, term in found) + ")"


def _form(forms: tuple[LegalForm, ...], found: Column) -> Column:
    """Return the normal form of what was found: the whole, else its longest known ending, else its first word."""
    table = {form.term: form.form for form in forms}
    whole = F.trim(F.regexp_replace(found, r"\s+", " "))
    words = F.split(whole, " ")
    endings = [F.array_join(F.slice(words, F.lit(-count), F.lit(count)), " ") for count in range(_LONGEST_FORM, 0, -1)]
    return F.when(whole != "", F.coalesce(*[lookup(table, text) for text in (whole, *endings, F.get(words, F.lit(0)))]))


def _pattern(forms: tuple[LegalForm, ...]) -> str:
    r"""Return the pattern whose groups are form before, core, form after, each possibly empty."""
    before = _alternatives(f.term for f in forms if f.place == "before")
    after = _alternatives(f.term for f in forms if f.place == "after")
    glued = _alternatives(f.term for f in forms if f.place == "either")
    return rf"^((?:(?:{before})\s|(?:{glued})\s?)?)(.+?)((?:\s(?:and\s)?(?:{after})|\s?(?:{glued}))*)$"


def _inside(forms: tuple[LegalForm, ...]) -> str:
    """Return the pattern whose groups are what stands before, the form, what stands after, for forms that are no other word."""
    certain = _alternatives(f.term for f in forms if f.place == "after" and f.form in _NO_OTHER_WORD)
    return rf"^(\S+(?:\s\S+)*?)\s((?:{certain})(?:\s(?:{certain}))*)\s(\S.*)$"


def _alternatives(terms: Iterable[str]) -> str:
    """Return an alternation, longest first within a first letter, so that a name is not tried against every form."""
    by_letter: dict[str, list[str]] = {}
    for term in sorted(terms, key=lambda t: (-len(t), t)):
        by_letter.setdefault(term[0], []).append(term[1:])
    groups = [f"{re.escape(letter)}(?:{'|'.join(map(re.escape, rests))})" for letter, rests in sorted(by_letter.items())]
    return "|".join(groups)
