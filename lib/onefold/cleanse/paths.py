"""Finds a mapping's raw column or nested path in a bronze table, and notes those that the table does not have."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, DoubleType, FloatType, StringType, StructType

from onefold.cleanse.settings import ValueRef
from onefold.contracts.bronze import bronze_column

__all__ = ["RawColumns", "meanings"]

_SEGMENT = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_LARGEST_EXACT = 1e15


@dataclass
class RawColumns:
    """The raw columns of one bronze table, read as text; `absent` gathers the declared ones that are not there."""

    schema: StructType
    absent: set[str] = field(default_factory=set)

    def text(self, path: str) -> Column:
        """Return the raw column or nested path (`user.email`, `items[0].sku`) as text; null where it is absent.

        A column whose own raw name has the dots wins. JSON text is read by its path, structs by their fields: the column's
        type decides.
        """
        found = self._named(path) or self._nested(path) or self._whole(path)
        if found is None:
            self.absent.add(path)
            return F.lit(None).cast("string")
        return _as_text(*found)

    def ref(self, ref: ValueRef | None) -> Column:
        """Return the text of a reference, its codes translated; null when there is no reference."""
        if ref is None:
            return F.lit(None).cast("string")
        raw = self.raw(ref)
        if not ref.values:
            return raw
        said = {code.strip().lower(): meaning for code, meaning in ref.values.items()}
        return F.coalesce(meanings(said, raw), raw)

    def raw(self, ref: ValueRef) -> Column:
        """Return the text of a reference as it came, or its constant."""
        return F.lit(ref.value) if ref.column is None else self.text(ref.column)

    def _named(self, path: str) -> tuple[Column, DataType] | None:
        """Find the column whose raw name is the path itself; a renamed column keeps its raw name in its comment."""
        name = bronze_column(path)
        if name not in self.schema.fieldNames():
            return None
        raw_name = self.schema[name].metadata.get("comment", "")
        return self._whole(path) if name == path or path in raw_name else None

    def _whole(self, path: str) -> tuple[Column, DataType] | None:
        name = bronze_column(path)
        return (F.col(f"`{name}`"), self.schema[name].dataType) if name in self.schema.fieldNames() else None

    def _nested(self, path: str) -> tuple[Column, DataType] | None:
        segments = [name or int(index) for name, index in _SEGMENT.findall(path)]
        found = self._whole(str(segments[0])) if len(segments) > 1 else None
        for position, segment in enumerate(segments[1:], start=1):
            if found is None:
                return None
            value, type_ = found
            if isinstance(type_, StringType):
                return F.get_json_object(value, _json_path(segments[position:])), StringType()
            found = _step(value, type_, segment)
        return found


def meanings(said: dict[str, str], code: Column) -> Column:
    """Return what a source says that a code means, compared without case and outer spaces; null for other codes."""
    table = F.create_map(*[F.lit(part) for pair in sorted(said.items()) for part in pair])
    return table[F.lower(F.trim(code))]


def _step(value: Column, type_: DataType, segment: str | int) -> tuple[Column, DataType] | None:
    if isinstance(type_, StructType) and isinstance(segment, str) and segment in type_.fieldNames():
        return value.getField(segment), type_[segment].dataType
    if isinstance(type_, ArrayType) and isinstance(segment, int):
        return F.get(value, F.lit(segment)), type_.elementType
    return None


def _json_path(segments: list[str | int]) -> str:
    return "$" + "".join(f"[{s}]" if isinstance(s, int) else f"['{s}']" for s in segments)


def _as_text(value: Column, type_: DataType) -> Column:
    """Write a typed value (from Parquet) as text; whole doubles lose their `.0` and exponent."""
    if isinstance(type_, DoubleType | FloatType):
        whole = (value == F.floor(value)) & (F.abs(value) < _LARGEST_EXACT)
        return F.when(whole, value.cast("bigint").cast("string")).otherwise(value.cast("string"))
    if isinstance(type_, StructType | ArrayType):
        return F.to_json(value)
    return value.cast("string")
