"""What quality needs to know: rules, the decision tree, and how results are grouped, scored and asserted.

The checks stand in catalogue.py, the parameters of each in parameters.py.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from onefold.contracts.settings import Settings
from onefold.quality.catalogue import CHECKS, Check
from onefold.quality.history_settings import AlarmSettings, CostSettings, TargetSettings, WatchSettings

__all__ = ["Assertion", "ClassificationSettings", "Node", "QualitySettings", "Rule", "RuleFile"]

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Share = Annotated[float, Field(ge=0, le=1)]
_CHECKED = ("table", "attribute", "check", "value", "where", "entity_type")
_INHERITED = ("owner", "attribute", "table")


class Rule(Settings):
    """One rule: what must hold of an attribute, for which records, how bad it is, and whose it is."""

    id: Annotated[Name, Field(description="Name of the rule, once in the whole configuration; history goes by it.")]
    attribute: Annotated[Name, Field(description="Attribute that the rule is about; scores are kept by it.")]
    table: Annotated[Literal["party", "interaction", "customer"], Field(description="Table that is checked.")] = "party"
    dimension: Annotated[
        Literal["completeness", "correctness", "ageing", "relevancy"], Field(description="Dimension of quality.")
    ]
    check: Annotated[str, Field(description="A check of the catalogue (docs/quality-rules.md).")]
    params: Annotated[Any, Field(validate_default=True, description="Parameters of the check.")] = {}
    value: Annotated[
        str | None, Field(min_length=1, description="Spark SQL of the checked value; default the column called as the attribute.")
    ] = None
    where: Annotated[str | None, Field(min_length=1, description="Spark SQL condition: which records the rule applies to.")] = (
        None
    )
    entity_type: Annotated[Literal["person", "company"] | None, Field(description="Applies to these only.")] = None
    sources: Annotated[tuple[Name, ...], Field(description="Applies to these sources only; none: all.")] = ()
    regions: Annotated[tuple[str, ...], Field(description="Applies to these regions only; none: all.")] = ()
    severity: Annotated[
        Literal["blocks", "warns"], Field(description="blocks: a record that fails is withheld from matching.")
    ] = "warns"
    warn_below: Annotated[Share, Field(description="A share of passed below this is a warning.")] = 0.98
    fail_below: Annotated[Share, Field(description="A share of passed below this is a failure.")] = 0.90
    weight: Annotated[float, Field(gt=0, description="Weight in scores.")] = 1.0
    owner: Annotated[str, Field(min_length=1, description="Who answers for the attribute.")]
    description: Annotated[str, Field(min_length=10, description="What must hold, in plain words.")]
    impact: Annotated[str | None, Field(description="What a failure costs the business.")] = None
    action: Annotated[str | None, Field(description="What to do about failures.")] = None
    since: Annotated[str | None, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="Day from which the rule is there.")] = None
    place: Annotated[str, Field(description="File and line; filled in when the configuration is loaded.")] = ""

    @field_validator("check")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in CHECKS:
            near = difflib.get_close_matches(value, CHECKS, n=1)
            raise ValueError(f"no such check; {f'did you mean {near[0]!r}? ' if near else ''}allowed: {', '.join(CHECKS)}")
        return value

    @field_validator("params")
    @classmethod
    def _of_the_check(cls, value: Any, info: Any) -> Any:
        check = CHECKS.get(str(info.data.get("check")))
        if check is None or isinstance(value, check.params):  # an unknown check is said already
            return value
        try:
            return check.params.model_validate(value or {})
        except ValidationError as error:
            raise ValueError(_said(error, check)) from None

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.fail_below > self.warn_below:
            raise ValueError(f"fail_below {self.fail_below} is above warn_below {self.warn_below}; it must not be")
        if self.severity == "blocks" and (self.kind.level == "aggregate" or self.table != "party"):
            raise ValueError("severity blocks is for rules that judge records of the table party; use warns and an assertion")
        if self.table != "party" and self.entity_type and self.table == "interaction":
            raise ValueError("entity_type: interactions have none; use table party or customer")
        return self

    @property
    def kind(self) -> Check:
        """The rule's check in the catalogue."""
        return CHECKS[self.check]

    @property
    def fingerprint(self) -> str:
        """A hash of what is checked and of which records, thresholds and words aside: another one starts a new history."""
        said = self.model_dump(mode="json", include=set(_CHECKED))
        said |= {"params": self.params.model_dump(mode="json"), "sources": sorted(self.sources), "regions": sorted(self.regions)}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


class RuleFile(Settings):
    """rules/NAME.yml: rules that belong together, with what they have in common said once."""

    name: Annotated[str, Field(description="Name of the file.")]
    owner: Annotated[str | None, Field(description="Owner of rules that name none.")] = None
    attribute: Annotated[Name | None, Field(description="Attribute of rules that name none.")] = None
    table: Annotated[str | None, Field(description="Table of rules that name none; default party.")] = None
    rules: Annotated[tuple[Rule, ...], Field(description="The rules.")]

    @model_validator(mode="before")
    @classmethod
    def _inherit(cls, value: Any) -> Any:
        """Give the rules what the file says for all of them."""
        if not isinstance(value, dict) or not isinstance(value.get("rules"), list):
            return value
        common = {key: value[key] for key in _INHERITED if value.get(key) is not None}
        return {**value, "rules": [{**common, **rule} if isinstance(rule, dict) else rule for rule in value["rules"]]}


class Assertion(Settings):
    """A measure that must reach a least value (or the run stops before matching), or should not pass a most (a warning)."""

    metric: Annotated[Literal["score", "checked", "failed"], Field(description="score: weighted share that passes, 0 to 1.")] = (
        "score"
    )
    level: Annotated[
        Literal["overall", "dimension", "attribute", "source", "region", "division", "owner", "rule"],
        Field(description="What the measure is of."),
    ] = "overall"
    subject: Annotated[str, Field(description="Name at that level; (all) for overall.")] = "(all)"
    min: Annotated[
        float | None, Field(description="Less than this stops the run before match; readers keep yesterday's gold.")
    ] = None
    max: Annotated[float | None, Field(description="More than this is a warning.")] = None
    owner: Annotated[str | None, Field(description="Who is named; default the owner of the rules with the most failures.")] = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("give min, max or both")
        if (self.level == "overall") != (self.subject == "(all)"):
            raise ValueError(f"level {self.level} needs {'no subject' if self.level == 'overall' else 'a subject: its name'}")
        return self


class QualitySettings(Settings):
    """quality.yml: whether and how quality is measured, and what must hold before anything is matched."""

    enabled: Annotated[bool, Field(description="Whether the quality stage measures; without it nothing is withheld.")] = True
    region: Annotated[str, Field(min_length=1, description="Column of silver/party, or Spark SQL over it, of the region.")] = (
        "country"
    )
    examples: Annotated[int, Field(ge=0, le=100, description="Record ids kept as examples for each rule, source and region.")] = 5
    sentinels: Annotated[
        tuple[str, ...], Field(description="Values that mean nothing, for the check not_sentinel; without case.")
    ] = (
        "n/a", "na", "null", "none", "nil", "unknown", "undefined", "not available", "not applicable", "tbd", "tba", "-", "--",
        ".", "?", "x", "xx", "xxx", "0", "00000", "000000", "99999", "999999999",
    )  # fmt: skip
    assertions: Annotated[tuple[Assertion, ...], Field(description="Measures that must hold.")] = ()
    watch: Annotated[WatchSettings, Field(description="When a change is an incident.")] = WatchSettings()
    targets: Annotated[TargetSettings, Field(description="Scores that are to be reached.")] = TargetSettings()
    costs: Annotated[CostSettings, Field(description="What a failure costs.")] = CostSettings()
    alarms: Annotated[AlarmSettings, Field(description="Who is told of incidents.")] = AlarmSettings()


class Node(Settings):
    """A question of the decision tree; its conditions must all hold for `then`, else `otherwise` comes next."""

    name: Annotated[Name, Field(description="Name of the question; part of the path kept.")]
    when: Annotated[
        str | None, Field(min_length=1, description="Spark SQL over the party's columns and `failed`, its failed rules (a list).")
    ] = None
    fails_any: Annotated[tuple[Name, ...], Field(description="At least one of these rules fails.")] = ()
    fails_all: Annotated[tuple[Name, ...], Field(description="All of these rules fail.")] = ()
    then: Annotated[Name, Field(description="A class, or a later node, where the conditions hold (null does not).")]
    otherwise: Annotated[Name | None, Field(description="A class, or a later node; default the next node.")] = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not (self.when or self.fails_any or self.fails_all):
            raise ValueError("give when, fails_any or fails_all")
        return self


class ClassificationSettings(Settings):
    """classification.yml: the decision tree that gives every party a class, the path kept."""

    classes: Annotated[dict[Name, str], Field(description="The classes, and what each means.")] = {}
    nodes: Annotated[tuple[Node, ...], Field(description="The questions in order; the first is where every record starts.")] = ()

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        order = {node.name: number for number, node in enumerate(self.nodes)}
        if len(order) < len(self.nodes) or order.keys() & self.classes.keys():
            raise ValueError("names of nodes and classes must differ from one another")
        for number, node in enumerate(self.nodes):
            for target in (node.then, node.otherwise):
                if target is None and number + 1 == len(self.nodes):
                    raise ValueError(f"nodes[{number}] {node.name}: the last node needs otherwise")
                if target is not None and target not in self.classes and order.get(target, -1) <= number:
                    raise ValueError(f"nodes[{number}] {node.name}: {target!r} is neither a class nor a later node")
        return self


def _said(error: ValidationError, check: Check) -> str:
    """Return what is wrong with a check's parameters, and which it has."""
    told = []
    for one in error.errors(include_url=False):
        name = ".".join(str(part) for part in one["loc"])
        message = {"extra_forbidden": "unknown", "missing": "is missing"}.get(
            one["type"], one["msg"].removeprefix("Value error, ")
        )
        told.append(f"{name}: {message}" if name else message)
    allowed = ", ".join(check.params.model_fields) or "none"
    return f"{'; '.join(told)}; the check {check.name} has: {allowed}"
