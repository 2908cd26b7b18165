"""The page of the as-is map: attributes against sources, then every attribute and every source in detail."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from onefold.match.judge.page import Cell, page, section, table
from onefold.profile.as_is import AsIs
from onefold.profile.overlap import ANY_OTHER, Overlap
from onefold.profile.page import MORE_STYLE

__all__ = ["as_is_page"]

_STYLE = """<style>
.map td { text-align: center; white-space: normal; border: 2px solid var(--card); font-variant-numeric: tabular-nums;
  min-width: 3.6rem; padding: .3rem .2rem }
.map { font-size: .86rem } .map thead th { text-align: center; vertical-align: bottom; font-size: .8rem }
.map thead th:first-child { text-align: left }
.map td small { display: block } .map td.none { color: var(--soft) } .map th { vertical-align: middle }
.uses { columns: 2 20rem; font-size: .9rem }
@media print { .map td { print-color-adjust: exact } }
</style>"""
_UNUSED = "raw."
_NOTABLE = 0.05


def as_is_page(rows: Sequence[AsIs], overlaps: Sequence[Overlap] = ()) -> str:
    """Return the page of the map; it holds names of systems, columns and teams, and counts, but no values."""
    held = [row for row in rows if not row.attribute.startswith(_UNUSED)]
    sources = list(dict.fromkeys(row.source for row in rows))
    attributes = list(dict.fromkeys(row.attribute for row in sorted(held, key=lambda row: row.attribute)))
    records = {row.source: row.records for row in rows}
    facts = [
        (f"{len(sources)}", "systems"),
        (f"{len(attributes)}", "attributes"),
        (f"{sum(records.values()):,}", "records"),
        (f"{sum(not row.uses for row in {r.attribute: r for r in held}.values())}", "attributes that nothing uses"),
    ]
    parts = [
        section("Which system holds what", _legend(), _matrix(held, attributes, sources)),
        section("Systems and their owners", _sources(rows, sources)),
        *([section("What the systems share", _overlap(overlaps))] if overlaps else []),
        *[_attribute(name, [row for row in held if row.attribute == name]) for name in attributes],
        section("Held and not used", _unused([row for row in rows if row.attribute.startswith(_UNUSED)])),
    ]
    lead = "Which system holds which attribute, how full and fresh it is, who owns and who uses it, and where systems disagree."
    return page("As-is map", lead, [MORE_STYLE, _STYLE, *parts], facts=facts)


def _legend() -> str:
    return (
        "<p class='note'>Each cell: the share of the system's records that have the attribute, the darker the fuller; under it, "
        "where it is at least a twentieth, the share of customers known elsewhere too where no other system has the same value. "
        "A dash: mapped, but no table holds a count of it yet. Empty: the system does not have it.</p>"
    )


def _matrix(rows: Sequence[AsIs], attributes: Sequence[str], sources: Sequence[str]) -> str:
    at = {(row.attribute, row.source): row for row in rows}
    heads = "".join(f"<th scope='col'>{_breakable(source)}</th>" for source in sources)
    lines = []
    for name in attributes:
        cells = "".join(_cell(at.get((name, source))) for source in sources)
        lines.append(f"<tr><th scope='row'><a href='#{_anchor(name)}'>{escape(name)}</a></th>{cells}</tr>")
    caption = "<caption>Share of records with the attribute</caption>"
    top = f"<thead><tr><th scope='col'>attribute</th>{heads}</tr></thead>"
    inner = f"<table class='map'>{caption}{top}<tbody>{''.join(lines)}</tbody></table>"
    return f"<div class='scroll' tabindex='0' role='region' aria-label='Attributes by system'>{inner}</div>"


def _cell(row: AsIs | None) -> str:
    if row is None:
        return "<td class='none'></td>"
    share = row.filled_share
    if share is None:
        return "<td class='none'>–</td>"
    conflict = _conflict_share(row)
    under = f"<small>{conflict:.0%} differ</small>" if conflict is not None and conflict >= _NOTABLE else ""
    shade = f"background:color-mix(in srgb, var(--s0) {round(8 + 34 * share)}%, var(--card))" if share else ""
    return f"<td style='{shade}'>{share:.0%}{under}</td>"


def _conflict_share(row: AsIs) -> float | None:
    return row.conflict.conflicting / row.conflict.compared if row.conflict and row.conflict.compared else None


def _sources(rows: Sequence[AsIs], sources: Sequence[str]) -> str:
    lines: list[list[Cell]] = []
    for name in sources:
        own = [row for row in rows if row.source == name]
        first = own[0]
        held = sum(1 for row in own if not row.attribute.startswith(_UNUSED))
        age = None if first.median_age_days is None else round(first.median_age_days)
        newest = "" if first.newest_as_of is None else f"{first.newest_as_of:%Y-%m-%d}"
        changed = "" if first.changed_at is None else f"{first.changed_at:%Y-%m-%d}"
        owner = first.owner + (f"\n{first.contact}" if first.contact else "")
        lines.append([name, first.system, owner, first.records, held, newest, changed, age, first.trust_rank])
    columns = (
        "system",
        "what it is",
        "owner",
        "records",
        "attributes",
        "newest file",
        "newest change",
        "median age, days",
        "rank of trust",
    )
    return table("Every system, its owner and how fresh it is", columns, lines)


def _attribute(name: str, rows: Sequence[AsIs]) -> str:
    lines: list[list[Cell]] = []
    for row in rows:
        conflict = _conflict_share(row)
        said = "" if conflict is None or row.conflict is None else f"{conflict:.1%} of {row.conflict.compared:,}"
        if row.conflict and row.conflict.most_with and row.conflict.conflicting:
            said += f"\nmost with {row.conflict.most_with}"
        filled = "" if row.filled is None else f"{row.filled:,}"
        share = "" if row.filled_share is None else f"{row.filled_share:.1%}"
        golden = "" if row.golden_share is None else f"{row.golden_share:.1%}"
        made = ", ".join(row.raw_columns) or "derived in cleansing"
        lines.append([row.source, made, filled, share, golden, said, row.owner])
    columns = ("system", "made from", "filled", "share", "of the golden values", "differ from all others", "owner")
    uses = rows[0].uses
    listed = "".join(f"<li>{escape(use)}</li>" for use in uses)
    used = (
        f"<h3>Used by</h3><ul class='uses'>{listed}</ul>" if uses else "<p class='warn'>Nothing in the configuration uses it.</p>"
    )
    body = table(f"{name}: every system that holds it", columns, lines)
    return f"<section id='{_anchor(name)}'><h2>{escape(name)}</h2>{body}{used}</section>\n"


def _overlap(overlaps: Sequence[Overlap]) -> str:
    parts = []
    for attribute in dict.fromkeys(o.attribute for o in overlaps):
        own = [o for o in overlaps if o.attribute == attribute]
        sources = list(dict.fromkeys(o.source for o in own))
        others = [*sources, *([ANY_OTHER] if any(o.other == ANY_OTHER for o in own) else [])]
        at = {(o.source, o.other): o for o in own}
        rows: list[list[Cell]] = [
            [
                s,
                _values_of(at, s),
                *("" if s == other or (s, other) not in at else f"{at[s, other].share:.1%}" for other in others),
            ]
            for s in sources
        ]
        parts.append(
            table(
                f"{attribute}: of the values of each system at the left, the share that the others hold too",
                ("system", "values", *others),
                rows,
            )
        )
    return "".join(parts)


def _values_of(at: dict[tuple[str, str], Overlap], source: str) -> int:
    """Return how many different values a source has."""
    return next(overlap.distinct for (own, _), overlap in at.items() if own == source)


def _unused(rows: Sequence[AsIs]) -> str:
    if not rows:
        return "<p>Every raw column of every system is mapped.</p>"
    lines = [(row.source, row.raw_columns[0], row.owner) for row in rows]
    return table("Raw columns that the systems deliver and nothing uses", ("system", "raw column", "owner"), lines)


def _breakable(name: str) -> str:
    return escape(name).replace("_", "_<wbr>")


def _anchor(name: str) -> str:
    return "a-" + "".join(c if c.isalnum() else "-" for c in name)
