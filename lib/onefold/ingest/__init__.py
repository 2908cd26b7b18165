"""Raw files to bronze: find, look, read, judge and stamp; nothing is dropped in silence."""

from onefold.ingest.drift import fit_types, mapped_columns, missing_columns, new_columns
from onefold.ingest.files import RawFile, Survey, find_files, hash_files
from onefold.ingest.intake import find_new_files, unpackable
from onefold.ingest.landing import accepted, check_key, judge_key, quarantined, stamp, unreadable
from onefold.ingest.ledger import Entry, Past, committed, entries_frame, newest_of, past_of
from onefold.ingest.readers import READERS
from onefold.ingest.settings import FixedField, IngestSource, Owner
from onefold.ingest.shrunk import check_shrinkage, may_have_shrunk

__all__ = [
    "READERS",
    "Entry",
    "FixedField",
    "IngestSource",
    "Owner",
    "Past",
    "RawFile",
    "Survey",
    "accepted",
    "check_key",
    "check_shrinkage",
    "committed",
    "entries_frame",
    "find_files",
    "find_new_files",
    "fit_types",
    "hash_files",
    "judge_key",
    "mapped_columns",
    "may_have_shrunk",
    "missing_columns",
    "new_columns",
    "newest_of",
    "past_of",
    "quarantined",
    "stamp",
    "unpackable",
    "unreadable",
]
