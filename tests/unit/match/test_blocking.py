from __future__ import annotations

import time
from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

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
    says = (
        r"make 6 pairs, more than max_pairs 5: rule family \(family_name_key\) 6, "
        r"largest blocks #[0-9a-f]{6} with 3 records, #[0-9a-f]{6} with 3 records"
    )
    with pytest.raises(DataContractError, match=says) as caught:
        block(make_parties(PEOPLE), rules(FAMILY, max_pairs=5), keep_in_memory)
    assert "smith" not in str(caught.value)


def test_an_oversized_block_is_split_by_the_second_key(make_parties: MakeParties) -> None:
    split = {**FAMILY, "max_block_size": 2, "then": ["source"]}
    blocked = block(make_parties(PEOPLE), rules(split), keep_in_memory)
    assert made(blocked.pairs) == {(1, 2): (0, 1), (4, 6): (0, 1)}
    family = blocked.rules[0]
    assert (family.split_blocks, family.split_records, family.blocks, family.pairs) == (2, 6, 2, 2)
    assert (family.dropped_blocks, family.largest_block) == (0, 2)


def test_what_the_second_key_leaves_too_large_is_dropped(make_parties: MakeParties) -> None:
    split = {**FAMILY, "max_block_size": 2, "then": ["entity_type", "postcode|prefix(2)"]}
    family = block(make_parties(PEOPLE), rules(split), keep_in_memory).rules[0]
    assert (family.split_blocks, family.dropped_blocks, family.dropped_records, family.pairs) == (2, 1, 3, 0)


def test_one_hot_key_neither_stops_the_run_nor_takes_its_time(spark: SparkSession) -> None:
    """20,000 records share a key: dropped by one rule, split by the other, and every other pair is made."""
    number = F.col("id").cast("string")
    many = spark.range(20_000).select(
        F.col("id").alias("party_id"),
        F.lit("crm").alias("source"),
        F.lit("hot").alias("company_key"),
        F.concat(F.lit("street "), F.floor(F.col("id") / 4).cast("string")).alias("street_key"),
        F.concat(number, F.lit("@x.org")).alias("email"),
    )
    hot = {"name": "hot", "keys": ["company_key"]}
    settings = rules(hot, {**hot, "name": "hot_street", "then": ["street_key"]}, {"name": "email", "keys": ["email"]})
    started = time.monotonic()
    blocked = block(many, settings, keep_in_memory)
    assert blocked.pairs.count() == 5_000 * 6
    assert time.monotonic() - started < 60
    dropped, split, _ = blocked.rules
    assert (dropped.dropped_blocks, dropped.dropped_records, dropped.pairs) == (1, 20_000, 0)
    assert (split.split_blocks, split.split_records, split.pairs, split.largest_block) == (1, 20_000, 30_000, 4)


def test_words_that_name_a_company_block_and_words_of_all_do_not(make_parties: MakeParties) -> None:
    names = ["acme software", "acme software holding", "zeta software", "software holding", "zzz"]
    parties = make_parties([{"id": n, "company_key": name} for n, name in enumerate(names)])
    blocked = block(parties, rules({"name": "rare", "keys": ["company_key|rare_tokens(1)"]}), keep_in_memory)
    assert set(made(blocked.pairs)) == {(1, 2)}


def test_a_rule_on_a_column_that_is_not_there_is_a_configuration_error(make_parties: MakeParties) -> None:
    with pytest.raises(ConfigurationError, match="rule family: no column 'familyname'"):
        block(make_parties(PEOPLE).drop("family_name"), rules({"name": "family", "keys": ["familyname"]}), keep_in_memory)
