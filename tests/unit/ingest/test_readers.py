"""Every format with the input that breaks readers: few files, one read each."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import SparkSession

from onefold.errors import ConfigurationError, DataContractError
from onefold.ingest import find_files

NOW = datetime(2026, 1, 2, tzinfo=UTC)

# Combining marks, right to left, emoji outside the basic plane, and a NUL byte.
WORDS = ("Zoe\u0308", "שָׁלוֹם", "👩‍👩‍👧 𝒳", "nul\x00byte")
HUGE = "x" * 10_000_000


def test_delimited_files_of_every_kind(take: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a [1]%.csv").write_bytes(
        "\ufeffid,First Name,_x,first name\r\n\r\n".encode()
        + "".join(f'{i},"{w}, ""q""",,\r\n' for i, w in enumerate(WORDS, 1)).encode()
        + b"   \r\n5,inv\xffalid,,\r\n"
    )
    (tmp_path / "b.csv").write_text('shoe,id\n42,7\n"open,8\n,9\n43,  \n44\n1,2,3\n45,"9\n')
    (tmp_path / "c.csv").write_text("id,huge\n")
    (tmp_path / "d.csv").write_bytes(b"")
    (tmp_path / "e.csv").write_text(f"id,huge\n1,{HUGE}")
    with gzip.open(tmp_path / "f.csv.gz", "wb") as packed:
        packed.write(b"id,empty\r1,\r2,\r")
    (tmp_path / "g.csv.bz2").write_bytes(bz2.compress(b"id,shoe\n1,45\n"))
    (tmp_path / "_SUCCESS.csv").write_text("marker")
    rows, surveys = take(tmp_path / "*.csv*", format="csv")
    assert [s.columns for s in surveys[:4]] == [("id", "First Name", "_x", "first name"), ("shoe", "id"), ("id", "huge"), ()]
    names = [rows["a [1]%.csv", i]["First_Name"] for i in range(1, 6)]
    assert names == [*(f'{w}, "q"' for w in WORDS), "inv\ufffdalid"]
    assert {"id", "First_Name", "raw_x", "first_name_2", "shoe", "huge", "empty"} <= set(rows["b.csv", 1].asDict())
    reasons = [(rows["b.csv", i]["_reason"], rows["b.csv", i]["_raw"]) for i in range(1, 8)]
    assert reasons == [
        (None, "42,7"),
        ("wrong_column_count", '"open,8'),
        (None, ",9"),
        ("key_missing", "43,  "),
        ("wrong_column_count", "44"),
        ("wrong_column_count", "1,2,3"),
        ("wrong_column_count", '45,"9'),
    ]
    assert rows["b.csv", 1]["shoe"] == "42"
    assert rows["e.csv", 1]["huge"] == HUGE
    assert [rows["f.csv.gz", i]["id"] for i in (1, 2)] == ["1", "2"]
    assert rows["g.csv.bz2", 1]["shoe"] == "45"
    assert len(rows) == 5 + 7 + 1 + 2 + 1


def test_delimited_variants(take: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "m1.csv").write_bytes(b'\xef\xbb\xbfid,note\r\n1,"two\r\nlines"\r\n\r\n2\r\n ,"blank\nkey"\r\n')
    (tmp_path / "m2.csv").write_bytes(b"id,note\n3,plain\n4,x\n")
    rows, _ = take(tmp_path / "m*.csv", format="csv", multiline=True)
    assert rows["m1.csv", 1]["note"] == "two\nlines"
    assert [rows["m1.csv", i]["_reason"] for i in (1, 2, 3)] == [None, "wrong_column_count", "key_missing"]
    assert (rows["m1.csv", 2]["_raw"], rows["m1.csv", 3]["_raw"]) == ("2", '{"id":" ","note":"blank\\nkey"}')
    assert rows["m2.csv", 2]["id"] == "4"
    (tmp_path / "t.tsv").write_bytes('id\tname\r\n1\t"raw\r\n\t\r\n'.encode("utf-16"))
    rows, _ = take(tmp_path / "t.tsv", format="tsv", encoding="utf-16", quote="")
    assert (rows["t.tsv", 1]["name"], rows["t.tsv", 2]["_reason"]) == ('"raw', "key_missing")
    with gzip.open(tmp_path / "w.txt.gz", "wb") as packed:
        packed.write("1;Łódź\n2;a\\;b\n".encode("cp1250"))
    bare = {"quote": "", "escape": "", "header": False, "columns": ["id", "town"]}
    rows, _ = take(tmp_path / "w.txt.gz", format="csv", encoding="cp1250", delimiter=";", **bare)
    assert (rows["w.txt.gz", 1]["town"], rows["w.txt.gz", 2]["_reason"]) == ("Łódź", "wrong_column_count")


def test_json_lines(take: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(
        "\ufeff".encode()
        + "".join(f'{{"id":{i},"First Name":"{w}"}}\r\n' for i, w in enumerate(WORDS[:3], 1)).encode()
        + b'{"id":4,"First Name":"inv\xffalid"}\n\n'
        + b'{"id":5,"user":{"tags":["a","b"]},"none":null,"n":12.5,"id ":true}\n'
        + b'{"id":6}{"id":7}\n{"id":8},{"id":9}\n[1]\nnull\n{"id":\n{"id":null}\n{}\n{"id":10,"nul":"\\u0000"}'
    )
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(f'{{"id":"1","huge":"{HUGE}"}}\n'.encode()))
    (tmp_path / "c.jsonl").write_bytes(b"")
    (tmp_path / "d.jsonl").write_bytes(b"garbage\n")
    rows, surveys = take(tmp_path / "*.jsonl*", format="json_lines")
    assert surveys[0].columns[:2] == ("id", "First Name")
    assert [rows["a.jsonl", i]["First_Name"] for i in range(1, 5)] == [*WORDS[:3], "inv\ufffdalid"]
    fifth = rows["a.jsonl", 5]
    assert (fifth["user"], fifth["none"], fifth["n"], fifth["id_2"]) == ('{"tags":["a","b"]}', None, "12.5", "true")
    reasons = [rows["a.jsonl", i]["_reason"] for i in range(6, 14)]
    assert reasons == ["invalid_json"] * 5 + ["key_missing"] * 2 + [None]
    assert rows["a.jsonl", 6]["_raw"] == '{"id":6}{"id":7}'
    assert rows["a.jsonl", 13]["nul"] == "\x00"
    assert rows["b.jsonl.gz", 1]["huge"] == HUGE
    assert (rows["d.jsonl", 1]["_reason"], rows["d.jsonl", 1]["_raw"]) == ("invalid_json", "garbage")


def test_fixed_width(take: Callable[..., Any], tmp_path: Path) -> None:
    fields = [{"name": n, "start": s, "length": w} for n, s, w in (("id", 1, 4), ("name", 5, 6), ("town", 11, 5))]
    lines = [
        "0001Müller Köln ",
        "  2 X     Ulm",
        "3   Y     ",
        "4   Z",
        "5   A     Berlin",
        "    B     Bonn ",
        "",
        "6   C     Ulm      ",
    ]
    (tmp_path / "a.txt").write_bytes("\r\n".join(lines).encode("latin-1"))
    with gzip.open(tmp_path / "b.txt.gz", "wb") as packed:
        packed.write("7   Größe Wien\n".encode("latin-1"))
    (tmp_path / "c.txt").write_bytes(b"")
    rows, _ = take(tmp_path / "*.txt*", format="fixed_width", encoding="latin-1", fields=fields)
    read = [(r["id"], r["name"], r["town"], r["_reason"]) for _, r in sorted(rows.items())]
    assert read[:3] == [("0001", "Müller", "Köln", None), ("2", "X", "Ulm", None), ("3", "Y", None, None)]
    assert [r[3] for r in read[3:6]] == ["line_too_short", "line_too_long", "key_missing"]
    assert rows["a.txt", 5]["_detail"] == "expected 10 to 15 characters, found 16"
    assert (rows["a.txt", 7]["town"], rows["b.txt.gz", 1]["name"]) == ("Ulm", "Größe")
    (tmp_path / "u.txt").write_text(f"1   {WORDS[0]}{HUGE}\n2   👩x\n")
    wide = [{"name": "id", "start": 1, "length": 4}, {"name": "name", "start": 5, "length": 20_000_000}]
    rows, _ = take(tmp_path / "u.txt", format="fixed_width", fields=wide)
    assert [rows["u.txt", i]["name"] for i in (1, 2)] == [WORDS[0] + HUGE, "👩x"]


def test_parquet(take: Callable[..., Any], tmp_path: Path) -> None:
    at = datetime(2024, 1, 31, 10, 30, 0, 123456)
    first = pa.table(
        {
            "id": pa.array([1, None], pa.int32()),
            "First Name": pa.array([WORDS[2], HUGE]),
            "nanos": pa.array([at, None], pa.timestamp("ns")),
            "wall": pa.array([at, None], pa.timestamp("us")),
            "void": pa.nulls(2),
            "a.b": pa.array([{"c d": 1, "e": at}, None], pa.struct([("c d", pa.int64()), ("e", pa.timestamp("us"))])),
            "clock": pa.array([at.time(), None], pa.time64("us")),
        }
    )
    pq.write_table(first, tmp_path / "a.parquet")
    pq.write_table(pa.table({"new": ["n"], "id": pa.array([2**40], pa.int64())}), tmp_path / "b.parquet")
    pq.write_table(pa.table({"id": pa.array([], pa.int32())}), tmp_path / "c.parquet")
    (tmp_path / "d.parquet").write_bytes(b"PAR1 broken PAR1")
    (tmp_path / "e.parquet").write_bytes(b"")
    rows, surveys = take(tmp_path / "*.parquet", format="parquet")
    assert [s.unreadable is None for s in surveys] == [True, True, True, False, False]
    row, blank = rows["a.parquet", 1], rows["a.parquet", 2]
    instant = at.replace(tzinfo=UTC).astimezone().replace(tzinfo=None)  # as PySpark hands out timestamps
    assert (row["id"], row["First_Name"], row["nanos"], row["wall"], row["void"]) == (1, WORDS[2], instant, instant, None)
    assert row["a_b"].asDict() == {"c_d": 1, "e": instant}
    assert row["clock"] == "10:30:00.123456"
    assert (blank["_reason"], blank["First_Name"]) == ("key_missing", HUGE)
    assert (rows["b.parquet", 1]["id"], rows["b.parquet", 1]["new"]) == (2**40, "n")


def test_excel(take: Callable[..., Any], spark: SparkSession, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Leads"
    for row in (["id", "First Name", None, "when", "id"], [1, WORDS[0], "x", datetime(2024, 1, 31), 1.5], [None] * 5):
        sheet.append(row)
    sheet.append([2, WORDS[1], None, datetime(2024, 1, 31, 10, 30), True])
    sheet.append([None, WORDS[2], None, date(2024, 2, 1), "x" * 32_000])
    book.save(tmp_path / "a.xlsx")
    other = openpyxl.Workbook()
    assert other.active is not None
    other.active.append(["new", "id"])
    other.active.append(["n", 3])
    other.save(tmp_path / "b.xlsx")
    openpyxl.Workbook().save(tmp_path / "c.xlsx")
    (tmp_path / "d.xlsx").write_bytes(b"no workbook")
    (tmp_path / "e.xlsx").write_bytes(b"")
    rows, surveys = take(tmp_path / "*.xlsx", format="excel")
    assert [s.unreadable is None for s in surveys] == [True, True, True, False, True]
    first, second, third = (rows["a.xlsx", i] for i in (1, 2, 3))
    assert (first["id"], first["First_Name"], first["column_3"], first["when"], first["id_2"]) == (
        *("1", WORDS[0], "x", "2024-01-31", "1.5"),
    )
    assert (second["First_Name"], second["when"], second["id_2"]) == (WORDS[1], "2024-01-31T10:30:00", "true")
    assert (third["_reason"], third["First_Name"]) == ("key_missing", WORDS[2])
    assert (rows["b.xlsx", 1]["id"], rows["b.xlsx", 1]["new"]) == ("3", "n")
    with pytest.raises(DataContractError, match="has no sheet 'Nope'"):
        take(tmp_path / "a.xlsx", format="excel", sheet="Nope")


def test_row_numbers_hold_across_splits_of_large_files(take: Callable[..., Any], spark: SparkSession, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text("id\n" + "".join(f"{name}{i}\n\n" for i in range(1, 120)))
    spark.conf.set("spark.sql.files.maxPartitionBytes", "150")
    spark.conf.set("spark.sql.files.openCostInBytes", "40")
    try:
        rows, _ = take(tmp_path / "*.csv", format="csv")
    finally:
        spark.conf.unset("spark.sql.files.maxPartitionBytes")
        spark.conf.unset("spark.sql.files.openCostInBytes")
    assert {key: r["id"] for key, r in rows.items()} == {(f"{n}.csv", i): f"{n}{i}" for n in "ab" for i in range(1, 120)}


@pytest.mark.parametrize(
    ("name", "data", "settings", "error", "said"),
    [
        ("a.csv", b"id\n1\n", {"encoding": "klingon"}, ConfigurationError, "unknown encoding 'klingon'"),
        ("a.csv", b"id\n1\n", {"encoding": "not a name!"}, ConfigurationError, "unknown encoding"),
        ("a.csv.zip", b"PK", {}, DataContractError, "supported are plain files and .gz"),
        ("a.csv", gzip.compress(b"id\n1\n"), {}, DataContractError, "is gzip data, but its name does not say so"),
        ("a.csv", "id\n".encode("utf-16"), {}, DataContractError, "declare encoding: utf-16"),
        ("a.csv", b"name\n1\n", {}, DataContractError, "has no key column id; it has: name"),
        ("a_20261399.csv", b"id\n1\n", {"as_of": r"(\d{8})"}, DataContractError, "holds no date"),
    ],
)
def test_what_cannot_be_read_is_said_clearly(
    take: Callable[..., Any], tmp_path: Path, name: str, data: bytes, settings: dict[str, str], error: type[Exception], said: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(error) as raised:
        take(tmp_path / name, format="csv", **settings)
    assert said in str(raised.value)


def test_files_carry_their_business_date(spark: SparkSession, make_source: Callable[..., Any], tmp_path: Path) -> None:
    for name in ("x_2024-03-01.csv", "x_20240302.csv", "x_undated.csv"):
        (tmp_path / name).write_text("id\n")
    source = make_source(tmp_path / "x_*.csv", format="csv", as_of=r"x_(\d{4}-?\d{2}-?\d{2})")
    dates = [f.as_of for f in find_files(spark, source, NOW)]
    assert dates == [datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 2, tzinfo=UTC), NOW]
