"""Brings the tables to those who judge the matching: evaluation, estimates, explanations."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from onefold.contracts.matching import ENTITY_MAP, LABEL, MODEL, PAIR
from onefold.contracts.silver import PARTY
from onefold.errors import StageOrderError
from onefold.match.evaluate import evaluate_truth
from onefold.match.explain import explain
from onefold.match.judge.cluster import explain_cluster
from onefold.match.judge.cluster_page import cluster_page
from onefold.match.judge.curve import curves
from onefold.match.judge.expected import expected
from onefold.match.judge.labelled import answered_by_stratum, from_labels
from onefold.match.judge.labels import labelled_pairs, settle
from onefold.match.judge.links import judged_links
from onefold.match.judge.pair_page import pair_page
from onefold.match.judge.report import Estimate, Report
from onefold.match.judge.review_plan import review_plan
from onefold.match.judge.sample_errors import Compared, sample_errors
from onefold.match.judge.sides import party_values
from onefold.match.judge.strata import strata_of
from onefold.match.labelled_truth import LabelledEvaluation, evaluate_labelled, is_labelled
from onefold.match.truth import Truth, read_truth
from onefold.run.context import RunContext
from onefold.run.parties import withheld

__all__ = ["explain_entity", "explain_records", "run_estimate", "run_evaluate", "thresholds_of"]


def thresholds_of(context: RunContext) -> dict[str, float]:
    """Return the least weight of a pair that joins, by entity type: the one that resolve used last, else the configured one.

    Raises:
        StageOrderError: when resolve chooses the threshold, and has not noted one yet.
    """
    used, settings = context.warehouse.last_note(ENTITY_MAP), context.project.clustering
    found = {}
    for kind in ("person", "company"):
        noted = used.get(f"threshold_{kind}")
        if noted is None and settings.of(kind).automatic:
            raise StageOrderError(f"resolve has not noted the threshold of {kind} that it chose", hint="run `onefold resolve`")
        found[kind] = settings.of(kind).least_weight if noted is None else float(noted)
    return found


def run_evaluate(context: RunContext, truth: DataFrame) -> Report | LabelledEvaluation:
    """Return how right the entities are by a truth: measures, curves and errors by type; of labelled pairs the measures alone.

    Raises:
        StageOrderError: when resolve has not run yet.
        DataContractError: when the truth cannot be joined to the records.
    """
    warehouse, thresholds = context.warehouse, thresholds_of(context)
    context.progress("comparing the entities with the truth")
    entity_map = _everybody(context)
    if is_labelled(truth):
        return evaluate_labelled(entity_map, truth)
    known = read_truth(entity_map, truth)
    clusters = known.clusters.persist()
    evaluation = evaluate_truth(Truth(clusters, known.pairs, known.unmatched, known.left_out))
    context.progress("judging the scored pairs")
    links = judged_links(warehouse.read(PAIR), clusters, thresholds).persist()
    found = curves(links, thresholds, {kind: score.pairs["closed"] for kind, score in evaluation.scores.items()})
    context.progress("sorting the errors by type")
    compared = Compared(warehouse.read(PARTY), context.project.blocking)
    errors = sample_errors(links, clusters, evaluation.scores, compared)
    links.unpersist()
    clusters.unpersist()
    return Report(evaluation, found, errors)


def _everybody(context: RunContext) -> DataFrame:
    """Return who is whose, with `source_key`; whom quality withholds is alone, since the truth knows nothing of quality."""
    whose = context.warehouse.read(ENTITY_MAP).select("record_id", "entity_type", "customer_id")
    if (held := withheld(context)) is not None:
        alone = held.select("record_id", "entity_type", F.col("record_id").alias("customer_id"))
        whose = whose.unionByName(alone.join(whose, on="record_id", how="left_anti"))
    # A record id is source:key, and a source's name holds no colon.
    return whose.withColumn("source_key", F.expr("substring(record_id, instr(record_id, ':') + 1)"))


def run_estimate(context: RunContext, margin: float) -> Estimate:
    """Return what can be said of precision and recall without a truth, and how many pairs to label for ± `margin`.

    Raises:
        StageOrderError: when match has not run yet.
    """
    warehouse, thresholds = context.warehouse, thresholds_of(context)
    pairs, labels = warehouse.read(PAIR), warehouse.read_or_empty(LABEL)
    context.progress("adding up the match probabilities")
    strata = strata_of(pairs, thresholds)
    context.progress("reading the labels")
    warning = settle(labels).warning()
    random = labels.where(F.col("sampling_probability").isNotNull()).select("party_id_l", "party_id_r", "stratum")
    ids = ["party_id_l", "party_id_r"]
    judged = labelled_pairs(labels).join(random.dropDuplicates(ids), on=ids, how="inner")
    answered = answered_by_stratum(judged, pairs, thresholds)
    return Estimate(expected(strata), from_labels(strata, answered), review_plan(strata, margin, answered), margin, warning)


def explain_records(context: RunContext, ids: tuple[str, str], *, page: bool) -> tuple[str, str | None]:
    """Return why two records match or not, as text and, when wanted, as a page with their values."""
    store = context.warehouse
    parties = store.read(PARTY)
    found = explain(store.read(PAIR), parties, store.read(MODEL), *ids, blocking=context.project.blocking)
    if not page:
        return found.text(), None
    values = party_values(parties, ids)
    least = thresholds_of(context).get(found.entity_type or "")
    return found.text(), pair_page(found, values[found.record_id_l], values[found.record_id_r], least)


def explain_entity(context: RunContext, wanted: str, *, page: bool) -> tuple[str, str | None]:
    """Return how the records of an entity hang together, as text and, when wanted, as a page with their values."""
    store = context.warehouse
    found = explain_cluster(store.read(ENTITY_MAP), store.read(PAIR), thresholds_of(context), wanted)
    if not page:
        return found.text(), None
    return found.text(), cluster_page(found, party_values(store.read(PARTY), found.records))
