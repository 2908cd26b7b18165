"""Who may log in: a file of names and salted hashes, and how both are checked."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from onefold.errors import ConfigurationError, MissingInputError

__all__ = ["LEAST_LENGTH", "Users", "add_user", "hashed", "read_users"]

LEAST_LENGTH = 10
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_COST = (2**15, 8, 1)  # 32 MiB and about a tenth of a second for every guess
_ONE_AT_A_TIME = Lock()  # many guesses at once must not take the machine's memory


def hashed(password: str, salt: bytes | None = None, cost: tuple[int, int, int] = _COST) -> str:
    """Return `scrypt$n$r$p$salt$hash` of a password."""
    salt = salt or secrets.token_bytes(16)
    n, r, p = cost
    with _ONE_AT_A_TIME:
        key = hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=32)
    return f"scrypt${n}${r}${p}${salt.hex()}${key.hex()}"


class Users:
    """Names with the hashes of their passwords."""

    def __init__(self, hashes: Mapping[str, str]) -> None:
        self._hashes = dict(hashes)
        # An unknown name costs as much time as a known one, so that names cannot be told from the time taken.
        self._nobody = hashed(secrets.token_hex(16))

    def knows(self, name: str, password: str) -> bool:
        """Tell whether the password is that of the name."""
        kept = self._hashes.get(name, self._nobody)
        _, n, r, p, salt, _ = kept.split("$")
        given = hashed(password[:1024], bytes.fromhex(salt), (int(n), int(r), int(p)))
        return hmac.compare_digest(given, kept) and name in self._hashes


def read_users(path: Path) -> Users:
    """Return the users of a file, a line `name:scrypt$n$r$p$salt$hash` each; empty lines and those with # are left out.

    Raises:
        MissingInputError: when the file is not there.
        ConfigurationError: when others may read it, a line is wrong, or it names nobody.
    """
    hint = f"onefold serve --users {path} --add-user NAME"
    if not path.is_file():
        raise MissingInputError(f"the file of users {path} is not there", hint=hint)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise ConfigurationError(f"others than its owner may read or change {path}", hint=f"chmod 600 {path}")
    lines = [(i, line.strip()) for i, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)]
    hashes, problems = {}, []
    for number, line in lines:
        if not line or line.startswith("#"):
            continue
        name, _, kept = line.partition(":")
        if _NAME.fullmatch(name) and _is_hash(kept):
            hashes[name] = kept
        else:
            problems.append(f"line {number} is not name:scrypt$n$r$p$salt$hash")
    if problems or not hashes:
        raise ConfigurationError(f"nobody can log in by {path}", problems=tuple(problems) or ("it names nobody",), hint=hint)
    return Users(hashes)


def _is_hash(text: str) -> bool:
    return re.fullmatch(r"scrypt\$\d{4,7}\$\d{1,2}\$\d{1,2}\$[0-9a-f]{32,}\$[0-9a-f]{64}", text) is not None


def add_user(path: Path, name: str, password: str) -> None:
    """Write a user into the file, in place of one of the same name; only its owner may read the file.

    Raises:
        ConfigurationError: when the name or the password will not do.
    """
    if not _NAME.fullmatch(name):
        raise ConfigurationError("the name will not do", hint="letters, digits and . _ @ -, the first a letter or digit")
    if len(password) < LEAST_LENGTH:
        raise ConfigurationError(f"the password is shorter than {LEAST_LENGTH} characters", hint="take a longer one")
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    kept = [line for line in lines if line.partition(":")[0] != name]
    written = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write("\n".join([*kept, f"{name}:{hashed(password)}"]) + "\n")
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
