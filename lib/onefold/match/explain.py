"""Why two records match or not: the steps from the prior to the total, and their waterfall as text.

Only levels and weights are shown, never values of customers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.errors import DataContractError
from onefold.match.judge.near_rules import NearRule, near_rules
from onefold.match.model import prior_of
from onefold.match.settings import BlockingSettings

__all__ = ["Explanation", "Step", "explain", "explain_pair", "render"]

_BAR = 40
_NEAR = 5


@dataclass(frozen=True)
class Step:
    """One step of the waterfall: its name, the level reached, its weight in bits and the running total after it."""

    name: str
    level: str
    weight: float
    total: float


@dataclass(frozen=True)
class Explanation:
    """Why a pair has its weight, or why it has none; `near` are then the rules that came nearest to joining it."""

    record_id_l: str
    record_id_r: str
    entity_type: str | None
    scored: bool
    rules: tuple[str, ...] | None
    steps: tuple[Step, ...] = ()
    match_weight: float | None = None
    match_probability: float | None = None
    note: str = ""
    near: tuple[NearRule, ...] = ()

    def text(self) -> str:
        """Return the waterfall as text."""
        return render(self)


def explain(
    pairs: DataFrame,
    parties: DataFrame,
    model: DataFrame,
    id_l: str,
    id_r: str,
    *,
    blocking: BlockingSettings | None = None,
) -> Explanation:
    """Return why two records match: the stored pair's waterfall, or why there is no stored pair.

    Args:
        pairs: match/pair.
        parties: silver/party.
        model: match/model.
        id_l: record id of one record.
        id_r: record id of the other.
        blocking: the rules, to say which of them join the records when no pair is stored.

    Raises:
        DataContractError: when a record is not in silver/party, or the two ids are one.
    """
    if id_l == id_r:
        raise DataContractError(f"the two records are one: {id_l}", hint="give two different record ids")
    ids = F.col("record_id").isin(id_l, id_r)
    known = parties.where(ids).select("record_id", "entity_type")
    # bounded: the two records asked for
    found = {row["record_id"]: row["entity_type"] for row in known.toLocalIterator()}
    absent = [i for i in (id_l, id_r) if i not in found]
    if absent:
        raise DataContractError(
            f"no record {' and no record '.join(absent)} in silver/party", hint="a record id is source:key, e.g. crm:1001"
        )
    one_way = (F.col("record_id_l") == id_l) & (F.col("record_id_r") == id_r)
    other_way = (F.col("record_id_l") == id_r) & (F.col("record_id_r") == id_l)
    stored = pairs.where(one_way | other_way).limit(1).toLocalIterator()  # bounded: the one pair asked for
    for row in stored:
        # bounded: a few levels a comparison
        rows = [r.asDict() for r in model.toLocalIterator()]
        return explain_pair(row.asDict(recursive=True), rows)
    return _unscored(parties, (id_l, id_r), found, blocking)


def explain_pair(pair: Mapping[str, Any], model: list[dict[str, Any]]) -> Explanation:
    """Return the waterfall of one row of match/pair, with the prior from the rows of match/model."""
    total = prior_of(model, str(pair["entity_type"]))
    steps = [Step("prior", "before anything is compared", total, total)]
    for part in pair["comparisons"]:
        total += part["weight"]
        steps.append(Step(part["name"], part["level"], part["weight"], total))
        if abs(part["tf_weight"] or 0.0) >= 0.005:
            total += part["tf_weight"]
            steps.append(Step(part["name"], "how common the value is", part["tf_weight"], total))
    rest = float(pair["match_weight"]) - total
    if abs(rest) >= 0.005:
        steps.append(Step("dependence", "agreement that a household or one fact explains", rest, float(pair["match_weight"])))
    return Explanation(
        record_id_l=pair["record_id_l"],
        record_id_r=pair["record_id_r"],
        entity_type=pair["entity_type"],
        scored=True,
        rules=(pair["rule"],),
        steps=tuple(steps),
        match_weight=float(pair["match_weight"]),
        match_probability=float(pair["match_probability"]),
    )


def _unscored(parties: DataFrame, ids: tuple[str, str], types: dict[str, str], blocking: BlockingSettings | None) -> Explanation:
    left, right = ids
    if types[left] != types[right]:
        note = f"never compared: {left} is a {types[left]}, {right} a {types[right]}"
        return Explanation(left, right, None, scored=False, rules=(), note=note)
    kind = types[left]
    settings = None if blocking is None else getattr(blocking, kind)
    if settings is None:
        note = "no scored pair is stored: either no blocking rule joins them, or their weight is under store_above"
        return Explanation(left, right, kind, scored=False, rules=None if blocking is None else (), note=note)
    near = near_rules(parties.where(F.col("entity_type") == kind), ids, settings)
    rules = tuple(rule.rule for rule in near if rule.joins)
    if rules:
        note = (
            f"no scored pair is stored although {', '.join(rules)} would join them: their weight is under store_above, "
            "or the block was over its bound"
        )
        return Explanation(left, right, kind, scored=False, rules=rules, note=note)
    close = tuple(rule for rule in near if rule.agreeing)[:_NEAR]
    note = "never compared: no blocking rule joins them" + ("" if close else ", and no key of any rule agrees")
    return Explanation(left, right, kind, scored=False, rules=rules, note=note, near=close)


def render(explanation: Explanation) -> str:
    """Return the waterfall as text: a line a step, its bar running from the total before to the total after."""
    head = f"{explanation.record_id_l}  ~  {explanation.record_id_r}"
    if not explanation.scored:
        near = [f"    {rule.text()}" for rule in explanation.near]
        return "\n".join([head, f"  {explanation.note}", *(["  nearest came", *near] if near else [])])
    totals = [0.0, *(step.total for step in explanation.steps)]
    low, high = min(totals), max(totals)
    scale = _BAR / max(high - low, 1e-9)
    wide = max(len(_title(step)) for step in explanation.steps)
    lines = [f"{head}   ({explanation.entity_type}, found by rule {', '.join(explanation.rules or ())})"]
    before = 0.0
    for step in explanation.steps:
        start, end = sorted((before, step.total))
        length = max(1, round((end - start) * scale)) if step.weight else 0
        bar = " " * round((start - low) * scale) + ("█" if step.weight >= 0 else "░") * length
        lines.append(f"  {_title(step):<{wide}}  {step.weight:+8.2f}  {bar}".rstrip())
        before = step.total
    lines.append(f"  {'match weight':<{wide}}  {explanation.match_weight:+8.2f}")
    lines.append(f"  {'match probability':<{wide}}  {explanation.match_probability:8.6f}")
    return "\n".join(lines)


def _title(step: Step) -> str:
    return f"{step.name}: {step.level}"
