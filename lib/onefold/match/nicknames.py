"""English short forms of given names, from the table of PyPI `nicknames` (Apache-2.0)."""

from __future__ import annotations

from functools import cache
from importlib import resources

__all__ = ["nickname_table", "stands_for"]


@cache
def nickname_table() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each nickname with the names that it may stand for, both in small letters, sorted."""
    lines = (resources.files("nicknames") / "names.csv").read_text(encoding="utf-8").splitlines()
    full: dict[str, set[str]] = {}
    for line in lines[1:]:
        canonical, _, nickname = line.lower().split(",")
        full.setdefault(nickname.strip(), set()).add(canonical.strip())
    return tuple(sorted((name, tuple(sorted(names))) for name, names in full.items()))


@cache
def _table() -> dict[str, frozenset[str]]:
    return {name: frozenset((name, *full)) for name, full in nickname_table()}


def stands_for(name: str) -> frozenset[str]:
    """Return the names that a given name may stand for, itself included.

    >>> "william" in stands_for("bill")
    True
    """
    return _table().get(name) or frozenset((name,))
