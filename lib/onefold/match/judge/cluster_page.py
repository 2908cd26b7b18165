"""The HTML page of an entity: the graph of its records, and the same as tables."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from onefold.match.judge.cluster import Cluster
from onefold.match.judge.graph import Link, places
from onefold.match.judge.page import Cell, figure, page, section, sentence, table
from onefold.match.judge.sides import title_of
from onefold.match.judge.svg import HALO, circle, group, line, text

__all__ = ["cluster_page", "cluster_sections"]

_WIDTH, _MARGIN = 940, 80
_FEW, _MANY = 14, 30  # records up to which links show their weight, and records their id
_DRAWN = 120


def cluster_page(cluster: Cluster, values: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the page.

    Args:
        cluster: the entity.
        values: values of its records by record id (`party_values`).
    """
    facts = [
        (f"{cluster.size:,}", "records"),
        (f"{len(cluster.joining):,}", "joining links"),
        (f"{cluster.density:.2f}", "density"),
        (f"{cluster.least_weight:+.2f}", "threshold, bits"),
    ]
    lead = f"{sentence(cluster.summary())} {sentence(cluster.weakest())}"
    title = f"{cluster.entity_type.capitalize()} {cluster.customer_id}"
    return page(title, lead, cluster_sections(cluster, values), facts=facts, personal=True)


def cluster_sections(cluster: Cluster, values: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the sections of the page: the graph, the records, the links; of a single record only itself."""
    records = section("Records", _records_table(cluster, values))
    if len(cluster.records) == 1:
        return [records]
    weakest = f"<p>{escape(sentence(cluster.weakest()))}</p>"
    graph = section("Who hangs on whom", _legend(cluster), _graph(cluster), weakest)
    return [graph, records, section("Links", _links_table(cluster))]


def _sources(cluster: Cluster) -> dict[str, int]:
    return {name: i for i, name in enumerate(sorted({record.partition(":")[0] for record in cluster.records}))}


def _colour(place: int) -> str:
    return f"var(--s{place % 8})"


def _legend(cluster: Cluster) -> str:
    dots = "".join(
        f'<span style="white-space:nowrap;margin-right:1.2rem"><span aria-hidden="true" style="color:{_colour(i)}">●</span> '
        f"{escape(name)}</span>"
        for name, i in _sources(cluster).items()
    )
    kinds = "Line: joins, the thicker the surer. Dashed: below the threshold. Red: what alone holds it together"
    return f'<p class="note">{dots}<br>{kinds}. The numbers are those of the table of records.</p>'


def _graph(cluster: Cluster) -> str:
    records = cluster.records[:_DRAWN]
    shown = set(records)
    links = [link for link in cluster.links if link.left in shown and link.right in shown]
    at = places(records, links)
    high = float(at[:, 1].max() - at[:, 1].min())
    height = 2 * 56 + max(140.0, high * (_WIDTH - 2 * _MARGIN))
    spot = {
        record: (_MARGIN + x * (_WIDTH - 2 * _MARGIN), height / 2 - 8 + (y - 0.5) * (_WIDTH - 2 * _MARGIN))
        for record, (x, y) in zip(records, at.tolist(), strict=True)
    }
    found = cluster.bridges
    weakest = found[0].link if found else None
    shapes = [_edge(link, spot, link == weakest) for link in sorted(links, key=lambda each: (each.joins, each.weight))]
    if len(records) <= _FEW:
        shapes += _weights(links, spot, weakest)
    sources = _sources(cluster)
    held = cluster.hinges
    for number, record in enumerate(records, start=1):
        colour = _colour(sources[record.partition(":")[0]])
        rim = "var(--warn)" if held and held[0].record == record else "var(--card)"
        shapes.append(_node(number, (record if len(records) <= _MANY else "", record), spot[record], (colour, rim)))
    more = f"; {cluster.size - len(records):,} more are not drawn" if cluster.size > len(records) else ""
    spoken = f"{len(records)} records and {len(links)} links{more}; the tables below hold them"
    return figure("Graph of the records", spoken, (_WIDTH, height), shapes)


def _edge(link: Link, spot: Mapping[str, tuple[float, float]], weakest: bool) -> str:
    width = min(6.0, 1.2 + max(link.weight, 0.0) / 6.0) if link.joins else 1.2
    colour = "var(--warn)" if weakest else "var(--edge)"
    drawn = line(spot[link.left], spot[link.right], colour, width=width, dashes="" if link.joins else "3 5")
    return group(f"{link.left} ~ {link.right}: {link.weight:+.2f} ({link.rule})", drawn)


def _weights(links: list[Link], spot: Mapping[str, tuple[float, float]], weakest: Link | None) -> list[str]:
    """Return the weight of every link beside it, where it hides none before it as far as there is room."""
    shapes, taken = [], list(spot.values())
    for link in links:
        (x1, y1), (x2, y2) = spot[link.left], spot[link.right]
        ways = [(x1 + (x2 - x1) * part, y1 + (y2 - y1) * part) for part in (0.5, 0.42, 0.58, 0.34, 0.66)]
        room = [min(max(abs(x - a) / 34, abs(y - b) / 14) for a, b in taken) for x, y in ways]
        best = next((i for i, free in enumerate(room) if free >= 1.0), room.index(max(room)))
        taken.append(ways[best])
        x, y = ways[best]
        style = f"{HALO};fill:var(--warn);font-weight:650" if link == weakest else HALO
        shapes.append(text((x, y + 4), f"{link.weight:+.1f}", "small num soft", anchor="middle", style=style))
    return shapes


def _node(number: int, names: tuple[str, str], at: tuple[float, float], colours: tuple[str, str]) -> str:
    """Return a record: its number in a dot (fill and rim), under it its id as far as that is shown."""
    x, y = at
    shown, record = names
    short = shown if len(shown) <= 24 else f"{shown[:12]}…{shown[-10:]}"
    inside = text((x, y + 4), str(number), "small num", anchor="middle", style="fill:var(--card);font-weight:650")
    label = [text((x, y + 27), short, "small", anchor="middle", style=HALO)] if shown else []
    return group(f"{number}: {record}", circle(at, 12, colours[0], rim=colours[1]), inside, *label)


def _records_table(cluster: Cluster, values: Mapping[str, Mapping[str, Any]]) -> str:
    rows: list[list[Cell]] = []
    for number, record in enumerate(cluster.records, start=1):
        row = values.get(record, {})
        best = max((link for link in cluster.links if record in (link.left, link.right)), key=lambda e: e.weight, default=None)
        other = "" if best is None else best.right if best.left == record else best.left
        mails = "\n".join(str(e.get("value") or e.get("raw")) for e in row.get("emails") or [])
        born = str(row.get("birth_date") or "")
        rows.append([number, record, title_of(row), born, mails, other, "" if best is None else f"{best.weight:+.2f}"])
    columns = ["no.", "record", "name", "born", "e-mail", "strongest link to", "weight"]
    if cluster.entity_type == "company":
        rows, columns = [[*row[:3], *row[4:]] for row in rows], [*columns[:3], *columns[4:]]
    return table("Every record of the entity", columns, rows)


def _links_table(cluster: Cluster) -> str:
    number = {record: i for i, record in enumerate(cluster.records, start=1)}
    broken = {bridge.link: len(bridge.cut_off) for bridge in cluster.bridges}
    rows = [
        [
            f"{number[link.left]}\u00a0~\u00a0{number[link.right]}",
            link.left,
            link.right,
            f"{link.weight:+.2f}",
            f"{link.probability:.6f}",
            link.rule,
            "below the threshold" if not link.joins else f"bridge, cuts off {broken[link]}" if link in broken else "joins",
        ]
        for link in cluster.links
    ]
    return table(
        "Every scored pair among them, the heaviest first",
        ("link", "record", "record", "weight", "probability", "rule", "part"),
        rows,
    )
