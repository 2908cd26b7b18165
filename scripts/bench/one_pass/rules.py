"""As many rules as are asked for, of all checks of single records, over the attributes of a party."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

from onefold.config import load_project
from onefold.quality.settings import Rule

__all__ = ["rules", "shipped"]

_CONF = Path(__file__).resolve().parents[3] / "conf" / "examples" / "demo"

_TEXTS = (
    "given_name", "family_name", "full_name", "company_name", "email", "phone", "street", "city", "postcode", "house_number",
    "country", "vat", "legal_form", "given_name_key", "family_name_key", "city_key",
)  # fmt: skip
_CHECKS: tuple[dict[str, Any], ...] = (
    {"check": "not_blank"},
    {"check": "length", "params": {"min": 2, "max": 60}},
    {"check": "charset"},
    {"check": "mojibake"},
    {"check": "not_sentinel"},
    {"check": "pattern", "params": {"pattern": r"[\p{L}\p{N} .,'@+_-]+"}},
    {"check": "repeated_characters"},
    {"check": "placeholder_name"},
    {"check": "keyboard_mash"},
    {"check": "not_null", "where": "entity_type = 'person' and country = 'DE'"},
    {"check": "in_set", "params": {"values": ["DE", "FR", "AT", "GB"]}, "where": "length(country) = 2"},
)
_SINGLE: tuple[dict[str, Any], ...] = (
    {"check": "email_syntax", "attribute": "email"},
    {"check": "email_class", "attribute": "email"},
    {"check": "phone_valid", "attribute": "phone"},
    {"check": "postcode_for_country", "attribute": "postcode"},
    {"check": "in_reference", "attribute": "country", "params": {"reference": "countries"}},
    {"check": "check_digit", "attribute": "vat", "params": {"scheme": "vat"}},
    {"check": "no_doubt", "attribute": "email", "params": {"reasons": ["syntax"]}},
    {"check": "not_future", "attribute": "birth_date"},
    {"check": "date_valid", "attribute": "birth_date"},
    {"check": "max_age", "attribute": "source_updated_at", "params": {"days": 730}},
    {"check": "any_of", "attribute": "contact", "params": {"columns": ["email", "phone"]}},
    {"check": "raw_kept", "attribute": "email"},
    {"check": "cross_field", "attribute": "vat", "params": {"sql": "country is null or left(vat, 2) = country"}},
    {"check": "required_if", "attribute": "vat", "params": {"when": "entity_type = 'company'"}},
)


def shipped(count: int) -> list[Rule]:
    """Return so many of the rules for parties that onefold ships, drawn by lot, always the same; all where they are fewer."""
    mine = sorted((r for r in load_project(_CONF, ["DATA=."]).quality_rules if r.table == "party"), key=lambda r: r.id)
    random.Random(1).shuffle(mine)
    return mine[:count]


def rules(count: int) -> list[Rule]:
    """Return so many rules: the single ones, then each check over each text, then these once more for each source."""
    over = ({**check, "attribute": text} for check in _CHECKS for text in _TEXTS)
    again = ({**check, "attribute": text, "sources": [f"s{n}"]} for n in range(4) for check in _CHECKS for text in _TEXTS)
    said = itertools.islice(itertools.chain(_SINGLE, over, again), count)
    common = {"dimension": "correctness", "owner": "bench", "description": "What must hold of it."}
    return [Rule.model_validate({"id": f"rule_{n:03d}", **common, **one}) for n, one in enumerate(said)]
