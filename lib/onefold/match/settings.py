"""blocking.yml and comparisons.yml: which records are compared, how, and how the model is trained."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from onefold.contracts.settings import Settings
from onefold.match.keys import parse_key
from onefold.match.levels import LevelKind, check_level, level_label, read_level

__all__ = [
    "STORED",
    "USUAL",
    "BlockingRule",
    "BlockingSettings",
    "Comparison",
    "ComparisonSettings",
    "EntityBlocking",
    "Level",
    "TrainingSettings",
]

STORED = "stored"
"""In place of a file of labels: the answers that `onefold label` keeps in match/label."""
USUAL = "usual"
"""In place of a file of a saved model: the m and u that comparisons have in most data."""


def _is_key(text: str) -> str:
    """Let pydantic report a wrong key with its place in the file."""
    parse_key(text)
    return text


def _is_compared_key(text: str) -> str:
    """Refuse keys that need the values of all records, which two records alone do not tell."""
    if parse_key(text).rarest is not None:
        raise ValueError(f"key {text!r}: the rarest values are for blocking rules; compare the words themselves, e.g. jaccard")
    return text


BlockKeyText = Annotated[str, AfterValidator(_is_key)]
KeyText = Annotated[str, AfterValidator(_is_compared_key)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class BlockingRule(Settings):
    """Records that agree on every key of the rule are compared."""

    name: Annotated[Name, Field(description="Name shown in reports and kept with every pair that the rule makes first.")]
    keys: Annotated[tuple[BlockKeyText, ...], Field(min_length=1, description="Keys as column|transform; all must agree.")]
    then: Annotated[
        tuple[BlockKeyText, ...],
        Field(description="Keys that must agree too in blocks over the bound, which are split by them instead of dropped."),
    ] = ()
    max_block_size: Annotated[
        int | None, Field(ge=2, description="Blocks with more records are dropped from this rule and reported.")
    ] = None


class EntityBlocking(Settings):
    """The blocking rules of one entity type, in order: a pair belongs to the first rule that makes it."""

    rules: Annotated[tuple[BlockingRule, ...], Field(min_length=1, max_length=60, description="Rules in order.")]
    max_block_size: Annotated[int, Field(ge=2, description="Block size bound of rules that name none.")] = 200
    max_pairs: Annotated[
        int, Field(ge=1, description="More pairs than this, all rules together, stop the run with the rules named.")
    ] = 2_000_000_000
    within_source: Annotated[
        bool, Field(description="Whether records of one source are compared with each other; false for clean sources.")
    ] = True
    junk: Annotated[
        tuple[str, ...],
        Field(description="Further values that never block, beside onefold's own (test@test.com, n/a, 1234567890...)."),
    ] = ()

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        names = [rule.name for rule in self.rules]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"rule names must differ; used more than once: {', '.join(twice)}")
        return self

    @property
    def key_texts(self) -> tuple[str, ...]:
        """The keys that the rules name, second ones included, each once."""
        return tuple(dict.fromkeys(text for rule in self.rules for text in (*rule.keys, *rule.then)))

    def cap_of(self, rule: BlockingRule) -> int:
        """Return the largest block, in records, that the rule may make."""
        return rule.max_block_size or self.max_block_size


class BlockingSettings(Settings):
    """blocking.yml: the rules of each entity type; a type that is absent is not matched."""

    person: Annotated[EntityBlocking | None, Field(description="Rules for people.")] = None
    company: Annotated[EntityBlocking | None, Field(description="Rules for companies.")] = None


class Level(Settings):
    """One level of agreement; in YAML a word (`exact`) or one entry (`jaro_winkler: 0.92`), with `column` where it differs."""

    kind: Annotated[LevelKind, Field(description="What is tested; onefold.match.levels lists the kinds.")]
    value: Annotated[float | str | tuple[str, ...] | bool | None, Field(description="Bound, column or columns of the test.")] = (
        None
    )
    column: Annotated[KeyText | None, Field(description="Key to test instead of the comparison's own column.")] = None
    neutral: Annotated[
        bool, Field(description="Weighs nothing: agreement that other comparisons explain, but that is no disagreement either.")
    ] = False
    label: Annotated[str, Field(description="Label shown by explain; made from kind and value when absent.")] = ""

    @model_validator(mode="before")
    @classmethod
    def _from_yaml(cls, value: object) -> object:
        return read_level(value)

    @model_validator(mode="after")
    def _fits_kind(self) -> Self:
        check_level(self.kind, self.value)
        return self

    @property
    def name(self) -> str:
        """The label, made from kind, value and column when none was given."""
        return self.label or level_label(self.kind, self.value, self.column)


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class Comparison(Settings):
    """What is compared, and its levels from the best agreement to the least; null comes before them, `else` after."""

    name: Annotated[Name, Field(description="Name shown by explain.")]
    column: Annotated[
        tuple[KeyText, ...],
        BeforeValidator(_one_or_many),
        Field(min_length=1, description="Key compared; null when missing on either side (of several: when none is on both)."),
    ]
    levels: Annotated[tuple[Level, ...], Field(min_length=1, max_length=20, description="Levels, best first.")]
    term_frequency: Annotated[
        bool, Field(description="Whether agreement on a rare value counts for more (levels exact and equal).")
    ] = False
    fuzzy_term_frequency: Annotated[
        float, Field(ge=0, le=1, description="Share of that adjustment given to the other levels, by the more common value.")
    ] = 0.0
    skip_when_swapped_with: Annotated[
        KeyText | None,
        Field(description="Weighs nothing when swapped with this key, whose own comparison counts the swap."),
    ] = None
    group: Annotated[
        Name | None, Field(description="Comparisons of one group depend on each other: trained apart, counted with a discount.")
    ] = None

    chance: Annotated[
        float | None,
        Field(gt=0, lt=1, description="How often records of different customers reach the best level (its u), where known."),
    ] = None
    disagree: Annotated[
        float | None,
        Field(gt=0, lt=1, description="How often records of one customer reach no level (the m of else), where that is known."),
    ] = None
    shared: Annotated[
        float,
        Field(ge=0, le=1, description="How often related but different parties (a household, a group) agree here as matches do."),
    ] = 0.0

    @model_validator(mode="after")
    def _labels_once(self) -> Self:
        labels = [level.name for level in self.levels]
        twice = sorted({label for label in labels if labels.count(label) > 1})
        if twice:
            raise ValueError(f"levels must differ; used more than once: {', '.join(twice)}")
        return self


class TrainingSettings(Settings):
    """How m, u and the prior are estimated: on bounded samples, the same on every run."""

    seed: Annotated[int, Field(description="Seed of every sample.")] = 20_26
    u_pairs: Annotated[int, Field(ge=1_000, description="Random record pairs for u.")] = 200_000
    m_pairs: Annotated[int, Field(ge=1_000, description="Most blocked pairs used by EM, sampled by hash.")] = 2_000_000
    max_iterations: Annotated[int, Field(ge=1, le=10_000, description="EM iterations of a pass at most.")] = 1_000
    tolerance: Annotated[float, Field(gt=0, lt=0.1, description="Largest change of an m or λ at which EM has converged.")] = 1e-4
    prior_strength: Annotated[
        float, Field(ge=0, description="Imagined matches behind the default m, so that few data do not decide alone.")
    ] = 4.0
    within: Annotated[
        KeyText | None,
        Field(
            description="Key that parts the records into populations of their own (country): agreement by chance is measured "
            "inside one. Left out for types that compare this key, and where more than one record in twenty lacks it."
        ),
    ] = None
    model: Annotated[
        str | None,
        Field(
            description="File of a saved model (onefold model --export) to use instead of training one; usual: the m and u "
            "that comparisons have in most data, for few records or names alone, without EM."
        ),
    ] = None
    labels: Annotated[
        str | None,
        Field(
            description="CSV of labelled pairs (left_id, right_id, is_match) whose matches train m; or stored (onefold label)."
        ),
    ] = None
    labels_with_em: Annotated[
        bool, Field(description="Whether labels join what EM finds; false lets the labels alone train m.")
    ] = True
    refresh_days: Annotated[
        int,
        Field(
            ge=0,
            description="Days that a trained model and its counts serve; until then only what a feed touched is matched. "
            "0: every run trains anew and compares everything, and nothing is kept between runs.",
        ),
    ] = 30
    refresh_growth: Annotated[
        float, Field(gt=0, description="Share by which the records may grow or shrink before a model is trained anew.")
    ] = 0.2
    group_discount: Annotated[
        float, Field(ge=0, le=1, description="Share kept of every weight but the strongest of its sign within a group.")
    ] = 0.5


class ComparisonSettings(Settings):
    """comparisons.yml: the comparisons of each entity type, the training and which scored pairs are stored."""

    person: Annotated[tuple[Comparison, ...] | None, Field(description="Comparisons of people.")] = None
    company: Annotated[tuple[Comparison, ...] | None, Field(description="Comparisons of companies.")] = None
    training: Annotated[TrainingSettings, Field(description="How the model is trained.")] = TrainingSettings()
    store_above: Annotated[float, Field(description="Match weight (log base 2) above which a scored pair is stored.")] = -5.0

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        for type_ in ("person", "company"):
            names = [c.name for c in getattr(self, type_) or ()]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{type_}: comparison names must differ; used more than once: {', '.join(twice)}")
        return self

    def of(self, entity_type: Literal["person", "company"]) -> tuple[Comparison, ...] | None:
        """Return the comparisons of an entity type, None when it is not matched."""
        return self.person if entity_type == "person" else self.company
