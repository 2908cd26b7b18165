"""The similarity of two names of people and of two names of companies, each one number, 0 to 1, from aligned words."""

from __future__ import annotations

from functools import lru_cache

from onefold.match.alignment import align, joined_alike, merge_split_words, score
from onefold.match.nicknames import stands_for
from onefold.match.vocabulary import COMMON, LEGAL, LINKING, PARTICLES
from onefold.match.words import roman_number, word_number, word_similarity

__all__ = ["company_similarity", "person_similarity"]

_ONE = {"ibn": "bin", "ben": "bin", "bint": "bin", "abou": "abu", "el": "al", "ul": "al", "ud": "al", "und": "and", "y": "and",
        "et": "and", "e": "and", "i": "and", "og": "and", "och": "and"}  # fmt: skip
_LEET = str.maketrans("013459", "oleasg")
_INITIAL, _NICKNAME, _INITIALS = 0.85, 0.95, 0.9


def person_similarity(left: str, right: str) -> float:
    """Return how alike two whole names of people are, from folded words in any order.

    Initials, short forms, spellings of other scripts, split and joined words and left-out middle names are near;
    a word on each side that has no counterpart speaks against.

    >>> person_similarity("osama bin laden", "laden usama ibn") > 0.85, person_similarity("michael ng", "michael wu") < 0.5
    (True, True)
    """
    a, b = _person_parts(left), _person_parts(right)
    a, b = merge_split_words(*_apart(a, b))
    aligned = align(a, b, _person_words)
    names = sum(1 for i, j, _ in aligned.pairs if a[i] not in PARTICLES and b[j] not in PARTICLES)
    written = sum(1 for i, j, _ in aligned.pairs if min(len(a[i]), len(b[j])) > 2)
    weights = [[_weight(word, words.index(word) < at) for at, word in enumerate(words)] for words in (a, b)]
    found = score(aligned, *weights, surplus=0.3)
    if ((aligned.left_alone or aligned.right_alone) and names < 2) or not written:
        found = min(found, 0.6)  # one name in common is a name many bear
    if _fathers_differ(a, b, {i: j for i, j, _ in aligned.pairs}):
        found = min(found, 0.6)
    if [j for _, j, _ in aligned.pairs] != sorted(j for _, j, _ in aligned.pairs):
        found *= 0.97
    return max(found, 0.98 * joined_alike(a, b))


def _person_parts(name: str) -> list[str]:
    words = [word if word.isalpha() or word.isdigit() else word.translate(_LEET) for word in name.split()]
    return [word if at == 0 and word in ("ben", "el") else _ONE.get(word, word) for at, word in enumerate(words)]


def _apart(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """Return both names with joined initials taken apart where the other name has the words: jc and jean claude."""
    return _initials_apart(left, right), _initials_apart(right, left)


def _initials_apart(words: list[str], others: list[str]) -> list[str]:
    starts = "".join(word[0] for word in others)
    out: list[str] = []
    for word in words:
        joined = 2 <= len(word) <= 3 and word not in others and word not in PARTICLES and len(others) > len(word)
        out += list(word) if joined and word in starts else [word]
    return out


def _fathers_differ(left: list[str], right: list[str], pairs: dict[int, int]) -> bool:
    """Tell whether a name after bin (son of) in one name stands before it in the other: ali bin omar is not omar bin ali."""
    if "bin" not in left or "bin" not in right:
        return False
    first, other = left.index("bin"), right.index("bin")
    fell_behind = any(pairs[i] > other for i in range(first) if i in pairs)
    came_before = any(pairs[i] < other for i in range(first + 1, len(left)) if i in pairs)
    return fell_behind and came_before


def _weight(word: str, again: bool) -> float:
    return 0.1 if again else 0.3 if word in PARTICLES or len(word) == 1 else 1.0


@lru_cache(maxsize=500_000)
def _person_words(left: str, right: str) -> float:
    if left == right:
        return 1.0
    if (left in PARTICLES) != (right in PARTICLES):
        return 0.0
    short, whole = sorted((left, right), key=len)
    if len(short) == 1:
        return _INITIAL if whole.startswith(short) else 0.0
    if stands_for(left) & stands_for(right):
        return _NICKNAME
    return word_similarity(left, right)


def company_similarity(left: str, right: str, rarity: dict[str, float] | None = None) -> float:
    """Return how alike two names of companies are, from folded words in any order, rare words counting for more.

    Soft TF-IDF (Cohen, Ravikumar and Fienberg 2003) made symmetric: words pair one to one, those left over count
    against. Numbers are read (1st, first, one; Fund II, Fund 2) and weigh little, as words that many names hold: whether
    numbers that differ tell companies apart is for the level `numbers_differ` to say.

    >>> company_similarity("glencore", "glenmore") > 0.85, company_similarity("acme fund 2", "acme fund ii")
    (True, 1.0)
    """
    a, b = _numbered(left.split()), _numbered(right.split())
    a, b = merge_split_words(a, b)
    aligned = align(a, b, _company_words)
    weights = [[_company_weight(w, rarity) for w in words] for words in (a, b)]
    found = max(score(aligned, *weights, surplus=0.6), _initialism(a, b))
    return max(found, joined_alike(a, b), _glued_form(a, b))


def _company_weight(word: str, rarity: dict[str, float] | None) -> float:
    general = 0.1 if word in LINKING else 0.2 if _legal(word) else 0.4 if word in COMMON or word.isdigit() else 1.0
    return general * rarity.get(word, 1.0) if rarity else general


@lru_cache(maxsize=100_000)
def _legal(word: str) -> bool:
    """Tell whether a word speaks of a legal form, mistyped or cut off: those written right are no part of the name's core."""
    return word in LEGAL or (len(word) >= 5 and any(word_similarity(word, legal) > 0.0 for legal in LEGAL if len(legal) >= 5))


@lru_cache(maxsize=500_000)
def _company_words(left: str, right: str) -> float:
    if left == right:
        return 1.0
    if left.isdigit() or right.isdigit():
        return 0.0
    if (left in LINKING) != (right in LINKING):
        return 0.0
    return word_similarity(left, right)


def _numbered(words: list[str]) -> list[str]:
    """Return the words with numbers written in digits: first, 1st and one are 1; ii after a word is 2; forty four is 44."""
    out: list[str] = []
    tens = False
    for at, word in enumerate(words):
        number = word_number(word)
        if number is None and at > 0 and (len(word) > 1 or at == len(words) - 1):
            number = roman_number(word)
        if number is not None and tens and 0 < number < 10:
            out[-1] = str(int(out[-1]) + number)
            tens = False
            continue
        out.append(word if number is None else str(number))
        tens = number is not None and not word[0].isdigit() and number in range(20, 100, 10)
    return out


def _glued_form(left: list[str], right: list[str]) -> float:
    """Return how alike the names are when one has its legal form glued on: siemensag and siemens."""
    a, b = sorted(("".join(left), "".join(right)), key=len)
    return 0.97 if len(a) >= 5 and b.startswith(a) and b[len(a) :] in LEGAL else 0.0


def _initialism(left: list[str], right: list[str]) -> float:
    """Return how alike the names are when one word of one is made of the first letters of the other's words."""
    for one, other in ((left, right), (right, left)):
        letters = "".join(word[0] for word in other if word not in LINKING)
        if len(one) == 1 and len(other) >= 3 and one[0] == letters:
            return _INITIALS
    return 0.0
