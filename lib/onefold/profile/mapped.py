"""Which raw columns of a source each attribute comes from, by its mapping."""

from __future__ import annotations

from collections.abc import Iterable

from onefold.cleanse.settings import AddressMapping, CleanseSource, InteractionMapping, PartyMapping, ValueRef

__all__ = ["mapped_columns"]

_PARTS = ("house_number", "street", "city", "region", "postcode", "country")
_PLAIN = (
    *("full_name", "name_title", "given_name", "middle_name", "family_name", "name_suffix", "gender", "birth_date"),
    *("company_name", "country"),
)
_FROM_FULL_NAME = ("given_name", "middle_name", "family_name")
_SCHEMES = {"registration": "registration_number"}


def mapped_columns(source: CleanseSource) -> dict[str, tuple[str, ...]]:
    """Return the raw columns (or `= constant`) that each attribute of the source is made from, in order, each once.

    Parts that cleansing takes out of a line or a whole name are listed with the column they come from.
    """
    found: dict[str, list[str]] = {}
    pairs = _of_party(source.party) if source.party is not None else ()
    pairs = (*pairs, *(_of_interaction(source.interaction) if source.interaction is not None else ()))
    for attribute, column in pairs:
        if column not in found.setdefault(attribute, []):
            found[attribute].append(column)
    return {attribute: tuple(columns) for attribute, columns in found.items()}


def _said(ref: ValueRef) -> str:
    return ref.column if ref.column is not None else f"= {ref.value}"


def _of_party(party: PartyMapping) -> tuple[tuple[str, str], ...]:
    plain = [(name, _said(ref)) for name in _PLAIN if (ref := getattr(party, name)) is not None]
    names = [(part, _said(party.full_name)) for part in _FROM_FULL_NAME if party.full_name is not None]
    listed = [("email", _said(ref)) for ref in party.emails] + [("phone", _said(ref)) for ref in party.phones]
    parts = [pair for address in party.addresses for pair in _of_address(address)]
    numbers = [(_SCHEMES.get(i.scheme, i.scheme), i.column) for i in party.identifiers]
    consents = [(f"consent {c.channel}", c.column) for c in party.consents]
    further = [(name, mapping.column) for name, mapping in party.attributes.items()]
    return (*plain, *names, *listed, *parts, *numbers, *consents, *further)


def _of_address(address: AddressMapping) -> Iterable[tuple[str, str]]:
    if address.full is not None:
        yield from ((part, _said(address.full)) for part in _PARTS)
    for line in (address.line, address.line2):
        if line is not None:
            yield from ((part, _said(line)) for part in ("house_number", "street"))
    for part in _PARTS:
        ref = getattr(address, part)
        if ref is not None:
            yield part, _said(ref)


def _of_interaction(interaction: InteractionMapping) -> tuple[tuple[str, str], ...]:
    names = ("channel", "kind", "direction", "campaign", "occurred_at", "amount")
    return tuple((f"interaction.{n}", _said(ref)) for n in names if (ref := getattr(interaction, n)) is not None)
