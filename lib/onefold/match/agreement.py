"""The test behind every kind of level, over the prepared columns of a pair's two records.

A test may need a similarity, which is asked for by name so that levels sharing one compute it once per pair.
"""

from __future__ import annotations

from collections.abc import Callable

from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.match.arrow_names import company_names, person_names
from onefold.match.days import mistyped
from onefold.match.features import FeatureSet, Shape
from onefold.match.settings import Level
from onefold.match.signature import jaro_winkler

__all__ = ["Similarities", "level_test", "present_on_both", "swapped"]


class Similarities:
    """The similarity columns that a set of levels needs, each named once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], str] = {}
        self._bounds: dict[tuple[str, str], list[float]] = {}
        self._signatures: dict[str, str] = {}

    def need(self, function: str, feature: str, bound: float, signature: str | None = None) -> Column:
        """Return the column that will hold this function of the feature on both sides.

        Args:
            function: the similarity or distance.
            feature: the prepared column.
            bound: what the level compares it with; a distance greater than every bound asked for may come out as any such, and
                a Jaro-Winkler similarity less than every bound as nought.
            signature: the prepared column with the signatures of the feature's values, of Jaro-Winkler.
        """
        key = (function, feature)
        self._bounds.setdefault(key, []).append(bound)
        if signature is not None:
            self._signatures[feature] = signature
        return F.col(self._found.setdefault(key, f"s{len(self._found)}"))

    def columns(self) -> list[Column]:
        """Return every similarity, to be selected once, before the levels are decided."""
        return [
            _similarity(*key, self._bounds[key], self._signatures.get(key[1], "")).alias(name)
            for key, name in self._found.items()
        ]


def _similarity(function: str, feature: str, bounds: list[float], signature: str) -> Column:
    """Return the similarity; equal and missing values never reach the function, nor do those known to be too far apart."""
    left, right = _sides(feature)
    furthest = int(max(bounds))
    calls: dict[str, Callable[[], Column]] = {
        "jaro_winkler": lambda: jaro_winkler(left, right, _sides(signature), min(bounds)),
        # An exchange is two plain edits, which Spark counts natively and gives up on early.
        "damerau": lambda: F.when(
            F.levenshtein(left, right, 2 * furthest) >= 0, F.call_function("damerau_levenshtein", left, right)
        ).otherwise(F.lit(_FAR)),
        "levenshtein": lambda: F.when((edits := F.levenshtein(left, right, furthest)) >= 0, edits.cast("double")).otherwise(
            F.lit(_FAR)
        ),
        "person_similarity": lambda: person_names(left, right),
        "jaccard": lambda: F.size(F.array_intersect(left, right)) / F.size(F.array_union(left, right)),
    }
    if function == "qgram_overlap":
        shared = F.size(F.array_intersect(left, right)) / F.least(F.size(left), F.size(right))
        return F.when(left.isNotNull() & right.isNotNull(), shared)
    if function == "company_similarity":
        return company_names(left, right, F.col(f"l_{feature}_rarity"), F.col(f"r_{feature}_rarity"))
    same = 0.0 if function in ("damerau", "levenshtein") else 1.0
    both = left.isNotNull() & right.isNotNull()
    return F.when(both & (left == right), F.lit(same)).when(both, calls[function]())


_FAR = 1e9


def present_on_both(names: list[str]) -> Column:
    """Return whether at least one of these features is present in both records."""
    shown = F.lit(False)
    for name in names:
        shown = shown | (F.col(f"l_{name}").isNotNull() & F.col(f"r_{name}").isNotNull())
    return shown


def level_test(level: Level, column: str, features: FeatureSet, similarities: Similarities) -> Column:
    """Return the condition of a level over `l_*`, `r_*` and the similarity columns; null counts as not reached.

    Args:
        level: the level.
        column: the comparison's key, tested when the level names none of its own.
        features: where prepared columns are asked for.
        similarities: where similarities are asked for.
    """
    key = level.column or column
    if level.kind in _BOUNDED:
        shape, function, at_least = _BOUNDED[level.kind]
        signature = features.need("signature", key) if function == "jaro_winkler" else None
        value = similarities.need(function, features.need(shape, key), _number(level), signature)
        bound = F.lit(_number(level))
        return value >= bound if at_least else value <= bound
    return _TESTS[level.kind](level, key, features)


# kind -> (shape of the prepared value, similarity function, whether greater is nearer)
_BOUNDED: dict[str, tuple[Shape, str, bool]] = {
    "jaro_winkler": ("value", "jaro_winkler", True),
    "levenshtein": ("value", "levenshtein", False),
    "damerau": ("value", "damerau", False),
    "jaccard": ("words", "jaccard", True),
    "person_similarity": ("value", "person_similarity", True),
    "qgram_overlap": ("grams", "qgram_overlap", True),
    "company_similarity": ("rare_words", "company_similarity", True),
}


def _sides(name: str) -> tuple[Column, Column]:
    return F.col(f"l_{name}"), F.col(f"r_{name}")


def _number(level: Level) -> float:
    return float(level.value) if isinstance(level.value, int | float) else 0.0


def _exact(_level: Level, key: str, features: FeatureSet) -> Column:
    left, right = _sides(features.need("value", key))
    return left == right


def _equal(level: Level, _key: str, features: FeatureSet) -> Column:
    same = F.lit(True)
    for key in level.value if isinstance(level.value, tuple) else ():
        left, right = _sides(features.need("value", key))
        same = same & (left == right)
    return same


def _nickname(_level: Level, key: str, features: FeatureSet) -> Column:
    features.need("value", key)
    left, right = _sides(features.need("nicknames", key))
    return F.arrays_overlap(left, right)


def _swapped_with(level: Level, key: str, features: FeatureSet) -> Column:
    return swapped(key, str(level.value), features)


def swapped(key: str, other: str, features: FeatureSet, *, near: bool = False) -> Column:
    """Return whether the value stands in the other key of the other record, and nothing on the way back speaks against it.

    Args:
        key: the key whose value is looked for.
        other: the key in which it is looked for.
        features: where prepared columns are asked for.
        near: whether a value with slips counts, by Jaro-Winkler.
    """
    left, right = _sides(features.need("value", key))
    other_left, other_right = _sides(features.need("value", other))
    there, back = left == other_right, right == other_left
    if near:
        signed, other_signed = (_sides(features.need("signature", name)) for name in (key, other))
        there = jaro_winkler(left, other_right, (signed[0], other_signed[1]), _NEAR) >= _NEAR
        back = jaro_winkler(right, other_left, (signed[1], other_signed[0]), _NEAR) >= _NEAR
    there_alone = there & (right.isNull() | other_left.isNull())
    back_alone = back & (left.isNull() | other_right.isNull())
    return (there & back) | there_alone | back_alone


_NEAR = 0.88  # Jaro-Winkler: the usual bound of a name with a slip


def _swapped_near(level: Level, key: str, features: FeatureSet) -> Column:
    return swapped(key, str(level.value), features, near=True)


def _initial(_level: Level, key: str, features: FeatureSet) -> Column:
    left, right = _sides(features.need("value", key))
    short = (F.length(left) == 1) | (F.length(right) == 1)
    return short & (F.substring(left, 1, 1) == F.substring(right, 1, 1))


def _prefix(level: Level, key: str, features: FeatureSet) -> Column:
    left, right = _sides(features.need("value", key))
    size = int(_number(level))
    long_enough = (F.length(left) >= size) & (F.length(right) >= size)
    return long_enough & (F.substring(left, 1, size) == F.substring(right, 1, size))


def _within(level: Level, key: str, features: FeatureSet) -> Column:
    left, right = _sides(features.need("value", key))
    long_enough = F.least(F.length(left), F.length(right)) >= int(_number(level))
    return long_enough & (left.contains(right) | right.contains(left))


def _same_year_month(_level: Level, key: str, features: FeatureSet) -> Column:
    left, right = _sides(features.need("day_digits", key))
    return F.shiftright(left, 8) == F.shiftright(right, 8)


def _days_within(level: Level, key: str, features: FeatureSet) -> Column:
    left, right = _sides(features.need("day_number", key))
    return F.abs(left - right) <= _number(level)


def _date_typo(_level: Level, key: str, features: FeatureSet) -> Column:
    left, right = _sides(features.need("day_digits", key))
    return mistyped(left, right)


def _any_equal(_level: Level, key: str, features: FeatureSet) -> Column:
    left, right = _sides(features.need("value", key))
    return F.arrays_overlap(left, right) if features.is_list(key) else left == right


def _domain_equal(_level: Level, key: str, features: FeatureSet) -> Column:
    left, right = _sides(features.need("value", f"{key}|domain"))
    return left == right


def _numeric_within(level: Level, key: str, features: FeatureSet) -> Column:
    left, right = _sides(features.need("number", key))
    return F.abs(left - right) <= _number(level)


def _relative_within(level: Level, key: str, features: FeatureSet) -> Column:
    left, right = _sides(features.need("number", key))
    return F.abs(left - right) <= _number(level) * F.greatest(F.abs(left), F.abs(right))


def _contains(_level: Level, key: str, features: FeatureSet) -> Column:
    left, right = _sides(features.need("words", key))
    return F.size(F.array_intersect(left, right)) == F.least(F.size(left), F.size(right))


def _acronym(_level: Level, key: str, features: FeatureSet) -> Column:
    letters_l, letters_r = _sides(features.need("letters", key))
    first_l, first_r = _sides(features.need("acronym", key))
    return ((first_l == letters_r) & (F.length(first_l) >= 3)) | ((first_r == letters_l) & (F.length(first_r) >= 3))


def _numbers_differ(_level: Level, key: str, features: FeatureSet) -> Column:
    left, right = _sides(features.need("numbers", key))
    return left != right


def _extra_words_of(level: Level, key: str, features: FeatureSet) -> Column:
    left, right = _sides(features.need("words", key))
    place_left, place_right = _sides(features.need("words", str(level.value)))
    return _adds(left, right, place_left, place_right) | _adds(right, left, place_right, place_left)


def _adds(more: Column, fewer: Column, place: Column, elsewhere: Column) -> Column:
    """Return whether one name is the other and some words of its own place, where the other is not."""
    extra = F.array_except(more, fewer)
    its_own = F.size(F.array_except(extra, place)) == 0
    return (F.size(extra) > 0) & its_own & (F.size(F.array_except(fewer, more)) == 0) & ~F.arrays_overlap(extra, elsewhere)


def _same_legal_family(_level: Level, key: str, features: FeatureSet) -> Column:
    left, right = _sides(features.need("legal_family", key))
    return left == right


_TESTS: dict[str, Callable[[Level, str, FeatureSet], Column]] = {
    "exact": _exact,
    "equal": _equal,
    "nickname": _nickname,
    "swapped_with": _swapped_with,
    "swapped_near": _swapped_near,
    "initial": _initial,
    "within": _within,
    "prefix": _prefix,
    "same_year_month": _same_year_month,
    "days_within": _days_within,
    "date_typo": _date_typo,
    "any_equal": _any_equal,
    "domain_equal": _domain_equal,
    "numeric_within": _numeric_within,
    "relative_within": _relative_within,
    "contains": _contains,
    "acronym": _acronym,
    "numbers_differ": _numbers_differ,
    "same_legal_family": _same_legal_family,
    "extra_words_of": _extra_words_of,
}
