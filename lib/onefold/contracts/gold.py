"""Gold: what BI, marketing and stewards read."""

from __future__ import annotations

from onefold.contracts.matching import PAIR
from onefold.contracts.silver import INTERACTION
from onefold.contracts.stewardship import REVIEW_QUEUE
from onefold.contracts.table import PersonalData, TableContract, column

__all__ = [
    "AUDIENCE",
    "CONSENT",
    "CUSTOMER",
    "CUSTOMER_CHANGE",
    "CUSTOMER_INTERACTION",
    "CUSTOMER_XREF",
    "GOLD_TABLES",
    "MATCH_PAIR",
    "RELEASE",
    "RUN_LOG",
]

_S = PersonalData.PSEUDONYM
_P = PersonalData.PERSONAL

_CUSTOMER_ID = column("customer_id", "string", "Customer (entity) identifier", _S, nullable=False)

CUSTOMER = TableContract(
    name="gold/customer",
    comment="One golden record per customer entity, made from its source records by the survivorship rules",
    owner="customer-data-office",
    key=("customer_id",),
    open=True,
    columns=(
        _CUSTOMER_ID,
        column("entity_type", "string", "person or company", nullable=False),
        column("record_count", "bigint", "Number of source records behind this customer", nullable=False),
        column("source_count", "bigint", "Number of different sources behind this customer", nullable=False),
        column("sources", "array<string>", "The sources behind this customer, sorted", nullable=False),
        column("full_name", "string", "Whole name of the person", _P),
        column("name_title", "string", "Title or salutation", _P),
        column("given_name", "string", "Given (first) name", _P),
        column("middle_name", "string", "Middle names or initials", _P),
        column("family_name", "string", "Family name", _P),
        column("name_suffix", "string", "Suffix such as jr or phd", _P),
        column("gender", "string", "female, male or other", _P),
        column("birth_date", "date", "Date of birth", _P),
        column("company_name", "string", "Company name; for a person the employer"),
        column("legal_form", "string", "Normalised legal form"),
        column("email", "string", "Golden e-mail", _P),
        column("phone", "string", "Golden phone, E.164", _P),
        column("house_number", "string", "House number", _P),
        column("street", "string", "Street", _P),
        column("city", "string", "City", _P),
        column("region", "string", "Region or state"),
        column("postcode", "string", "Postcode", _P),
        column("country", "string", "ISO 3166-1 alpha-2 country"),
        column("duns", "string", "D-U-N-S number"),
        column("vat", "string", "VAT number"),
        column("registration_number", "string", "Company registration number"),
        column("all_emails", "array<string>", "Every valid e-mail of the customer, sorted", _P),
        column("all_phones", "array<string>", "Every valid phone of the customer, sorted", _P),
        column("first_seen_at", "timestamp", "Earliest creation or load time among its records"),
        column("last_updated_at", "timestamp", "Latest change or load time among its records"),
        column(
            "provenance",
            "map<string,struct<record_id:string,source:string,rule:string>>",
            "Per attribute: the source record that won, its source and the survivorship rule that chose it",
            _S,
        ),
        column("run_id", "string", "Run that published the row", nullable=False),
    ),
)

CUSTOMER_XREF = TableContract(
    name="gold/customer_xref",
    comment="Crosswalk: every source record and the customer that it belongs to",
    owner="customer-data-office",
    key=("record_id",),
    columns=(
        column("record_id", "string", "Source record (source:key)", _S, nullable=False),
        column("source", "string", "Source configuration name", nullable=False),
        column("source_key", "string", "The source's own key", _S, nullable=False),
        _CUSTOMER_ID,
        column("entity_type", "string", "person or company", nullable=False),
        column("match_weight", "double", "Weight of the record's strongest link inside the customer; null when alone"),
        column("match_probability", "double", "Probability of that link; null when alone"),
        column("linked_record_id", "string", "The record at the other end of that link", _S),
        column("run_id", "string", "Run that published the row", nullable=False),
    ),
)

MATCH_PAIR = TableContract(
    name="gold/match_pair",
    comment="Every scored pair with its per-comparison weights and whether both ended in one customer",
    owner="data-science",
    key=("record_id_l", "record_id_r"),
    columns=(
        *PAIR.columns,
        column("customer_id_l", "string", "Customer of record_id_l", _S, nullable=False),
        column("customer_id_r", "string", "Customer of record_id_r", _S, nullable=False),
        column("same_customer", "boolean", "Whether both records ended in one customer", nullable=False),
        column("run_id", "string", "Run that published the row", nullable=False),
    ),
)

CONSENT = TableContract(
    name="gold/consent",
    comment="Effective consent per customer, channel and purpose; the stricter statement wins",
    owner="privacy-office",
    key=("customer_id", "channel", "purpose"),
    columns=(
        _CUSTOMER_ID,
        column("channel", "string", "email, phone or post", nullable=False),
        column("purpose", "string", "Purpose, e.g. marketing", nullable=False),
        column("status", "string", "opt_in, opt_out or unknown; unknown counts as no", nullable=False),
        column("captured_at", "timestamp", "When the deciding statement was captured"),
        column("record_id", "string", "Source record of the deciding statement", _S, nullable=False),
        column("source", "string", "Source of the deciding statement", nullable=False),
        column("conflict", "boolean", "Whether the customer's records disagree", nullable=False),
        column("run_id", "string", "Run that published the row", nullable=False),
    ),
)

CUSTOMER_INTERACTION = TableContract(
    name="gold/customer_interaction",
    comment="Interactions of the source records, tied to the customer that they belong to",
    owner="customer-data-office",
    key=("interaction_id",),
    columns=(
        column("customer_id", "string", "Customer; null when the party's record is not known", _S),
        *(c for c in INTERACTION.columns if c.name not in {"batch", "file", "file_hash", "row_number", "source_key"}),
        column("run_id", "string", "Run that published the row", nullable=False),
    ),
)

AUDIENCE = TableContract(
    name="gold/audience",
    comment="Campaign audiences: every customer considered, selected or excluded with the reason",
    owner="marketing",
    key=("audience", "customer_id"),
    columns=(
        column("audience", "string", "Audience name from its configuration", nullable=False),
        _CUSTOMER_ID,
        column("selected", "boolean", "Whether the customer is in the audience", nullable=False),
        column("reason", "string", "Why the customer is excluded (the first that applies); null when selected"),
        column("reasons", "array<string>", "Every reason that applies, in order"),
        column("channel", "string", "Channel of the campaign", nullable=False),
        column("contact_point", "string", "E-mail, phone or address to use; null when excluded", _P),
        column("contacts_in_window", "bigint", "Outbound contacts counted in the cap's window"),
        column("selected_at", "timestamp", "When the audience was made (UTC)", nullable=False),
        column("run_id", "string", "Run that made the audience", nullable=False),
    ),
)

RUN_LOG = TableContract(
    name="gold/run_log",
    comment="What each run did: rows in and out, seconds and table version per stage and table",
    owner="data-engineering",
    key=("run_id", "stage", "item"),
    columns=(
        column("run_id", "string", "Run identifier, sortable by time", nullable=False),
        column("stage", "string", "ingest, cleanse, match, resolve, publish, audience", nullable=False),
        column("item", "string", "Source or table that the row counts", nullable=False),
        column("status", "string", "ok, skipped or failed", nullable=False),
        column("rows_in", "bigint", "Rows read"),
        column("rows_out", "bigint", "Rows written"),
        column("rows_quarantined", "bigint", "Rows set aside with a reason"),
        column("rows_superseded", "bigint", "Rows replaced by a newer version of the same record"),
        column("seconds", "double", "Wall-clock seconds"),
        column("table_version", "bigint", "Delta version written"),
        column("note", "string", "New columns, failures and other remarks; never customer values"),
        column("started_at", "timestamp", "When it began (UTC)", nullable=False),
    ),
)

RELEASE = TableContract(
    name="gold/release",
    comment="What is published: each row names the version of every gold table that readers see; the last one counts",
    owner="data-engineering",
    key=("run_id", "released_at"),
    columns=(
        column("run_id", "string", "Run that wrote the row", nullable=False),
        column("content_run", "string", "Run that made the rows that readers see: another one after a rollback", nullable=False),
        column("released_at", "timestamp", "When it became what readers see (UTC)", nullable=False),
        column("kind", "string", "released, rollback or maintained", nullable=False),
        column(
            "tables", "map<string,bigint>", "Delta version of each gold table and of what they were made from", nullable=False
        ),
        column("note", "string", "Why, when somebody said so; never customer values"),
    ),
)

CUSTOMER_CHANGE = TableContract(
    name="gold/customer_change",
    comment="What changed in gold/customer between two releases, a row per customer and attribute",
    owner="customer-data-office",
    key=("from_run", "to_run", "customer_id", "attribute"),
    columns=(
        column("from_run", "string", "Run of the earlier release", nullable=False),
        column("to_run", "string", "Run of the later release", nullable=False),
        _CUSTOMER_ID,
        column("attribute", "string", "Column of gold/customer", nullable=False),
        column("change", "string", "added, removed or changed", nullable=False),
        column("before", "string", "Its value in the earlier release, as text; null when added", _P),
        column("after", "string", "Its value in the later release, as text; null when removed", _P),
    ),
)

GOLD_TABLES: tuple[TableContract, ...] = (
    CUSTOMER,
    CUSTOMER_XREF,
    MATCH_PAIR,
    CONSENT,
    CUSTOMER_INTERACTION,
    AUDIENCE,
    REVIEW_QUEUE,
    RUN_LOG,
    RELEASE,
    CUSTOMER_CHANGE,
)
