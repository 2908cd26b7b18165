"""Resident memory and processor time of a process and all its descendants, the way scripts/bench/measure counts."""

from __future__ import annotations

import os
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

__all__ = ["resident_mib"]

_PATH = Path(__file__).resolve().parents[1] / "measure"
_SPEC = spec_from_loader("measure", SourceFileLoader("measure", str(_PATH)))
assert _SPEC is not None and _SPEC.loader is not None
_MEASURE = module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MEASURE)


def resident_mib(pid: int) -> tuple[float, float]:
    """Return the sum of resident set sizes in MiB and of processor seconds over the living tree of a process."""
    tree = _MEASURE.tree(pid)
    ticks = os.sysconf("SC_CLK_TCK")
    return sum(int(f[22]) for f in tree) * _MEASURE.PAGE_MIB, sum(int(f[12]) + int(f[13]) for f in tree) / ticks
