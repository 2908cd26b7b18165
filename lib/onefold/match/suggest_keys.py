"""The keys that a search for blocking rules tries, by entity type, and names for the rules made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyspark.sql.types import ArrayType, StringType, StructType

from onefold.contracts.silver import PARTY
from onefold.match.keys import parse_key
from onefold.match.settings import BlockingRule

__all__ = ["candidate_keys", "rule_name", "strong_rules"]

_BOTH = (
    *("emails.value", "emails.value|username", "phones.value", "phones.value|suffix(7)", "postcode", "postcode|prefix(3)"),
    *("city_key", "street_key", "street_key|prefix(4)", "house_number"),
)
_PERSON = (
    *("given_name_key", "given_name_key|initial", "family_name_key", "family_name_key|soundex", "family_name_key|prefix(3)"),
    *("full_name_key|sorted_tokens", "full_name_key|tokens", "full_name_key|tokens|prefix(3)", "full_name_key|sorted_initials"),
    *("birth_date", "birth_date|year", "gender", "company_key"),
)
_COMPANY = (
    *("company_key", "company_key|sorted_tokens", "company_key|compact|prefix(8)", "company_key|first_token|metaphone"),
    *("company_key|tokens", "company_key|rare_tokens(2)", "emails.value|domain", "duns", "vat", "registration_number", "country"),
)
_STRONG = (
    *(
        ("emails.value",),
        ("phones.value",),
        ("duns",),
        ("vat",),
        ("registration_number",),
        ("street_key", "house_number", "postcode"),
    ),
    *(("full_name_key|sorted_tokens", "birth_date"), ("full_name_key|sorted_tokens", "postcode")),
    *(("birth_date", "postcode"), ("company_key|sorted_tokens", "postcode"), ("company_key|sorted_tokens", "city_key")),
)


def candidate_keys(schema: StructType, entity_type: str) -> tuple[str, ...]:
    """Return the keys to try: onefold's own of the type, and the attributes that the project added, whole and by their start."""
    known = set(PARTY.column_names)
    extra = [f.name for f in schema.fields if f.name not in known and isinstance(f.dataType, StringType)]
    extra = [name for name in extra if f"{name}_key" not in schema.names]
    own = (*(_PERSON if entity_type == "person" else _COMPANY), *_BOTH)
    keys = (*own, *(key for name in extra for key in (name, f"{name}|prefix(4)")))
    return tuple(key for key in keys if _there(key, schema))


def strong_rules(schema: StructType) -> tuple[BlockingRule, ...]:
    """Return rules that hardly join two different parties: what agrees by two of them is a likely match."""
    extra = {f.name for f in schema.fields} - set(PARTY.column_names)
    texts = [name for name in sorted(extra) if isinstance(schema[name].dataType, StringType)]
    named = [("full_name_key|sorted_tokens", name) for name in texts]
    usable = [keys for keys in (*_STRONG, *named) if all(_there(key, schema) for key in keys)]
    return tuple(BlockingRule(name=f"strong_{n}", keys=keys) for n, keys in enumerate(usable[:60]))


def _there(text: str, schema: StructType) -> bool:
    key = parse_key(text)
    return key.column in schema.names and (key.field is None or isinstance(schema[key.column].dataType, ArrayType))


def rule_name(keys: Iterable[str], taken: Iterable[str]) -> str:
    """Return a name that says what the rule rests on.

    >>> rule_name(["full_name_key|tokens|prefix(3)", "birth_date|year"], [])
    'full_name_tokens_prefix3_birth_date_year'
    """
    parts = [re.sub(r"_key\b|\.value\b", "", key) for key in keys]
    name = re.sub(r"[^a-z0-9]+", "_", "_".join(parts).lower().replace("(", "").replace(")", "")).strip("_")
    used, number = set(taken), 2
    base = name
    while name in used:
        name, number = f"{base}_{number}", number + 1
    return name
