"""The columns of a table, nested ones by their path: what of each value is looked at, and how."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import (
    ArrayType,
    BinaryType,
    DataType,
    DateType,
    MapType,
    NumericType,
    StringType,
    StructType,
    TimestampNTZType,
    TimestampType,
)

__all__ = ["Target", "targets_of"]

_DEEPEST = 4
_UNIQUE = "__profile_"


@dataclass(frozen=True)
class Target:
    """One profiled column: a column of the table, a field of a struct, or the elements of a list (`emails.value`)."""

    position: int
    name: str
    type: DataType
    path: tuple[str, ...]
    listed: bool = False
    declared: str | None = None
    """Class of personal data where the table's contract says one."""

    @property
    def is_text(self) -> bool:
        """Whether the values are text."""
        return isinstance(self.type, StringType)

    @property
    def is_nested(self) -> bool:
        """Whether a value is a list, a map or a struct, of which only size and content as a whole are looked at."""
        return isinstance(self.type, ArrayType | MapType | StructType | BinaryType) or self.type.typeName() == "variant"

    def value(self) -> Column:
        """Return the value, or the list of values."""
        column = F.col(f"`{self.path[0]}`")
        for step in self.path[1:]:
            column = column.getField(step)
        return column

    def look(self, value: Column) -> Column:
        """Return what the profile looks at, as a struct: column number `c`, text `t`, number `d`, size `s`."""
        return F.struct(
            F.lit(self.position).alias("c"),
            self._text(value).alias("t"),
            self._number(value).alias("d"),
            self._size(value).alias("s"),
        )

    def _text(self, value: Column) -> Column:
        if self.is_text:
            return value
        if not self.is_nested:
            return value.cast("string")
        if isinstance(self.type, BinaryType):
            return F.hex(F.xxhash64(value))
        if isinstance(self.type, ArrayType | MapType):
            content = F.map_entries(value) if isinstance(self.type, MapType) else value
            hashed = F.to_json(content) if "map<" in self.type.simpleString()[4:] else content
            return F.when(F.size(value) > 0, F.hex(F.xxhash64(hashed))).when(value.isNotNull(), F.lit(""))
        return F.when(value.isNotNull(), F.hex(F.xxhash64(F.to_json(value))))

    def _number(self, value: Column) -> Column:
        if isinstance(self.type, NumericType):
            return value.cast("double")
        if isinstance(self.type, DateType | TimestampType | TimestampNTZType):
            return F.unix_seconds(value.cast("timestamp")).cast("double")
        return F.lit(None).cast("double")

    def _size(self, value: Column) -> Column:
        if isinstance(self.type, ArrayType | MapType):
            return F.size(value)
        return F.octet_length(value) if isinstance(self.type, BinaryType) else F.lit(None).cast("int")


def targets_of(schema: StructType) -> tuple[Target, ...]:
    """Return every column to profile, in the table's order, numbered from 0.

    Structs are their fields; a list of structs is itself (its size) and its fields, over all elements; a list of plain
    values is itself and `name[]`, its elements.
    """
    found: list[Target] = []
    for field in schema.fields:
        declared = (field.metadata or {}).get("personal_data")
        found += _under(field.name, field.dataType, (field.name,), declared)
    return tuple(Target(i, t.name, t.type, t.path, t.listed, t.declared) for i, t in enumerate(found))


def _under(name: str, kind: DataType, path: tuple[str, ...], declared: str | None, listed: bool = False) -> list[Target]:
    if isinstance(kind, StructType) and kind.fields and len(path) < _DEEPEST:
        parts = [_under(f"{name}.{f.name}", f.dataType, (*path, f.name), declared, listed) for f in kind.fields]
        return [target for part in parts for target in part]
    own = Target(0, name, kind, path, listed, declared)
    if listed or not isinstance(kind, ArrayType):
        return [own]
    element = kind.elementType
    if isinstance(element, StructType):
        return [own, *_under(name, element, path, declared, listed=True)]
    return [own] if isinstance(element, ArrayType | MapType) else [own, Target(0, f"{name}[]", element, path, True, declared)]
