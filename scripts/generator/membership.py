"""Who is in which system: some customers are everywhere, most in two or three systems, some twice in one."""

from __future__ import annotations

from typing import Literal

import numpy as np

from generator.columns import Array
from generator.plan import PROFILES

__all__ = ["memberships"]

_REPEAT = 0.025


def memberships(rng: np.random.Generator, records: int, kind: Literal["person", "company"]) -> tuple[Array, Array, Array]:
    """Return for each record its entity (from 0), its system's position and whether it repeats one of that system.

    Exactly `records` rows come back, ordered by entity; every entity has at least one.
    """
    chances = np.asarray([getattr(profile, kind) for profile in PROFILES.values()])
    activity = rng.choice((0.55, 1.0, 1.7), records, p=(0.35, 0.4, 0.25))
    member = rng.random((records, len(chances))) < np.minimum(activity[:, None] * chances, 0.96)
    nowhere = ~member.any(axis=1)
    member[nowhere, rng.choice(len(chances), int(nowhere.sum()), p=chances / chances.sum())] = True
    times = member.astype(int) + (member & (rng.random(member.shape) < _REPEAT))
    entity, system = np.nonzero(times)
    count = times[entity, system]
    repeat = np.zeros(int(count.sum()), dtype=bool)
    start = np.cumsum(count) - count
    repeat[start[count == 2] + 1] = True
    return np.repeat(entity, count)[:records], np.repeat(system, count)[:records], repeat[:records]
