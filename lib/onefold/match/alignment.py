"""Aligns the words of two names, whatever their order, and weighs what is left over: one similarity a pair."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from onefold.match.words import edits

__all__ = ["Alignment", "align", "joined_alike", "merge_split_words", "score"]

_DIGITS = re.compile(r"\d")
WordSimilarity = Callable[[str, str], float]


@dataclass(frozen=True)
class Alignment:
    """The pairs of words found (positions and similarity) and the positions that stay alone on either side."""

    pairs: tuple[tuple[int, int, float], ...]
    left_alone: tuple[int, ...]
    right_alone: tuple[int, ...]


def align(left: Sequence[str], right: Sequence[str], alike: WordSimilarity) -> Alignment:
    """Return the words paired one to one, the most alike first, and of equally alike ones those that stand alike.

    >>> align(["putin", "vladimir"], ["vladimir", "putin"], lambda a, b: float(a == b)).pairs
    ((0, 1, 1.0), (1, 0, 1.0))
    """
    found = [(alike(a, b), -abs(i - j), i, j) for i, a in enumerate(left) for j, b in enumerate(right)]
    found = sorted((f for f in found if f[0] > 0.0), key=lambda f: (-f[0], -f[1], f[2], f[3]))
    at_left: set[int] = set()
    at_right: set[int] = set()
    pairs = []
    for similarity, _, i, j in found:
        if i not in at_left and j not in at_right:
            at_left.add(i)
            at_right.add(j)
            pairs.append((i, j, similarity))
    alone = tuple(i for i in range(len(left)) if i not in at_left)
    return Alignment(tuple(sorted(pairs)), alone, tuple(j for j in range(len(right)) if j not in at_right))


def score(alignment: Alignment, left: Sequence[float], right: Sequence[float], *, surplus: float) -> float:
    """Return the similarity: what is alike over that and what is left over, by the words' weights.

    Words left over on both sides contradict each other and count twice; words that only one side has may have been left
    out by the other, and count by `surplus`.

    Args:
        alignment: of the words.
        left: weight of each word of the left name.
        right: weight of each word of the right name.
        surplus: share of its weight that a word counts which only one side has.
    """
    matched = sum((left[i] + right[j]) / 2.0 for i, j, _ in alignment.pairs)
    alike = sum(similarity * (left[i] + right[j]) / 2.0 for i, j, similarity in alignment.pairs)
    over_left = sum(left[i] for i in alignment.left_alone)
    over_right = sum(right[j] for j in alignment.right_alone)
    against = 2.0 * min(over_left, over_right) + surplus * abs(over_left - over_right)
    return alike / (matched + against) if matched + against > 0.0 else 0.0


def merge_split_words(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """Return both names with neighbouring words joined where the other name writes them as one.

    >>> merge_split_words(["van", "der", "bilt"], ["vanderbilt"])
    (['vanderbilt'], ['vanderbilt'])
    """
    return _joined(left, set(right)), _joined(right, set(left))


def _joined(words: list[str], others: set[str]) -> list[str]:
    out: list[str] = []
    at = 0
    while at < len(words):
        for count in (4, 3, 2):
            together = "".join(words[at : at + count])
            if at + count <= len(words) and together in others and not others.issuperset(words[at : at + count]):
                out.append(together)
                at += count
                break
        else:
            out.append(words[at])
            at += 1
    return out


def joined_alike(left: Sequence[str], right: Sequence[str]) -> float:
    """Return how alike two names are when their spaces are left out: 1, or one slip in a long name; 0 otherwise.

    >>> joined_alike(["pol", "pot"], ["polpot"])
    1.0
    """
    a, b = "".join(left), "".join(right)
    if a == b:
        return 1.0
    if _DIGITS.findall(a) != _DIGITS.findall(b):
        return 0.0
    shortest = min(len(a), len(b))
    most = shortest // 8 if _scattered(left) or _scattered(right) else min(1, shortest // 8)
    slips = edits(a, b, most)
    return 1.0 - slips / shortest if slips <= most else 0.0


def _scattered(words: Sequence[str]) -> bool:
    """Tell whether a name was torn apart by its source: br and ixe sse nti als."""
    return len(words) >= 4 and sum(len(word) for word in words) <= 3 * len(words)
