"""Makes rules ready for a table: every expression resolved before anything is scanned, all that is wrong said at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

from pyspark.errors import AnalysisException, ParseException
from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.errors import ConfigurationError
from onefold.quality.checks import Surroundings, Value, passes
from onefold.quality.settings import Rule
from onefold.quality.subject import Subject

__all__ = ["Ready", "Rules", "ready"]

_MAX_TEXT = 300


@dataclass(frozen=True)
class Ready:
    """A rule with its number and its columns: whom it applies to, what it judges, and who fails (null for set and aggregate)."""

    number: int
    rule: Rule
    applies: Column
    value: Value | None
    fails: Column | None


@dataclass(frozen=True)
class Rules:
    """The rules of one table, ready, in the order of their ids; a rule's number is its place in `names`."""

    subject: Subject
    around: Surroundings
    all: tuple[Ready, ...]
    names: tuple[str, ...]

    def of(self, level: str) -> list[Ready]:
        """Return those that judge at a level: row, set or aggregate."""
        return [r for r in self.all if r.rule.kind.level == level]

    @cached_property
    def cohorts(self) -> list[str | None]:
        """The distinct conditions of the rules that judge records: which of them are asked is counted once for each."""
        return list(dict.fromkeys(r.rule.where for r in self.all if r.rule.kind.level != "aggregate"))

    def without(self, broken: Sequence[str]) -> Rules:
        """Return the rules but those of these ids; numbers stay."""
        return Rules(self.subject, self.around, tuple(r for r in self.all if r.rule.id not in broken), self.names)


def ready(rules: Sequence[Rule], subject: Subject, around: Surroundings) -> Rules:
    """Return the rules of the subject's table, ready.

    Raises:
        ConfigurationError: with every rule whose SQL does not parse, or names a column that the table does not have.
    """
    mine = sorted((r for r in rules if r.table == subject.table), key=lambda r: r.id)
    made: list[Ready] = []
    problems: list[str] = []
    for number, rule in enumerate(mine):
        try:
            made.append(_ready(number, rule, subject, around))
        except (AnalysisException, ParseException) as error:
            problems.append(_said(rule, error))
    if not problems:
        problems = _unresolved(made, subject)
    if problems:
        raise ConfigurationError(f"rules do not fit the table {subject.table}", problems=tuple(problems))
    return Rules(subject, around, tuple(made), tuple(rule.id for rule in mine))


def _ready(number: int, rule: Rule, subject: Subject, around: Surroundings) -> Ready:
    applies = _applies(rule, subject)
    if rule.kind.null == "-" and rule.value is None and rule.attribute not in around.frame.columns:
        value = Value(rule, F.lit(None), around.frame.schema[0].dataType, around)
    else:
        column, type_ = around.typed(rule.value or rule.attribute)
        value = Value(rule, column, type_, around)
    if rule.kind.level != "row":
        return Ready(number, rule, applies, value, None)
    # A record that the rule does not apply to is not even asked: its value may be what the condition rules out.
    failing = F.when(applies, ~F.coalesce(passes(value), F.lit(True))).otherwise(F.lit(False))
    return Ready(number, rule, applies, value, failing)


def _applies(rule: Rule, subject: Subject) -> Column:
    scope: list[Column] = []
    if rule.entity_type:
        scope.append(subject.entity_type == rule.entity_type)
    if rule.sources:
        scope.append(subject.source.isin(*rule.sources))
    if rule.regions:
        scope.append(subject.region.isin(*rule.regions))
    if rule.where:
        scope.append(F.coalesce(F.expr(rule.where).cast("boolean"), F.lit(False)))
    return reduce(Column.__and__, scope) if scope else F.lit(True)


def _unresolved(made: Sequence[Ready], subject: Subject) -> list[str]:
    """Return what is wrong with single rules, looked for only where all of them together do not resolve."""

    def columns(one: Ready) -> list[Column]:
        return [one.applies] if one.fails is None else [one.fails]

    if not _error(subject, lambda: [c for one in made for c in columns(one)]):
        return []
    found = ((one.rule, _error(subject, lambda one=one: columns(one))) for one in made)  # type: ignore[misc]
    return [_said(rule, error) for rule, error in found if error]


def _error(subject: Subject, columns: Callable[[], list[Column]]) -> AnalysisException | None:
    try:
        # Beside the row's own id, so that an aggregate where a row's condition is wanted is refused too.
        subject.frame.select(subject.id, *columns())
    except AnalysisException as error:
        return error
    return None


def _said(rule: Rule, error: Exception) -> str:
    """Return the rule's place and what Spark says of its SQL: column names and syntax, for it has seen no row yet."""
    text = " ".join(str(error).split("\n\n")[0].split(";")[0].split())
    return f"{rule.place or 'rules'}: {rule.id}: {text[:_MAX_TEXT]}"
