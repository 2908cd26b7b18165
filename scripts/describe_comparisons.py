"""Write docs/comparisons.md from the vocabulary of comparison levels: what each tests, what it takes, an example.

scripts/describe_comparisons.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from onefold.match.levels import KINDS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "comparisons.md"

EXAMPLES = {
    "exact": ("`exact`", "anna = anna"),
    "equal": ("`equal: [street_key, house_number]`", "both the same on both sides"),
    "jaro_winkler": ("`jaro_winkler: 0.92`", "johanna, johana"),
    "levenshtein": ("`levenshtein: 1`", "smith, smyth"),
    "damerau": ("`damerau: 1`", "smith, simth"),
    "jaccard": ("`jaccard: 0.5`", "acme foods, acme foods north"),
    "nickname": ("`nickname`", "william, bill"),
    "swapped_with": ("`swapped_with: family_name_key`", "Otto Smith, Smith Otto"),
    "initial": ("`initial`", "xaver, x"),
    "prefix": ("`prefix: 6`", "bahnhofstrasse, bahnhofstr"),
    "same_year_month": ("`same_year_month`", "1980-02-03, 1980-02-17"),
    "days_within": ("`days_within: 366`", "1980-02-03, 1980-11-30"),
    "date_typo": ("`date_typo`", "1980-02-03, 1980-03-02"),
    "any_equal": ("`any_equal`", "two e-mails each, one in common"),
    "domain_equal": ("`domain_equal`", "info@acme.com, sales@acme.com"),
    "numeric_within": ("`numeric_within: 5`", "120, 118"),
    "relative_within": ("`relative_within: 0.1`", "1000, 950"),
    "contains": ("`contains`", "meyer, meyer schulze"),
    "within": ("`within: 3`", "toni, antonio"),
    "swapped_near": ("`swapped_near: family_name_key`", "Otto Smith, Smyth Otto"),
    "acronym": ("`acronym`", "ibm, international business machines"),
    "person_similarity": ("`person_similarity: 0.9`", "osama bin laden, usama ibn ladin; jc juncker, jean claude juncker"),
    "company_similarity": ("`company_similarity: 0.88`", "glencore, glenmore; van der bilt, vanderbilt; 1st bank, first bank"),
    "numbers_differ": ("`numbers_differ`", "capital fund ii, capital fund iii; unit 4, unit 14"),
    "same_legal_family": ("`same_legal_family`", "gmbh, ltd; ag, plc"),
    "qgram_overlap": ("`qgram_overlap: 0.7`", "12 market st leeds, leeds 12marketstreet"),
    "extra_words_of": ("`extra_words_of: city_key`", "acme and acme hamburg, the latter in Hamburg"),
}
_TAKES = {
    "nothing": "nothing",
    "share": "a number above 0 up to 1",
    "count": "a whole number from 1",
    "number": "a number from 0",
    "key": "a key",
    "keys": "a list of keys",
}

_HEAD = """# Comparisons

How two records are compared is written in `comparisons.yml`: a list of comparisons, each an ordered list of levels, the best
agreement first. A pair gets the first level that it reaches; a missing value comes before all levels and weighs nothing,
`else` comes after them. Each level weighs log2(m / u): m is how often two records of one customer reach it, u how often two
records of different customers do.

This page is written by `scripts/describe_comparisons.py` from the vocabulary itself.

## Levels

A level is a word (`exact`) or one entry (`jaro_winkler: 0.92`). It tests the comparison's own column, or another that `column`
names: `{exact: true, column: phone|suffix(7)}`. The last columns are m and u as they are before any training.

| level | takes | reached when | example | usual m | usual u |
|---|---|---|---|---|---|
"""

_TAIL = """
## Names of people

`person_similarity` is one number for a pair of whole names, from which levels are cut at several bounds. The words of the two
names are paired one to one, whatever their order: equal words, known nicknames, initials (also joined ones: JC), up to one
slip from four letters on, two from eight, three from twelve, and words with the same consonants once the spellings that
romanisations choose between are made one (Nuristani, Nooristani). Split and joined words are brought together. A word that only
one name has may be a left-out middle name and counts little; a word on each side without counterpart contradicts and counts
twice. Particles (al, bin, de, van) weigh little; a father's name after *bin* does not match the son's. One word in common alone
never makes more than 0.6.

## Names of companies

Cleansing takes the legal form off (`legal_form`), and the rest is the core of the name (`company_key`). `company_similarity` is
soft TF-IDF over the core (Cohen, Ravikumar and Fienberg 2003), made symmetric: words pair as above, and weigh by how rare they
are among all records, linking words (of, and, und) and words that most trades use (group, services, sanayi) less. Numbers are
read in digits, words, ordinals and Roman numerals, and weigh little. *Fund II* and *Fund III*, *branch 4* and *branch 5* are
different companies: `numbers_differ`, first among the levels, weighs against outright, however alike the rest is. Leave it out
where numbers are only part of the spelling.
`same_legal_family` tells another form of the same kind (GmbH, Ltd) from another kind; `extra_words_of: city_key` finds the branch
that carries its town in its name.

Both similarities run in Python over Arrow, once for each different pair of names in a batch, because pairing words one to one is
a loop with memory that Spark has no native function for. Pairs that are equal, or that have neither the beginning of a word nor
the look of the whole in common, never reach it.

## Evidence that counts once

* `neutral: true` on a level: agreement that another comparison explains (an e-mail's user name made of the person's name)
  weighs nothing, and is no disagreement either.
* `group`: comparisons that speak of one thing (street, house number, town). Of their weights the strongest counts whole, the
  further ones in part (`group_discount`).
* `shared`: how often related but different parties (a household, a group of companies with one web domain) agree there as one
  party does. Such agreement alone joins nobody.
* `term_frequency`: agreement on a rare value counts for more, on a common one for less.
* `skip_when_swapped_with: key` on the comparison of the other name, where one comparison looks for swaps: only that one counts
  the swap. For swaps with slips give the other comparison the level `{swapped_near: ..., neutral: true}`.
* A mistyped date is no date, and still says much: map the column a second time as an attribute of type `code` and compare that
  with `damerau`. The same goes for postcodes, telephone and card numbers.

## Training

`u` (agreement by chance) comes from random pairs and, for whole values, from how often values repeat; true matches among the
random pairs are taken off. `m` (agreement of matches) comes from EM, once for each blocking rule, on the pairs of that rule
and on the comparisons that the rule leaves free; the expected matches of all passes are added up. A comparison that all rules
fix, but some by a part of its value only (`card|qgrams(5)`), gets a pass of its own in which its u is that of the pairs in
the block; the levels that random pairs hardly reach then take their u from those pairs too. EM runs on counted patterns of
levels, so its time does not grow with the number of pairs, and the samples are bounded (`u_pairs`, `m_pairs`).

The report of the match stage (`gold/run_log`) says how many passes and iterations EM took and how far it still moved at the
end, which passes did not converge, which levels no match reached, and which comparisons have no value on both sides or are
held at their default.

`training: {within: country}` measures agreement by chance inside a country: names, places and dialling codes go together
there, and the shares among all records, multiplied, would make strangers of one country look like one person. Values are then
counted, random pairs drawn and the prior taken inside it.

### A model to keep

    onefold model --conf CONF --warehouse WAREHOUSE --export model.yml

writes the trained model as YAML, with the Delta version of the parties it was trained on. `training: {model: model.yml}` uses
it in place of training; how often values repeat is counted in the records at hand. A model for other comparisons or levels is
refused, each difference named.

### Labels

`training: {labels: labels.csv}` takes pairs that people judged: `left_id,right_id,is_match`, ids as `source:key`, or the key
where one source alone has it. Their matches join those that EM finds; with `labels_with_em: false` they alone train m. A pair
labelled both ways stops the run; labels that contradict each other by way of a third record are warned about.

`training: {labels: stored}` takes the answers that `onefold label` keeps in `match/label` instead of a file; contradictory
ones are left out and their records named in a warning.

## The usual model

m and u are trained on the records (EM). Where these are too few, the run says so and uses the usual model: the usual m, u from
random pairs where values repeat (a country, a legal form), usual values for both at levels cut from a similarity of names, and
the share of matches that fits the pairs. `training: {model: usual}` asks for it: right for some hundred records, or for lists of
names alone, where there is nothing that a name's weight could be learnt from.
"""


def page() -> str:
    """Return the page as Markdown."""
    rows = []
    for name, kind in KINDS.items():
        written, shown = EXAMPLES.get(name, (f"`{name}`", ""))
        cells = (written, _TAKES[kind.wants], kind.says, shown, f"{kind.default_m:g}", f"{kind.default_u:g}")
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return _HEAD + "\n".join(rows) + "\n" + _TAIL


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(
            0 if PAGE.read_text(encoding="utf-8") == page() else f"{PAGE.name} is out of date; run scripts/{Path(__file__).name}"
        )
    PAGE.write_text(page(), encoding="utf-8")
