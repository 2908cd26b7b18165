"""Reads a column type written in short form without needing a running Spark session."""

from __future__ import annotations

from pyspark.sql.types import (
    ArrayType,
    BooleanType,
    ByteType,
    DataType,
    DateType,
    DoubleType,
    IntegerType,
    LongType,
    MapType,
    StringType,
    StructField,
    StructType,
    TimestampType,
)

__all__ = ["parse_type"]

_PLAIN: dict[str, DataType] = {
    "string": StringType(),
    "bigint": LongType(),
    "int": IntegerType(),
    "tinyint": ByteType(),
    "double": DoubleType(),
    "boolean": BooleanType(),
    "date": DateType(),
    "timestamp": TimestampType(),
}


def parse_type(text: str) -> DataType:
    """Return the Spark type of a short form such as `array<struct<value:string>>`.

    `DataType.fromDDL` would do, but it asks the JVM, and contracts must be readable at import.

    >>> parse_type("map<string,array<bigint>>").simpleString()
    'map<string,array<bigint>>'
    """
    text = text.strip()
    if text in _PLAIN:
        return _PLAIN[text]
    head, _, rest = text.partition("<")
    parts = _split(rest[:-1])
    if head == "array":
        return ArrayType(parse_type(parts[0]))
    if head == "map":
        return MapType(parse_type(parts[0]), parse_type(parts[1]))
    if head == "struct":
        named = (part.partition(":") for part in parts)
        return StructType([StructField(name.strip(), parse_type(kind)) for name, _, kind in named])
    raise ValueError(f"unknown column type {text!r}; known: {', '.join(_PLAIN)}, array<>, map<,>, struct<:>")


def _split(text: str) -> list[str]:
    """Split at commas outside angle brackets."""
    parts, depth, start = [], 0, 0
    for position, letter in enumerate(text):
        depth += (letter == "<") - (letter == ">")
        if letter == "," and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]
