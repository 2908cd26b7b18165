"""Makes the history of a programme: rules by source with noise, weekdays, trends and outliers, and seeded failures in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["DAYS", "SOURCES", "Failure", "Programme", "simulate"]

Floats = npt.NDArray[np.float64]
DAYS, SOURCES = 60, 8
_CADENCE = (("daily", 5), ("workdays", 2), ("weekly", 1))


@dataclass(frozen=True)
class Failure:
    """One seeded failure: of a rule in a source, or of a source; the days are numbered from 0, the end is included."""

    kind: str
    source: int
    rule: int | None
    start: int
    end: int
    size: float


@dataclass(frozen=True)
class Programme:
    """What was measured; `failed` and `checked` by rule, source and day, `volume` and `age` by source and day."""

    failed: npt.NDArray[np.int64]
    checked: npt.NDArray[np.int64]
    volume: npt.NDArray[np.int64]
    age: Floats
    failures: tuple[Failure, ...]


def simulate(seed: int, *, rules: int = 160, each: int = 5, first: int = 22, last: int = 38) -> Programme:
    """Return a programme with `each` failures of every kind, beginning between two days: drop, drift, volume, freshness."""
    rng, sources, days = np.random.default_rng(seed), SOURCES, DAYS
    failures = tuple(_failures(rng, rules, each, (first, last)))
    volume, age = _volumes(rng, sources, days), _ages(rng, sources, days)
    for failure in failures:
        span = slice(failure.start, failure.end + 1)
        if failure.kind == "volume":
            volume[failure.source, span] = (volume[failure.source, span] * failure.size).astype(np.int64)
        if failure.kind == "freshness":
            late = age[failure.source, failure.start - 1] + 1.0 + np.arange(failure.end - failure.start + 1)
            age[failure.source, span] = np.maximum(age[failure.source, span], late)
    rate = _rates(rng, rules, sources, days)
    for failure in failures:
        if failure.rule is not None:
            after = np.arange(days) - failure.start + 1.0
            length = 1.0 if failure.kind == "drop" else 20.0
            rise = failure.size * np.clip(after / length, 0.0, 1.0) * (np.arange(days) <= failure.end)
            rate[failure.rule, failure.source] += rise
    checked = (volume[None, :, :] * rng.uniform(0.2, 1.0, (rules, sources, 1))).astype(np.int64)
    failed = rng.binomial(checked, np.clip(rate, 0.0, 1.0))
    return Programme(failed, checked, volume, age, failures)


def _failures(rng: np.random.Generator, rules: int, each: int, span: tuple[int, int]) -> list[Failure]:
    """Choose what fails where, when and how badly; no rule of a source, and no feed, fails twice."""
    cells = rng.permutation(rules * SOURCES)[: 2 * each]
    found = []
    for place, cell in enumerate(cells):
        (rule, source), start = divmod(int(cell), SOURCES), int(rng.integers(*span))
        if place < each:
            found.append(Failure("drop", source, rule, start, start + int(rng.integers(3, 20)), rng.uniform(0.03, 0.2)))
        else:
            found.append(Failure("drift", source, rule, start, DAYS - 1, rng.uniform(0.04, 0.10)))
    for kind in ("volume", "freshness"):
        for source in rng.permutation(SOURCES)[:each]:
            start = int(rng.integers(*span))
            lasts = int(rng.integers(1, 6)) if kind == "volume" else int(rng.integers(9, 12))
            size = float(rng.choice([0.0, 0.4, 0.6, 1.8])) if kind == "volume" else 0.0
            found.append(Failure(kind, int(source), None, start, start + lasts - 1, size))
    return found


def _rates(rng: np.random.Generator, rules: int, sources: int, days: int) -> Floats:
    """Return the share that truly fails: a level, and for some a weekday pattern, a trend, noise that lasts, outliers."""
    shape, day = (rules, sources, 1), np.arange(days)
    level = np.where(rng.random(shape) < 0.25, rng.uniform(0.0, 0.0005, shape), rng.beta(1.0, 9.0, shape))
    weekday = rng.normal(0.0, 0.12, (rules, sources, 7)) * (rng.random(shape) < 0.3)
    trend = rng.uniform(-0.006, 0.006, shape) * (rng.random(shape) < 0.2)
    shared = rng.normal(0.0, 0.01, (1, sources, days))  # what a day does to all rules of a source
    noise, wave = rng.normal(0.0, 1.0, (rules, sources, days)), np.zeros((rules, sources, days))
    for t in range(days):
        wave[:, :, t] = noise[:, :, t] + (0.3 * wave[:, :, t - 1] if t else 0.0)
    wave *= np.exp(rng.uniform(np.log(0.005), np.log(0.05), shape))
    rate = level * np.exp(weekday[:, :, day % 7] + trend * day + shared + wave)
    outlier = (rng.random(rate.shape) < 1 / 400) * rng.uniform(0.01, 0.06, rate.shape)
    return np.clip(rate + outlier, 0.0, 0.95)


def _volumes(rng: np.random.Generator, sources: int, days: int) -> npt.NDArray[np.int64]:
    size = np.exp(rng.uniform(np.log(8_000), np.log(400_000), (sources, 1)))
    growth = rng.uniform(-0.0005, 0.003, (sources, 1))
    weekday = rng.normal(0.0, 0.03, (sources, 7)) * (rng.random((sources, 1)) < 0.5)
    day = np.arange(days)
    noise = rng.normal(0.0, 0.004, (sources, days)) + (rng.random((sources, days)) < 1 / 120) * rng.normal(
        0, 0.06, (sources, days)
    )
    return np.asarray((size * np.exp(growth * day + weekday[:, day % 7] + noise)), dtype=np.int64)


def _ages(rng: np.random.Generator, sources: int, days: int) -> Floats:
    """Return the days since each source's newest file, at the time of the run; now and then a file comes a day late."""
    kinds = [kind for kind, number in _CADENCE for _ in range(number)]
    age = np.zeros((sources, days))
    for source in range(sources):
        kind, hour = kinds[source % len(kinds)], rng.uniform(0.1, 0.6)
        last, due = -1, False
        for day in range(days):
            due = due or kind == "daily" or (kind == "workdays" and day % 7 < 5) or (kind == "weekly" and day % 7 == 6)
            if due and rng.random() > 1 / 60:
                last, due = day, False
            age[source, day] = day - last + hour
    return age
