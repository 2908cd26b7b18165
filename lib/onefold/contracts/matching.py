"""Matching: the scored pairs, the trained model and the map from source records to entities."""

from __future__ import annotations

from onefold.contracts.table import PersonalData, TableContract, column

__all__ = ["CLUSTER", "CUSTOMER_ID", "CUSTOMER_ID_HISTORY", "ENTITY_MAP", "LABEL", "MODEL", "PAIR"]

_S = PersonalData.PSEUDONYM

PAIR = TableContract(
    name="match/pair",
    comment="Every scored pair of source records above the storing bound, with the weight of each comparison",
    owner="data-science",
    key=("party_id_l", "party_id_r"),
    columns=(
        column("entity_type", "string", "person or company", nullable=False),
        column("party_id_l", "bigint", "Smaller party id of the pair", _S, nullable=False),
        column("party_id_r", "bigint", "Larger party id of the pair", _S, nullable=False),
        column("record_id_l", "string", "Source record of party_id_l", _S, nullable=False),
        column("record_id_r", "string", "Source record of party_id_r", _S, nullable=False),
        column("rule", "string", "First blocking rule that made the pair", nullable=False),
        column(
            "rules", "bigint", "All blocking rules that made the pair, as bits: 1 for the first rule of blocking.yml, 2, 4..."
        ),
        column("match_weight", "double", "Sum of the prior and the comparison weights, log base 2", nullable=False),
        column("match_probability", "double", "Posterior probability of a match", nullable=False),
        column(
            "comparisons",
            "array<struct<name:string,level:string,weight:double,tf_weight:double>>",
            "Per comparison: the level reached, its log2 Bayes factor, and the term-frequency adjustment in log2",
        ),
    ),
)

MODEL = TableContract(
    name="match/model",
    comment="The trained Fellegi-Sunter model: m and u of every level of every comparison",
    owner="data-science",
    key=("entity_type", "comparison", "level_number"),
    columns=(
        column("entity_type", "string", "person or company", nullable=False),
        column("comparison", "string", "Comparison name, or (prior) for the prior match weight", nullable=False),
        column("level_number", "int", "Order of the level, 0 is the best; -1 for the null level", nullable=False),
        column("level", "string", "Label of the level", nullable=False),
        column("m", "double", "P(level | match)"),
        column("u", "double", "P(level | no match)"),
        column("weight", "double", "log2(m / u)"),
        column("trained", "string", "How the value came about: em, random_sampling, floor, default, configured", nullable=False),
        column("iterations", "int", "EM iterations used"),
        column("converged", "boolean", "Whether EM converged before its limit"),
        column("party_version", "bigint", "Delta version of silver/party that the model was trained on"),
        column("mean_others", "double", "Mean number of other records that share a value of this level (term frequency)"),
    ),
)

ENTITY_MAP = TableContract(
    name="match/entity_map",
    comment="Which entity each source record belongs to, and the best link that put it there",
    owner="data-science",
    key=("record_id",),
    columns=(
        column("record_id", "string", "Source record (source:key)", _S, nullable=False),
        column("party_id", "bigint", "64-bit hash of record_id", _S, nullable=False),
        column("entity_type", "string", "person or company", nullable=False),
        column("customer_id", "string", "Entity identifier, kept as long as the entity has a record of it", _S, nullable=False),
        column("entity_size", "bigint", "Number of source records in the entity", nullable=False),
        column("match_weight", "double", "Weight of the record's strongest link inside the entity; null when alone"),
        column("match_probability", "double", "Probability of that link; null when alone"),
        column("linked_record_id", "string", "The record at the other end of that link; null when alone", _S),
    ),
)

LABEL = TableContract(
    name="match/label",
    comment="What people answered about pairs of source records: one customer or not; kept over runs, never overwritten",
    owner="data-stewards",
    key=("party_id_l", "party_id_r", "labelled_by", "labelled_at"),
    columns=(
        column("entity_type", "string", "person or company", nullable=False),
        column("party_id_l", "bigint", "Smaller party id of the pair", _S, nullable=False),
        column("party_id_r", "bigint", "Larger party id of the pair", _S, nullable=False),
        column("record_id_l", "string", "Source record of party_id_l", _S, nullable=False),
        column("record_id_r", "string", "Source record of party_id_r", _S, nullable=False),
        column("answer", "string", "match, no_match or unsure", nullable=False),
        column("labelled_by", "string", "Who answered", _S, nullable=False),
        column("labelled_at", "timestamp", "When (UTC); of one person's answers to a pair the latest counts", nullable=False),
        column("match_weight", "double", "Weight that the model gave the pair at that time"),
        column("match_probability", "double", "Probability that the model gave the pair at that time"),
        column("stratum", "string", "Bounds of weight that the pair was drawn from, in bits"),
        column("stratum_pairs", "bigint", "Pairs of that stratum, on the pair's side of the threshold, at that time"),
        column(
            "sampling_probability",
            "double",
            "Planned share of the stratum to be labelled; null for a pair picked because it is informative, not at random",
        ),
    ),
)

CLUSTER = TableContract(
    name="match/cluster",
    comment="The shape of every entity of two and more records: how well its pairs hold together, and what it was split from",
    owner="data-science",
    key=("customer_id",),
    columns=(
        column("customer_id", "string", "Entity identifier", _S, nullable=False),
        column("entity_type", "string", "person or company", nullable=False),
        column("size", "bigint", "Source records in the entity", nullable=False),
        column("edges", "bigint", "Pairs over the threshold inside it", nullable=False),
        column("density", "double", "Those pairs over all pairs that its records could make, 0 to 1", nullable=False),
        column("diameter", "int", "Longest of the shortest paths between two records; a lower bound over 400 records"),
        column("bridges", "bigint", "Pairs without which the entity falls apart"),
        column("min_weight", "double", "Weight of its weakest pair; null when only people joined it"),
        column("mean_weight", "double", "Mean weight of its pairs; null when only people joined it"),
        column("sources", "array<string>", "Sources of its records"),
        column("contradictions", "array<string>", "Contradictions inside it that a must-link demanded, as kind:attribute"),
        column("split_from", "bigint", "Component that it was split from (its smallest party id), if it was", _S),
        column("split_from_size", "bigint", "Records of that component"),
        column(
            "reasons",
            "array<string>",
            "Why: weak, contradiction:..., source_limit:..., max_size, cannot_link",
        ),
    ),
)

CUSTOMER_ID_HISTORY = TableContract(
    name="match/customer_id_history",
    comment="What became of every customer id ever issued, appended to by each run; the newest row of an id tells where it leads",
    owner="customer-data-office",
    key=("customer_id", "run_id"),
    columns=(
        column("customer_id", "string", "The customer id that the row is about", _S, nullable=False),
        column("entity_type", "string", "person or company", nullable=False),
        column("change", "string", "created, merged, split, redirected, revived or retired", nullable=False),
        column("current_customer_id", "string", "Where the id leads after this change, to the end; null when nowhere", _S),
        column(
            "other_customer_id",
            "string",
            "Merged: the id it went into. Split, revived: the id its records came from. Redirected: where it led before",
            _S,
        ),
        column("reason", "string", "first_seen, matched, unmatched, steward, records_gone or returned", nullable=False),
        column(
            "records", "bigint", "Source records of the new customer, or those that a merged or retired id held; null otherwise"
        ),
        column("run_id", "string", "Resolve run that made the change; + added when a run id was used before", nullable=False),
        column("changed_at", "timestamp", "Start of that run (UTC), and always later than the run before it", nullable=False),
    ),
)

CUSTOMER_ID = TableContract(
    name="gold/customer_id",
    comment="View over the history: one row per customer id ever issued, and the customer that it leads to today",
    owner="customer-data-office",
    key=("customer_id",),
    columns=(
        column("customer_id", "string", "A customer id of whatever age", _S, nullable=False),
        column("current_customer_id", "string", "The customer that it leads to today; null when retired", _S),
        column("status", "string", "current, merged (leads to another), retired (none of its records is left)", nullable=False),
        column("entity_type", "string", "person or company", nullable=False),
        column("issued_at", "timestamp", "When it was first issued (UTC)", nullable=False),
        column("changed_at", "timestamp", "When its newest change was made (UTC)", nullable=False),
    ),
)
