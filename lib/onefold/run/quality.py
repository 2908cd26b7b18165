"""Runs quality: silver in; what every rule found, record by record and counted, out; then whether what is asserted holds.

Order of writes: quality/rule_result, in place of what the same run wrote before, then quality/record, whose note says how many
records are withheld from matching: from then on they are. A run killed in between is simply run again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from onefold.cleanse.emails import FREE_DOMAINS, ROLES
from onefold.cleanse.reference import disposable_domains, legal_forms
from onefold.contracts.gold import CUSTOMER
from onefold.contracts.quality import RECORD_QUALITY, RULE_RESULT
from onefold.contracts.silver import INTERACTION, PARTY
from onefold.errors import DataContractError, QualityGateError
from onefold.quality import broken, counts, figures, once, subject
from onefold.quality.checks import Surroundings
from onefold.quality.gate import Finding, judge, measures
from onefold.quality.ready import Rules, ready
from onefold.quality.reference import REFERENCES, reference
from onefold.run.context import ItemReport, RunContext, StageReport
from onefold.run.parties import WITHHELD
from onefold.run.quality_history import keep_history
from onefold.run.waivers import waived
from onefold.store.scratch import Scratch, scratch_of

__all__ = ["results_of", "run_quality"]


@dataclass(frozen=True)
class _Done:
    """One table judged: results, what the pass found (None where it cannot be evaluated), and the rules that broke."""

    results: tuple[DataFrame, ...]
    found: once.Judged
    broken: Mapping[str, str]


def run_quality(context: RunContext) -> StageReport:
    """Evaluate every rule, write results and records, and stop the run where an assertion with `min` does not hold.

    Raises:
        StageOrderError: when cleanse has not written silver/party.
        ConfigurationError: when a rule or node does not fit its table, each with file and line.
        QualityGateError: when an assertion does not hold; the results are written by then.
    """
    began = time.monotonic()
    if not context.project.quality.enabled:
        return StageReport("quality", (ItemReport("quality", status="skipped", note="quality.enabled is false"),))
    others = {"party": context.warehouse.read(PARTY), "interaction": context.warehouse.read_or_empty(INTERACTION)}
    if context.warehouse.exists(CUSTOMER):
        others["customer"] = context.warehouse.read(CUSTOMER)
    with scratch_of(context.warehouse, context.run_id, "quality") as scratch, _strict(context.spark):
        rules = _rules(context, others)
        done = {r.subject.table: _evaluate(context, r, others, scratch) for r in rules}
        items = (_write_results(context, done), _write_records(context, done["party"]))
    history, failures = keep_history(context)
    told = _gate(context)
    return StageReport("quality", (*items, *history, *told), time.monotonic() - began, failures)


def results_of(context: RunContext) -> DataFrame:
    """Return the rows of quality/rule_result of this run."""
    return context.warehouse.read(RULE_RESULT).where(F.col("run_id") == context.run_id)


@contextmanager
def _strict(spark: SparkSession) -> Iterator[None]:
    """Let SQL of rules fail where it divides by zero or overflows, instead of giving null, which would pass."""
    name = "spark.sql.ansi.enabled"
    was = spark.conf.get(name) or "false"
    spark.conf.set(name, "true")
    try:
        yield
    finally:
        spark.conf.set(name, was)


def _rules(context: RunContext, others: Mapping[str, DataFrame]) -> list[Rules]:
    """Make the rules of every table ready; tables without rules are left out, but parties always give their records."""
    quality, written = context.project.quality, context.project.quality_rules
    subjects = [subject.of_parties(others["party"], quality.region)]
    tables = {rule.table for rule in written}
    if "interaction" in tables:
        subjects.append(subject.of_interactions(others["interaction"]))
    if "customer" in tables and "customer" in others:
        subjects.append(subject.of_customers(others["customer"], quality.region))
    words, sets = tuple(s.lower() for s in quality.sentinels), _references()
    return [ready(written, s, Surroundings(s.frame, context.started_at, words, sets)) for s in subjects]


def _references() -> dict[str, frozenset[str]]:
    return {name: reference(name) for name in REFERENCES} | {
        "disposable_domains": frozenset(disposable_domains()),
        "free_domains": frozenset(FREE_DOMAINS),
        "role_names": frozenset(ROLES),
        "legal_forms": frozenset(form.form for form in legal_forms()),
    }


def _evaluate(context: RunContext, rules: Rules, others: dict[str, DataFrame], scratch: Scratch) -> _Done:
    """Judge a table; where the evaluation breaks, find the rules that break it, and judge by the others."""
    context.progress(f"quality: {rules.subject.table}, {len(rules.names)} rules")
    try:
        return _judge(context, rules, others, scratch, {})
    except PySparkException:
        context.progress(f"quality: {rules.subject.table}, looking for rules that break")
        found = broken.find_broken(rules)
        if not found:
            raise
        return _judge(context, rules.without(tuple(found)), others, scratch, found)


def _judge(context: RunContext, rules: Rules, others: dict[str, DataFrame], scratch: Scratch, found: Mapping[str, str]) -> _Done:
    quality, table = context.project.quality, rules.subject.table
    tree = context.project.classification if table == "party" else None
    judged = once.judged(rules, tree, others, scratch)
    results = [scratch(counts.counted(judged, quality.examples), f"counted_{table}")]
    sources = [s.source for s in context.project.sources if (s.party is not None) == (table == "party")]
    whole = figures.figures(rules, _before(context, rules), [subject.ALL] if table == "customer" else sources)
    if whole is not None:
        results.append(scratch(whole, f"whole_{table}"))
    if found:
        named = [(r, found[r.id]) for r in context.project.quality_rules if r.id in found]
        results.append(broken.of_broken(rules.subject.frame, named))
    return _Done(tuple(results), judged, found)


def _before(context: RunContext, rules: Rules) -> DataFrame:
    """Return figure and distribution of the last run of each rule about a whole source that checks the same still."""
    whole = [r.rule for r in rules.of("aggregate")]
    earlier = context.warehouse.read_or_empty(RULE_RESULT)
    same = F.concat_ws("|", "rule_id", "fingerprint").isin([f"{r.id}|{r.fingerprint}" for r in whole])
    rows = earlier.where(same & (F.col("run_id") != context.run_id) & (F.col("measured_at") < context.started_at))
    last = F.max_by(F.struct("value", "detail"), F.struct("measured_at", "run_id")).alias("last")
    return rows.groupBy("rule_id", "source").agg(last).select("rule_id", "source", "last.value", "last.detail")


def _write_results(context: RunContext, done: Mapping[str, _Done]) -> ItemReport:
    divisions = {s.source: s.division for s in context.project.sources if s.division}
    frames = [frame for d in done.values() for frame in d.results]
    shaped = [RULE_RESULT.conform(counts.finished(f, context.run_id, context.started_at, divisions)) for f in frames]
    rows = reduce(DataFrame.unionByName, shaped).coalesce(1)
    own = f"run_id = '{context.run_id}'"
    written = context.warehouse.replace_where(RULE_RESULT, rows, own, note={"run_id": context.run_id})
    told = [f"{len(context.project.quality_rules)} rules"]
    broke = {name: error for d in done.values() for name, error in d.broken.items()}
    if broke:
        told.append("broken, so not measured: " + ", ".join(f"{name} ({error})" for name, error in sorted(broke.items())))
    return ItemReport(RULE_RESULT.name, rows_out=written.rows, table_version=written.version, note="; ".join(told))


def _write_records(context: RunContext, party: _Done) -> ItemReport:
    rows = once.failures(party.found, context.run_id, waived(context))
    # One narrow scan of what the pass left: the note must say it before anyone reads the table.
    counted = rows.agg(F.count("*").alias("all"), F.count("blocked_by").alias("withheld")).toPandas().iloc[0]
    withheld = int(counted["withheld"])
    note = {"run_id": context.run_id, WITHHELD: str(withheld)}
    written = context.warehouse.overwrite(RECORD_QUALITY, rows, note=note)
    if written.rows != int(counted["all"]):
        raise DataContractError(
            f"{RECORD_QUALITY.name} has {written.rows} rows for {int(counted['all'])} parties", hint="run quality again"
        )
    return ItemReport(
        RECORD_QUALITY.name,
        rows_in=written.rows,
        rows_out=written.rows - withheld,
        rows_quarantined=withheld,
        table_version=written.version,
        note=f"{withheld:,} withheld by quality" if withheld else None,
    )


def _gate(context: RunContext) -> tuple[ItemReport, ...]:
    """Hold the results against what is asserted; warnings are told, what must hold stops the run."""
    asserted = context.project.quality.assertions
    found: tuple[Finding, ...] = judge(asserted, measures(results_of(context), asserted))
    stops = [f.text() for f in found if f.stops]
    if stops:
        raise QualityGateError(
            "quality is below what must hold; nothing is matched or published, readers keep what was released\n  - "
            + "\n  - ".join(stops),
            hint="`onefold quarantine list` and quality/rule_result show which rules fail; the assertions stand in quality.yml",
        )
    return tuple(ItemReport("assertion", status="warning", note=f.text()) for f in found)
