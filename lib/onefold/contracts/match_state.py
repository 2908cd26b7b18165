"""What matching keeps from one run to the next, so that a feed costs what it touches: keys, prepared records, counts, state."""

from __future__ import annotations

from onefold.contracts.table import PersonalData, TableContract, column

__all__ = ["KNOWN_VALUE", "MATCH_STATE", "feature_table", "key_table"]

_S = PersonalData.PSEUDONYM


def key_table(entity_type: str) -> TableContract:
    """Return the contract of the block keys of one entity type."""
    return TableContract(
        name=f"match/key_{entity_type}",
        comment=f"Block keys of every {entity_type}, as hashes, and a hash of all that matching reads of the record",
        owner="data-science",
        key=("party_id",),
        columns=(
            column("party_id", "bigint", "64-bit hash of record_id", _S, nullable=False),
            column("source", "string", "Source configuration name", nullable=False),
            column("content", "bigint", "Hash of all that matching reads of the record: tells whether it changed", _S),
            column("keys", "array<bigint>", "Block keys: the rule's number in the top byte, 56 bits of hash below", _S),
        ),
    )


def feature_table(entity_type: str) -> TableContract:
    """Return the contract of the prepared records of one entity type; the columns of the comparisons follow, as f0, n0..."""
    return TableContract(
        name=f"match/feature_{entity_type}",
        comment=f"What every {entity_type} brings to the comparisons, prepared once; f* are values (personal), n* their counts",
        owner="data-science",
        key=("party_id",),
        open=True,
        columns=(
            column("party_id", "bigint", "64-bit hash of record_id", _S, nullable=False),
            column("record_id", "string", "Source record (source:key)", _S, nullable=False),
            column("source", "string", "Source configuration name", nullable=False),
        ),
    )


KNOWN_VALUE = TableContract(
    name="match/known_value",
    comment="How values repeated when the model was trained, by hash: they stand still until the next training",
    owner="data-science",
    key=("entity_type", "kind", "name", "hash"),
    columns=(
        column("entity_type", "string", "person or company", nullable=False),
        column("kind", "string", "count (records with a value), rarity (weight of a word) or rarest (of a blocking key)"),
        column("name", "string", "Key or prepared column concerned; empty for counts"),
        column("hash", "bigint", "Hash of the value", _S, nullable=False),
        column("number", "double", "Records, or weight", nullable=False),
    ),
)

MATCH_STATE = TableContract(
    name="match/state",
    comment="What match/pair was made from, per entity type: the commit mark of a match run, and where the next one goes on",
    owner="data-science",
    key=("entity_type",),
    columns=(
        column("entity_type", "string", "person or company", nullable=False),
        column("run_id", "string", "Run that matched last", nullable=False),
        column(
            "fingerprint",
            "string",
            "Hash of rules, comparisons and columns: a change trains anew",
            nullable=False,
        ),
        column("within", "string", "Key of populations that training chose"),
        column("trained_run", "string", "Run that trained the model", nullable=False),
        column("trained_at", "timestamp", "When (UTC)", nullable=False),
        column("trained_records", "bigint", "Records that it was trained among", nullable=False),
        column("trained_version", "bigint", "Delta version of silver/party that it was trained on"),
        column("party_version", "bigint", "Delta version of silver/party that was matched last", nullable=False),
        column("key_version", "bigint", "Delta version of match/key_<type>", nullable=False),
        column("feature_version", "bigint", "Delta version of match/feature_<type>", nullable=False),
        column("known_version", "bigint", "Delta version of match/known_value", nullable=False),
        column("model_version", "bigint", "Delta version of match/model", nullable=False),
        column("pair_version", "bigint", "Delta version of match/pair", nullable=False),
    ),
)
