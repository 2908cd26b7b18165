from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from onefold.contracts.matching import ENTITY_MAP, PAIR
from onefold.errors import DataContractError
from onefold.match.judge.cluster import Cluster, explain_cluster
from onefold.match.judge.graph import Link


def link(left: str, right: str, weight: float, *, joins: bool = True) -> Link:
    return Link(left, right, weight, 0.9, "email", joins)


def cluster(*links: Link) -> Cluster:
    records = tuple(sorted({end for each in links for end in (each.left, each.right)}))
    return Cluster("P1", "person", len(records), records, links, 4.25)


def test_the_tree_says_who_hangs_on_whom() -> None:
    found = cluster(
        link("crm:1", "erp:2", 9.0),
        link("crm:1", "shop:3", 20.0),
        link("crm:1", "web:4", 1.0, joins=False),
        link("web:4", "shop:3", 7.0),
        link("erp:2", "shop:3", 8.0),
    )
    lines = found.text().splitlines()
    assert lines[0] == "P1   (person, 4 records of 4 sources, 4 joining links, density 0.67)"
    assert lines[1:5] == [
        "  crm:1",
        "  ├─ +20.00  shop:3   email",
        "  │  └─ +7.00  web:4   email",
        "  └─ +9.00  erp:2   email",
    ]
    assert "+1.00  crm:1 ~ web:4   below the threshold" in found.text()
    assert "weakest bridge: web:4 ~ shop:3 +7.00; without it 1 and 3 records" in found.text()
    assert "without record shop:3 it falls into parts of 2 and 1" in found.text()


def test_an_entity_without_a_bridge_names_its_lightest_link() -> None:
    ring = cluster(link("crm:1", "erp:2", 9.0), link("erp:2", "shop:3", 8.0), link("crm:1", "shop:3", 20.0))
    assert ring.bridges == []
    assert ring.hinges == []
    assert "no single link or record holds it together; the lightest link is erp:2 ~ shop:3 +8.00" in ring.text()
    assert "a single record" in Cluster("P2", "person", 1, ("crm:9",), (), 4.25).text()
    assert "different runs" in Cluster("P2", "person", 2, ("crm:8", "crm:9"), (), 4.25).text()


def test_an_entity_is_found_by_its_id_or_by_a_record(spark: SparkSession) -> None:
    rows = [
        ("crm:1", 1, "person", "P1", 2, 9.0, 0.99, "erp:2"),
        ("erp:2", 2, "person", "P1", 2, 9.0, 0.99, "crm:1"),
        ("crm:3", 3, "company", "C3", 1, None, None, None),
    ]
    entities = spark.createDataFrame(rows, ENTITY_MAP.schema).coalesce(1)
    pairs = spark.createDataFrame(
        [
            ("person", 1, 2, "crm:1", "erp:2", "email", 1, 9.0, 0.99, []),
            ("person", 1, 3, "crm:1", "crm:7", "email", 1, 2.0, 0.8, []),
        ],
        PAIR.schema,
    ).coalesce(1)
    found = explain_cluster(entities, pairs, {"person": 4.25}, "erp:2")
    assert (found.customer_id, found.records, found.size) == ("P1", ("crm:1", "erp:2"), 2)
    assert [(each.left, each.right, each.joins) for each in found.links] == [("crm:1", "erp:2", True)]
    assert explain_cluster(entities, pairs, {"person": 4.25}, "P1") == found
    with pytest.raises(DataContractError, match="no customer and no record crm:9"):
        explain_cluster(entities, pairs, {"person": 4.25}, "crm:9")
