"""What of a source's files is new: told by the ledger, by content, and by whether they can be unpacked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pyspark.sql import SparkSession

from onefold.ingest import hadoop
from onefold.ingest.files import RawFile, Survey, find_files, hash_files
from onefold.ingest.ledger import Past
from onefold.ingest.settings import IngestSource

__all__ = ["find_new_files", "unpackable"]


def find_new_files(spark: SparkSession, source: IngestSource, past: Past, now: datetime) -> tuple[list[RawFile], list[RawFile]]:
    """Return the source's files to take, hashed, and those whose content is there already or comes twice.

    A file of the same label, size and modification time as one in the ledger is not read again to be hashed: with two
    years of files in a folder, hashing them all each day would take longer than ingesting the new ones.

    Raises:
        MissingInputError: when no file matches at all.
    """
    found = find_files(spark, source, now)
    unchanged = past.identities.get(source.source, set())
    repeated = [file for file in found if file.identity in unchanged]
    seen = set(past.hashes.get(source.source, set()))
    taken: list[RawFile] = []
    for file in hash_files(spark, [file for file in found if file.identity not in unchanged]):
        (repeated if file.hash in seen else taken).append(file)
        seen.add(file.hash)
    return taken, repeated


def unpackable(spark: SparkSession, survey: Survey) -> Survey:
    """Return the survey, its file marked unreadable when it is compressed and cannot be unpacked to its end.

    Reading a whole file for this is not free, so it is asked only after Spark has failed on the source.
    """
    if survey.unreadable is not None or not survey.file.compressed or hadoop.drains(spark, survey.file.path):
        return survey
    return replace(survey, unreadable="ends before its compressed data does, or is damaged")
