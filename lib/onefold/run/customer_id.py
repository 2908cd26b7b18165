"""Says where a customer id leads today, and what has become of it."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import functions as F

from onefold.contracts.gold import CUSTOMER_XREF
from onefold.contracts.matching import CUSTOMER_ID_HISTORY
from onefold.errors import OnefoldError
from onefold.resolve import customer_ids
from onefold.store import Warehouse

__all__ = ["COLUMNS", "FoundId", "find_customer_id"]

COLUMNS = ("changed_at", "change", "reason", "current_customer_id", "other_customer_id", "records", "run_id")


@dataclass(frozen=True)
class FoundId:
    """Where an id leads today (None: nowhere), its status, and its changes in the order of time, each with `COLUMNS`."""

    customer_id: str
    current_customer_id: str | None
    status: str
    changes: tuple[tuple[object, ...], ...]

    def text(self) -> str:
        """Return one sentence that says where it leads."""
        if self.status == "current":
            return f"{self.customer_id} is a customer today."
        if self.status == "retired":
            return f"{self.customer_id} leads nowhere: none of its source records is left."
        return f"{self.customer_id} leads to {self.current_customer_id}."


def find_customer_id(warehouse: Warehouse, wanted: str) -> FoundId:
    """Return what the history says of one customer id.

    Raises:
        StageOrderError: when resolve has not run yet.
        OnefoldError: when no customer ever had the id.
    """
    own = warehouse.read(CUSTOMER_ID_HISTORY).where(F.col("customer_id") == wanted.strip())
    state = customer_ids(own).select("customer_id", "current_customer_id", "status").first()
    if state is None:
        hint = f"an id is P or C and 16 hexadecimal digits; {CUSTOMER_XREF.name} has the customer id of each source record"
        raise OnefoldError(f"no customer ever had the id {wanted}", hint=hint)
    when = F.date_format("changed_at", "yyyy-MM-dd HH:mm:ss").alias("changed_at")
    rows = own.orderBy(F.col("changed_at").asc()).select(when, *COLUMNS[1:]).collect()
    changes = tuple(tuple(row) for row in rows)
    return FoundId(state["customer_id"], state["current_customer_id"], state["status"], changes)
