"""Splink on the sets of people, with DuckDB: for each the model that its own guide would lead to, from the columns alone."""

from __future__ import annotations

import csv
import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

__all__ = ["Outcome", "run_splink"]

_WEIGHTS = (0.5, 0.95, 0.99)


@dataclass(frozen=True)
class Outcome:
    """What came out at one threshold; `best` is chosen with the truth, which no user could."""

    threshold: str
    pairwise: dict[str, float]
    bcubed: dict[str, float]


@dataclass(frozen=True)
class _Model:
    comparisons: list[Any]
    rules: list[Any]
    training: list[Any]
    recall_rules: list[Any]
    recall: float = 0.7
    link_type: str = "dedupe_only"


def _febrl(link_type: str) -> _Model:
    """Return the model of Splink's FEBRL examples, its identifier left out."""
    return _Model(
        [
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("address_1", [2, 4]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("state"),
            cl.LevenshteinAtThresholds("suburb", [2]).configure(term_frequency_adjustments=True),
        ],
        [
            block_on("given_name", "surname"),
            block_on("surname", "date_of_birth"),
            block_on("given_name", "date_of_birth"),
            block_on("date_of_birth", "postcode"),
            block_on("surname", "postcode"),
            block_on("given_name", "postcode"),
            block_on("street_number", "address_1"),
            block_on("address_1", "suburb"),
            block_on("date_of_birth"),
            block_on("surname", "suburb"),
            block_on("given_name", "suburb"),
            block_on("postcode", "street_number"),
        ],
        [block_on("given_name", "surname"), block_on("date_of_birth"), block_on("postcode", "street_number")],
        [block_on("given_name", "surname", "date_of_birth"), block_on("address_1", "postcode", "date_of_birth")],
        link_type=link_type,
    )


def _historical() -> _Model:
    """Return the model of Splink's historical-people example."""
    return _Model(
        [
            cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="first_and_surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        [
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake,1,3)", "dob"),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
            block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ],
        [block_on("first_name", "surname"), block_on("dob")],
        [block_on("first_name", "surname", "dob"), block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)")],
        recall=0.6,
    )


def _fake() -> _Model:
    """Return the model of Splink's fake_1000 example, with more rules."""
    return _Model(
        [
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        [block_on("first_name"), block_on("surname"), block_on("dob"), block_on("email"), block_on("substr(dob,1,7)")],
        [block_on("first_name", "surname"), block_on("dob"), block_on("email")],
        [block_on("first_name", "surname"), block_on("email")],
    )


def _geco() -> _Model:
    parts = [block_on(f"substr(card,{start},5)") for start in (1, 3, 5, 7, 9, 11, 12)]
    return _Model(
        [
            cl.ExactMatch("surname").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("card", [1, 2, 3, 5]),
            cl.DamerauLevenshteinAtThresholds("age", [1]),
            cl.ExactMatch("gender"),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        ],
        [*parts, block_on("surname", "city", "gender", "age")],
        [block_on("substr(card,1,5)"), block_on("substr(card,8,5)")],
        [block_on("substr(card,1,8)")],
        recall=0.5,
    )


def _uganda(*, ids: bool) -> _Model:
    known = [cl.DamerauLevenshteinAtThresholds(name, [1, 2]) for name in ("uganda_nin", "art_number")] if ids else []
    rules = [block_on("uganda_nin"), block_on("art_number")] if ids else []
    return _Model(
        [
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("phone_number", [1, 2]),
            cl.ExactMatch("sex"),
            *known,
        ],
        [
            *rules,
            block_on("date_of_birth"),
            block_on("phone_number"),
            block_on("given_name", "surname"),
            block_on("substr(surname,1,3)", "substr(date_of_birth,1,4)"),
            block_on("substr(given_name,1,3)", "substr(phone_number,1,6)"),
        ],
        [block_on("date_of_birth"), block_on("phone_number")],
        [block_on("given_name", "surname", "date_of_birth"), block_on("phone_number")],
    )


def _model(name: str) -> _Model:
    models = {
        "febrl3": lambda: _febrl("dedupe_only"),
        "febrl4": lambda: _febrl("link_only"),
        "historical_50k": _historical,
        "fake_1000": _fake,
        "geco_japanese": _geco,
        "uganda": lambda: _uganda(ids=True),
        "uganda_without_ids": lambda: _uganda(ids=False),
    }
    return models[name]()


def _read(path: Path) -> tuple[list[str], list[dict[str, str | None]]]:
    with path.open(newline="", encoding="utf-8") as lines:
        rows = [{key: value or None for key, value in row.items()} for row in csv.DictReader(lines)]
    for row in rows:
        row["unique_id"] = row.pop("rec_id", None) or row.pop("record_id", None)
        if "credit-card-number" in row:
            row["card"] = "".join((row.pop("credit-card-number") or "").split()) or None
    return list(rows[0]), rows


def run_splink(name: str, files: list[Path], truth: Path) -> list[Outcome]:
    """Train, predict and cluster; return the outcome at 0.5, 0.95 and 0.99 and at the best threshold for this truth."""
    import pandas as pd

    model, api = _model(name), DuckDBAPI()
    frames = [pd.DataFrame(_read(path)[1]) for path in files]
    settings = SettingsCreator(
        link_type=model.link_type,  # type: ignore[arg-type]
        comparisons=model.comparisons,
        blocking_rules_to_generate_predictions=model.rules,
        retain_matching_columns=False,
    )
    linker = Linker([api.register(frame) for frame in frames], settings, log_level=40)
    linker.training.estimate_probability_two_random_records_match(model.recall_rules, recall=model.recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in model.training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_weight=-5).as_pandas_dataframe()
    edges = pairs[["unique_id_l", "unique_id_r", "match_weight"]].itertuples(index=False, name=None)
    with truth.open(newline="", encoding="utf-8") as lines:
        clusters = {row["record_id"]: row["cluster_id"] for row in csv.DictReader(lines)}
    return _outcomes(sorted(edges, key=lambda edge: -edge[2]), clusters)


def _outcomes(edges: list[tuple[str, str, float]], truth: dict[str, str]) -> list[Outcome]:
    """Measure at fixed thresholds and at the best of whole weights; edges come heaviest first, so clusters only grow."""
    import math

    fixed = {math.log2(p / (1 - p)): f"{p:g}" for p in _WEIGHTS}
    found, best = [], None
    growing, at = _Clusters(truth), 0
    for weight in sorted({*fixed, *range(-5, 31)}, reverse=True):
        while at < len(edges) and edges[at][2] >= weight:
            growing.join(*edges[at][:2])
            at += 1
        pairwise, bcubed = growing.measure()
        if weight in fixed:
            found.append(Outcome(fixed[weight], pairwise, bcubed))
        if best is None or pairwise["f1"] > best.pairwise["f1"]:
            best = Outcome(f"best ({weight:.0f})", pairwise, bcubed)
    return [*found[::-1], *([best] if best else [])]


class _Clusters:
    """Connected components that grow edge by edge, and their measures against the truth."""

    def __init__(self, truth: dict[str, str]) -> None:
        self.truth, self.parent = truth, {record: record for record in truth}
        sizes = Counter(truth.values())
        self.sizes, self.true = sizes, sum(n * (n - 1) / 2 for n in sizes.values())

    def root(self, record: str) -> str:
        while self.parent[record] != record:
            self.parent[record] = record = self.parent[self.parent[record]]
        return record

    def join(self, left: str, right: str) -> None:
        self.parent[self.root(left)] = self.root(right)

    def measure(self) -> tuple[dict[str, float], dict[str, float]]:
        cells: dict[str, Counter[str]] = defaultdict(Counter)
        for record, cluster in self.truth.items():
            cells[self.root(record)][cluster] += 1
        counts = list(
            itertools.chain.from_iterable((sum(c.values()), n, self.sizes[k]) for c in cells.values() for k, n in c.items())
        )
        triples = list(zip(counts[::3], counts[1::3], counts[2::3], strict=True))
        both = sum(n * (n - 1) / 2 for _, n, _ in triples)
        predicted = sum(n * (n - 1) / 2 for n in (sum(c.values()) for c in cells.values()))
        records = len(self.truth)
        cubed = (sum(n * n / size for size, n, _ in triples) / records, sum(n * n / size for _, n, size in triples) / records)
        return _f1(both / predicted if predicted else 1.0, both / self.true), _f1(*cubed)


def _f1(precision: float, recall: float) -> dict[str, float]:
    both = precision + recall
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / both if both else 0.0}
