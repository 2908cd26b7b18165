"""Stewardship: what people decided about records and customers, and what they should look at next."""

from __future__ import annotations

from onefold.contracts.table import PersonalData, TableContract, column

__all__ = ["DECISION", "REVIEW_QUEUE"]

_S = PersonalData.PSEUDONYM
_P = PersonalData.PERSONAL

DECISION = TableContract(
    name="steward/decision",
    comment="What stewards decided about records and customers; append-only, kept over runs and rebuilds, never overwritten",
    owner="data-stewards",
    key=("decision_id",),
    columns=(
        column("decision_id", "string", "D, the moment of the decision, a hash of what was decided", nullable=False),
        column("kind", "string", "must_link, cannot_link, unmerge, reassign, override or revoke", nullable=False),
        column("entity_type", "string", "person or company; null for a revoke"),
        column("record_id", "string", "Source record decided about; null for a revoke", _S),
        column(
            "other_record_id", "string", "Other record of must_link and cannot_link; for reassign one of its new customer", _S
        ),
        column("party_id", "bigint", "Party id of record_id when it was decided", _S),
        column("other_party_id", "bigint", "Party id of other_record_id when it was decided", _S),
        column("with_records", "array<string>", "Records that leave together with record_id and stay with it (unmerge)", _S),
        column("apart_from", "array<string>", "Records of the customer that was left (unmerge, reassign)", _S),
        column("attribute", "string", "Golden attribute of an override"),
        column("value", "string", "Value of an override, as text that its type is read from", _P),
        column("policy", "string", "Of an override: always, until_source_changes or if_null"),
        column("seen_hash", "string", "Of until_source_changes: keyed hash of the customer's source values at that time", _S),
        column("reason", "string", "Why, in the steward's words", _P, nullable=False),
        column("decided_by", "string", "Who decided", _S, nullable=False),
        column("decided_at", "timestamp", "When (UTC)", nullable=False),
        column("expires_at", "timestamp", "From when on it does nothing (UTC); null: it does not expire"),
        column("revokes", "string", "The decision that this one takes back"),
        column("origin", "string", "How it came: command, file or review", nullable=False),
    ),
)

REVIEW_QUEUE = TableContract(
    name="gold/review_queue",
    comment="What a steward should look at next: unsure pairs and suspicious customers, the most valuable answer first",
    owner="data-stewards",
    key=("item_id",),
    columns=(
        column(
            "item_id", "string", "R and a hash of the two records: the same question has the same id in every run", nullable=False
        ),
        column("kind", "string", "pair, or cluster for the weakest pair of a suspicious customer", nullable=False),
        column("entity_type", "string", "person or company", nullable=False),
        column("customer_ids", "array<string>", "The customer, or the two, that the answer touches", _S, nullable=False),
        column("record_ids", "array<string>", "The two records to be compared", _S, nullable=False),
        column("party_id_l", "bigint", "Party id of the first record", _S, nullable=False),
        column("party_id_r", "bigint", "Party id of the second record", _S, nullable=False),
        column("match_weight", "double", "Weight of the pair", nullable=False),
        column("match_probability", "double", "Probability of the pair", nullable=False),
        column("why", "string", "Why it is asked, in words and counts", nullable=False),
        column("value", "double", "Value of review: how unsure it is times what the answer changes", nullable=False),
        column("run_id", "string", "Run that queued it", nullable=False),
    ),
)
