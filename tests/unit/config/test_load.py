"""Configuration: everything wrong is said at once, with file, line, key path and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefold.config import load_project
from onefold.errors import ConfigurationError

BASE = Path(__file__).resolve().parents[3] / "conf" / "base"

SOURCE = """\
owner: {team: Sales}
path: ${DATA}/crm.csv
format: csv
key: [id]
entity_type: person
default_country: NO
party:
  given_name: first
  consents:
    - {channel: email, column: optin, values: {Y: opt_in, 01: opt_out}}
"""


@pytest.fixture()
def conf(tmp_path: Path) -> Path:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "crm.yml").write_text(SOURCE)
    (tmp_path / "onefold.yml").write_text(f"name: t\nextends: {BASE}\n")
    return tmp_path


def problems(conf: Path, *settings: str) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        load_project(conf, settings)
    assert caught.value.exit_code == 2
    return caught.value.problems


def test_a_valid_folder_becomes_typed_settings_with_variables_and_the_file_name_as_source_name(conf: Path) -> None:
    project = load_project(conf, ["DATA=/raw"])
    (source,) = project.sources
    assert (source.source, source.path, source.default_country) == ("crm", "/raw/crm.csv", "NO")
    assert source.party is not None
    assert source.party.consents[0].values == {"Y": "opt_in", "01": "opt_out"}


def test_every_problem_is_said_at_once_with_its_line_and_remedy(conf: Path) -> None:
    (conf / "sources" / "erp.yml").write_text("ownr: {team: x}\npath: x\nformat: cvs\nkey: [a]\nencoding: utf-99\nparty: {}\n")
    (conf / "blokcing.yml").write_text("person: {}\n")
    text = "\n".join(problems(conf))
    assert "crm.yml:2: path uses ${DATA}, which has no value; give it with --set DATA=..." in text
    assert "erp.yml:1: ownr: unknown key; did you mean 'owner'?" in text
    assert "erp.yml:3: format: Input should be 'csv'" in text
    assert "found 'cvs'" in text
    assert "blokcing.yml: unknown section; did you mean blocking.yml?" in text


def test_broken_yaml_names_the_line(conf: Path) -> None:
    (conf / "sources" / "bad.yml").write_text("owner: {team: x\npath: [\n")
    assert any("bad.yml:" in p and "not valid YAML" in p for p in problems(conf, "DATA=/raw"))


def test_a_key_that_stands_twice_is_refused(conf: Path) -> None:
    (conf / "sources" / "crm.yml").write_text(SOURCE + "format: tsv\n")
    assert any("crm.yml:11: the key 'format' stands twice" in p for p in problems(conf, "DATA=/raw"))


def test_an_attribute_may_not_take_a_canonical_name(conf: Path) -> None:
    (conf / "sources" / "crm.yml").write_text(SOURCE + "  attributes: {email: {column: m}, plan: {column: p}}\n")
    (problem,) = problems(conf, "DATA=/raw")
    assert "crm.yml:7: party: attributes must not make a column that is already there: email" in problem


def test_an_interaction_of_an_unknown_source_hints_at_the_near_miss(conf: Path) -> None:
    (conf / "sources" / "calls.yml").write_text(
        "owner: {team: x}\npath: x\nformat: csv\nkey: [id]\ninteraction:\n  party_source: crn\n"
        "  party_key: [c]\n  channel: {value: phone}\n  kind: {value: call}\n  occurred_at: at\n"
    )
    (problem,) = problems(conf, "DATA=/raw")
    assert "calls.yml:6: interaction.party_source: no party source of this name; did you mean 'crm'?" in problem


def test_set_replaces_single_values_by_key_path(conf: Path) -> None:
    project = load_project(conf, ["DATA=/raw", "spark.driver_memory=1g", "sources.crm.encoding=iso-8859-1"])
    assert project.spark.driver_memory == "1g"
    assert project.sources[0].encoding == "iso-8859-1"


def test_set_of_an_unknown_section_or_key_is_an_error(conf: Path) -> None:
    text = "\n".join(problems(conf, "DATA=/raw", "sparc.x=1", "spark.drivermemory=1g"))
    assert "--set sparc.x: no such section" in text
    assert "did you mean 'driver_memory'?" in text


def test_a_folder_that_is_not_there_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="is not there"):
        load_project(tmp_path / "nowhere")
