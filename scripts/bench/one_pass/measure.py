"""The clock: a scan-and-write of the parties, then the quality stage with so many rules, each twice."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from peers.command import machine

from one_pass.rules import rules, shipped
from one_pass.table import parties
from onefold.config import Project
from onefold.contracts.quality import RECORD_QUALITY, RULE_RESULT
from onefold.contracts.silver import PARTY
from onefold.quality.settings import RuleFile
from onefold.run.context import RunContext
from onefold.run.quality import run_quality
from onefold.store import SparkSettings, Warehouse, open_session

__all__ = ["measured"]

_TIMES = 2


def measured(folder: Path, records: int, counts: tuple[int, int], heap: str, own: Path | None) -> dict[str, Any]:
    """Return seconds of the scan-and-write and of the stage by number of rules, and their ratios.

    With `own`, a warehouse, its parties are judged, by rules drawn from those that onefold ships for parties: records, records
    among others, and whole sources. They are copied, so that nothing is written there.
    """
    spark = open_session(SparkSettings(driver_memory=heap), app="quality-benchmark")
    warehouse = Warehouse(spark, str(folder / "warehouse"))
    made = Warehouse(spark, str(own)).read(PARTY) if own else parties(spark, records)
    warehouse.overwrite(PARTY, made)
    drawn = shipped if own else rules
    plain, stage = [], {count: [] for count in counts}
    for lap in range(_TIMES):
        began = time.perf_counter()
        warehouse.read(PARTY).write.format("delta").mode("overwrite").save(str(folder / "copy"))
        plain.append(time.perf_counter() - began)
        for count in counts:
            file = RuleFile.model_construct(name="bench", rules=tuple(drawn(count)))
            project = Project.model_construct(rules=(file,), sources=())
            context = RunContext(spark, warehouse, project, f"run{lap}-{count}", datetime.now(UTC))
            began = time.perf_counter()
            run_quality(context)
            stage[count].append(time.perf_counter() - began)
    few, many = counts
    result = {
        "kind": "quality",
        "records": warehouse.read(PARTY).count(),
        "of": "cleansed parties, shipped rules" if own else "made parties, made rules",
        "rules": list(counts),
        "seconds": {"scan_and_write": round(min(plain), 1), **{f"rules_{c}": round(min(s), 1) for c, s in stage.items()}},
        "ratio_to_scan_and_write": round(min(stage[few]) / min(plain), 2),
        "more_rules_cost": round(min(stage[many]) / min(stage[few]) - 1, 3),
        "results": warehouse.read(RULE_RESULT).count(),
        "records_that_fail": warehouse.read(RECORD_QUALITY).where("failed is not null").count(),
        **machine(),
    }
    spark.stop()
    return result
