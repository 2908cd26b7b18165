"""How many matches no blocking rule finds, estimated without labels by capture and recapture.

Every pair that scores as a match carries the rules that found it, as an animal carries the traps that caught it. Three
estimates use that differently:

* **disjoint lists** (Lincoln-Petersen, Chapman's form): the rules that use only some attributes against the rules that use only
  others. If list A finds 90 % of what list B found, A finds 90 % of all matches. Of all such splits the one whose lists meet most
  is taken.
* **found once, found twice** (Chao's lower bound, bias-corrected): many matches that only one rule finds mean many that none
  finds. It uses all rules and allows matches to differ in how easily they are found.
* **entities**: a record that is joined to two others joins those two: of all pairs inside entities of three records or more,
  the share that some rule found.

What makes a match hard for one rule (gaps, typing errors all over, common values over the bounds) often makes it hard for the
others. Then each of the three counts too few missed matches, so the smallest recall is the one to believe, and it still is more
an upper bound than a middle; only wrongly merged entities work the other way, on the third. The interval spans the three with
their sampling errors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from onefold.match.keys import parse_key, root_of

__all__ = ["Entities", "Histories", "Method", "RecallEstimate", "attributes_of", "estimate_recall"]

# Attributes that go wrong together: whoever moves house changes all of an address.
_TOGETHER = {
    **dict.fromkeys(("given_name", "family_name", "middle_name", "full_name"), "name"),
    **dict.fromkeys(("street", "house_number", "postcode", "city", "region", "locality"), "address"),
}
# Attributes that nearly always agree: sharing one makes two rules no less independent.
_WEAK = frozenset({"country", "gender"})
_MEETING = 0.1
_FEWEST = 30
_Z = 1.96


@dataclass(frozen=True)
class Histories:
    """Matches by the set of rules that found them: `bits` (1 for the first rule, 2, 4...) and `matches`, how many of each."""

    bits: npt.NDArray[np.int64]
    matches: npt.NDArray[np.float64]

    def caught_by(self, mask: int) -> npt.NDArray[np.bool_]:
        """Return which histories hold one of the rules of the mask."""
        return np.asarray((self.bits & mask) != 0, dtype=np.bool_)

    @property
    def total(self) -> float:
        """All matches found."""
        return float(self.matches.sum())


@dataclass(frozen=True)
class Entities:
    """Pairs inside the entities of three records or more: all of them, and those that a rule found."""

    pairs: float
    found: float


@dataclass(frozen=True)
class Method:
    """One estimate of blocking recall with its sampling error and what it rests on."""

    name: str
    recall: float
    error: float
    basis: str


@dataclass(frozen=True)
class RecallEstimate:
    """The estimated share of all matches that some rule finds."""

    found: float
    methods: tuple[Method, ...]

    @property
    def recall(self) -> float:
        """The smallest of the estimates, because what they neglect makes each too large."""
        return min(m.recall for m in self.methods)

    @property
    def interval(self) -> tuple[float, float]:
        """From the smallest to the largest estimate, each with its 95 % sampling error."""
        low = min(m.recall - _Z * m.error for m in self.methods)
        return max(low, 0.0), min(max(m.recall + _Z * m.error for m in self.methods), 1.0)

    @property
    def missed(self) -> float:
        """Matches that no rule finds."""
        return self.found / max(self.recall, 1e-9) - self.found


def attributes_of(keys: Iterable[str]) -> frozenset[str]:
    """Return the attributes that a rule's keys rest on, those that go wrong together as one.

    >>> sorted(attributes_of(["full_name_key|tokens", "postcode|prefix(3)", "country"]))
    ['address', 'name']
    """
    roots = [root for text in keys for root in root_of(parse_key(text).column.removesuffix("_text"))]
    found = frozenset(_TOGETHER.get(root, root) for root in roots)
    return found - _WEAK or found


def estimate_recall(histories: Histories, rules: list[frozenset[str]], entities: Entities | None = None) -> RecallEstimate | None:
    """Return the estimate, None when fewer than 30 matches were found or no method applies.

    Args:
        histories: likely matches by the rules that found them.
        rules: the attributes of each rule, in the order of the bits.
        entities: pairs inside entities, when matches were already resolved.
    """
    if histories.total < _FEWEST:
        return None
    methods = (_disjoint_lists(histories, rules), _found_once(histories, len(rules)), _within_entities(entities))
    applied = tuple(method for method in methods if method is not None)
    return RecallEstimate(histories.total, applied) if applied else None


def _disjoint_lists(histories: Histories, rules: list[frozenset[str]]) -> Method | None:
    every = sorted(frozenset[str]().union(*rules))
    best: Method | None = None
    most = _MEETING * histories.total
    for size in range(1, len(every)):
        for chosen in combinations(every, size):
            if every[0] not in chosen:  # its complement is tried instead
                continue
            first = sum(1 << n for n, attributes in enumerate(rules) if attributes <= set(chosen))
            second = sum(1 << n for n, attributes in enumerate(rules) if attributes.isdisjoint(chosen))
            a, b = histories.caught_by(first), histories.caught_by(second)
            both = float(histories.matches[a & b].sum())
            if first and second and both > most:
                most = both
                best = _chapman(histories, (a, b), f"{' + '.join(chosen)} against the others")
    return best


def _chapman(histories: Histories, lists: tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]], basis: str) -> Method:
    a, b, both = (float(histories.matches[which].sum()) for which in (*lists, lists[0] & lists[1]))
    all_matches = (a + 1) * (b + 1) / (both + 1) - 1
    variance = (a + 1) * (b + 1) * (a - both) * (b - both) / ((both + 1) ** 2 * (both + 2))
    found = histories.total
    everything = max(all_matches, found)
    error = found / everything**2 * float(np.sqrt(max(variance, 0.0)))
    return Method("disjoint lists", found / everything, error, f"{basis}; {both / found:.0%} of the matches found by both")


def _found_once(histories: Histories, rules: int) -> Method | None:
    if rules < 3:
        return None
    times = np.array([int(bits).bit_count() for bits in histories.bits])
    once, twice = (float(histories.matches[times == n].sum()) for n in (1, 2))
    share = (rules - 1) / rules
    missed = share * max(once * (once - 1), 0.0) / (2 * (twice + 1))
    ratio = once / max(twice, 1.0)
    variance = twice * (share * ratio**2 / 2 + share**2 * ratio**3 + share**2 * ratio**4 / 4)
    found = histories.total
    recall = found / (found + missed)
    return Method(
        "found once, found twice", recall, recall**2 / found * float(np.sqrt(variance)), f"{once:,.0f} once, {twice:,.0f} twice"
    )


def _within_entities(entities: Entities | None) -> Method | None:
    if entities is None or entities.pairs < _FEWEST:
        return None
    recall = min(entities.found / entities.pairs, 1.0)
    error = float(np.sqrt(recall * (1 - recall) / entities.pairs))
    return Method("entities", recall, error, f"{entities.pairs:,.0f} pairs inside entities of three records or more")
