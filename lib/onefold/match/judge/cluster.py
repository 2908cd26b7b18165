"""Why the records of one entity are one: who hangs on whom, by which link, and where it would break first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.errors import DataContractError
from onefold.match.judge.graph import Bridge, Hinge, Link, bridges, hinges, spanning_tree
from onefold.match.judge.links import joining

__all__ = ["Cluster", "explain_cluster"]

_MOST = 300  # records of one entity that are shown


@dataclass(frozen=True)
class Cluster:
    """One entity: its records, the scored pairs among them and the threshold that joins.

    `size` is how many records it has; of a very large one only the first are shown.
    """

    customer_id: str
    entity_type: str
    size: int
    records: tuple[str, ...]
    links: tuple[Link, ...]
    least_weight: float

    @property
    def joining(self) -> tuple[Link, ...]:
        """The links whose weight reaches the threshold."""
        return tuple(link for link in self.links if link.joins)

    @property
    def bridges(self) -> list[Bridge]:
        """The links without which the entity falls apart, the lightest first."""
        return bridges(self.records, self.links)

    @property
    def hinges(self) -> list[Hinge]:
        """The records without which the entity falls apart, those that hold the most together first."""
        return hinges(self.records, self.links)

    @property
    def density(self) -> float:
        """The share of all pairs of its records that join directly; 1 for a single record."""
        pairs = len(self.records) * (len(self.records) - 1) / 2
        return len(self.joining) / pairs if pairs else 1.0

    def summary(self) -> str:
        """Return the entity in a line."""
        sources = len({record.partition(":")[0] for record in self.records})
        return (
            f"{self.entity_type}, {_many(self.size, 'record')} of {_many(sources, 'source')}, "
            f"{_many(len(self.joining), 'joining link')}, density {self.density:.2f}"
        )

    def weakest(self) -> str:
        """Return in words where the entity would break first."""
        if self.size == 1:
            return "a single record: no stored pair of it reaches the threshold"
        if not self.joining:
            return "no stored pair over the threshold joins these records: the tables are of different runs"
        said = []
        if found := self.bridges:
            cut = len(found[0].cut_off)
            said.append(f"weakest bridge: {_pair(found[0].link)}; without it {cut} and {self.size - cut} records")
        if held := self.hinges:
            parts = " and ".join(map(str, held[0].parts))
            said.append(f"without record {held[0].record} it falls into parts of {parts}")
        lightest = min(self.joining, key=lambda link: link.weight)
        return "; ".join(said) or f"no single link or record holds it together; the lightest link is {_pair(lightest)}"

    def text(self) -> str:
        """Return the entity as a tree: every record under the one that it hangs on, with the weight of that link."""
        lines = [f"{self.customer_id}   ({self.summary()})", *_tree(self)]
        if self.size > len(self.records):
            lines.append(f"  {self.size - len(self.records):,} more records are not shown")
        used = {link for _, link, _ in spanning_tree(self.records, self.links)}
        others = [link for link in self.links if link not in used]
        if others:
            lines.append("  further links")
            lines += [
                f"    {link.weight:+8.2f}  {link.left} ~ {link.right}{'' if link.joins else '   below the threshold'}"
                for link in others[:30]
            ]
            lines += [f"    and {len(others) - 30:,} more"] if len(others) > 30 else []
        return "\n".join([*lines, f"  {self.weakest()}", f"  threshold {self.least_weight:+.2f}"])


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _pair(link: Link) -> str:
    return f"{link.left} ~ {link.right} {link.weight:+.2f}"


def _tree(cluster: Cluster) -> list[str]:
    rows = spanning_tree(cluster.records, cluster.links)
    children: dict[str | None, list[tuple[str, Link | None]]] = {}
    for record, link, parent in rows:
        children.setdefault(parent, []).append((record, link))
    lines = []
    waiting = [(record, link, "  ", "  ") for record, link in reversed(children.get(None, []))]
    while waiting:
        record, link, own, under = waiting.pop()
        how = "" if link is None else f"{link.weight:+.2f}  "
        note = "" if link is None else f"   {link.rule}{'' if link.joins else ', below the threshold'}"
        lines.append(f"{own}{how}{record}{note}")
        below = children.get(record, [])
        for place, (child, by) in enumerate(reversed(below)):
            last = place == 0
            waiting.append((child, by, f"{under}{'└─ ' if last else '├─ '}", f"{under}{'   ' if last else '│  '}"))
    return lines


def explain_cluster(entity_map: DataFrame, pairs: DataFrame, thresholds: Mapping[str, float], wanted: str) -> Cluster:
    """Return the entity with this customer id, or of this record.

    Args:
        entity_map: match/entity_map.
        pairs: match/pair.
        thresholds: least weight of a pair that joins, by entity type.
        wanted: a customer id or a record id.

    Raises:
        DataContractError: when there is no such customer and no such record.
    """
    named = (F.col("customer_id") == wanted) | (F.col("record_id") == wanted)
    customer = entity_map.where(named).select("customer_id").limit(1)
    members = entity_map.join(F.broadcast(customer), on="customer_id", how="left_semi")
    first = members.orderBy("record_id").limit(_MOST)
    # bounded: the records of one entity, the first 300 at most
    rows = [row.asDict() for row in first.toLocalIterator()]
    if not rows:
        raise DataContractError(
            f"no customer and no record {wanted}",
            hint="a record id is source:key, e.g. crm:1001; gold/customer lists customer ids",
        )
    records = tuple(row["record_id"] for row in rows)
    inside = pairs.where(F.col("record_id_l").isin(*records) & F.col("record_id_r").isin(*records))
    scored = inside.select(
        "record_id_l", "record_id_r", "match_weight", "match_probability", "rule", joining(thresholds).alias("joins")
    )
    # bounded: the scored pairs of those records
    links = [Link(*row) for row in scored.toLocalIterator()]
    kind = rows[0]["entity_type"]
    return Cluster(
        customer_id=rows[0]["customer_id"],
        entity_type=kind,
        size=int(rows[0]["entity_size"]),
        records=records,
        links=tuple(sorted(links, key=lambda link: (-link.weight, link.left, link.right))),
        least_weight=thresholds.get(kind, 0.0),
    )
