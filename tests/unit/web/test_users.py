"""The file of users: written for its owner alone, and read with every doubt named."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefold.errors import ConfigurationError, MissingInputError
from onefold.web.users import add_user, read_users


def test_users_are_added_replaced_and_known(tmp_path: Path) -> None:
    file = tmp_path / "users"
    add_user(file, "ann", "first password")
    add_user(file, "ben", "other password")
    add_user(file, "ann", "second password")
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text()
    assert [line.partition(":")[0] for line in text.splitlines()] == ["ben", "ann"]
    assert "password" not in text
    assert [p.name for p in tmp_path.iterdir()] == ["users"]
    users = read_users(file)
    assert users.knows("ann", "second password")
    assert not users.knows("ann", "first password")
    assert not users.knows("eve", "second password")


def test_what_will_not_do_is_named(tmp_path: Path) -> None:
    file = tmp_path / "users"
    with pytest.raises(MissingInputError, match="--add-user"):
        read_users(file)
    for name, password in (("a:b", "long enough"), ("", "long enough"), ("ann", "short")):
        with pytest.raises(ConfigurationError):
            add_user(file, name, password)
    file.write_text("# nobody\n\n")
    file.chmod(0o644)
    with pytest.raises(ConfigurationError, match="others than its owner"):
        read_users(file)
    file.chmod(0o600)
    with pytest.raises(ConfigurationError, match="names nobody"):
        read_users(file)
    file.write_text("ann:plain text\n")
    with pytest.raises(ConfigurationError, match="line 1 is not"):
        read_users(file)
