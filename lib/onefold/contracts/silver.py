"""Silver: the canonical model of people and companies, cleansed, with every raw value beside its standardised one."""

from __future__ import annotations

from onefold.contracts.table import PersonalData, TableContract, column

__all__ = ["INTERACTION", "PARTY", "SILVER_QUARANTINE"]

_N = PersonalData.NONE
_S = PersonalData.PSEUDONYM
_P = PersonalData.PERSONAL

_RECORD = (
    column("record_id", "string", "Source record: source name, colon, the source's own key", _S, nullable=False),
    column("party_id", "bigint", "64-bit hash of record_id, for joins and graphs", _S, nullable=False),
    column("source", "string", "Source configuration name", nullable=False),
    column("source_key", "string", "The source's own key; parts of a composite key joined by |", _S, nullable=False),
    column("entity_type", "string", "person or company", nullable=False),
    column("batch", "string", "Bronze batch of the row", nullable=False),
    column("file", "string", "File of the row", nullable=False),
    column("file_hash", "string", "SHA-256 of the file: with row_number, the way back to bronze", nullable=False),
    column("row_number", "bigint", "Record number in the file", nullable=False),
    column("as_of", "timestamp", "Business time of the file (snapshot or load date)", nullable=False),
    column("source_created_at", "timestamp", "When the source created the record, if it says so"),
    column("source_updated_at", "timestamp", "When the source last changed the record, if it says so"),
)

PARTY = TableContract(
    name="silver/party",
    comment="One row per current source record of a person or company, standardised; raw values kept beside",
    owner="data-engineering",
    key=("record_id",),
    open=True,
    columns=(
        *_RECORD,
        # people
        column("full_name", "string", "Whole name of the person, tidied", _P),
        column("name_title", "string", "Title or salutation (dr, prof, mr, mrs...)", _P),
        column("given_name", "string", "Given (first) name", _P),
        column("middle_name", "string", "Middle names or initials", _P),
        column("family_name", "string", "Family name with its particles", _P),
        column("name_suffix", "string", "Suffix such as jr, sr, iii, phd", _P),
        column("gender", "string", "female, male or other; null when unknown", _P),
        column("birth_date", "date", "Date of birth", _P),
        # companies (for a person: the employer)
        column("company_name", "string", "Company name, tidied; for a person the employer"),
        column("legal_form", "string", "Normalised legal form (gmbh, ltd, inc...), null if none was recognised"),
        # match keys: lower case, transliterated to ASCII, punctuation removed
        column("given_name_key", "string", "Given name folded for matching", _P),
        column("family_name_key", "string", "Family name folded for matching", _P),
        column("full_name_key", "string", "Whole name folded for matching (given middle family)", _P),
        column("company_key", "string", "Company name folded, without legal form and stop words"),
        column("street_key", "string", "Street folded, with abbreviations unified", _P),
        column("city_key", "string", "City folded"),
        # primary values of the many-valued attributes, for plain SQL and comparisons
        column("email", "string", "First valid e-mail, normalised", _P),
        column("phone", "string", "First valid phone, E.164", _P),
        column("house_number", "string", "House number of the first address", _P),
        column("street", "string", "Street of the first address", _P),
        column("city", "string", "City of the first address", _P),
        column("region", "string", "Region or state of the first address"),
        column("postcode", "string", "Postcode of the first address, upper case, no spaces", _P),
        column("country", "string", "ISO 3166-1 alpha-2 country of the first address or the record"),
        column("duns", "string", "D-U-N-S number, nine digits"),
        column("vat", "string", "VAT number with country prefix, compact"),
        column("registration_number", "string", "Company registration number, compact"),
        # all values
        column(
            "emails",
            "array<struct<value:string,domain:string,class:string,raw:string>>",
            "Every e-mail: value (null if refused), domain, class (personal, free, role, disposable, syntax), raw text",
            _P,
        ),
        column(
            "phones",
            "array<struct<value:string,region:string,kind:string,extension:string,raw:string>>",
            "Every phone: E.164 value (null if refused), region, kind (mobile, fixed, other), extension, raw text",
            _P,
        ),
        column(
            "addresses",
            "array<struct<kind:string,house_number:string,street:string,unit:string,po_box:string,city:string,"
            "region:string,postcode:string,country:string,street_key:string,city_key:string,raw:string>>",
            "Every address in parts, with match keys and the raw text",
            _P,
        ),
        column(
            "identifiers",
            "array<struct<scheme:string,value:string,valid:boolean,raw:string>>",
            "Every identifier: scheme (duns, vat, registration, lei, tax or another), compact value, check result, raw text",
            _S,
        ),
        column(
            "consents",
            "array<struct<channel:string,purpose:string,status:string,captured_at:timestamp,raw:string>>",
            "Consent flags: channel (email, phone, post), purpose, status (opt_in, opt_out, unknown), when captured, raw text",
            _P,
        ),
        # traceability
        column("raw", "map<string,string>", "Canonical attribute to the raw text that it was made from", _P),
        column("reasons", "array<string>", "Doubts found while cleansing, as attribute:reason (email:syntax)"),
        column("content_hash", "bigint", "Hash of what the source says and how it is standardised: tells what changed", _S),
    ),
)

INTERACTION = TableContract(
    name="silver/interaction",
    comment="Contacts, tickets, orders and visits that the exports hold, one row each, tied to a source record",
    owner="data-engineering",
    key=("interaction_id",),
    columns=(
        column("interaction_id", "string", "Source name, colon, the interaction's own key", _S, nullable=False),
        column("record_id", "string", "Source record of the party concerned (source:key)", _S, nullable=False),
        column("source", "string", "Source configuration name", nullable=False),
        column("source_key", "string", "The interaction's own key", _S, nullable=False),
        column("channel", "string", "email, phone, post, web, event, shop..."),
        column("kind", "string", "What happened: sent, opened, bounced, ticket, order, visit, attended..."),
        column("direction", "string", "outbound (we contacted them), inbound (they did) or null"),
        column("campaign", "string", "Campaign or subject code, if the source names one"),
        column("occurred_at", "timestamp", "When it happened (UTC)"),
        column("amount", "double", "Amount in the source's currency, for orders"),
        column("batch", "string", "Bronze batch of the row", nullable=False),
        column("file", "string", "File of the row", nullable=False),
        column("file_hash", "string", "SHA-256 of the file", nullable=False),
        column("row_number", "bigint", "Record number in the file", nullable=False),
    ),
)

SILVER_QUARANTINE = TableContract(
    name="silver/quarantine",
    comment="Bronze rows that could not become a silver record, with the reason; with silver they add up to bronze",
    owner="data-engineering",
    key=("source", "file_hash", "row_number"),
    columns=(
        column("source", "string", "Source configuration name", nullable=False),
        column("batch", "string", "Bronze batch of the row", nullable=False),
        column("file", "string", "File of the row", nullable=False),
        column("file_hash", "string", "SHA-256 of the file", nullable=False),
        column("row_number", "bigint", "Record number in the file", nullable=False),
        column("reason", "string", "key_missing, entity_type_unknown, superseded, deleted_unknown...", nullable=False),
        column("detail", "string", "Column names and counts, never values"),
    ),
)
