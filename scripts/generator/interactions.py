"""What happened with the customers in the two years before the export: mailings, tickets, orders, event sessions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from generator.columns import Array, Columns, chosen, digits, taken, texts, where
from generator.dates import instants
from generator.exports import CsvExport, JsonLinesExport, ParquetExport

__all__ = ["ORDER_SCHEMA", "attendance", "mailings", "mailings_export", "orders", "orders_export", "tickets", "tickets_export"]

_WINDOW = 730 * 86_400
ORDER_SCHEMA = pa.schema(
    [("order_id", pa.int64()), ("customer_id", pa.int64()), ("ordered_at", pa.timestamp("us", tz="UTC")),
     ("amount", pa.float64()),
     ("currency", pa.string()), ("items", pa.int32()), ("campaign", pa.string())]
)  # fmt: skip


def _repeated(rng: np.random.Generator, size: int, mean: float, most: int) -> Array:
    """Return positions of the parties, each as often as it has interactions."""
    return np.repeat(np.arange(size), np.minimum(rng.poisson(mean, size), most))


def _times(rng: np.random.Generator, size: int, as_of_day: int) -> Array:
    """Return seconds since 1970 within the last two years, more of them lately."""
    return as_of_day * 86_400 + 36_000 - (rng.random(size) ** 1.3 * _WINDOW).astype(np.int64)


def mailings(rng: np.random.Generator, contact: Array, start: int, as_of_day: int) -> Columns:
    """Return sends and what followed them; a send comes before its opening, click or bounce."""
    at = _repeated(rng, len(contact), 1.7, 8)
    when = _times(rng, len(at), as_of_day) - 3 * 86_400
    campaign = "NL-" + texts(str(m) for m in when.astype("datetime64[s]").astype("datetime64[M]"))
    fate = chosen(rng, ("", "opened", "clicked", "bounced"), len(at), (67, 24, 6, 3))
    after = fate != ""
    send = {"contact_id": contact[at], "event": np.full(len(at), "sent", dtype=object), "campaign": campaign, "second": when}
    answer = taken(send, after) | {"event": fate[after], "second": when[after] + rng.integers(5, 200_000, int(after.sum()))}
    rows = {name: np.concatenate([send[name], answer[name]]) for name in send}
    order = np.argsort(rows.pop("second"), kind="stable")
    second = np.concatenate([when, answer["second"]])[order]
    rows = taken(rows, order)
    words = {"sent": "outbound", "opened": "inbound", "clicked": "inbound"}
    return {
        "event_id": "ME" + digits(start + np.arange(len(order)), 10), **rows,
        "direction": texts(words.get(event) for event in rows["event"]), "at": instants(second, "zulu"),
    }  # fmt: skip


def tickets(rng: np.random.Generator, requester: Array, start: int, as_of_day: int) -> Columns:
    """Return support tickets and calls."""
    at = _repeated(rng, len(requester), 1.2, 9)
    size = len(at)
    opened = _times(rng, size, as_of_day)
    return {
        "ticket_id": "T" + digits(start + np.arange(size), 8), "requester_id": requester[at],
        "opened": instants(opened, "slash"), "channel": chosen(rng, ("phone", "email", "chat"), size, (45, 40, 15)),
        "subject_code": chosen(rng, ("LOGIN", "INVOICE", "DELIVERY", "LICENCE", "DEFECT", "OTHER"), size),
        "priority": chosen(rng, ("low", "normal", "high"), size, (30, 55, 15)),
        "status": chosen(rng, ("solved", "open"), size, (92, 8)),
        "closed": instants(opened + rng.integers(600, 900_000, size), "slash"),
    }  # fmt: skip


def orders(rng: np.random.Generator, customer: Array, start: int, as_of_day: int) -> Columns:
    """Return shop orders and licence renewals."""
    at = _repeated(rng, len(customer), 1.5, 12)
    size = len(at)
    code = chosen(rng, ("", "SPRING", "BLACKWEEK", "RENEW"), size, (70, 10, 10, 10))
    return {
        "order_id": 9_000_000 + start + np.arange(size), "customer_id": customer[at],
        "ordered_at": (_times(rng, size, as_of_day) * 1_000_000).astype("datetime64[us]"),
        "amount": np.round(np.exp(rng.normal(4.2, 1.0, size)), 2), "currency": chosen(rng, ("EUR", "USD", "GBP"), size),
        "items": rng.geometric(0.5, size), "campaign": where(code == "", None, code),
    }  # fmt: skip


def attendance(rng: np.random.Generator, event: Array, badge: Array, start: int, as_of_day: int) -> Columns:
    """Return the sessions that registered people came to, at most three each."""
    at = _repeated(rng, len(badge), 1.1, 3)
    size = len(at)
    return {
        "Scan_ID": "S" + digits(start + np.arange(size), 8), "Event": event[at], "Badge_No": badge[at],
        "Session": chosen(rng, ("Keynote", "Product Day", "Workshop A", "Workshop B", "Evening"), size),
        "Scanned_On": (_times(rng, size, as_of_day) // 60 * 60).astype("datetime64[s]"),
    }  # fmt: skip


def orders_export(folder: Path, stem: str) -> ParquetExport:
    """Return the writer of shop orders."""
    return ParquetExport(folder, stem, schema=ORDER_SCHEMA)


def mailings_export(folder: Path, stem: str) -> JsonLinesExport:
    """Return the writer of marketing events."""
    return JsonLinesExport(folder, stem, suffix="jsonl")


def tickets_export(folder: Path, stem: str) -> CsvExport:
    """Return the writer of support tickets."""
    return CsvExport(folder, stem, suffix="csv")
