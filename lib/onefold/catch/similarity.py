"""The similarity functions of the JVM in plain Python, for a prospect and the few records that may be it."""

from __future__ import annotations

__all__ = ["damerau", "jaro_winkler", "levenshtein", "soundex"]

_CODES = "01230127022455012623017202"


def jaro_winkler(left: str, right: str) -> float:
    """Return the Jaro-Winkler similarity as Apache Commons Text has it: a common beginning counts from 0.7 on.

    >>> round(jaro_winkler("martha", "marhta"), 4), jaro_winkler("", "a")
    (0.9611, 0.0)
    """
    if left == right:
        return 1.0
    matches, half_turns, prefix = _matches(left, right)
    if not matches:
        return 0.0
    jaro = (matches / len(left) + matches / len(right) + (matches - half_turns / 2) / matches) / 3.0
    if jaro < 0.7:
        return jaro
    return jaro + 0.1 * prefix * (1.0 - jaro)


def _matches(left: str, right: str) -> tuple[int, float, int]:
    """Return the matching letters, those of them out of order, and the letters of the common beginning, four at most."""
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    reach = max(len(longer) // 2 - 1, 0)
    taken = [False] * len(longer)
    ours = []
    for at, letter in enumerate(shorter):
        for other in range(max(at - reach, 0), min(at + reach + 1, len(longer))):
            if not taken[other] and longer[other] == letter:
                taken[other] = True
                ours.append(letter)
                break
    theirs = [letter for letter, is_taken in zip(longer, taken, strict=True) if is_taken]
    turns = sum(a != b for a, b in zip(ours, theirs, strict=True))
    prefix = 0
    for a, b in zip(longer, shorter, strict=False):
        if a != b or prefix == 4:
            break
        prefix += 1
    return len(ours), float(turns), prefix


def levenshtein(left: str, right: str, most: int | None = None) -> int:
    """Return the letters inserted, deleted or replaced; -1 when there are more than `most`.

    >>> levenshtein("kitten", "sitting"), levenshtein("kitten", "sitting", 2)
    (3, -1)
    """
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, row = row, [i]
        for j, b in enumerate(right, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b)))
    return -1 if most is not None and row[-1] > most else row[-1]


def damerau(left: str, right: str) -> float:
    """Return the letters inserted, deleted, replaced or exchanged with their neighbour, other edits between them allowed.

    >>> damerau("10115", "10151")
    1.0
    """
    last_row: dict[str, int] = {}  # of a letter of `left`
    far = len(left) + len(right)
    costs = [[far] * (len(right) + 2), [far, *range(len(right) + 1)]]
    for i, a in enumerate(left, 1):
        row, column = [far, i], 0  # the last column in which the letter stood
        for j, b in enumerate(right, 1):
            back = last_row.get(b, 0)
            exchanged = costs[back][column] + (i - back - 1) + 1 + (j - column - 1)
            row.append(min(costs[i][j] + (a != b), row[j] + 1, costs[i][j + 1] + 1, exchanged))
            if a == b:
                column = j
        last_row[a] = i
        costs.append(row)
    return float(costs[-1][-1])


def soundex(text: str) -> str:
    """Return the Soundex code as Spark makes it; a text that begins with no Latin letter stays as it is.

    >>> soundex("Robert"), soundex("Tymczak"), soundex("42")
    ('R163', 'T522', '42')
    """
    if not text or not (text[0].isascii() and text[0].isalpha()):
        return text
    found, last = [text[0].upper()], _code(text[0])
    for letter in text[1:]:
        if not (letter.isascii() and letter.isalpha()):
            last = "0"
            continue
        code = _code(letter)
        if code == "7":  # h and w part nothing
            continue
        if code not in ("0", last):
            found.append(code)
            if len(found) == 4:
                break
        last = code
    return "".join(found).ljust(4, "0")


def _code(letter: str) -> str:
    return _CODES[ord(letter.upper()) - ord("A")]
