"""Quality: what every rule found, record by record and over time, and what came of it."""

from __future__ import annotations

from onefold.contracts.table import PersonalData, TableContract, column

__all__ = ["GAP", "INCIDENT", "METRIC", "QUALITY_TABLES", "RECORD_QUALITY", "RULE_RESULT", "WAIVER"]

_S = PersonalData.PSEUDONYM
_OFFICE = "data-quality-office"

RULE_RESULT = TableContract(
    name="quality/rule_result",
    comment="What each rule found in each run, by source, region and division: how many records were checked, passed and failed",
    owner=_OFFICE,
    key=("run_id", "rule_id", "source", "region", "division"),
    columns=(
        column("run_id", "string", "Run that evaluated the rule", nullable=False),
        column("measured_at", "timestamp", "Start of that run (UTC)", nullable=False),
        column("rule_id", "string", "Rule", nullable=False),
        column("fingerprint", "string", "Hash of what the rule checks; another one starts a new history", nullable=False),
        column("table", "string", "Table checked: party, interaction or customer", nullable=False),
        column("entity_type", "string", "person or company where the rule is for one of them"),
        column("attribute", "string", "Attribute that the rule is about", nullable=False),
        column("dimension", "string", "completeness, correctness, ageing or relevancy", nullable=False),
        column("severity", "string", "blocks or warns", nullable=False),
        column("owner", "string", "Who answers for the attribute", nullable=False),
        column("weight", "double", "Weight of the rule in scores", nullable=False),
        column("source", "string", "Source; (all) for a rule about a whole table", nullable=False),
        column("region", "string", "Region of the records; (none) where they have none", nullable=False),
        column("division", "string", "Division that the source belongs to; (none) where it says none", nullable=False),
        column("checked", "bigint", "Records that the rule applies to", nullable=False),
        column("passed", "bigint", "Of these, those that pass", nullable=False),
        column("failed", "bigint", "Of these, those that fail", nullable=False),
        column("status", "string", "pass, warn, fail, error (the rule broke) or not_applicable", nullable=False),
        column("examples", "array<string>", "Record ids of a few that fail", _S),
        column("value", "double", "What an aggregate rule measured (a share, an age in days, a drift)"),
        column("detail", "string", "What an aggregate or broken rule says, without values"),
    ),
)

RECORD_QUALITY = TableContract(
    name="quality/record",
    comment="One row per party: the rules that it fails, and the class that the decision tree gives it with the path there",
    owner=_OFFICE,
    key=("record_id",),
    columns=(
        column("run_id", "string", "Run that evaluated the record", nullable=False),
        column("record_id", "string", "Source record", _S, nullable=False),
        column("party_id", "bigint", "64-bit hash of record_id", _S, nullable=False),
        column("source", "string", "Source", nullable=False),
        column("region", "string", "Region; (none) where it has none", nullable=False),
        column("failed", "array<string>", "Rules that the record fails, sorted; null when none"),
        column(
            "blocked_by", "array<string>", "Of these, the blocking ones; the record is withheld from matching; null when none"
        ),
        column("class", "string", "Class by the decision tree, e.g. fit_for_campaign, fix, enrich, retire"),
        column("path", "array<string>", "The steps of the decision tree that led there"),
    ),
)

WAIVER = TableContract(
    name="quality/waiver",
    comment="Records that a steward let through although a blocking rule fails: who, when, why, until when; append-only",
    owner="data-stewards",
    key=("waiver_id",),
    columns=(
        column("waiver_id", "string", "W, the moment, a hash of what was waived", nullable=False),
        column("record_id", "string", "Source record let through", _S, nullable=False),
        column("rule_id", "string", "Rule that is waived; null: every rule"),
        column("reason", "string", "Why, in the steward's words", PersonalData.PERSONAL, nullable=False),
        column("waived_by", "string", "Who let it through", _S, nullable=False),
        column("waived_at", "timestamp", "When (UTC)", nullable=False),
        column("expires_at", "timestamp", "From when on it does nothing (UTC); null: it does not expire"),
        column("revokes", "string", "The waiver that this one takes back"),
    ),
)

METRIC = TableContract(
    name="quality/metric",
    comment="Scores and volumes of each run: whole, and by dimension, attribute, source, region, division, owner and rule",
    owner=_OFFICE,
    key=("run_id", "metric", "level", "subject", "source"),
    columns=(
        column("run_id", "string", "Run that measured it", nullable=False),
        column("measured_at", "timestamp", "Start of that run (UTC)", nullable=False),
        column("metric", "string", "score, volume, age_days or another measure", nullable=False),
        column(
            "level",
            "string",
            "overall, dimension, attribute, source, region, division, owner, rule, or attribute_source for the heat map",
            nullable=False,
        ),
        column("subject", "string", "Name at that level; (all) for overall", nullable=False),
        column("source", "string", "Source where the level has one beside; (all) otherwise", nullable=False),
        column("owner", "string", "Who answers for it, where one does"),
        column(
            "fingerprint", "string", "Hash of what the rules behind it check; another one starts a new history", nullable=False
        ),
        column("value", "double", "The measure; scores are 0 to 1, weighted by the rules' weights", nullable=False),
        column("checked", "bigint", "Records behind it"),
        column("failed", "bigint", "Failures behind it"),
        column("cost", "double", "Estimated cost of these failures, from the configured unit costs"),
    ),
)

INCIDENT = TableContract(
    name="quality/incident",
    comment="Changes of a metric beyond what its history explains, and assertions that did not hold: whose, from when to when",
    owner=_OFFICE,
    key=("incident_id",),
    columns=(
        column("incident_id", "string", "I and a hash of metric, subject and the run that opened it", nullable=False),
        column("kind", "string", "score, drift, volume, freshness or assertion", nullable=False),
        column("metric", "string", "Metric", nullable=False),
        column("level", "string", "Level of the metric", nullable=False),
        column("subject", "string", "Subject of the metric", nullable=False),
        column("source", "string", "Source where there is one; (all) otherwise", nullable=False),
        column("owner", "string", "Who is to act", nullable=False),
        column("severity", "string", "warns, or stops (publication was stopped)", nullable=False),
        column("opened_run_id", "string", "Run that opened it", nullable=False),
        column("opened_at", "timestamp", "When that run started (UTC)", nullable=False),
        column("value", "double", "What was measured then", nullable=False),
        column("expected_low", "double", "Least that the history explains"),
        column("expected_high", "double", "Most that the history explains"),
        column("message", "string", "What happened, in words and counts, without values", nullable=False),
        column("closed_run_id", "string", "Run in which it was back; null while open"),
        column("closed_at", "timestamp", "When that run started (UTC); null while open"),
    ),
)

GAP = TableContract(
    name="quality/gap",
    comment="Each attribute's score against its target: the distance, what to do about it, and who",
    owner=_OFFICE,
    key=("run_id", "attribute", "dimension"),
    columns=(
        column("run_id", "string", "Run that measured it", nullable=False),
        column("attribute", "string", "Attribute", nullable=False),
        column("dimension", "string", "completeness, correctness, ageing, relevancy, or (all)", nullable=False),
        column("owner", "string", "Who answers for the attribute", nullable=False),
        column("target", "double", "Score to be reached, 0 to 1", nullable=False),
        column("score", "double", "Score now; null where nothing was checked"),
        column("distance", "double", "Target less score, 0 when reached; null where nothing was checked"),
        column("failing_records", "bigint", "Failures behind the distance", nullable=False),
        column("cost", "double", "Estimated cost of these failures"),
        column("actions", "array<string>", "What to do, the most failures first", nullable=False),
    ),
)

QUALITY_TABLES: tuple[TableContract, ...] = (RULE_RESULT, RECORD_QUALITY, METRIC, INCIDENT, GAP)
"""Those that are read by BI tools."""
