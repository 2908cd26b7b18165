"""Columns that come, go or change type between the files of a source: what is new, what is missing, what still fits."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import (
    ArrayType,
    AtomicType,
    ByteType,
    DataType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    MapType,
    ShortType,
    StringType,
    StructType,
    TimestampType,
)

from onefold.contracts.bronze import LINEAGE_COLUMNS, bronze_column, bronze_columns, locate
from onefold.errors import DataContractError
from onefold.ingest.settings import IngestSource

__all__ = ["fit_types", "mapped_columns", "missing_columns", "new_columns"]

_WHOLE = (ByteType, ShortType, IntegerType, LongType)


def mapped_columns(mapping: object) -> frozenset[str]:
    """Return every raw column that a mapping (as plain dicts and lists) names: each text under a key `column`.

    >>> sorted(mapped_columns({"party": {"emails": [{"column": "mail"}], "name": {"column": "user.name"}}}))
    ['mail', 'user.name']
    """
    if isinstance(mapping, dict):
        own = {mapping["column"]} if isinstance(mapping.get("column"), str) else set()
        return frozenset(own.union(*(mapped_columns(value) for value in mapping.values())))
    return frozenset().union(*(mapped_columns(v) for v in mapping)) if isinstance(mapping, (list, tuple)) else frozenset()


def new_columns(source: IngestSource, columns: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Return the raw columns that the configuration neither maps (`known`) nor ignores nor uses as key."""
    columns = tuple(columns)
    spoken = {
        bronze_column(part).lower() for n in (*known, *source.key, *source.ignore) for part in (n, re.split(r"[.\[]", n)[0])
    }
    named = zip(columns, bronze_columns(columns), strict=True)
    return tuple(raw for raw, bronze in named if bronze.lower() not in spoken)


def missing_columns(columns: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Return the mapped columns that the files do not have, sorted."""
    present = bronze_columns(tuple(columns))
    return tuple(sorted(name for name in set(known) if locate(name, present) is None))


def fit_types(frame: DataFrame, table: StructType, source: str) -> DataFrame:
    """Return the frame with every raw column in the type that the table already has for it, where that loses nothing.

    Raises:
        DataContractError: naming the columns whose type no longer fits.
    """
    held = {f.name.lower(): f.dataType for f in table.fields}
    columns: list[Column] = []
    misfits = []
    for field in frame.schema.fields:
        value, wanted = F.col(f"`{field.name}`"), held.get(field.name.lower(), field.dataType)
        if field.name in LINEAGE_COLUMNS or wanted == field.dataType or _same_kind(field.dataType, wanted):
            columns.append(value)
        elif isinstance(wanted, StringType):
            text = value.cast("string") if isinstance(field.dataType, AtomicType) else F.to_json(value)
            columns.append(text.alias(field.name, metadata=field.metadata))
        elif _fits(field.dataType, wanted):
            columns.append(value.cast(wanted).alias(field.name, metadata=field.metadata))
        else:
            misfits.append(f"{field.name} (was {wanted.simpleString()}, now {field.dataType.simpleString()})")
    if misfits:
        raise DataContractError(
            f"source {source}: the type of {len(misfits)} columns no longer fits bronze/{source}: {'; '.join(misfits[:5])}",
            hint="ask the owner for the old type, or start the source under a new name",
        )
    return frame.select(*columns)


def _same_kind(found: DataType, wanted: DataType) -> bool:
    """Tell whether both are structs, arrays or maps: Delta itself merges what is inside."""
    return any(isinstance(found, kind) and isinstance(wanted, kind) for kind in (StructType, ArrayType, MapType))


def _fits(found: DataType, wanted: DataType) -> bool:
    if isinstance(found, _WHOLE) and isinstance(wanted, _WHOLE):
        return _WHOLE.index(type(found)) <= _WHOLE.index(type(wanted))
    if isinstance(found, DecimalType) and isinstance(wanted, DecimalType):
        return found.scale <= wanted.scale and found.precision - found.scale <= wanted.precision - wanted.scale
    small = isinstance(found, (FloatType, ByteType, ShortType, IntegerType))
    return (small and isinstance(wanted, DoubleType)) or (isinstance(found, DateType) and isinstance(wanted, TimestampType))
