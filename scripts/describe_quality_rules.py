"""Writes docs/quality-rules-shipped.md from conf/base/rules/*.yml and classification.yml, so that the page cannot fall behind.

Usage: python scripts/describe_quality_rules.py [--check]
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
BASE = ROOT / "conf" / "base"
PAGE = ROOT / "docs" / "quality-rules-shipped.md"
DIMENSIONS = ("completeness", "correctness", "ageing", "relevancy")
INTRODUCTION = """\
# Rules of quality that come with the product

The rules of the canonical model, as `conf/base/rules/*.yml` declare them; a configuration that extends `base` has them all, and
a file of the same name in its own `rules/` stands in for one of these. Impact and action of each rule are in its file.
`blocks` withholds a record from matching, `warns` only tells. The numbers are the shares of records below which a rule warns
and fails. The owners are roles to be replaced by the house's own.

Lists that rules ask (postcodes, placeholders, slips of mail domains, legal forms by country) are in
`lib/onefold/quality/reference/`, with version, licence and origin in its `LICENCES.txt`; those of postcodes are refreshed by
`scripts/refresh_quality_reference.py`. A list holds what is well known: a slip that is not in it is not found.

`scripts/bench/defects` puts 44 kinds of defect into clean records, 1 % each, and prints recall and precision of every rule that
is meant for one; the last results are in `docs/benchmarks.jsonl` (kind `defects`). Nearly all defects go into the raw text and
through cleansing; three that cleansing would refuse go into the cleansed record. What it cannot tell: somebody really born on
1 January 1970 from a default, and somebody called Nil (a Catalan name) from a word that means nothing in `standardise.yml`; the
clean records have the former and leave out the latter.

This page is written by `scripts/describe_quality_rules.py`.
"""


def page() -> str:
    """Return the whole page."""
    files = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((BASE / "rules").glob("*.yml"))}
    parts = [INTRODUCTION, counts([rule for file in files.values() for rule in whole(file)])]
    for name, file in files.items():
        parts.append(f"## {name}.yml\n\n{rules_table(whole(file))}")
    parts.append(classes(yaml.safe_load((BASE / "classification.yml").read_text(encoding="utf-8"))))
    return "\n".join(parts)


def whole(file: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rules of a file with what the file says for all of them."""
    common = {key: file[key] for key in ("owner", "attribute", "table") if key in file}
    return [common | rule for rule in file["rules"]]


def counts(rules: list[dict[str, Any]]) -> str:
    """Return how many rules there are, by dimension and by owner."""
    dimension, owner = Counter(r["dimension"] for r in rules), Counter(r["owner"] for r in rules)
    blocking = sum(r.get("severity") == "blocks" for r in rules)
    lines = [f"{len(rules)} rules, {blocking} of them block.", "", "| dimension | rules |", "|---|---|"]
    lines += [f"| {name} | {dimension[name]} |" for name in DIMENSIONS]
    lines += ["", "| owner | rules | attributes |", "|---|---|---|"]
    for name, number in sorted(owner.items()):
        attributes = sorted({r["attribute"] for r in rules if r["owner"] == name})
        lines.append(f"| {name} | {number} | {', '.join(attributes)} |")
    return "\n".join(lines) + "\n"


def rules_table(rules: list[dict[str, Any]]) -> str:
    """Return a row for each rule."""
    lines = [
        "| id | about | dimension | check | severity | warn, fail | owner | description |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for rule in rules:
        limits = f"{rule.get('warn_below', 0.98):g}, {rule.get('fail_below', 0.9):g}"
        cells = (f"`{rule['id']}`", about(rule), rule["dimension"], f"`{rule['check']}`", rule.get("severity", "warns"), limits,
                 rule["owner"], rule["description"])  # fmt: skip
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def about(rule: dict[str, Any]) -> str:
    """Return the attribute with the table and the kind of party that the rule is for."""
    scope = [rule[key] for key in ("table", "entity_type") if rule.get(key, "party") != "party"]
    return f"{rule['attribute']} ({', '.join(scope)})" if scope else str(rule["attribute"])


def classes(tree: dict[str, Any]) -> str:
    """Return the classes and questions of the decision tree."""
    lines = ["## classification.yml", "", "Each party record starts at the first question; where it leads is its class.", ""]
    lines += ["| class | meaning |", "|---|---|", *(f"| {name} | {text} |" for name, text in tree["classes"].items()), ""]
    lines += ["| question | yes when | yes | no |", "|---|---|---|---|"]
    nodes = tree["nodes"]
    for number, node in enumerate(nodes):
        when = [
            f"{word} fails: {', '.join(node[key])}" for key, word in (("fails_any", "one"), ("fails_all", "each")) if key in node
        ]
        when += [f"`{node['when'].strip()}`"] if "when" in node else []
        otherwise = node.get("otherwise") or nodes[number + 1]["name"]
        lines.append(f"| {node['name']} | {'; '.join(when)} | {node['then']} | {otherwise} |".replace("||", "\\|\\|"))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text(encoding="utf-8") == page() else f"{PAGE.name} is out of date; run without --check")
    PAGE.write_text(page(), encoding="utf-8")
