from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from pyspark.sql import DataFrame

from onefold.errors import ConfigurationError, DataContractError
from onefold.match.blocking import block
from onefold.match.matching import keep_in_memory
from onefold.match.settings import EntityBlocking

MakeParties = Callable[[list[dict[str, Any]]], DataFrame]

PEOPLE: list[dict[str, Any]] = [
    {"id": 1, "email": "a@x.org", "family_name_key": "smith", "postcode": "1000"},
    {"id": 2, "email": "a@x.org", "family_name_key": "smith", "postcode": "1000"},
    {"id": 3, "email": "test@test.com", "family_name_key": "smith", "postcode": "1000", "source": "erp"},
    {"id": 4, "email": "test@test.com", "family_name_key": "jones", "postcode": None},
    {"id": 5, "email": None, "family_name_key": "jones", "postcode": "", "source": "erp"},
    {"id": 6, "email": None, "family_name_key": "jones", "postcode": None},
    {"id": 7, "emails": [("b@x.org", "x.org", "free", "b"), ("c@x.org", "x.org", "free", "c")], "postcode": "2000"},
    {"id": 8, "emails": [("c@x.org", "x.org", "free", "c"), ("b@x.org", "x.org", "free", "b")], "postcode": "2000"},
]


def rules(*rules: dict[str, Any], **more: Any) -> EntityBlocking:
    return EntityBlocking.model_validate({"rules": list(rules), **more})


EMAIL = {"name": "email", "keys": ["emails.value"]}
FAMILY = {"name": "family", "keys": ["family_name_key"]}
FAMILY_POSTCODE = {"name": "family_postcode", "keys": ["family_name_key", "postcode"]}
POSTCODE = {"name": "postcode", "keys": ["postcode"]}


def made(pairs: DataFrame) -> dict[tuple[int, int], tuple[int, int]]:
    rows = [tuple(r) for r in pairs.select("party_id_l", "party_id_r", "rule_number", "rules").collect()]
    found = {(left, right): (rule, bits) for left, right, rule, bits in rows}
    assert len(found) == len(rows), "a pair was made twice"
    return found


def test_each_pair_is_made_once_by_its_first_rule_and_knows_all_its_rules(make_parties: MakeParties) -> None:
    blocked = block(make_parties(PEOPLE), rules(EMAIL, FAMILY_POSTCODE, POSTCODE), keep_in_memory)
    assert made(blocked.pairs) == {(1, 2): (0, 0b111), (1, 3): (1, 0b110), (2, 3): (1, 0b110), (7, 8): (0, 0b101)}
    report = {r.rule: (r.blocks, r.pairs, r.largest_block, r.dropped_blocks) for r in blocked.rules}
    assert report == {"email": (3, 3, 2, 0), "family_postcode": (1, 3, 3, 0), "postcode": (2, 4, 3, 0)}


def test_an_oversized_block_is_reported_and_leaves_its_pairs_to_later_rules(make_parties: MakeParties) -> None:
    capped = {**FAMILY, "max_block_size": 2}
    blocked = block(make_parties(PEOPLE), rules(capped, FAMILY_POSTCODE), keep_in_memory)
    assert made(blocked.pairs) == dict.fromkeys(combinations((1, 2, 3), 2), (1, 2))
    family = blocked.rules[0]
    assert (family.dropped_blocks, family.dropped_records, family.largest_dropped, family.pairs) == (2, 6, 3, 0)


def test_clean_sources_are_compared_across_only(make_parties: MakeParties) -> None:
    blocked = block(make_parties(PEOPLE), rules(FAMILY, within_source=False), keep_in_memory)
    assert set(made(blocked.pairs)) == {(1, 3), (2, 3), (4, 5), (5, 6)}


def test_too_many_pairs_stop_the_run_by_name(make_parties: MakeParties) -> None:
    with pytest.raises(DataContractError, match=r"make 6 pairs, more than max_pairs 5: family 6 \(largest block 3\)"):
        block(make_parties(PEOPLE), rules(FAMILY, max_pairs=5), keep_in_memory)


def test_a_rule_on_a_column_that_is_not_there_is_a_configuration_error(make_parties: MakeParties) -> None:
    with pytest.raises(ConfigurationError, match="rule family: no column 'familyname'"):
        block(make_parties(PEOPLE).drop("family_name"), rules({"name": "family", "keys": ["familyname"]}), keep_in_memory)
