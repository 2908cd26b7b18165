"""One self-contained HTML page: no script, nothing fetched, light and dark, readable by keyboard and screen reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["STYLE", "Cell", "figure", "page", "section", "sentence", "table"]

Cell = str | float | int | None
_NUMBER = re.compile(r"[+-]?[\d,]+(\.\d+)?")
_WHOLE = re.compile(r"\d{4}-\d\d-\d\d|[\d.]+( \[[\d.]+, [\d.]+\])?")

STYLE = """
:root { color-scheme: light dark; --paper: #fbfaf8; --card: #ffffff; --ink: #1d1f23; --soft: #5b616b; --line: #d9d8d3;
  --for: #1f6fb2; --against: #b4531a; --mark: #ffe2b8; --warn: #b3261e; --grid: #ebe9e4; --edge: #a9adb5; --range: #a8cbe6;
  --s0: #1f6fb2; --s1: #b4531a; --s2: #2a7f62; --s3: #8a4fa3; --s4: #8a6d00; --s5: #b23a6b; --s6: #3f7d8c; --s7: #5c6470; }
@media (prefers-color-scheme: dark) { :root { --paper: #15171b; --card: #1d2025; --ink: #eceae5; --soft: #a7adb8;
  --line: #373c45; --for: #6cb2ee; --against: #f0965a; --mark: #5f4213; --warn: #ff8f85;
  --grid: #2a2e35; --edge: #5d6470; --range: #2f587a;
  --s0: #6cb2ee; --s1: #f0965a; --s2: #66c7a3; --s3: #c795de; --s4: #d9b83f; --s5: #f08fb5; --s6: #7cc4d4; --s7: #a9b2c0; } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif }
main { max-width: 66rem; margin: 0 auto; padding: 2rem 1.25rem 4rem }
h1 { font-size: 1.55rem; line-height: 1.25; margin: 0 0 .35rem; overflow-wrap: anywhere }
h2 { font-size: 1.1rem; margin: 0 0 .6rem }
p { margin: .35rem 0 } .lead { color: var(--soft); max-width: 46rem }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1.1rem 1.25rem;
  margin-top: 1.1rem }
.scroll { overflow-x: auto } .scroll:focus-visible, figure:focus-visible { outline: 3px solid var(--for); outline-offset: 2px }
table { border-collapse: collapse; width: 100%; font-size: .92rem }
caption { text-align: left; color: var(--soft); padding-bottom: .4rem }
th, td { text-align: left; vertical-align: top; padding: .38rem .7rem .38rem 0; border-bottom: 1px solid var(--line);
  white-space: pre-line }
thead th { color: var(--soft); font-weight: 600 } tbody th { font-weight: 600 }
tr:last-child > * { border-bottom: 0 }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
td, th { overflow-wrap: break-word } .w { white-space: nowrap }
mark { background: var(--mark); color: inherit; border-radius: .15rem; padding: 0 .06rem }
figure { margin: 0; overflow-x: auto } svg { display: block; width: 100%; min-width: 38rem; height: auto }
 figcaption { color: var(--soft); font-size: .92rem }
svg text { fill: var(--ink); font: 13px system-ui, "Segoe UI", Roboto, sans-serif } svg .soft { fill: var(--soft) }
svg .strong { fill: var(--ink) }
svg .num { font-variant-numeric: tabular-nums } svg .strong { font-weight: 650 } svg .small { font-size: 11px }
.facts { display: flex; flex-wrap: wrap; gap: .4rem 2rem; margin: .9rem 0 0; padding: 0; list-style: none }
.facts strong { display: block; font-size: 1.35rem; line-height: 1.2; font-variant-numeric: tabular-nums }
.facts span { color: var(--soft); font-size: .9rem }
.note { color: var(--soft); font-size: .9rem; max-width: 52rem } .warn { color: var(--warn) }
footer { color: var(--soft); font-size: .85rem; margin-top: 1.4rem }
@media print { body { background: none } section { break-inside: avoid } }
"""
"""The look of every page: colours by name, light and dark."""
_ALONE = "default-src 'none'; style-src 'unsafe-inline'"
_PERSONAL = (
    "This page shows personal data to the person who asked. Keep it as you keep the records, and delete it when it has served."
)


def page(title: str, lead: str, sections: Iterable[str], *, facts: Sequence[tuple[str, str]] = (), personal: bool = False) -> str:
    """Return a whole page.

    Args:
        title: heading and window title, as text.
        lead: one sentence under it, as text.
        sections: HTML of `section`.
        facts: (figure, what it is) shown large at the top.
        personal: whether the page holds personal values, which it then says at its foot.
    """
    shown = "".join(f"<li><strong>{escape(value)}</strong><span>{escape(name)}</span></li>" for value, name in facts)
    top = f'<ul class="facts">{shown}</ul>' if shown else ""
    foot = f"<footer>{_PERSONAL}</footer>" if personal else ""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_ALONE}"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        f'<body><main><header><h1>{escape(title)}</h1><p class="lead">{escape(lead)}</p>{top}</header>\n'
        f"{''.join(sections)}{foot}</main></body></html>\n"
    )


def sentence(text: str) -> str:
    """Return the text with a capital and a full stop.

    >>> sentence("no link")
    'No link.'
    """
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def section(heading: str, *parts: str) -> str:
    """Return a section with a heading (text) and its content (HTML)."""
    return f"<section><h2>{escape(heading)}</h2>{''.join(parts)}</section>\n"


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, html: bool = False) -> str:
    """Return a table; its first column heads the rows, numbers stand right.

    Args:
        caption: what the table shows, as text.
        columns: heads, as text.
        rows: cells; numbers are formatted, texts escaped unless `html` says that they are HTML.
        html: whether text cells are HTML already.
    """
    body = [list(row) for row in rows]
    kinds = [_kind([row[i] for row in body]) for i in range(len(columns))]

    def cell(value: Cell, place: int) -> str:
        text = "" if value is None else _number(value) if not isinstance(value, str) else value if html else escape(value)
        kind = kinds[place]
        return f'<th scope="row"{kind}>{text}</th>' if place == 0 else f"<td{kind}>{text}</td>"

    heads = "".join(f'<th scope="col"{kind}>{escape(c)}</th>' for c, kind in zip(columns, kinds, strict=True))
    lines = "".join(f"<tr>{''.join(cell(v, i) for i, v in enumerate(row))}</tr>" for row in body)
    inner = f"<table><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption, quote=True)}">{inner}</div>'


def _kind(values: Sequence[Cell]) -> str:
    """Return the class of a column: numbers stand right; they, dates and intervals are not broken."""
    texts = [str(value) for value in values if value not in (None, "")]
    if texts and all(_NUMBER.fullmatch(text) for text in texts):
        return ' class="n"'
    return ' class="w"' if texts and all(_WHOLE.fullmatch(text) for text in texts) else ""


def _number(value: float | int) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4f}" if abs(value) < 1 else f"{value:,.2f}"


def figure(name: str, description: str, size: tuple[float, float], shapes: Iterable[str], caption: str = "") -> str:
    """Return a picture (SVG shapes) with its name and description for those who do not see it."""
    width, height = size
    under = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    spoken = escape(f"{name}. {description}", quote=True)
    drawing = f'<svg role="img" viewBox="0 0 {width:.0f} {height:.0f}" aria-label="{spoken}">{"".join(shapes)}</svg>'
    return f'<figure tabindex="0">{drawing}{under}</figure>'
