"""Days and instants written in the styles of the systems."""

from __future__ import annotations

import numpy as np

from generator.columns import Array, texts
from generator.record import NO_DAY

__all__ = ["days", "instants"]

_TWO = texts(f"{n:02d}" for n in range(100))
_YEARS = texts(str(n) for n in range(2101))


def _parts(day: Array) -> tuple[Array, Array, Array]:
    """Return year, month and day of the month as text."""
    date = day.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    number = (date - month.astype("datetime64[D]")).astype(int) + 1
    return _YEARS[date.astype("datetime64[Y]").astype(int) + 1970], _TWO[month.astype(int) % 12 + 1], _TWO[number]


def days(day: Array, style: str) -> Array:
    """Write days since 1970 as iso, compact, german or slash dates; None where the day is missing."""
    out = np.full(len(day), None, dtype=object)
    rows = np.flatnonzero(day != NO_DAY)
    year, month, number = _parts(day[rows])
    if style == "iso":
        out[rows] = year + "-" + month + "-" + number
    elif style == "compact":
        out[rows] = year + month + number
    else:
        mark = "." if style == "german" else "/"
        out[rows] = number + mark + month + mark + year
    return out


def instants(second: Array, style: str) -> Array:
    """Write seconds since 1970 as iso, zulu, german or slash timestamps."""
    rest = second % 86_400
    hour, minute = _TWO[rest // 3600], _TWO[rest // 60 % 60]
    date = days(second // 86_400, {"zulu": "iso"}.get(style, style))
    clock = hour + ":" + minute
    if style == "zulu":
        written = date + "T" + clock + ":" + _TWO[rest % 60] + "Z"
    elif style == "iso":
        written = date + " " + clock + ":" + _TWO[rest % 60]
    else:
        written = date + " " + clock
    return np.asarray(written, dtype=object)
