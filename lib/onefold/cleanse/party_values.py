"""The values of a party as its source gives them: single texts, lists, and the raw text of each."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.cleanse.consents import read_consent
from onefold.cleanse.dates import either_way, patterns, read_dates
from onefold.cleanse.paths import RawColumns
from onefold.cleanse.settings import AddressMapping, PartyMapping, StandardiseSettings, ValueRef

__all__ = ["ADDRESS_PARTS", "PARTY_TEXTS", "lists", "texts"]

PARTY_TEXTS = (
    "full_name", "name_title", "given_name", "middle_name", "family_name", "name_suffix", "gender", "company_name", "country",
)  # fmt: skip
ADDRESS_PARTS = ("line", "line2", "full", "house_number", "street", "city", "region", "postcode", "country")

_PHONES = "array<struct<raw:string,region:string,kind:string>>"
_IDENTIFIERS = "array<struct<scheme:string,raw:string,country:string>>"
_CONSENTS = "array<struct<channel:string,purpose:string,status:string,captured_at:timestamp,raw:string>>"
_ADDRESSES = f"array<struct<kind:string,{','.join(f'{p}:string' for p in ADDRESS_PARTS)}>>"


def texts(raw: RawColumns, party: PartyMapping, entity_type: Column, *, mixed: bool) -> dict[str, Column]:
    """Return the single texts of a party, the order of its whole name, and the map of raw texts.

    A source of mixed rows that maps one column to both whole name and company name means the one for people and the
    other for companies.
    """
    found = {name: raw.ref(getattr(party, name)) for name in PARTY_TEXTS}
    came = _raw_texts(raw, party)
    full, company = party.full_name, party.company_name
    if mixed and full and company and full.column is not None and full.column == company.column:
        for name, kind in (("full_name", "person"), ("company_name", "company")):
            found[name] = F.when(entity_type == kind, found[name])
            came[name] = F.when(entity_type == kind, came[name])
    pairs = [part for name, text in came.items() for part in (F.lit(name), text)]
    kept = F.map_filter(F.create_map(*pairs), lambda _, text: _present(text)) if pairs else F.create_map()
    return {**found, "name_order": F.lit(full.order if full else "auto"), "raw": kept.cast("map<string,string>")}


def lists(raw: RawColumns, party: PartyMapping, standardise: StandardiseSettings) -> dict[str, Column]:
    """Return the many-valued attributes as arrays of raw texts, empty entries left out, and the candidate birth dates."""
    birth = party.birth_date
    birth_text = raw.ref(birth)
    dates = read_dates(birth_text, patterns(birth.format if birth else None, either_way(standardise.date_formats)))
    return {
        "birth_dates": F.when(_present(birth_text), _of_this_or_last_century(dates, birth)),
        "emails": F.filter(F.array(*[raw.ref(ref) for ref in party.emails]).cast("array<string>"), _present),
        "phones": _kept([_phone(raw, ref) for ref in party.phones], _PHONES),
        "addresses": _addresses([_address(raw, address) for address in party.addresses]),
        "identifiers": _kept(
            [
                F.struct(F.lit(i.scheme).alias("scheme"), raw.text(i.column).alias("raw"), F.lit(i.country).alias("country"))
                for i in party.identifiers
            ],
            _IDENTIFIERS,
        ),
        "consents": _kept([read_consent(raw, consent, standardise) for consent in party.consents], _CONSENTS),
    }


def _raw_texts(raw: RawColumns, party: PartyMapping) -> dict[str, Column]:
    """Return the raw text of each single attribute that comes from a column."""
    refs: dict[str, ValueRef | None] = {name: getattr(party, name) for name in (*PARTY_TEXTS, "birth_date")}
    refs |= {"created_at": party.created_at, "updated_at": party.updated_at}
    columns = {name: ref.column for name, ref in refs.items() if ref is not None and ref.column is not None}
    columns |= {name: attribute.column for name, attribute in party.attributes.items()}
    return {name: raw.text(column) for name, column in columns.items()}


def _present(text: Column) -> Column:
    return F.coalesce(F.trim(text) != "", F.lit(False))


def _kept(structs: list[Column], type_: str) -> Column:
    return F.filter(F.array(*structs).cast(type_), lambda item: _present(item["raw"]))


def _addresses(structs: list[Column]) -> Column:
    telling = [part for part in ADDRESS_PARTS if part != "country"]
    return F.filter(
        F.array(*structs).cast(_ADDRESSES), lambda item: F.concat_ws("", *[F.trim(item[part]) for part in telling]) != ""
    )


def _address(raw: RawColumns, address: AddressMapping) -> Column:
    parts = [raw.ref(getattr(address, part)).alias(part) for part in ADDRESS_PARTS]
    return F.struct(F.lit(address.kind).alias("kind"), *parts)


def _phone(raw: RawColumns, ref: ValueRef) -> Column:
    return F.struct(raw.ref(ref).alias("raw"), F.lit(ref.country).alias("region"), F.lit(ref.kind).alias("kind"))


def _of_this_or_last_century(dates: Column, ref: ValueRef | None) -> Column:
    """Move dates of two-digit-year patterns that lie after the file back by a century."""
    if ref is None or ref.format is None or "yyyy" in ref.format or "yy" not in ref.format:
        return dates
    return F.transform(dates, lambda d: F.when(d > F.to_date("_as_of"), F.add_months(d, -1200)).otherwise(d))
