"""Plots for the pages: drawn by Altair, coloured by the page's own names so that they follow light and dark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import altair as alt
import pandas as pd
import vl_convert

from onefold.profile.compare import share_below
from onefold.profile.report import ColumnProfile

__all__ = ["filled_plot", "histogram", "years_plot"]

# Colours that stand for the page's: exchanged for CSS variables once the plot is drawn.
_INK, _SOFT, _LINE, _MAIN, _SECOND, _THIRD, _FOURTH = "#010101", "#010102", "#010103", "#010104", "#010105", "#010106", "#010107"
_NAMES = {
    _INK: "--ink", _SOFT: "--soft", _LINE: "--line", _MAIN: "--s0", _SECOND: "--s1", _THIRD: "--s4", _FOURTH: "--edge",
}  # fmt: skip
_PARTS = (("filled", _MAIN), ("sentinel", _SECOND), ("blank", _THIRD), ("null", _FOURTH))
_BARS = 24
_MOST_YEARS = 120


def filled_plot(columns: Sequence[ColumnProfile]) -> str:
    """Return a bar for each column: filled, sentinels, blanks and nulls as shares of its rows."""
    rows = [
        {"column": c.name, "part": part, "order": i, "share": n / c.rows if c.rows else 0.0}
        for c in columns
        for i, (part, n) in enumerate((("filled", c.filled), ("sentinel", c.sentinels), ("blank", c.blanks), ("null", c.nulls)))
    ]
    chart = (
        alt.Chart(pd.DataFrame(rows), width=620, height={"step": 17})
        .mark_bar()
        .encode(
            x=alt.X("share:Q", title=None, axis=alt.Axis(format=".0%", orient="top"), scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("column:N", sort=[c.name for c in columns], title=None),
            color=alt.Color(
                "part:N",
                title=None,
                legend=alt.Legend(orient="top"),
                scale=alt.Scale(domain=[p for p, _ in _PARTS], range=[colour for _, colour in _PARTS]),
            ),
            order=alt.Order("order:Q"),
        )
    )
    return _svg(chart, f"How full each of {len(columns)} columns is; the table below has the figures", left=70)


def histogram(column: ColumnProfile) -> str:
    """Return the distribution of a column's numbers as bars, read off its quantiles; nothing where there is none to show."""
    q = column.quantiles
    if len(q) < 3 or q[0] == q[-1]:
        return ""
    # One value far out would leave one bar: the outer twentieths are drawn only as far as the others reach, and a half more.
    reach = (q[-2] - q[1]) or (q[-1] - q[0])
    low, high = max(q[0], q[1] - reach / 2), min(q[-1], q[-2] + reach / 2)
    width = (high - low) / _BARS
    edges = [low + i * width for i in range(_BARS + 1)]
    below = [share_below(q, edge) for edge in edges]
    rows = [
        {
            "from": edges[i],
            "to": edges[i + 1],
            "share": max(0.0, (below[i + 1] if i + 1 < _BARS else 1.0) - (below[i] if i else 0.0)),
        }
        for i in range(_BARS)
    ]
    chart = (
        alt.Chart(pd.DataFrame(rows), width=420, height=110)
        .mark_bar(color=_MAIN)
        .encode(
            x=alt.X("from:Q", title=None, scale=alt.Scale(zero=False, nice=False), axis=alt.Axis(grid=False, tickCount=6)),
            x2="to:Q",
            y=alt.Y("share:Q", title=None, axis=alt.Axis(format=".0%", tickCount=3)),
            y2=alt.datum(0),
        )
    )
    return _svg(chart, f"Distribution of {column.name} from {q[0]:.6g} to {q[-1]:.6g}, median {q[len(q) // 2]:.6g}")


def years_plot(column: ColumnProfile) -> str:
    """Return the values by year as bars; years far from the others are named in the table beside, not drawn."""
    known = sorted((int(y.label or 0), y.count) for y in column.years)
    if not known:
        return ""
    whole, seen, middle = sum(n for _, n in known), 0, known[0][0]
    for year, n in known:
        seen += n
        if seen * 2 >= whole:
            middle = year
            break
    near = [(year, n) for year, n in known if abs(year - middle) <= _MOST_YEARS]
    first, last = near[0][0], near[-1][0]
    rows = [{"year": year, "next": year + 0.9, "values": n} for year, n in near]
    chart = (
        alt.Chart(pd.DataFrame(rows), width=420, height=110)
        .mark_bar(color=_MAIN)
        .encode(
            x=alt.X(
                "year:Q",
                title=None,
                scale=alt.Scale(domain=[first, last + 1], nice=False),
                axis=alt.Axis(format="d", grid=False, tickCount=min(8, last - first + 1), tickMinStep=1),
            ),
            x2="next:Q",
            y=alt.Y("values:Q", title=None, axis=alt.Axis(format="~s", tickCount=3)),
            y2=alt.datum(0),
        )
    )
    return _svg(chart, f"Values of {column.name} by year, {first} to {last}")


def _svg(chart: alt.Chart, label: str, left: int = 16) -> str:
    # Room at the left: the reader's font may be wider than the one that the plot was measured with.
    styled = chart.configure(
        font="Helvetica, Arial, sans-serif", background="transparent", padding={"left": left, "right": 24, "top": 4, "bottom": 4}
    )
    styled = styled.configure_view(stroke=None).configure_legend(labelColor=_INK, labelFontSize=12)
    styled = styled.configure_axis(
        labelColor=_INK, titleColor=_INK, domainColor=_LINE, tickColor=_LINE, gridColor=_LINE, labelLimit=260, labelFontSize=11
    )
    svg = str(vl_convert.vegalite_to_svg(styled.to_dict()))
    svg = re.sub(r'\saria-label="[^"]*"|\srole="[^"]*"|\saria-roledescription="[^"]*"', "", svg)
    for colour, name in _NAMES.items():
        svg = svg.replace(f'"{colour}"', f'"var({name})"')
    width = re.search(r'viewBox="0 0 (\d+)', svg)
    # Drawn at its own size, never stretched over a wide page, narrower only where the page is.
    size = f' style="max-width:{width[1]}px;min-width:0"' if width else ""
    return svg.replace("<svg", f'<svg role="img"{size} aria-label="{escape(label, quote=True)}"', 1)
