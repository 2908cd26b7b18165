"""A file of decisions: read as a whole, or refused with every line that cannot be read."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from onefold.errors import DataContractError
from onefold.steward import Request, read_requests

GOOD = """kind,record_id,other_record_id,with_records,attribute,value,policy,reason,expires_at,revokes
unmerge,crm:1,,crm:2|crm:3,,,,a typo,2027-01-31,
override,P1,,,email,a@x.org,if_null,,,
revoke,,,,,,,,,D1
"""


def lines(text: str) -> csv.DictReader[str]:
    return csv.DictReader(io.StringIO(text))


def test_lines_become_requests() -> None:
    unmerge, override, revoke = read_requests(lines(GOOD), "ann", "the audit")
    assert unmerge == Request(
        *("unmerge", "a typo", "ann", "crm:1"),
        with_records=("crm:2", "crm:3"),
        expires_at=datetime(2027, 1, 31, tzinfo=UTC),
        origin="file",
        place="line 2",
    )
    assert (override.value, override.policy, override.reason) == ("a@x.org", "if_null", "the audit")
    assert revoke.revokes == "D1"
    assert "a@x.org" not in repr(override)


def test_every_wrong_line_is_told_without_its_values() -> None:
    text = "kind,record_id,policy,expires_at,colour\nmust-link,a,,,\noverride,a,sometimes,31.1.2027,red\nrevoke,a,,,,more\n"
    with pytest.raises(DataContractError) as refused:
        read_requests(lines(text), "ann", "why")
    said = str(refused.value)
    for words in ("line 2: kind is none", "line 3: policy is none of", "line 3: expires_at is no date", "line 4: more cells"):
        assert words in said
    assert "unknown column colour" in said
    assert "sometimes" not in said
