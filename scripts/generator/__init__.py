"""Sample exports of eight systems with known truth, from a seed and real name and place frequencies."""

from generator.plan import Request
from generator.produce import produce

__all__ = ["Request", "produce"]
