"""The figures of blocking as one self-contained HTML page: no script, nothing fetched, plots as SVG."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

import altair as alt
import pandas as pd
import vl_convert

from onefold.match.blocking_report import BlockingFigures
from onefold.match.capture import RecallEstimate
from onefold.match.recall import TrueRecall

__all__ = ["Part", "blocking_page"]

Part = tuple[BlockingFigures, RecallEstimate | None, str | None, TrueRecall | None]

_STYLE = """
body { margin: 0; background: #fbfaf8; color: #1d1f23; font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 4rem }
h1 { font-size: 1.55rem; margin: 0 } h2 { font-size: 1.15rem; margin: 0 0 .4rem } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem }
section { background: #fff; border: 1px solid #d9d8d3; border-radius: .6rem; padding: 1.1rem 1.25rem; margin-top: 1.1rem }
.facts { display: flex; flex-wrap: wrap; gap: .4rem 2.2rem; margin: .4rem 0 .8rem; padding: 0; list-style: none }
.facts strong { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums } .facts span, .soft { color: #5b616b }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .9rem }
th, td { text-align: right; padding: .35rem .6rem; border-bottom: 1px solid #e6e4de; vertical-align: top; white-space: nowrap;
  font-variant-numeric: tabular-nums }
th:first-child, td:first-child { text-align: left; padding-left: 0 } .keys { display: block; color: #5b616b; font-size: .85em;
  white-space: normal } thead th { color: #5b616b; font-weight: 600; white-space: normal; vertical-align: bottom }
svg { max-width: 100%; height: auto }
"""
_HEADS = (
    *("rule", "pairs", "new after the rules above", "only this rule", "blocks", "largest", "records in blocks"),
    *("split blocks", "dropped blocks", "records in them", "largest blocks met"),
)
_BLUE, _GREY, _ORANGE = "#1f6fb2", "#c3cbd4", "#b4531a"


def blocking_page(name: str, parts: Sequence[Part]) -> str:
    """Return the page of a project's blocking, a section for each entity type.

    Block tokens are pieces of hashes and no values appear, so that the page may be passed on.
    """
    sections = "".join(_section(*part) for part in parts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, '
        'initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">'
        f"<title>Blocking of {escape(name)}</title><style>{_STYLE}</style></head>\n<body><main>"
        f"<h1>Blocking of {escape(name)}</h1>"
        '<p class="soft">Which records are compared, by which rule, and how many matches that leaves out.</p>'
        f"{sections}</main></body></html>\n"
    )


def _section(figures: BlockingFigures, estimate: RecallEstimate | None, why: str | None, truth: TrueRecall | None) -> str:
    facts = [
        (f"{figures.records:,}", "records"),
        (f"{figures.candidates:,}", "candidate pairs" + (", estimated" if figures.share < 1 else "")),
        (f"{figures.in_no_block:,}", f"records in no block ({figures.in_no_block / max(figures.records, 1):.1%})"),
    ]
    if estimate is not None:
        low, high = estimate.interval
        facts.append((f"{estimate.recall:.2%}", f"of the matches found, estimated ({low:.2%} to {high:.2%})"))
    if truth is not None:
        facts.append((f"{truth.recall:.2%}", f"of {truth.pairs:,} true pairs found"))
    shown = "".join(f"<li><strong>{escape(a)}</strong><span>{escape(b)}</span></li>" for a, b in facts)
    body = [f"<section><h2>{escape(figures.entity_type)}</h2><ul class='facts'>{shown}</ul>"]
    body += [f"<p class='soft'>{escape(why)}</p>"] if why else []
    body += ["<h3>Pairs by rule</h3>", _pairs_plot(figures), "<h3>Where the pairs come from</h3>", _spread_plot(figures)]
    if estimate is not None:
        body += ["<h3>Blocking recall</h3>", _recall_plot(estimate, truth), _methods(estimate)]
    return "".join([*body, "<h3>Every rule</h3>", _table(figures), "</section>\n"])


def _table(figures: BlockingFigures) -> str:
    heads = "".join(f"<th scope='col'>{escape(h)}</th>" for h in _HEADS)
    lines = []
    for rule in figures.rules:
        r = rule.report
        largest = ", ".join(f"{token} {size:,}" for token, size in rule.largest)
        numbers = (r.pairs, rule.new, rule.only, r.blocks, r.largest_block, rule.records, r.split_blocks, r.dropped_blocks)
        cells = "".join(f"<td>{n:,}</td>" for n in (*numbers, r.dropped_records)) + f"<td>{escape(largest)}</td>"
        keys = escape(", ".join(rule.keys))
        lines.append(f"<tr><th scope='row'>{escape(r.rule)}<span class='keys'>{keys}</span></th>{cells}</tr>")
    return f"<div class='scroll' tabindex='0'><table><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"


def _methods(estimate: RecallEstimate) -> str:
    said = "".join(
        f"<li>{escape(m.name)}: {m.recall:.2%} ± {1.96 * m.error:.2%} <span class='soft'>({escape(m.basis)})</span></li>"
        for m in estimate.methods
    )
    return (
        f"<ul>{said}</ul><p class='soft'>Assumed: what hides a match from one list of rules does not hide it from the "
        f"others. Where it does, each estimate is too high; so the smallest is given. It stands for about "
        f"{estimate.missed:,.0f} matches that no rule finds beside {estimate.found:,.0f} found.</p>"
    )


def _rows(figures: BlockingFigures) -> Iterable[dict[str, object]]:
    for rule in figures.rules:
        known = max(rule.report.pairs - rule.new, 0)
        yield {"rule": rule.report.rule, "part": "only this rule", "order": 0, "pairs": rule.only}
        yield {"rule": rule.report.rule, "part": "new after the rules above", "order": 1, "pairs": max(rule.new - rule.only, 0)}
        yield {"rule": rule.report.rule, "part": "made by a rule above", "order": 2, "pairs": known}


def _pairs_plot(figures: BlockingFigures) -> str:
    order = [rule.report.rule for rule in figures.rules]
    parts = ["only this rule", "new after the rules above", "made by a rule above"]
    chart = (
        alt.Chart(pd.DataFrame(list(_rows(figures))), width=720, height={"step": 22})
        .mark_bar()
        .encode(
            x=alt.X("pairs:Q", title="pairs", axis=alt.Axis(format="~s")),
            y=alt.Y("rule:N", sort=order, title=None),
            color=alt.Color(
                "part:N",
                title=None,
                legend=alt.Legend(orient="top", labelLimit=0),
                scale=alt.Scale(domain=parts, range=[_BLUE, "#8fbbe0", _GREY]),
            ),
            order=alt.Order("order:Q"),
        )
    )
    return _svg(chart, "Pairs that each rule makes")


def _spread_plot(figures: BlockingFigures) -> str:
    values = [
        {"rule": rule.report.rule, "size": f"≤ {size:,}", "n": size, "pairs": pairs}
        for rule in figures.rules
        for size, _, pairs in rule.spread
    ]
    order = [rule.report.rule for rule in figures.rules]
    sizes = [f"≤ {size:,}" for size in sorted({v["n"] for v in values if isinstance(v["n"], int)})]
    chart = (
        alt.Chart(pd.DataFrame(values), width=720, height={"step": 22})
        .mark_rect()
        .encode(
            x=alt.X("size:N", sort=sizes, title="records in the block", axis=alt.Axis(labelAngle=0, grid=False)),
            y=alt.Y("rule:N", sort=order, title=None),
            color=alt.Color(
                "pairs:Q", title="pairs", scale=alt.Scale(type="symlog", scheme="blues"), legend=alt.Legend(format="~s")
            ),
        )
    )
    return _svg(chart, "Pairs by rule and block size")


def _recall_plot(estimate: RecallEstimate, truth: TrueRecall | None) -> str:
    rows = [
        {"name": m.name, "recall": m.recall, "low": max(m.recall - 1.96 * m.error, 0), "high": min(m.recall + 1.96 * m.error, 1)}
        for m in estimate.methods
    ]
    scale = alt.Scale(zero=False, nice=True)
    axis = alt.Axis(format=".1%")
    base = alt.Chart(pd.DataFrame(rows), width=720, height={"step": 26}).encode(y=alt.Y("name:N", title=None, sort=None))
    lines = base.mark_rule(color=_BLUE, strokeWidth=3).encode(
        x=alt.X("low:Q", scale=scale, axis=axis, title="share of the matches that some rule finds"), x2="high:Q"
    )
    layers: list[alt.Chart] = [lines, base.mark_point(color=_BLUE, filled=True, size=80).encode(x="recall:Q")]
    if truth is not None:
        real = alt.Chart(pd.DataFrame([{"recall": truth.recall}]))
        layers.append(real.mark_rule(color=_ORANGE, strokeDash=[5, 3], strokeWidth=2).encode(x="recall:Q"))
    note = "" if truth is None else "<p class='soft'>Dashed: the real recall by the truth.</p>"
    return _svg(alt.layer(*layers), "Estimates of blocking recall") + note


def _svg(chart: alt.Chart | alt.LayerChart | alt.FacetChart, label: str) -> str:
    # Room at the left: the reader's font may be wider than the one that the plot was measured with.
    styled = chart.configure(font="Helvetica, Arial, sans-serif", padding={"left": 70, "right": 40, "top": 5, "bottom": 5})
    styled = styled.configure_view(stroke=None).configure_axis(labelLimit=400, labelFontSize=12, titleFontSize=12)
    svg = str(vl_convert.vegalite_to_svg(styled.configure_legend(labelFontSize=12).to_dict()))
    svg = re.sub(r'\saria-label="[^"]*"|\srole="[^"]*"|\saria-roledescription="[^"]*"', "", svg)
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(label, quote=True)}"', 1)
