"""The generator of sample exports: what it writes agrees with the source files, the truth and the seed."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import phonenumbers
import pyarrow.parquet as pq
import pytest
import yaml
from python_calamine import CalamineWorkbook
from stdnum.be import vat as be_vat
from stdnum.br import cnpj
from stdnum.ch import uid
from stdnum.de import vat as de_vat
from stdnum.es import nif
from stdnum.fr import tva
from stdnum.gb import vat as gb_vat
from stdnum.gr import vat as gr_vat
from stdnum.it import iva
from stdnum.nl import btw
from stdnum.se import vat as se_vat

from onefold.config import Source

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts"))

from generator import Request, produce  # noqa: E402
from generator.columns import mapped, texts  # noqa: E402
from generator.command import main  # noqa: E402
from generator.countries import CODES, COUNTRIES  # noqa: E402
from generator.exports import CsvExport  # noqa: E402
from generator.identifiers import vat_numbers  # noqa: E402
from generator.phones import numbers, written  # noqa: E402
from generator.typos import digit_slip, email_slip, slip, swapped_digits  # noqa: E402

SOURCES = sorted((ROOT / "conf/examples/demo/sources").glob("*.yml"))
RECORDS = 800
MALFORMED = {"crm": 3, "marketing": 2, "legacy_crm": 2}


def source_of(path: Path) -> Source:
    return Source.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def files_of(source: Source, out: Path) -> list[Path]:
    pattern = source.path.replace("${DATA}/", "")
    return sorted(out.glob(pattern))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    produce(Request(folder, RECORDS, seed=11))
    return folder


def rows_of(source: Source, out: Path) -> Iterator[dict[str, Any]]:
    """Every well-formed row of a source, read by plain means and by the source file's own declarations."""
    for path in files_of(source, out):
        if source.format == "csv":
            content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            reader = csv.reader(io.StringIO(content.decode(source.encoding), newline=""), delimiter=source.delimiter or ",")
            header = next(reader)
            yield from (dict(zip(header, row, strict=True)) for row in reader if len(row) == len(header))
        elif source.format == "json_lines":
            for line in path.read_text(encoding="utf-8").splitlines():
                try:
                    yield json.loads(line)
                except json.JSONDecodeError:
                    continue
        elif source.format == "parquet":
            yield from pq.read_table(path).to_pylist()
        elif source.format == "excel":
            table = CalamineWorkbook.from_path(path).get_sheet_by_name(source.sheet or "").to_python()
            yield from (dict(zip(table[0], row, strict=True)) for row in table[1:])
        else:
            width = max(f.start + f.length - 1 for f in source.fields)
            lines = path.read_text(encoding=source.encoding).splitlines()
            for line in (line for line in lines if len(line) == width):
                yield {f.name: line[f.start - 1 : f.start - 1 + f.length].strip() for f in source.fields}


def mapped_names(node: Any) -> set[str]:
    """Every raw column that a source file's mapping speaks of."""
    if isinstance(node, dict):
        found = {node["column"]} if isinstance(node.get("column"), str) else set()
        return found.union(*map(mapped_names, node.values())) if node else found
    if isinstance(node, (list, tuple)):
        return set().union(*map(mapped_names, node)) if node else set()
    return set()


def truth_of(out: Path) -> dict[str, tuple[str, str]]:
    with (out / "truth/truth.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    truth = {row["record_id"]: (row["cluster_id"], row["entity_type"]) for row in rows}
    assert len(truth) == len(rows)
    return truth


def digest(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()
    }


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_every_raw_column_is_mapped_or_ignored(path: Path, out: Path) -> None:
    source = source_of(path)
    assert source.source == path.stem
    spoken = {name.partition(".")[0] for name in mapped_names(source.model_dump()) | set(source.ignore) | set(source.key)}
    found = set().union(*(row.keys() for row in rows_of(source, out)))
    assert found - spoken == set()
    assert spoken - found <= {"phone", "company", "sms_opt_in"}  # JSON leaves out what is missing
    assert all(re.search(source.as_of or "", file.name) for file in files_of(source, out))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_nested_paths_lead_somewhere(path: Path, out: Path) -> None:
    source = source_of(path)
    rows = list(rows_of(source, out))
    assert rows
    for name in (n for n in mapped_names(source.model_dump()) if "." in n):
        parent, _, leaf = name.partition(".")
        assert any(leaf in row.get(parent, {}) for row in rows), name


def test_truth_covers_exactly_the_well_formed_party_rows(out: Path) -> None:
    parties = [s for s in map(source_of, SOURCES) if s.party is not None]
    ids = [f"{s.source}:" + "|".join(str(row[k]) for k in s.key) for s in parties for row in rows_of(s, out)]
    assert len(ids) == RECORDS
    assert set(ids) == set(truth_of(out))


def test_entity_types_of_mixed_sources_agree_with_the_truth(out: Path) -> None:
    truth = truth_of(out)
    for source in (s for s in map(source_of, SOURCES) if s.party is not None):
        for row in rows_of(source, out):
            kind = truth[f"{source.source}:" + "|".join(str(row[k]) for k in source.key)][1]
            declared = source.entity_type
            assert kind == (declared if isinstance(declared, str) else declared.values[row[declared.column]])


def test_interactions_belong_to_known_parties_and_lie_in_the_past(out: Path) -> None:
    truth = truth_of(out)
    seen = 0
    for source in (s for s in map(source_of, SOURCES) if s.interaction is not None):
        for row in rows_of(source, out):
            key = "|".join(str(row[ref.column]) for ref in source.interaction.party_key)
            assert f"{source.interaction.party_source}:{key}" in truth
            seen += 1
    assert seen > RECORDS / 3
    sent = [json.loads(line)["at"] for line in next((out / "raw/marketing_events").iterdir()).read_text().splitlines()]
    assert min(sent) > "2024-11-01" and max(sent) < "2026-11-21"


def test_malformed_rows_are_there_and_few(out: Path) -> None:
    crm = source_of(ROOT / "conf/examples/demo/sources/crm.yml")
    with files_of(crm, out)[0].open(encoding="utf-8", newline="") as stream:
        widths = Counter(len(row) for row in csv.reader(stream))
    assert sum(count for width, count in widths.items() if width != widths.most_common(1)[0][0]) == MALFORMED["crm"]
    broken = 0
    for line in next((out / "raw/marketing").iterdir()).read_text(encoding="utf-8").splitlines():
        try:
            json.loads(line)
        except json.JSONDecodeError:
            broken += 1
    assert broken == MALFORMED["marketing"]
    lengths = Counter(map(len, next((out / "raw/legacy_crm").iterdir()).read_text(encoding="latin-1").splitlines()))
    assert sum(count for length, count in lengths.items() if length != 344) == MALFORMED["legacy_crm"]


def test_same_seed_same_bytes_another_seed_other_bytes(out: Path, tmp_path: Path) -> None:
    produce(Request(tmp_path / "again", RECORDS, seed=11))
    produce(Request(tmp_path / "other", RECORDS, seed=12))
    assert digest(tmp_path / "again") == digest(out)
    differing = {name for name, sha in digest(tmp_path / "other").items() if digest(out).get(name) != sha}
    assert differing == set(digest(out))


def test_every_kind_of_error_occurs_in_its_share(tmp_path: Path) -> None:
    summary = produce(Request(tmp_path, 6_000, seed=3))
    share = {name: count / 6_000 for name, count in summary["defects"].items()}
    for name in ("nickname", "typo_family", "typo_company", "stale_address", "missing_email", "household", "legal_form_variant"):
        assert 0.005 < share[name] < 0.5, name
    for name in (
        "swapped_names",
        "twin",
        "junior_senior",
        "namesake",
        "sentinel",
        "shared_email",
        "branch",
        "department",
        "acronym",
    ):
        assert 0.0005 < share[name] < 0.05, name
    assert all(count > 0 for count in summary["defects"].values())
    with (tmp_path / "truth/defects.csv").open(encoding="utf-8", newline="") as stream:
        told = Counter(name for row in csv.DictReader(stream) for name in row["defects"].split("|") if name)
    assert told == Counter({name: count for name, count in summary["defects"].items() if count})


def test_households_twins_and_namesakes_are_entities_of_their_own(tmp_path: Path) -> None:
    produce(Request(tmp_path, 6_000, seed=3))
    clusters = Counter(cluster for cluster, _ in truth_of(tmp_path).values())
    sizes = Counter(clusters.values())
    assert max(sizes) <= 16
    assert sizes[1] > 0.15 * len(clusters)
    assert 1.8 < 6_000 / len(clusters) < 2.8


def test_telephone_numbers_are_valid_in_their_country() -> None:
    rng = np.random.default_rng(0)
    serial = np.arange(400)
    for position, country in enumerate(COUNTRIES):
        for mobile in (True, False):
            area, subscriber = numbers(np.full(400, position), serial, mobile=mobile, seed=7)
            assert len(set(area + subscriber)) == 400
            e164 = written("e164", np.full(400, position), area, subscriber, rng)
            valid = sum(phonenumbers.is_valid_number(phonenumbers.parse(text)) for text in e164)
            assert valid >= 0.99 * 400, (country.code, mobile, valid)


def test_every_telephone_style_means_the_same_number() -> None:
    rng = np.random.default_rng(0)
    for position, country in enumerate(COUNTRIES):
        at = np.full(30, position)
        area, subscriber = numbers(at, np.arange(30), mobile=True, seed=7)
        wanted = written("e164", at, area, subscriber, rng)
        for style in ("plain", "spaced", "free"):
            got = written(style, at, area, subscriber, rng)
            for text, number in zip(got, wanted, strict=True):
                dialled = re.sub(r"^00", "+", text) if country.calling != "1" else re.sub(r"^001", "+1", text)
                parsed = phonenumbers.parse(dialled, country.code)
                assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == number, (country.code, text)


def test_vat_numbers_pass_their_check() -> None:
    checks = {"DE": de_vat, "FR": tva, "GB": gb_vat, "ES": nif, "IT": iva, "NL": btw, "SE": se_vat, "BE": be_vat, "CH": uid,
              "BR": cnpj, "GR": gr_vat}  # fmt: skip
    for code, module in checks.items():
        found = [text for text in vat_numbers(np.full(300, CODES.index(code)), np.arange(300)) if text]
        assert len(found) > 250
        assert len(set(found)) == len(found)
        wrong = [text for text in found if not module.is_valid(text)]
        assert wrong == [], (code, wrong[:3])


@pytest.mark.parametrize("draw", range(40))
def test_slips_change_a_text_a_little(draw: int) -> None:
    assert slip("Katherine", draw * 977) != ""
    assert abs(len(slip("Katherine", draw * 977)) - 9) <= 2
    assert slip("Al", draw) == "Al"
    assert sum(a != b for a, b in zip("01234", digit_slip("01234", draw), strict=True)) == 1
    assert sorted(swapped_digits("90210", draw)) == sorted("90210")
    assert email_slip("ann.lee@gmail.com", draw).count("@") == 1


def test_chunks_join_without_sharing_entities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.plan.CHUNK_RECORDS", 500)
    summary = produce(Request(tmp_path, 1_700, seed=5))
    truth = truth_of(tmp_path)
    assert len(truth) == 1_700
    assert sum(summary["rows"][name] for name in summary["rows"] if name in {k.partition(":")[0] for k in truth}) == 1_700


def test_an_export_goes_on_in_a_further_file(tmp_path: Path) -> None:
    export = CsvExport(tmp_path, "part", suffix="csv", limit=3)
    export.write({"a": texts("1234567")})
    export.close()
    assert [p.read_text() for p in sorted(tmp_path.iterdir())] == ["a\n1\n2\n3\n", "a\n4\n5\n6\n", "a\n7\n"]


def test_mapping_distinct_values_keeps_missing_ones() -> None:
    assert mapped(texts(["a", None, "a"]), str.upper).tolist() == ["A", None, "A"]


def test_command_refuses_a_used_folder_and_too_few_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--records", "200", "--out", str(tmp_path), "--as-of", "2025-06-30"]) == 0
    assert "crm" in capsys.readouterr().out
    assert all("20250630" in p.name for p in (tmp_path / "raw").rglob("*.*"))
    assert main(["--records", "200", "--out", str(tmp_path)]) == 2
    assert "is there already" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--records", "10", "--out", str(tmp_path / "x")])
    assert Request(tmp_path).as_of == date(2026, 11, 20)
