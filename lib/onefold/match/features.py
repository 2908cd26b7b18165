"""What each record brings to a comparison, computed once per record and never once per pair."""

from __future__ import annotations

from functools import reduce
from typing import Literal

import pyarrow as pa
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DateType, StructType

from onefold.match.days import day_digits
from onefold.match.keys import parse_key
from onefold.match.known import COUNT, Known, known_entries
from onefold.match.legal import legal_family
from onefold.match.nicknames import nickname_table
from onefold.match.number_words import numbers_in
from onefold.match.rarity import rarity_entries, with_rarity
from onefold.match.signature import signature
from onefold.match.values import with_keys, words

__all__ = ["FeatureSet", "Shape", "nickname_frame"]

Shape = Literal[
    "value",
    "words",
    "number",
    "day_digits",
    "day_number",
    "signature",
    "nicknames",
    "acronym",
    "letters",
    "rare_words",
    "numbers",
    "legal_family",
    "grams",
]


class FeatureSet:
    """The prepared columns that a set of comparisons needs; asking twice for one gives the same column."""

    def __init__(self, schema: StructType) -> None:
        self.schema = schema
        self._names: dict[tuple[Shape, str], str] = {}
        self._counted: dict[tuple[str, ...], str] = {}

    def need(self, shape: Shape, key: str) -> str:
        """Return the name of the prepared column that holds the key in this shape."""
        return self._names.setdefault((shape, key), f"f{len(self._names)}")

    def need_count(self, keys: tuple[str, ...]) -> str:
        """Return the name of the column that counts the records with the same values in all these keys."""
        for key in keys:
            self.need("value", key)
        return self._counted.setdefault(keys, f"n{len(self._counted)}")

    def is_list(self, key: str) -> bool:
        """Tell whether the key has many values in a record."""
        parsed = parse_key(key)
        return parsed.many or isinstance(self.schema[parsed.column].dataType, ArrayType)

    @property
    def counted(self) -> tuple[str, ...]:
        """The names of the count columns."""
        return tuple(self._counted.values())

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that the prepared columns are made of."""
        return tuple(dict.fromkeys(key for _, key in self._names))

    def frame(self, parties: DataFrame, known: Known | None = None) -> DataFrame:
        """Return `party_id`, `record_id`, `source`, every prepared column and every count.

        Args:
            parties: silver parties.
            known: how values repeat, as training counted them; counted among these records when not given.
        """
        frame = self.plain(parties)
        for name, value in self.nicknames.items():
            frame = _with_nicknames(frame, value, name)
        for name in self.rare_words:
            frame = with_rarity(frame, name, f"{name}_rarity", known)
        return self._with_counts(frame, known)

    def plain(self, parties: DataFrame) -> DataFrame:
        """Return `party_id`, `record_id`, `source` and every prepared column that a record gives by itself."""
        plain = {n: (shape, key) for (shape, key), n in self._names.items() if shape != "nicknames"}
        keys = {key: f"k{number}" for number, key in enumerate(dict.fromkeys(key for _, key in plain.values()))}
        ids = ("party_id", "record_id", "source")
        valued = with_keys(parties, {name: parse_key(key) for key, name in keys.items()}, ids)
        columns = [self._shaped(shape, key, F.col(keys[key])).alias(name) for name, (shape, key) in plain.items()]
        return valued.select(*ids, *columns)

    @property
    def nicknames(self) -> dict[str, str]:
        """The columns of nicknames, with the column of the names that they belong to."""
        return {name: self._names[("value", key)] for (shape, key), name in self._names.items() if shape == "nicknames"}

    @property
    def rare_words(self) -> tuple[str, ...]:
        """The columns whose words are weighed by how rare they are."""
        return tuple(name for (shape, _), name in self._names.items() if shape == "rare_words")

    def value_hashes(self, plain: DataFrame) -> DataFrame:
        """Return for each count column, under its name, the hash by which the counted value is known."""
        values, slots = self._slots()
        return plain.select(*(_hashed(at, names, slots).alias(n) for at, (n, names) in enumerate(values.items())))

    def learnt(self, frame: DataFrame) -> list[DataFrame]:
        """Return what `frame` counted among the records that it prepared: the entries of `Known` for later ones."""
        found = [rarity_entries(frame, n, f"{n}_rarity") for (shape, _), n in self._names.items() if shape == "rare_words"]
        if self._counted:
            values, slots = self._slots()
            pairs = [
                F.struct(_hashed(at, names, slots).alias("hash"), F.col(n).alias("number"))
                for at, (n, names) in enumerate(values.items())
            ]
            each = frame.select(F.explode(F.array(*pairs)).alias("of")).select("of.hash", "of.number")
            found.append(known_entries(COUNT, "", each.where(F.col("number") > 1)))
        return found

    def _shaped(self, shape: Shape, key: str, value: Column) -> Column:
        if shape == "value":
            return F.when(F.size(value) > 0, value) if self.is_list(key) else value
        shaped = {
            "words": F.array_distinct(words(value)),
            "number": value.cast("double"),
            "day_digits": day_digits(value, is_date=self._is_date(key)),
            "day_number": F.unix_date(value.cast("date")),
            "signature": signature(value),
            "acronym": F.array_join(F.transform(words(value), lambda t: F.substring(t, 1, 1)), ""),
            "rare_words": value,
            "grams": _grams(value),
            "numbers": numbers_in(value),
            "legal_family": legal_family(value),
            "letters": F.regexp_replace(value, r"\s", ""),
        }
        return shaped[shape]

    def _is_date(self, key: str) -> bool:
        """Tell whether the key is a date column as it is."""
        parsed = parse_key(key)
        return not parsed.steps and isinstance(self.schema[parsed.column].dataType, DateType)

    def _slots(self) -> tuple[dict[str, list[str]], int]:
        """Return by count column the value columns that it counts, and the bits of a hash that tell one count from another."""
        values = {name: [self._names[("value", key)] for key in keys] for keys, name in self._counted.items()}
        return values, (1 << (len(values) - 1).bit_length()) - 1

    def _with_counts(self, frame: DataFrame, known: Known | None) -> DataFrame:
        """Add, for each counted value, how many records have it: one shuffle for all values together.

        Values that one record alone has, which are most, go no further than that shuffle: their count is one.
        """
        if not self._counted:
            return frame
        values, slots = self._slots()
        hashes = F.array(*(_hashed(number, names, slots) for number, names in enumerate(values.values())))
        stacked = frame.select("party_id", F.explode(hashes).alias("hash")).where(F.col("hash").isNotNull())
        if known is None:
            counted = stacked.select("*", F.count("*").over(Window.partitionBy("hash")).alias("records"))
        else:
            number = F.col("number").cast("bigint").alias("records")
            counted = stacked.join(known.of(COUNT), on="hash", how="inner").select(*stacked.columns, number)
        # Moved as they are: a record's values meet only there, and sums of one value each would be wider.
        moved = counted.where(F.col("records") > 1).select(
            "party_id", F.col("hash").bitwiseAND(F.lit(slots)).alias("slot"), "records"
        )
        wide = (
            moved.repartition("party_id")
            .groupBy("party_id")
            .agg(*(F.max(F.when(F.col("slot") == i, F.col("records"))).alias(name) for i, name in enumerate(values)))
        )
        joined = frame.join(wide, on="party_id", how="left")
        alone = F.lit(1).cast("bigint")
        counts = [F.when(_complete(names), F.coalesce(F.col(name), alone)).alias(name) for name, names in values.items()]
        return joined.select(*frame.columns, *counts)


def _grams(value: Column) -> Column:
    text = F.regexp_replace(value, r"\s", "")
    starts = F.sequence(F.lit(1), F.length(text) - 2)
    return F.when(F.length(text) >= 3, F.array_distinct(F.transform(starts, lambda i: F.substr(text, i, F.lit(3)))))


def _hashed(number: int, names: list[str], slots: int) -> Column:
    """Return one long for a value of this number, so that all values sort and group by a single column; its last bits tell it."""
    hashed = F.xxhash64(F.lit(number), *names).bitwiseAND(F.lit(~slots)).bitwiseOR(F.lit(number))
    return F.when(_complete(names), hashed)


def _complete(names: list[str]) -> Column:
    return reduce(lambda a, b: a & b, (F.col(name).isNotNull() for name in names))


def _with_nicknames(frame: DataFrame, value: str, name: str) -> DataFrame:
    """Add the names that the record's first given name may stand for, itself included."""
    known = F.broadcast(nickname_frame(frame).select(F.col("name").alias("_name"), F.col("stands_for").alias("_stands_for")))
    first = F.substring_index(F.col(value), " ", 1)
    joined = frame.join(known, on=first == F.col("_name"), how="left")
    itself = F.array(first)
    names = F.when(F.col(value).isNotNull(), F.coalesce(F.array_union(itself, F.col("_stands_for")), itself))
    return joined.select(*frame.columns, names.alias(name))


def nickname_frame(beside: DataFrame) -> DataFrame:
    """Return English nicknames as `name` and `stands_for` (sorted), from the table of PyPI `nicknames` (Apache-2.0)."""
    names, full = zip(*nickname_table(), strict=True)
    table = pa.table({"name": pa.array(names, pa.string()), "stands_for": pa.array(full, pa.list_(pa.string()))})
    return beside.sparkSession.createDataFrame(table)  # read by the driver alone, where rows would need Python on the workers
