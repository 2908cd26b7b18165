"""Confidence intervals of shares and of ratios of sums, when clusters are what was sampled.

Records of one cluster are right or wrong together, so that neither records nor pairs count as independent. A measure is
a function of sums over truth clusters; its variance follows from the second moments of those sums (the delta method, which
is the first order of a bootstrap over clusters). The interval is Wilson's at the size of a simple sample that would be as
uncertain (Korn and Graubard 1998), so that it stays within 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Interval", "Moments", "Z", "around", "wilson"]

Z = 1.959964
"""Normal quantile of two-sided 95 % intervals."""

Interval = tuple[float, float]


@dataclass(frozen=True)
class Moments:
    """Sums over units (clusters) and the sums of their products, by name."""

    units: int
    sums: Mapping[str, float]
    products: Mapping[tuple[str, str], float]

    def variance(self, measure: Callable[[Mapping[str, float]], float]) -> float:
        """Return the variance of a measure of the sums that does not change when all of them are scaled alike."""
        names = list(self.sums)
        gradient = _gradient(measure, dict(self.sums), names)
        moments = np.array([[self.products[min(a, b), max(a, b)] for b in names] for a in names])
        spread = float(gradient @ moments @ gradient)
        return max(0.0, spread) * self.units / max(self.units - 1, 1)


def _gradient(
    measure: Callable[[Mapping[str, float]], float], sums: dict[str, float], names: list[str]
) -> npt.NDArray[np.float64]:
    """Return the derivative of the measure by each sum, by central differences."""
    slopes = []
    for name in names:
        step = max(abs(sums[name]), 1.0) * 1e-5
        high, low = measure(sums | {name: sums[name] + step}), measure(sums | {name: sums[name] - step})
        slopes.append((high - low) / (2.0 * step))
    return np.array(slopes, dtype=np.float64)


def wilson(share: float, size: float) -> Interval:
    """Return Wilson's 95 % interval of a share seen in `size` independent cases; everything is possible in none.

    >>> [round(bound, 3) for bound in wilson(0.9, 100)]
    [0.826, 0.945]
    """
    if size <= 0.0:
        return (0.0, 1.0)
    share = min(max(share, 0.0), 1.0)
    middle = (share + Z**2 / (2.0 * size)) / (1.0 + Z**2 / size)
    half = Z * math.sqrt(share * (1.0 - share) / size + Z**2 / (4.0 * size**2)) / (1.0 + Z**2 / size)
    return (max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share)))


def around(share: float, variance: float, units: float) -> Interval:
    """Return the interval of a share with this variance; `units` cases where the variance says nothing (all alike)."""
    inner = share * (1.0 - share)
    size = inner / variance if variance > 1e-15 and inner > 1e-12 else units
    return wilson(share, size)
