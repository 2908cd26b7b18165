"""The checks of single records: each takes what it judges and gives a column that is true, false, or null for not judged."""

from onefold.quality.checks.passes import passes
from onefold.quality.checks.value import Surroundings, Value

__all__ = ["Surroundings", "Value", "passes"]
