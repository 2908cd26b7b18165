"""Profiles of tables, the as-is map of attributes, and how much sources share: measured, kept by run, compared."""

from __future__ import annotations

from onefold.contracts.table import PersonalData, TableContract, column

__all__ = ["AS_IS", "OVERLAP", "PROFILE"]

_P = PersonalData.PERSONAL
_OFFICE = "data-quality-office"
_LISTED = "array<struct<label:string,count:bigint,share:double>>"

PROFILE = TableContract(
    name="quality/profile",
    comment="One row per profiled column of a table or file: what its values are like; values of personal columns left out",
    owner=_OFFICE,
    key=("run_id", "table", "column"),
    columns=(
        column("run_id", "string", "Run that profiled the table", nullable=False),
        column("measured_at", "timestamp", "Start of that run (UTC)", nullable=False),
        column("table", "string", "Table by layer and name, or the file or folder that was read", nullable=False),
        column("table_version", "bigint", "Delta version of the table that was read; null for files"),
        column("column", "string", "Column; fields of structs and lists by their path (emails.value)", nullable=False),
        column("position", "int", "Place of the column in the table, from 0", nullable=False),
        column("declared_type", "string", "Type that the table declares", nullable=False),
        column("inferred_type", "string", "Type that the values have; mixed where no type has enough of them", nullable=False),
        column("inferred_share", "double", "Share of the values that fit the inferred type; null where it is declared"),
        column("rows", "bigint", "Rows; elements where the column is a field of a list", nullable=False),
        column("filled", "bigint", "Values that are neither null nor blank nor a sentinel", nullable=False),
        column("nulls", "bigint", "Nulls", nullable=False),
        column("blanks", "bigint", "Texts of white space only, and empty lists", nullable=False),
        column("sentinels", "bigint", "Values that stand for nothing (n/a, unknown...)", nullable=False),
        column("invalid", "bigint", "Texts with bytes that are no text in their encoding", nullable=False),
        column("filled_share", "double", "Filled as a share of the rows, 0 to 1", nullable=False),
        column("distinct", "bigint", "Different filled values", nullable=False),
        column("distinct_exact", "boolean", "Whether that is counted; else estimated within about 2 %", nullable=False),
        column("is_key", "boolean", "Whether every row has a value of its own; null where that was out of the question"),
        column("shortest", "int", "Fewest characters of a value (elements of a list)"),
        column("longest", "int", "Most characters of a value (elements of a list)"),
        column("mean_length", "double", "Characters of a value on average"),
        column("numbers", "bigint", "Values that are numbers or dates", nullable=False),
        column("minimum", "string", "Least number or date; null for personal columns", _P),
        column("maximum", "string", "Greatest number or date; null for personal columns", _P),
        column("mean", "double", "Mean of the numbers; null for personal columns"),
        column("deviation", "double", "Standard deviation of the numbers; null for personal columns"),
        column("quantiles", "array<double>", "Every twentieth quantile of the numbers; null for personal columns", _P),
        column("kinds", _LISTED, "Kinds of values: integer, date, email, code, words...", nullable=False),
        column("formats", _LISTED, "Formats of the dates", nullable=False),
        column("patterns", _LISTED, "Most frequent patterns: A capital, a small letter, 9 digit", nullable=False),
        column("shapes", _LISTED, "Most frequent patterns with runs of one class as one letter and a plus", nullable=False),
        column("years", _LISTED, "Values by year of the date", nullable=False),
        column(
            "top_values", _LISTED, "Most frequent values; without the values where the column is personal", _P, nullable=False
        ),
        column("whole", "boolean", "Whether kinds to values count the whole column; else a sample, scaled up", nullable=False),
        column("shows_values", "boolean", "Whether values are kept in this row", nullable=False),
        column("personal_kind", "string", "What the column says of a person, as guessed or declared"),
        column("personal_class", "string", "personal, pseudonym or none"),
        column("personal_confidence", "double", "How sure that is, 0 to 1; 1 where the contract declares it"),
        column("personal_reason", "string", "Why it is taken for that"),
    ),
)

AS_IS = TableContract(
    name="quality/as_is",
    comment="The as-is map: for each source and attribute where it comes from, how full and fresh it is, whose, who uses it",
    owner=_OFFICE,
    key=("run_id", "source", "attribute"),
    columns=(
        column("run_id", "string", "Run that made the map", nullable=False),
        column("measured_at", "timestamp", "Start of that run (UTC)", nullable=False),
        column("source", "string", "Source configuration name", nullable=False),
        column("system", "string", "What the system is, in the words of its configuration"),
        column(
            "attribute", "string", "Attribute of the canonical model; raw.<column> for columns that nothing uses", nullable=False
        ),
        column(
            "raw_columns", "array<string>", "Raw columns that it is made from; empty where cleansing derives it", nullable=False
        ),
        column("owner", "string", "Team that answers for the source", nullable=False),
        column("contact", "string", "Mailbox or channel of that team"),
        column("records", "bigint", "Current records of the source", nullable=False),
        column("filled", "bigint", "Of these, those with a value; null where no table holds it"),
        column("filled_share", "double", "Filled as a share of the records, 0 to 1"),
        column("newest_as_of", "timestamp", "Business time of the newest file"),
        column("changed_at", "timestamp", "Newest change that the source itself dates"),
        column("median_age_days", "double", "Days since the records changed (by the source, else the file), in the middle"),
        column("trust_rank", "int", "Place in the source priority, 1 the most trusted; null when not listed"),
        column("golden", "bigint", "Golden values that come from here; null before the first publication"),
        column("golden_share", "double", "Golden as a share of the attribute's golden values"),
        column("compared", "bigint", "Customers with a value here and in another source"),
        column("conflicting", "bigint", "Of these, those where no other source has the same value"),
        column("conflict_share", "double", "Conflicting as a share of compared"),
        column("conflicts_most_with", "string", "Source that it disagrees with in most customers"),
        column(
            "uses",
            "array<string>",
            "What of the configuration names the attribute: blocking, comparisons, audiences...",
            nullable=False,
        ),
    ),
)

OVERLAP = TableContract(
    name="quality/overlap",
    comment="How much of the identifying values of one source the other sources hold too",
    owner=_OFFICE,
    key=("run_id", "attribute", "source", "other"),
    columns=(
        column("run_id", "string", "Run that counted", nullable=False),
        column("measured_at", "timestamp", "Start of that run (UTC)", nullable=False),
        column("attribute", "string", "email, phone, an identifier's scheme, or a column", nullable=False),
        column("source", "string", "Source, or table and column", nullable=False),
        column("other", "string", "The other one; (any other) for all others together", nullable=False),
        column("distinct", "bigint", "Different values of the source", nullable=False),
        column("shared", "bigint", "Of these, those that the other one has too", nullable=False),
        column("share", "double", "Shared as a share of the source's values, 0 to 1", nullable=False),
    ),
)
