"""One error root and its leaves; every leaf knows the exit code a scheduler should see.

Messages say what was wanted, what was found and what to do. They carry names of files, tables, columns, rules and
counts, never a customer's values.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "ConfigurationError",
    "DataContractError",
    "IncidentError",
    "MissingInputError",
    "OnefoldError",
    "QualityGateError",
    "RuntimeSetupError",
    "StageOrderError",
    "WarehouseBusyError",
]


class OnefoldError(Exception):
    """Root of every error that onefold raises on purpose; exits with code 1."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        """Keep the message and, when there is one, the remedy apart so that both can be shown well."""
        super().__init__(message if hint is None else f"{message}\n  hint: {hint}")
        self.message = message
        self.hint = hint


class ConfigurationError(OnefoldError):
    """The configuration is wrong; every problem found is in `problems`, one line each."""

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, problems: tuple[str, ...] = (), hint: str | None = None) -> None:
        """Join the problems under the message, keeping them also as a tuple."""
        text = "\n".join([message, *(f"  - {p}" for p in problems)])
        super().__init__(text, hint=hint)
        self.problems = problems


class DataContractError(OnefoldError):
    """Data broke a contract that the run cannot go on without (a missing key column, a wrong schema)."""

    exit_code: ClassVar[int] = 3


class MissingInputError(DataContractError):
    """A declared input matches no file, or an expected table is not there."""


class QualityGateError(OnefoldError):
    """What the configuration asserts of the data's quality does not hold; the run stops before matching."""

    exit_code: ClassVar[int] = 5


class StageOrderError(OnefoldError):
    """A stage was asked for before the stage that it reads from had run."""

    exit_code: ClassVar[int] = 3


class RuntimeSetupError(OnefoldError):
    """Java, Spark or a JVM part is missing or does not fit; the message says which and how to get it."""


class WarehouseBusyError(OnefoldError):
    """Another run works on the warehouse; a scheduler may try again later."""

    exit_code: ClassVar[int] = 4


class IncidentError(OnefoldError):
    """The run did what it should, and its data have incidents that are to fail it (quality.yml, alarms.fail_on)."""

    exit_code: ClassVar[int] = 5
