"""The whole production, chunk by chunk: entities, their records, eight exports, interactions and the truth.

A handful of rows are malformed on purpose and have no truth: three of a wrong width in crm, two lines of invalid JSON in
marketing, two short lines in legacy_crm (each in the middle of the first chunk; see BROKEN of those systems).
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Self

import numpy as np

from generator import interactions
from generator.columns import Array, Columns, concatenated, taken
from generator.companies import draw_companies
from generator.company_records import company_records
from generator.defects import DEFECTS, spelt
from generator.exports import ENDLESS, CsvExport, Export, TextExport
from generator.membership import memberships
from generator.people import draw_people
from generator.person_records import person_records
from generator.plan import SYSTEMS, Chunk, Request
from generator.systems import crm, erp, events, legacy_crm, marketing, shop, support, web
from generator.workbooks import WorkbookExport

__all__ = ["produce"]

_MODULES: dict[str, Any] = {
    "legacy_crm": legacy_crm, "crm": crm, "erp": erp, "marketing": marketing, "web": web, "support": support, "shop": shop,
    "events": events,
}  # fmt: skip
_FOLLOW_UPS = {
    "marketing": ("marketing_events", interactions.mailings, interactions.mailings_export),
    "support": ("support_tickets", interactions.tickets, interactions.tickets_export),
    "shop": ("shop_orders", interactions.orders, interactions.orders_export),
}
_ENTITIES_PER_CHUNK = 100_000


class _Outputs:
    """Every open file of one production."""

    def __init__(self, request: Request) -> None:
        day = request.as_of.strftime("%Y%m%d")
        raw = request.out / "raw"
        self.as_of_day = (request.as_of - date(1970, 1, 1)).days
        self.parties: dict[str, Export | WorkbookExport] = {
            name: module.opened(raw / name, f"{name}_{day}") for name, module in _MODULES.items()
        }
        self.follow_ups: dict[str, Export] = {
            name: opened(raw / name, f"{name}_{day}") for name, _, opened in _FOLLOW_UPS.values()
        }
        self.truth = CsvExport(request.out / "truth", "truth", suffix="csv", limit=ENDLESS)
        self.defects = CsvExport(request.out / "truth", "defects", suffix="csv", limit=ENDLESS)
        self.counts = dict.fromkeys([*_MODULES, *self.follow_ups, "event_attendance"], 0)
        self.errors = np.zeros(len(DEFECTS), dtype=np.int64)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for export in (*self.parties.values(), *self.follow_ups.values(), self.truth, self.defects):
            export.close()


def _records(request: Request, chunk: Chunk, rng: np.random.Generator, as_of_day: int) -> Columns:
    """Draw the entities of one chunk and return their records, people first."""
    firms = memberships(rng, chunk.company_records, "company")
    folk = memberships(rng, chunk.person_records, "person")
    first = chunk.number * _ENTITIES_PER_CHUNK
    count = max(int(firms[0].max(initial=0)) + 1, 4)
    companies = draw_companies(rng, count, first, request.seed, chunk.number)
    people = draw_people(rng, int(folk[0].max(initial=0)) + 1, first, companies, seed=request.seed, chunk=chunk.number)
    return concatenated([person_records(rng, people, folk, as_of_day), company_records(rng, companies, firms, as_of_day)])


def _write_parties(system: str, rows: Columns, rng: np.random.Generator, outputs: _Outputs, *, first_chunk: bool) -> None:
    """Write one system's records of a chunk, their truth and what happened with them."""
    size = len(rows["system"])
    number = outputs.counts[system] + np.arange(size)
    columns, key = _MODULES[system].layout(rows, number, rng)
    outputs.counts[system] += size
    export = outputs.parties[system]
    if isinstance(export, WorkbookExport):
        start = outputs.counts["event_attendance"]
        scans = interactions.attendance(rng, columns["Event"], columns["Badge_No"], start, outputs.as_of_day)
        outputs.counts["event_attendance"] += len(scans["Scan_ID"])
        export.write(dict(zip(events.SHEETS, (columns, scans), strict=True)))
    elif first_chunk and isinstance(export, TextExport) and hasattr(_MODULES[system], "BROKEN"):
        export.write(taken(columns, np.arange(size // 2)))
        export.broken(_MODULES[system].BROKEN)
        export.write(taken(columns, np.arange(size // 2, size)))
    else:
        export.write(columns)
    if system in _FOLLOW_UPS:
        _write_follow_up(system, columns, key, rng, outputs)
    _write_truth(system + ":" + key, rows, outputs)


def _write_follow_up(system: str, columns: Columns, key: Array, rng: np.random.Generator, outputs: _Outputs) -> None:
    """Write the interactions of one system's parties."""
    source, draw, _ = _FOLLOW_UPS[system]
    party = columns["customer_id"] if system == "shop" else key
    found = draw(rng, party, outputs.counts[source], outputs.as_of_day)
    outputs.counts[source] += len(next(iter(found.values())))
    outputs.follow_ups[source].write(found)


def _write_truth(record_id: Array, rows: Columns, outputs: _Outputs) -> None:
    """Write which entity each record belongs to, and which errors it carries."""
    kind = np.where(rows["is_company"] == 1, "company", "person").astype(object)
    outputs.truth.write({"record_id": record_id, "cluster_id": rows["cluster"], "entity_type": kind})
    outputs.defects.write({"record_id": record_id, "defects": spelt(rows["defects"])})
    outputs.errors += [int((rows["defects"] >> bit & 1).sum()) for bit in range(len(DEFECTS))]


def produce(request: Request) -> dict[str, Any]:
    """Write every export and the truth below `request.out`; return (and keep as truth/summary.json) what was written.

    Raises:
        FileExistsError: when the folder already holds exports.
    """
    if (request.out / "raw").exists():
        raise FileExistsError(f"{request.out / 'raw'} is there already; choose another folder or remove it")
    with _Outputs(request) as outputs:
        for chunk in request.chunks():
            rng = np.random.default_rng([request.seed, chunk.number])
            records = _records(request, chunk, rng, outputs.as_of_day)
            for position, system in enumerate(SYSTEMS):
                rows = np.flatnonzero(records["system"] == position)
                if len(rows):
                    shuffled = taken(records, rng.permutation(rows))
                    _write_parties(system, shuffled, rng, outputs, first_chunk=chunk.number == 0)
        summary = {
            "seed": request.seed, "as_of": request.as_of.isoformat(), "rows": outputs.counts,
            "defects": dict(zip(DEFECTS, outputs.errors.tolist(), strict=True)),
        }  # fmt: skip
    _save(request.out / "truth" / "summary.json", summary)
    return summary


def _save(path: Path, summary: dict[str, Any]) -> None:
    path.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
