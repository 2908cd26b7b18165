"""The plots of the dashboard: drawn by Altair without a browser, coloured by the page, so that they are light and dark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import altair as alt
import pandas as pd
import vl_convert

from onefold.quality.dashboard.facts import Measured, Trend

__all__ = ["cost_plot", "dimension_plot", "spark_line", "trend_plot"]

# Colours that stand for the page's own; the drawing is made once and takes on the scheme of whoever looks at it.
_INKS = {
    "#010101": "var(--ink)",
    "#020202": "var(--soft)",
    "#030303": "var(--grid)",
    "#040404": "var(--for)",
    "#050505": "var(--tint)",
    "#060606": "var(--against)",
}
_INK, _SOFT, _GRID, _LINE, _TINT, _WARM = _INKS
_FONT = "Helvetica, Arial, sans-serif"
Chart = alt.Chart | alt.LayerChart | alt.FacetChart | alt.ConcatChart | alt.HConcatChart


def trend_plot(trend: Trend, incidents: Sequence[str]) -> str:
    """Return the overall score by day; days on which incidents were opened are marked."""
    frame = pd.DataFrame([{"day": f"{day}", "score": score} for day, score in trend])
    low, high = frame["score"].min(), frame["score"].max()
    room = max(high - low, 0.01) * 0.25
    scale = alt.Scale(domain=[max(low - room, 0.0), min(high + room, 1.0)], nice=False, zero=False)
    base = alt.Chart(frame, width=820, height=210).encode(
        x=alt.X("utcyearmonthdate(day):T", title=None, axis=alt.Axis(format="%-d %b", tickCount=8, grid=False)),
        y=alt.Y("score:Q", title=None, scale=scale, axis=alt.Axis(format=".1%", tickCount=5)),
    )
    layers: list[alt.Chart] = [base.mark_line(color=_LINE, strokeWidth=2.5)]
    marked = frame[frame["day"].isin(incidents)]
    if len(marked):
        points = alt.Chart(marked).mark_point(color=_WARM, filled=True, size=70, shape="diamond", opacity=1)
        layers.append(points.encode(x="utcyearmonthdate(day):T", y="score:Q"))
    last = alt.Chart(frame.tail(1)).mark_point(color=_LINE, filled=True, size=90, opacity=1)
    layers.append(last.encode(x="utcyearmonthdate(day):T", y="score:Q"))
    return _svg(alt.layer(*layers), "Overall score by day; the figures are in the table below the plot")


def dimension_plot(dimensions: Sequence[Measured]) -> str:
    """Return the trends of the dimensions side by side, each on a scale of its own."""
    charts = []
    for one in dimensions:
        frame = pd.DataFrame([{"day": f"{day}", "score": score} for day, score in one.trend])
        charts.append(
            alt.Chart(frame, width=178, height=84, title=alt.TitleParams(one.name, anchor="start", fontSize=13, fontWeight=600))
            .mark_line(color=_LINE, strokeWidth=2)
            .encode(
                x=alt.X("utcyearmonthdate(day):T", title=None, axis=alt.Axis(format="%-d %b", tickCount=2, grid=False)),
                y=alt.Y("score:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(format=".1%", tickCount=3)),
            )
        )
    return _svg(alt.hconcat(*charts, spacing=22), "Score of each dimension by day; the figures are in the table")


def cost_plot(attributes: Sequence[Measured], currency: str) -> str:
    """Return the estimated cost of the failures of the dearest attributes."""
    dearest = sorted((a for a in attributes if a.cost), key=lambda a: -(a.cost or 0.0))[:12]
    frame = pd.DataFrame([{"attribute": a.name, "cost": a.cost} for a in dearest])
    base = alt.Chart(frame, width=640, height={"step": 24}).encode(
        x=alt.X("cost:Q", title=f"{currency}, estimated", axis=alt.Axis(format="~s", tickCount=5)),
        y=alt.Y("attribute:N", sort=None, title=None),
    )
    words = base.mark_text(align="left", dx=6, color=_INK, fontSize=12).encode(text=alt.Text("cost:Q", format=",.0f"))
    return _svg(base.mark_bar(color=_LINE, height=15) + words, "Estimated cost of failures by attribute, the dearest first")


def spark_line(trend: Trend, *, width: int = 120, height: int = 26) -> str:
    """Return a line without axes beside a figure that says what it shows; empty with fewer than two points."""
    if len(trend) < 2:
        return ""
    values = [score for _, score in trend]
    low, span = min(values), max(max(values) - min(values), 0.004)
    places = [
        (3 + i * (width - 6) / (len(values) - 1), height - 4 - (value - low) / span * (height - 8))
        for i, value in enumerate(values)
    ]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    x, y = places[-1]
    return (
        f'<svg class="spark" aria-hidden="true" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<polyline points="{points}" fill="none" stroke="var(--for)" stroke-width="1.8" stroke-linejoin="round"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.8" fill="var(--for)"/></svg>'
    )


def _svg(chart: Chart, label: str) -> str:
    """Return the drawing as SVG with its name; its own roles are taken out, as it is one picture."""
    styled = (
        chart.configure(font=_FONT, background="transparent", padding={"left": 8, "right": 24, "top": 8, "bottom": 4})
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=_SOFT,
            titleColor=_SOFT,
            gridColor=_GRID,
            domainColor=_GRID,
            tickColor=_GRID,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight=400,
            labelLimit=260,
        )
        .configure_title(color=_INK)
    )
    svg = str(vl_convert.vegalite_to_svg(styled.to_dict()))
    svg = re.sub(r'\saria-(label|hidden|roledescription)="[^"]*"|\srole="[^"]*"', "", svg)
    for placeholder, colour in _INKS.items():
        svg = svg.replace(f'"{placeholder}"', f'"{colour}"')
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(label, quote=True)}"', 1)
