"""The page of one or several profiles: complete in itself, without scripts, light and dark, for screen and paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from onefold.match.judge.page import Cell, page, section, table
from onefold.profile.compare import Change
from onefold.profile.plots import filled_plot, histogram, years_plot
from onefold.profile.report import ColumnProfile, Counted, TableProfile
from onefold.profile.rows import shown_value

__all__ = ["MORE_STYLE", "comparison_page", "profile_page"]

MORE_STYLE = """<style>
main { max-width: 78rem } .columns { display: grid; gap: 1rem 2rem; grid-template-columns: repeat(auto-fit, minmax(21rem, 1fr)) }
.columns > * { min-width: 0 } h3 { font-size: .95rem; margin: .6rem 0 .2rem } .tag { border: 1px solid var(--line);
  border-radius: 1rem; padding: .05rem .6rem; margin: 0 .35rem .2rem 0; font-size: .82rem; display: inline-block;
  max-width: 100%; overflow-wrap: anywhere }
.tag.say { border-color: var(--warn); color: var(--warn) } a { color: var(--for) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .4rem 0; font-size: .92rem }
dt { color: var(--soft) }
dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
.bars { font-size: .88rem }
.bars td, .bars th { padding: .16rem .6rem .16rem 0; border: 0; white-space: normal } .bars .v { overflow-wrap: anywhere }
.bars th { font-weight: 400 } .bars .n { white-space: nowrap; width: 1% }
.bars .v { font-family: ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap }
.bar { display: block; height: .6rem; background: var(--s0); border-radius: .15rem; min-width: 1px }
.bars .b { width: 5rem; min-width: 3rem } thead th, thead th.n, thead th.w { white-space: normal; overflow-wrap: normal }
svg { min-width: 0 } :target { outline: 2px solid var(--for) }
@media print { a { color: inherit; text-decoration: none } section { padding: .5rem .8rem } .bar { print-color-adjust: exact } }
</style>"""
_OVERVIEW = ("column", "type", "rows", "filled", "nulls", "blank", "sentinel", "distinct", "key", "length", "personal")


def profile_page(profiles: Sequence[TableProfile], *, shows_values: bool = False) -> str:
    """Return the page of the profiles, a part for each table.

    Args:
        profiles: the profiles, in the order to show them.
        shows_values: whether values of personal columns are among them, which the page then says.
    """
    several = len(profiles) > 1
    title = f"Profile of {profiles[0].table}" if not several else f"Profiles of {len(profiles)} tables"
    lead = "What the values of each column are like. Of columns that may be about people patterns are shown, values are not."
    if shows_values:
        lead = "What the values of each column are like, values of personal columns included."
    first = profiles[0]
    facts = [(f"{sum(p.rows for p in profiles):,}", "rows"), (f"{sum(len(p.columns) for p in profiles):,}", "columns")]
    facts.append((f"{sum(_is_personal(c) for p in profiles for c in p.columns):,}", "of them may be personal"))
    if not several:
        facts.append((", ".join(first.unique_keys[:2]) or "none found", "key"))
    parts = [part for number, profile in enumerate(profiles) for part in _table_part(profile, number, several=several)]
    return page(title, lead, [MORE_STYLE, *parts], facts=facts, personal=shows_values)


def _is_personal(c: ColumnProfile) -> bool:
    return c.personal is not None and c.personal.personal_data == "personal"


def _table_part(profile: TableProfile, number: int, *, several: bool) -> Iterable[str]:
    heading = f"{profile.table}: every column" if several else "Every column"
    note = f"{profile.rows:,} rows"
    note += f", version {profile.version}" if profile.version is not None else ""
    keys = ", ".join(profile.unique_keys)
    note += f". Keys, unique and filled in every row: {keys}." if keys else ". No column is unique and filled in every row."
    if profile.sample_share < 1:
        note += f" Columns of many different values are judged by {profile.sample_share:.1%} of the rows, marked “sample”."
    links = [_overview_row(c, number) for c in profile.columns]
    if profile.columns:
        drawn = f'<figure tabindex="0">{filled_plot(profile.columns)}</figure>'
        listed = table("Figures of every column", _OVERVIEW, links, html=True)
        yield section(heading, f"<p class='note'>{escape(note)}</p>", drawn, listed)
    for c in profile.columns:
        yield _column_part(c, number, profile.table if several else "")


def _overview_row(c: ColumnProfile, number: int) -> list[Cell]:
    name = f"<a href='#t{number}c{c.position}'>{escape(c.name)}</a>"
    length = "" if c.shortest is None else f"{c.shortest:,}" if c.shortest == c.longest else f"{c.shortest:,}–{c.longest:,}"
    personal = "" if c.personal is None else escape(f"{c.personal.what} ({c.personal.confidence:.0%})")
    distinct = f"{'' if c.distinct_exact else '≈ '}{c.distinct:,}"
    shares = [f"{_percent(n, c.rows)}" for n in (c.filled, c.nulls, c.blanks, c.sentinels)]
    return [name, escape(c.written_type()), c.rows, *shares, distinct, "key" if c.unique else "", length, personal]


def _percent(n: int, of: int) -> str:
    share = n / of if of else 0.0
    return "0\u00a0%" if not n else "100\u00a0%" if n == of else f"{min(max(share, 0.001), 0.999):.1%}".replace("%", "\u00a0%")


def _column_part(c: ColumnProfile, number: int, table_name: str) -> str:
    tags = [c.written_type()]
    if c.declared_type not in (c.type, "string"):
        tags.append(f"declared {c.declared_type[:60]}")
    tags += ["key"] if c.unique else []
    tags += ["sample"] if not c.whole else []
    warnings = [f"{c.invalid:,} with invalid bytes"] if c.invalid else []
    warnings += (
        [f"mixed: no type has nine tenths of the values, the best {c.type_share:.0%}"]
        if c.type == "mixed" and c.type_share
        else []
    )
    if c.personal is not None:
        tags.append(f"{c.personal.personal_data}: {c.personal.what}, {c.personal.confidence:.0%} sure, {c.personal.reason}")
    shown = "".join(f"<span class='tag'>{escape(t)}</span>" for t in tags)
    shown += "".join(f"<span class='tag say'>{escape(t)}</span>" for t in warnings)
    listed = [part for part in (_patterns(c), _values(c), _kinds(c)) if part]
    drawn = histogram(c) or years_plot(c)
    pictures = f'<div><figure tabindex="0">{drawn}</figure></div>' if drawn else ""
    body = f"<div class='columns'><div>{_facts(c)}</div>{pictures}{''.join(listed)}</div>"
    name = f"{table_name} {c.name}".strip()
    return f"<section id='t{number}c{c.position}'><h2>{escape(name)}</h2><p>{shown}</p>{body}</section>\n"


def _facts(c: ColumnProfile) -> str:
    facts = [
        ("filled", f"{c.filled:,} of {c.rows:,} {'elements' if c.listed else 'rows'} ({_percent(c.filled, c.rows)})"),
        ("nulls, blank, sentinels", f"{c.nulls:,}, {c.blanks:,}, {c.sentinels:,}"),
        ("different values", f"{'' if c.distinct_exact else 'about '}{c.distinct:,}"),
    ]
    if c.shortest is not None and c.mean_length is not None:
        unit = "elements" if c.declared_type.startswith(("array", "map")) else "characters"
        facts.append((unit, f"{c.shortest:,} to {c.longest:,}, mean {c.mean_length:,.1f}"))
    if c.minimum is not None:
        facts.append(("range", f"{c.minimum} to {c.maximum}"))
    elif c.years:
        facts.append(("years", f"{c.years[0].label} to {c.years[-1].label}"))
    if c.mean is not None and c.deviation is not None:
        facts.append(("mean ± deviation", f"{c.mean:,.6g} ± {c.deviation:,.4g}"))
    if c.quantiles:
        facts.append(("quartiles", ", ".join(f"{c.quantiles[i]:,.6g}" for i in (5, 10, 15))))
    return f"<dl>{''.join(f'<dt>{escape(name)}</dt><dd>{escape(value)}</dd>' for name, value in facts)}</dl>"


def _patterns(c: ColumnProfile) -> str:
    return _bars("Patterns", c.drawn) if c.type not in ("integer", "decimal", "boolean") else ""


def _values(c: ColumnProfile) -> str:
    common = [v for v in c.values if v.count > 1 or c.distinct <= 10]
    if not common:
        return ""
    if not c.shows_values:
        hidden = [Counted(f"value {i}, not shown", v.count, v.share) for i, v in enumerate(common[:5], 1)]
        return _bars("Most frequent values", hidden)
    return _bars("Most frequent values", [Counted(shown_value(v.label), v.count, v.share) for v in common])


def _kinds(c: ColumnProfile) -> str:
    return _bars("Kinds of values", c.kinds) if len(c.kinds) > 1 else ""


def _bars(heading: str, items: Sequence[Counted]) -> str:
    if not items:
        return ""
    lines = "".join(
        f"<tr><th scope='row' class='v'>{escape(item.label or '')}</th><td class='n'>{item.count:,}</td>"
        f"<td class='n'>{_percent_of(item.share)}</td>"
        f"<td class='b'><span class='bar' style='width:{100 * item.share:.1f}%'></span></td></tr>"
        for item in items
    )
    heads = "".join(
        f"<th scope='col'{kind}>{h}</th>" for h, kind in ((heading, ""), ("count", " class='n'"), ("share", " class='n'"))
    )
    return f"<div><table class='bars'><thead><tr>{heads}<td></td></tr></thead><tbody>{lines}</tbody></table></div>"


def _percent_of(share: float) -> str:
    return f"{share:.1%}".replace("%", "\u00a0%") if share >= 0.001 else "<\u00a00.1\u00a0%"


def comparison_page(changes: Sequence[Change], runs: tuple[str, str], tables: Sequence[str]) -> str:
    """Return the page of what changed between two runs' profiles."""
    large = sum(change.large for change in changes)
    facts = [(f"{len(tables)}", "tables in both runs"), (f"{len(changes):,}", "changes"), (f"{large:,}", "of them large")]
    columns = ("column", "what", f"in {runs[0]}", f"in {runs[1]}", "size", "")
    parts = []
    for name in dict.fromkeys([*tables, *(c.table for c in changes)]):
        own = [c for c in changes if c.table == name]
        rows = [
            (c.column, c.what, c.before, c.after, "" if c.size is None else f"{c.size:.3f}", "large" if c.large else "")
            for c in own
        ]
        parts.append(section(name, table(f"Changes of {name}", columns, rows) if own else "<p>Nothing has changed.</p>"))
    lead = (
        "Shares of nulls from one point on (large from five), distinct values from a tenth, distributions by the population "
        "stability index (PSI) from 0.1 (large from 0.25)."
    )
    return page(f"Profiles of {runs[0]} and {runs[1]}", lead, [MORE_STYLE, *parts], facts=facts)
