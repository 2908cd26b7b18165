"""Catches duplicates as they enter: one prospect held against all customers, in milliseconds and without a Spark job."""

from onefold.catch.answers import Answer, Evidence
from onefold.catch.index import CatchIndex
from onefold.catch.prospect import ProspectError
from onefold.catch.settings import CatchSettings

__all__ = ["Answer", "CatchIndex", "CatchSettings", "Evidence", "ProspectError"]
