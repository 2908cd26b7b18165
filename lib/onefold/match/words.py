"""How alike two words of a name are: typing slips, sounds and spellings of other scripts, short forms, numbers."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["edits", "number_words", "roman_number", "skeleton", "word_number", "word_similarity"]

# Spellings that romanisations of one sound choose between, the longest first; vowels fall out of the skeleton.
_SOUNDS = (
    ("shch", "s"), ("tsch", "c"), ("sch", "s"), ("tch", "c"), ("dzh", "j"), ("cz", "c"), ("sz", "s"), ("tz", "ts"), ("sh", "s"),
    ("ch", "c"), ("zh", "j"), ("dj", "j"), ("kh", "h"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("ck", "k"),
    ("q", "k"), ("x", "ks"), ("w", "v"), ("ce", "se"), ("ci", "si"),
)  # fmt: skip
_HARD_C = re.compile(r"c(?=[aou])|(?<=[aeiou])c$")
_GLIDES = re.compile(r"(?<!^)[jy]")
_SILENT = re.compile(r"(?<!^)h(?![aeiou])|(?<=[^aeiou])h")
_VOWELS = re.compile(r"[aeiou]+")
_DOUBLED = re.compile(r"(.)\1+")
_ROMAN = re.compile(r"^(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})$")
_SPELLED = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen"""
_TENS = """twenty thirty forty fifty sixty seventy eighty ninety"""
_RANKS = """first second third fourth fifth sixth seventh eighth ninth tenth"""
_CARDINALS = (
    {word: n for n, word in enumerate(_SPELLED.split())}
    | {word: 10 * n for n, word in enumerate(_TENS.split(), 2)}
    | {word: n for n, word in enumerate(_RANKS.split(), 1)}
    | {"fourty": 40, "ninty": 90}
)
_ORDINAL = re.compile(r"^0*(\d+)(?:st|nd|rd|th)?$")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}


def number_words() -> dict[str, int]:
    """Return the English words that write a number, misspellings that are usual included."""
    return dict(_CARDINALS)


@lru_cache(maxsize=100_000)
def word_number(word: str) -> int | None:
    """Return the number that a word writes in digits or English words, None when it writes none.

    >>> word_number("1st"), word_number("forty"), word_number("bank")
    (1, 40, None)
    """
    found = _ORDINAL.match(word)
    if found:
        return int(found.group(1))
    return _CARDINALS.get(word)


def roman_number(word: str) -> int | None:
    """Return the value of a small Roman numeral in small letters, None when it is none.

    >>> roman_number("viii"), roman_number("vim")
    (8, None)
    """
    if not _ROMAN.match(word):
        return None
    values = [_ROMAN_VALUES[letter] for letter in word]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def edits(left: str, right: str, most: int) -> int:
    """Return the letters inserted, deleted, replaced or exchanged with their neighbour, `most + 1` when there are more.

    >>> edits("putin", "pulin", 2), edits("smith", "simth", 2)
    (1, 1)
    """
    if abs(len(left) - len(right)) > most or len(set(left) - set(right)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        last, row, before = before, [i], row
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    """Return the consonants of a word with the spellings that romanisations choose between made one.

    >>> skeleton("mohammed") == skeleton("muhamad"), skeleton("nooristani") == skeleton("nuristani")
    (True, True)
    """
    sound = _HARD_C.sub("k", word) if "ch" not in word else word
    sound = "j" + sound[1:] if sound[:1] == "y" else sound  # a consonant where a word begins: Yusuf, Jusuf
    for spelling, one in _SOUNDS:
        sound = sound.replace(spelling, one)
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", _SILENT.sub("", _GLIDES.sub("i", sound)))) or sound[:1]


def _allowed(length: int) -> int:
    return 0 if length < 4 else 1 if length < 8 else 2 if length < 12 else 3


@lru_cache(maxsize=500_000)
def word_similarity(left: str, right: str) -> float:
    """Return how alike two different words are, 0 to 1: slips of the pen by their number, then sounds; 0 when unlike.

    A word of n letters may hold one slip from 4 letters on, two from 8, three from 12.

    >>> round(word_similarity("glencore", "glenmore"), 2), word_similarity("norge", "denmark")
    (0.88, 0.0)
    """
    if left == right:
        return 1.0
    longest, shortest = max(len(left), len(right)), min(len(left), len(right))
    allowed, bones = _allowed(shortest), skeleton(left)
    sounds_same = shortest >= 3 and bones == skeleton(right)
    slips = edits(left, right, 3 if sounds_same else allowed)
    by_slips = 1.0 - slips / longest if slips <= allowed else 0.0
    sounds_same = sounds_same and (slips <= 1 or (slips <= 3 and len(bones) >= 3))
    return max(by_slips, 0.92 if sounds_same else 0.0)
