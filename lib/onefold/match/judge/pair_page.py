"""The HTML page of a pair: the waterfall from the prior to the total, its table, and the two records side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from onefold.match.explain import Explanation, Step
from onefold.match.judge.page import figure, page, section, sentence, table
from onefold.match.judge.sides import MARKS, Line, segments, side_by_side
from onefold.match.judge.svg import HALO, group, line, rect, text

__all__ = ["pair_page", "records_table", "verdict", "weight_section"]

_ROW, _TOP, _LEFT, _WIDTH, _RIGHT = 28, 34, 340, 450, 150


def pair_page(explanation: Explanation, left: Mapping[str, Any], right: Mapping[str, Any], least: float | None) -> str:
    """Return the page.

    Args:
        explanation: why the pair has its weight, or none.
        left: values of the first record (`party_values`).
        right: values of the second record.
        least: the weight from which a pair joins, None when it is not known.
    """
    names = f"{explanation.record_id_l} and {explanation.record_id_r}"
    sides = section("The two records", records_table(explanation, side_by_side(left, right)))
    lead, parts = verdict(explanation, least), [weight_section(explanation, least), sides]
    if not explanation.scored or explanation.match_weight is None:
        return page(f"{names}: no weight", lead, parts, personal=True)
    weight, probability = explanation.match_weight, explanation.match_probability or 0.0
    joins = least is not None and weight >= least
    facts = [(f"{weight:+.2f}", "match weight, bits"), (f"{probability:.6f}", "match probability")]
    facts += [] if least is None else [(f"{least:+.2f}", "threshold")]
    facts += [(", ".join(explanation.rules or ()), "blocking rule")]
    return page(f"Why {names} {'are one' if joins else 'weigh what they do'}", lead, parts, facts=facts, personal=True)


def verdict(explanation: Explanation, least: float | None) -> str:
    """Return in a sentence or two what the comparisons say of the pair, or why it has no weight."""
    weight = explanation.match_weight
    if not explanation.scored or weight is None:
        return sentence(explanation.note)
    odds = f"{2 ** min(abs(weight), 60.0):,.0f} to 1 {'for' if weight >= 0 else 'against'} one {explanation.entity_type}"
    side = "" if least is None else f" That is {'over' if weight >= least else 'under'} the threshold of {least:+.2f}."
    return f"The comparisons add up to {weight:+.2f} bits, odds of {odds}.{side}"


def weight_section(explanation: Explanation, least: float | None) -> str:
    """Return the section with the waterfall and its table, or with the rules that came nearest to joining the pair."""
    if explanation.scored and explanation.match_weight is not None:
        return section("From the prior to the total", _waterfall(explanation, least), _steps_table(explanation))
    near = [[rule.rule, *_keys(rule.keys)] for rule in explanation.near]
    return section("Why there is no weight", f"<p>{escape(sentence(explanation.note))}</p>", _near_table(near))


def records_table(explanation: Explanation, lines: Sequence[Line]) -> str:
    """Return the two records side by side, what differs marked."""
    rows = []
    for each in lines:
        one, other = _marked(each)
        rows.append([escape(each.attribute), one, other, f"{MARKS[each.mark]} {each.mark}"])
    columns = ("attribute", explanation.record_id_l, explanation.record_id_r, "compared")
    return table("Attribute by attribute; what differs is marked", columns, rows, html=True)


def _marked(each: Line) -> tuple[str, str]:
    if each.mark == "differs":
        return f"<mark>{escape(each.left)}</mark>", f"<mark>{escape(each.right)}</mark>"
    if each.mark != "close":
        return escape(each.left), escape(each.right)
    pieces = segments(each.left, each.right)
    one, other = ("".join(f"<mark>{escape(t)}</mark>" if differs else escape(t) for t, differs in side) for side in pieces)
    return one, other


def _keys(keys: Sequence[Any]) -> tuple[str, str, str]:
    by_state = {state: ", ".join(k.key for k in keys if k.state == state) for state in ("agrees", "differs")}
    missing = "; ".join(k.text() for k in keys if k.state == "missing")
    return by_state["agrees"], by_state["differs"], missing


def _near_table(rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    return table("The rules that came nearest, key by key", ("rule", "agrees", "differs", "missing"), rows)


def _steps_table(explanation: Explanation) -> str:
    rows = [[step.name, step.level, f"{step.weight:+.2f}", f"{step.total:+.2f}"] for step in explanation.steps]
    rows.append(["match weight", "", "", f"{explanation.match_weight:+.2f}"])
    return table("The same as a table, weights in bits", ("comparison", "level reached", "adds", "total"), rows)


def _waterfall(explanation: Explanation, least: float | None) -> str:
    steps = explanation.steps
    totals = [0.0, *(step.total for step in steps), *([] if least is None else [least])]
    low, high = min(totals), max(totals)
    scale = _WIDTH / max(high - low, 1e-9)
    height = _TOP + _ROW * (len(steps) + 1) + 14

    def x(value: float) -> float:
        return _LEFT + (value - low) * scale

    shapes = _rule(x(0.0), height, "even odds", "var(--line)")
    if least is not None:
        shapes += _rule(x(least), height, f"threshold {least:+.1f}", "var(--soft)", dashes="4 4")
    before = 0.0
    for place, step in enumerate(steps):
        shapes.append(_bar(step, before, _TOP + place * _ROW, x))
        before = step.total
    y = _TOP + len(steps) * _ROW
    right = _LEFT + _WIDTH + _RIGHT
    shapes.append(line((8, y), (right - 8, y), "var(--line)"))
    shapes.append(text((_LEFT - 12, y + 19), "match weight", "strong", anchor="end"))
    shapes.append(text((right - 12, y + 19), f"{before:+.2f}", "strong num", anchor="end"))
    spoken = f"{len(steps)} steps from {steps[0].total:+.1f} to {before:+.1f} bits; the table below holds each of them"
    return figure("Waterfall of the match weight", spoken, (right, height), shapes)


def _rule(at: float, height: float, label: str, colour: str, *, dashes: str = "") -> list[str]:
    ruled = line((at, _TOP - 10), (at, height), colour, dashes=dashes)
    return [ruled, text((at, 14 if dashes else height - 4), label, "soft small", anchor="middle", style=HALO)]


def _colour(weight: float) -> str:
    return "var(--for)" if weight > 0 else "var(--against)" if weight < 0 else "var(--edge)"


def _bar(step: Step, before: float, top: float, x: Callable[[float], float]) -> str:
    start, end = sorted((x(before), x(step.total)))
    level = step.level if len(step.level) <= 30 else f"{step.level[:28]}…"
    right, base, at = _LEFT + _WIDTH + _RIGHT, top + 18, x(step.total)
    return group(
        f"{step.name}: {step.level}, {step.weight:+.2f}, total {step.total:+.2f}",
        text((_LEFT - 12, base), level, "soft", anchor="end", lead=step.name),
        rect((start, top + 5), (max(end - start, 2.0), _ROW - 10), _colour(step.weight)),
        line((at, top + 5), (at, top + _ROW + 5), "var(--soft)"),
        text((right - 76, base), f"{step.weight:+.2f}", "num", anchor="end"),
        text((right - 12, base), f"{step.total:+.2f}", "num soft", anchor="end"),
    )
