"""Writes the dashboard as one HTML file: no script, nothing fetched, so that it opens from a file and from an e-mail."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from onefold.quality.dashboard.facts import Dashboard, IncidentLine, Measured
from onefold.quality.dashboard.plots import cost_plot, dimension_plot, spark_line, trend_plot

__all__ = ["dashboard_page"]

_WIDE = 8
"""Sources beyond which the map stands its heads upright and leaves the owners to the other tables."""
_BANDS = (0.70, 0.80, 0.90, 0.95, 0.99)


def dashboard_page(shown: Dashboard) -> str:
    """Return the page."""
    pages = Environment(
        loader=PackageLoader("onefold.quality.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters.update(
        share=_share, change=_change, money=lambda cost: _money(cost, shown.currency), count=_count, spark=_spark, band=_band
    )
    opened = [f"{one.opened_at:%Y-%m-%d}" for one in shown.incidents]
    costs = [one for one in shown.attributes if one.cost]
    return pages.get_template("dashboard.html").render(
        d=shown,
        trend=Markup(trend_plot(shown.overall.trend, opened)) if len(shown.overall.trend) > 1 else "",
        dimension_trends=Markup(dimension_plot(shown.dimensions)) if _have_trends(shown.dimensions) else "",
        costs=Markup(cost_plot(costs, shown.currency)) if costs else "",
        columns=tuple(s.name for s in shown.sources),
        many=len(shown.sources) > _WIDE,
        alarmed=_alarmed(shown.incidents),
        withheld=sum(one.records for one in shown.set_aside),
    )


def _have_trends(measured: Sequence[Measured]) -> bool:
    return bool(measured) and all(len(one.trend) > 1 for one in measured)


def _alarmed(incidents: Sequence[IncidentLine]) -> frozenset[str]:
    """Return the sources that have an open incident."""
    return frozenset(one.subject if one.kind in ("volume", "freshness") else one.source for one in incidents)


def _share(value: float | None, digits: int = 1) -> str:
    """Return a share as per cent, never rounded up to a hundred.

    >>> _share(0.99996), _share(0.873), _share(None)
    ('99.9 %', '87.3 %', '–')
    """
    if value is None:
        return "–"
    text = f"{value:.{digits}%}"
    if value < 1.0 and text.startswith("100"):
        text = f"{1.0 - 10.0 ** -(digits + 2):.{digits}%}"
    return text.replace("%", "\u202f%").replace("\u202f%", " %")


def _change(value: float | None) -> Markup:
    """Return a change of a score in points, with an arrow and words for those who do not see it."""
    if value is None:
        return Markup('<span class="soft">first day</span>')
    if abs(value) < 0.0005:
        return Markup('<span class="soft">unchanged</span>')
    up = value > 0
    word, arrow, kind = ("up", "▲", "up") if up else ("down", "▼", "down")
    return Markup('<span class="{}"><span aria-hidden="true">{}</span><span class="unseen">{}</span> {:.1f} pt</span>').format(
        kind, arrow, word, abs(value) * 100
    )


def _money(cost: float | None, currency: str) -> str:
    return "–" if cost is None else f"{cost:,.0f} {currency}"


def _count(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _spark(measured: Measured) -> Markup:
    return Markup(spark_line(measured.trend))


def _band(score: float) -> int:
    """Return the colour of a score, 0 to 5.

    >>> [_band(score) for score in (0.5, 0.9, 1.0)]
    [0, 3, 5]
    """
    return sum(score >= bound for bound in _BANDS)
