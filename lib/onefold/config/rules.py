"""What must hold between quality rules, the decision tree, the assertions and the sources."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from onefold.config.folder import Folder
from onefold.quality.settings import ClassificationSettings, QualitySettings, Rule

__all__ = ["rule_checks"]


def rule_checks(folder: Folder, parts: Mapping[str, Any]) -> list[str]:
    """Return every problem: ids used twice, and names of sources, rules, attributes and owners that there are not.

    Args:
        folder: the documents, for their lines.
        parts: what was read of them, by section; a part that was refused is missing or None.
    """
    rules: list[Rule] = [rule for file in parts["rules"] for rule in file.rules]
    sources = [s.source for s in parts["sources"]]
    problems: list[str] = []
    seen: dict[str, str] = {}
    for rule in rules:
        if rule.id in seen:
            problems.append(f"{rule.place}: id: the rule {rule.id!r} is there already, at {seen[rule.id]}")
        seen.setdefault(rule.id, rule.place)
        problems += [f"{rule.place}: sources: {_unknown('source', s, sources)}" for s in rule.sources if s not in sources]
    # Rules of a file that was refused are not known: what names them is not to be blamed.
    if len(parts["rules"]) == len(folder.many["rules"]):
        problems += _of_tree(folder, parts.get("classification"), [r.id for r in rules if r.table == "party"])
        problems += _of_assertions(folder, parts.get("quality"), rules, sources)
    return problems


def _of_tree(folder: Folder, tree: ClassificationSettings | None, ids: Collection[str]) -> Iterator[str]:
    for number, node in enumerate(tree.nodes if tree else ()):
        place = folder.single["classification"].where(("nodes", number))
        for name in (*node.fails_any, *node.fails_all):
            if name not in ids:
                yield f"{place}: nodes[{number}]: {_unknown('rule of parties', name, ids)}"


def _of_assertions(folder: Folder, quality: QualitySettings | None, rules: list[Rule], sources: list[str]) -> Iterator[str]:
    known: dict[str, set[str]] = {
        "dimension": {r.dimension for r in rules},
        "attribute": {r.attribute for r in rules},
        "owner": {r.owner for r in rules},
        "rule": {r.id for r in rules},
        "source": set(sources),
    }
    for number, asserted in enumerate(quality.assertions if quality else ()):
        names = known.get(asserted.level)
        if names is not None and asserted.subject not in names:
            place = folder.single["quality"].where(("assertions", number, "subject"))
            yield f"{place}: assertions[{number}].subject: {_unknown(asserted.level, asserted.subject, names)}"


def _unknown(what: str, name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    told = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(known)[:20]) or 'none'}"
    return f"no {what} called {name!r}; {told}"
