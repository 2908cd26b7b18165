"""Reads consent flags: what a code means is declared by the source; anything else is unknown, never yes."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from onefold.cleanse.dates import patterns, read_timestamp
from onefold.cleanse.paths import RawColumns, meanings
from onefold.cleanse.settings import ConsentMapping, StandardiseSettings

__all__ = ["read_consent"]


def read_consent(raw: RawColumns, consent: ConsentMapping, standardise: StandardiseSettings) -> Column:
    """Return one consent flag as a struct of channel, purpose, status, when it was captured, and the raw code."""
    code = raw.text(consent.column)
    said: dict[str, str] = {name.strip().lower(): meaning for name, meaning in consent.values.items()}
    captured = F.lit(None).cast("timestamp")
    if consent.captured_at is not None:
        formats = patterns(consent.captured_at.format, standardise.date_formats)
        captured = read_timestamp(raw.ref(consent.captured_at), formats)
    return F.struct(
        F.lit(consent.channel).alias("channel"),
        F.lit(consent.purpose).alias("purpose"),
        F.coalesce(meanings(said, code), F.lit("unknown")).alias("status"),
        captured.alias("captured_at"),
        code.alias("raw"),
    )
