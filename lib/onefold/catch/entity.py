"""Matches a standardised prospect of one entity type: its block keys, the records that share one, and what each pair weighs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onefold.catch.embedded import EmbeddedReader, Stored
from onefold.catch.hashes import xxhash64
from onefold.catch.program import Program, Runner
from onefold.match.keyed import HASH_BITS
from onefold.match.known import COUNT, RARITY
from onefold.match.nicknames import stands_for

__all__ = ["EntityIndex", "Found", "Rule"]

_MASK = (1 << HASH_BITS) - 1
_SCORES = ("match_weight", "match_probability", "comparisons")
Party = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    """A blocking rule: its bound, whether it has a second key, and whether the prospect's keys can be made without Spark."""

    name: str
    cap: int
    then: bool
    asked: bool = True


@dataclass(frozen=True)
class Found:
    """A record that shares blocks with the prospect: the rules, the match weight and probability, and each comparison's part."""

    stored: Stored
    rules: tuple[str, ...]
    match_weight: float
    match_probability: float
    comparisons: list[dict[str, Any]]


class EntityIndex:
    """The index of one entity type."""

    def __init__(self, folder: Path, entity_type: str, functions: Mapping[str, Callable[..., Any]]) -> None:
        """Open the file and make the programs ready."""
        about = json.loads((folder / f"{entity_type}.json").read_text(encoding="utf-8"))
        self._file = EmbeddedReader(folder / f"{entity_type}.sqlite")
        self.rules = tuple(Rule(**rule) for rule in about["rules"])
        self._nicknames: dict[str, str] = about["nicknames"]
        self._rare_words: list[str] = about["rare_words"]
        self._most = int(about["max_candidates"])
        programs = {name: Program.from_json(text) for name, text in about["programs"].items()}
        self._run = {name: Runner(program, functions) for name, program in programs.items()}
        self._outputs = {name: tuple(program.outputs) for name, program in programs.items()}
        gaps = programs["levels"].gaps()
        self._levels = tuple(name for name in self._outputs["levels"] if name[0] in "gt" and name[1:].isdigit())
        self._lost = {name: -1 for name in self._levels if name[0] == "g" and name in gaps}
        self.not_compared = tuple(about["comparisons"][int(name[1:])] for name in self._lost)
        self.not_asked = tuple(rule.name for rule in self.rules if not rule.asked)

    def count(self) -> int:
        """Return how many records there are."""
        return self._file.count()

    def keys(self, party: Party) -> list[int]:
        """Return the prospect's block keys, rule by rule."""
        return self._flat("keys", party)

    def _flat(self, program: str, party: Party) -> list[int]:
        names = [n for n in self._outputs[program] if self.rules[int(n.removeprefix("keys"))].asked]
        return [key for keys in self._run[program].run(party, names).values() for key in keys or ()]

    def prepared(self, party: Party) -> dict[str, Any]:
        """Return what the prospect brings to the comparisons, as if it had been there at the last training."""
        names = [n for n in self._outputs["prepared"] if n not in ("party_id", "record_id", "source")]
        found = self._run["prepared"].run(party, names)
        for name, value in self._nicknames.items():
            first = (found[value] or "").split(" ")[0]
            found[name] = None if found[value] is None else sorted(stands_for(first))
        for name in self._rare_words:
            found[f"{name}_rarity"] = self._rarity(name, found[name])
        hashes = self._run["hashes"].run(found, self._outputs["hashes"])
        counts = self._file.known(COUNT, "", [h for h in hashes.values() if h is not None])
        return found | {name: None if h is None else int(counts.get(h, 1)) for name, h in hashes.items()}

    def _rarity(self, name: str, text: str | None) -> list[float] | None:
        if text is None:
            return None
        hashes = [xxhash64([(word, "l")]) for word in text.split(" ")]
        known = self._file.known(RARITY, name, hashes)
        return [known.get(h, 1.0) for h in hashes]

    def candidates(self, party: Party) -> list[tuple[Stored, tuple[int, ...]]]:
        """Return the records that share a live block with the prospect and the rules' numbers, those with most rules first."""
        keys = self.keys(party)
        blocks = self._file.blocks(keys)
        over = [key for key in keys if key in blocks and blocks[key][1] is None and self.rules[key >> HASH_BITS].then]
        if over:
            finer = self._flat("finer", party)
            split = [_part(key, second) for key in over for second in finer if key >> HASH_BITS == second >> HASH_BITS]
            blocks |= self._file.blocks(split)
        shared: dict[int, set[int]] = {}
        for key, (_, ids) in blocks.items():
            for party_id in ids or ():
                shared.setdefault(party_id, set()).add(key >> HASH_BITS)
        best = sorted(shared, key=lambda one: (-len(shared[one]), min(shared[one]), one))[: self._most]
        return [(stored, tuple(sorted(shared[stored[0]]))) for stored in self._file.records(best)]

    def match(self, party: Party) -> list[Found]:
        """Return every candidate with its weights, the nearest first."""
        candidates = self.candidates(party)
        if not candidates:
            return []
        left = {f"l_{name}": value for name, value in self.prepared(party).items()}
        found = [self._weighed(left, stored, rules) for stored, rules in candidates]
        return sorted(found, key=lambda one: (-one.match_weight, one.stored[1]))

    def _weighed(self, left: Mapping[str, Any], stored: Stored, rules: Sequence[int]) -> Found:
        pair = {**left, **{f"r_{name}": value for name, value in stored[4].items()}}
        levels = self._run["levels"].run(pair, self._levels) | self._lost
        weight, probability, comparisons = self._run["scored"].run(levels, _SCORES).values()
        return Found(stored, tuple(self.rules[n].name for n in rules), weight, probability, comparisons)


def _part(key: int, finer: int) -> int:
    """Return the key of a part of a block, as `match.keyed.split_key` makes it."""
    return (xxhash64([(key, "l"), (finer, "l")]) & _MASK) | (key >> HASH_BITS << HASH_BITS)
