"""The HTML page of an evaluation: measures with intervals, curves, errors by type, estimates and the plan of a review."""

from __future__ import annotations

from html import escape

from onefold.match.evaluate import Evaluation, Measures, Score
from onefold.match.judge.curve import Curve
from onefold.match.judge.expected import ASSUMPTIONS
from onefold.match.judge.labelled import FromLabels
from onefold.match.judge.page import Cell, figure, page, section, table
from onefold.match.judge.report import Estimate, Report
from onefold.match.judge.review_plan import Allocation
from onefold.match.judge.sample_errors import ERRORS, Errors
from onefold.match.judge.svg import HALO, circle, line, polyline, text

__all__ = ["estimate_page", "evaluation_page"]

_MEASURES = (("pairwise", "pairwise"), ("cluster_exact", "cluster-exact"), ("bcubed", "B-cubed"))
_FIGURES = (("precision", "precision"), ("recall", "recall"), ("f1", "F1"))
_BOX = (70.0, 20.0, 740.0, 330.0)
_TICK = "soft small num"


def evaluation_page(report: Report) -> str:
    """Return the page of an evaluation against a truth."""
    evaluation = report.evaluation
    overall = evaluation.overall
    facts = [(f"{getattr(overall, a).f1:.4f}", f"{title} F1") for a, title in _MEASURES]
    facts += [
        (f"{overall.records:,}", "records"),
        (f"{overall.entities:,}", "entities"),
        (f"{overall.clusters:,}", "in the truth"),
    ]
    parts = [section("How right the entities are", _measures(evaluation), _left_out(evaluation))]
    parts += [
        section(f"Precision and recall of {kind} pairs by threshold", _curve(curve), _curve_table(curve))
        for kind, curve in report.curves.items()
    ]
    if report.errors is not None:
        parts.append(section("Errors by type", _errors(report.errors)))
    return page("How right the matching is", "The entities against a truth that the pipeline never reads.", parts, facts=facts)


def estimate_page(estimate: Estimate) -> str:
    """Return the page of the estimates without a truth, and of the plan of a review."""
    rows: list[list[Cell]] = []
    for kind, one in estimate.expected.items():
        cells = [f"{getattr(one, f):.4f}" for f, _ in _FIGURES]
        rows.append([kind, "expected by the model", *cells, f"{one.joined_pairs:,}", ""])
    for kind, labelled in estimate.from_labels.items():
        rows.append([kind, "from labels", *_cells(labelled), "", f"{labelled.labels:,}"])
    columns = ("entity type", "how", "precision", "recall", "F1", "joined pairs", "labels")
    found = table("Precision and recall of the pairs that join; in brackets 95 % intervals", columns, rows)
    parts = [section("Estimates without a truth", found, f'<p class="note">{escape(ASSUMPTIONS)}</p>', _warning(estimate))]
    for kind, plan in estimate.plan.items():
        caption = f"Pairs to label for intervals of ± {estimate.margin:.1%}, allocated by Neyman's rule"
        parts.append(section(f"Plan of a review: {kind}", table(caption, _PLAN, _plan_rows(plan))))
    return page("How right the matching is, without a truth", "What the model expects, and what people answered.", parts)


_PLAN = ("weight, bits", "", "pairs", "expected share of matches", "for precision", "for recall", "labels")


def _plan_rows(plan: tuple[Allocation, ...]) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for a in plan:
        share = a.stratum.expected_matches / max(a.stratum.pairs, 1)
        side = "joins" if a.stratum.joins else ""
        rows.append([a.stratum.name, side, a.stratum.pairs, share, a.for_precision, a.for_recall, a.labels])
    totals = [sum(getattr(a, name) for a in plan) for name in ("for_precision", "for_recall", "labels")]
    return [*rows, ["all", "", sum(a.stratum.pairs for a in plan), None, *totals]]


def _cells(measures: Measures | FromLabels) -> list[str]:
    """Return the three figures of a measure with their intervals."""
    shown = []
    for name, _ in _FIGURES:
        low, high = measures.intervals[name]
        shown.append(f"{getattr(measures, name):.4f} [{low:.4f}, {high:.4f}]")
    return shown


def _warning(estimate: Estimate) -> str:
    return f'<p class="warn">{escape(estimate.warning)}</p>' if estimate.warning else ""


def _left_out(evaluation: Evaluation) -> str:
    said = [
        f"{count:,} {what}; left out."
        for count, what in (
            (evaluation.unmatched_truth, "truth rows name a record that is not in the entity map"),
            (evaluation.not_in_truth, "records are not in the truth"),
        )
        if count
    ]
    note = "Lines are 95 % intervals; what was sampled are truth clusters, not records or pairs."
    return f'<p class="note">{escape(" ".join([note, *said]))}</p>'


def _measures(evaluation: Evaluation) -> str:
    pictures, rows = [], []
    for kind, score in evaluation.scores.items():
        pictures.append(_dots(kind, score))
        for attribute, title in _MEASURES:
            rows.append([f"{kind}, {title}", *_cells(getattr(score, attribute))])
    columns = ("measure", "precision", "recall", "F1")
    return "".join(pictures) + table("The same as a table", columns, rows)


def _dots(kind: str, score: Score) -> str:
    """Draw every measure as a dot with its interval, on a scale that starts below the lowest of them."""
    lows = [getattr(score, a).intervals[f][0] for a, _ in _MEASURES for f, _ in _FIGURES]
    floor = min(0.95, int(min(lows) * 20) / 20)
    left, width = 210, 610

    def x(value: float) -> float:
        return left + (value - floor) / (1.0 - floor) * width

    shapes = [text((8, 18), kind, "strong")]
    for i in range(6):
        tick = floor + (1.0 - floor) * i / 5
        shapes += [line((x(tick), 26), (x(tick), 244), "var(--grid)"), text((x(tick), 18), f"{tick:.3g}", _TICK, anchor="middle")]
    y = 42
    for attribute, title in _MEASURES:
        measures = getattr(score, attribute)
        for place, (figure_, name) in enumerate(_FIGURES):
            value, (low, high) = getattr(measures, figure_), measures.intervals[figure_]
            label = (f"{title} {name}", "") if place == 0 else (name, "soft")
            shapes += [
                text((left - 14, y + 4), *label, anchor="end"),
                line((x(low), y), (x(high), y), "var(--range)", width=4),
                circle((x(value), y), 6, "var(--for)"),
                text((left + width + 14, y + 4), f"{value:.4f}", "num"),
            ]
            y += 22
        y += 6
    return figure(f"Measures of {kind}", "Each measure with its interval; the table below holds them", (920, 250), shapes)


def _curve(curve: Curve) -> str:
    low_r = max(0.0, min(0.9, int(min(curve.chosen.recall, curve.best.recall) * 10 - 2) / 10))
    low_p = max(0.0, min(0.9, int(min(curve.chosen.precision, curve.best.precision) * 10 - 2) / 10))
    left, top, width, height = _BOX

    def at(recall: float, precision: float) -> tuple[float, float]:
        return left + (recall - low_r) / (1.0 - low_r) * width, top + (1.0 - precision) / (1.0 - low_p) * height

    inside = [at(p.recall, p.precision) for p in curve.points if p.recall >= low_r and p.precision >= low_p]
    ceiling = at(curve.ceiling, 1.0)[0]
    shapes = [
        *_grid(low_r, low_p),
        line((ceiling, top), (ceiling, top + height), "var(--soft)", dashes="4 4"),
        text((ceiling - 8, top + height - 10), f"ceiling of the stored pairs {curve.ceiling:.4f}", "soft small", anchor="end"),
        polyline(inside, "var(--for)"),
    ]
    chosen, best = curve.chosen, curve.best
    names = {
        f"best F1 {best.f1:.4f} at {best.weight:+.2f}": (best, "var(--soft)"),
        f"chosen threshold {chosen.weight:+.2f}, F1 {chosen.f1:.4f}": (chosen, "var(--against)"),
    }
    by_height = sorted(names.items(), key=lambda item: -item[1][0].precision)
    for place, (name, (point, colour)) in enumerate(by_height):
        spot, end = at(point.recall, point.precision), (left + width * 0.5, top + height * (0.45 + 0.12 * place))
        shapes += [line(spot, end, colour), circle(spot, 6, colour)]
        shapes.append(text((end[0] - 6, end[1] + 5), name, anchor="end", style=HALO))
    said = f"At the threshold precision is {chosen.precision:.4f} and recall {chosen.recall:.4f}"
    caption = "Pairs one by one, before clustering; recall over all true pairs, those never compared included."
    return figure(f"Precision-recall curve of {curve.entity_type}", said, (840, 410), shapes, caption)


def _grid(low_r: float, low_p: float) -> list[str]:
    left, top, width, height = _BOX
    shapes = []
    for i in range(6):
        x, y = left + width * i / 5, top + height * (1 - i / 5)
        recall, precision = low_r + (1 - low_r) * i / 5, low_p + (1 - low_p) * i / 5
        shapes += [line((x, top), (x, top + height), "var(--grid)"), line((left, y), (left + width, y), "var(--grid)")]
        shapes.append(text((x, top + height + 18), f"{recall:.2f}", _TICK, anchor="middle"))
        shapes.append(text((left - 8, y + 4), f"{precision:.2f}", _TICK, anchor="end"))
    shapes.append(text((left + width / 2, top + height + 40), "recall", "soft", anchor="middle"))
    shapes.append(text((18, top + height / 2), "precision", "soft", anchor="middle", turn=-90))
    return shapes


def _curve_table(curve: Curve) -> str:
    named = [("chosen threshold", curve.chosen), ("best F1, known only with a truth", curve.best)]
    marks = [p for p in curve.points if p.weight % 4 == 0 and -8 <= p.weight <= 32]
    rows: list[list[Cell]] = [
        [n, f"{p.weight:+.2f}", p.pairs, f"{p.precision:.4f}", f"{p.recall:.4f}", f"{p.f1:.4f}"] for n, p in named
    ]
    rows += [["", f"{p.weight:+.2f}", p.pairs, f"{p.precision:.4f}", f"{p.recall:.4f}", f"{p.f1:.4f}"] for p in marks]
    return table("Points of the curve", ("", "least weight", "pairs", "precision", "recall", "F1"), rows)


def _errors(errors: Errors) -> str:
    kinds = list(errors.counts)
    rows: list[list[Cell]] = [
        [f"{error.replace('_', ' ')}: {meaning}", *(errors.counts[kind].get(error, 0) for kind in kinds)]
        for error, meaning in ERRORS.items()
    ]
    counted = table("Wrong pairs of records by type of error", ("error", *kinds), rows)
    lines = []
    for e in errors.sample:
        weight = "" if e.match_weight is None else f"{e.match_weight:+.2f}"
        lines.append([e.entity_type, e.error.replace("_", " "), e.record_id_l, e.record_id_r, weight])
    return counted + table("A sample of each type", ("entity type", "error", "record", "record", "weight"), lines)
