"""The few shapes that the pages are drawn with, as SVG."""

from __future__ import annotations

from html import escape
from typing import Literal

__all__ = ["HALO", "circle", "group", "line", "polyline", "rect", "text"]

Anchor = Literal["start", "middle", "end"]
HALO = "paint-order:stroke;stroke:var(--card);stroke-width:4px"
"""Style of a text that stands over lines."""


def line(start: tuple[float, float], end: tuple[float, float], colour: str, *, width: float = 1.0, dashes: str = "") -> str:
    """Return a line; `dashes` as SVG writes them, e.g. `4 4`."""
    (x1, y1), (x2, y2) = start, end
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    place = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {place} stroke="{colour}" stroke-width="{width:.1f}"{dashed}/>'


def polyline(points: list[tuple[float, float]], colour: str) -> str:
    """Return a bent line."""
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-linejoin="round"/>'


def rect(corner: tuple[float, float], size: tuple[float, float], colour: str) -> str:
    """Return a filled bar."""
    (x, y), (width, height) = corner, size
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2" fill="{colour}"/>'


def circle(at: tuple[float, float], radius: float, colour: str, *, rim: str = "var(--card)") -> str:
    """Return a filled dot with a rim, of the paper's colour unless another is named."""
    x, y = at
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{colour}" stroke="{rim}" stroke-width="2"/>'


def text(
    at: tuple[float, float],
    words: str,
    kind: str = "",
    *,
    anchor: Anchor = "start",
    style: str = "",
    turn: float = 0.0,
    lead: str = "",
) -> str:
    """Return a text of the page's classes (`soft`, `strong`, `small`, `num`); `lead` stands before it, strong."""
    x, y = at
    first = f'<tspan class="strong">{escape(lead)}</tspan> ' if lead else ""
    more = f' style="{style}"' if style else ""
    more += f' transform="rotate({turn:g} {x:.1f} {y:.1f})"' if turn else ""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{first}{escape(words)}</text>'


def group(title: str, *shapes: str) -> str:
    """Return shapes with a title that shows under the pointer."""
    return f"<g><title>{escape(title)}</title>{''.join(shapes)}</g>"
