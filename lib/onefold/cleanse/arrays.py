"""Runs a Python function over every element of an Arrow list column, for the few values that Spark cannot judge natively."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import Column
from pyspark.sql.pandas.functions import arrow_udf

__all__ = ["arrow_column", "arrow_text", "over_distinct", "over_elements"]


def arrow_column(function: Callable[[Any], Any], type_: str, lists: Column) -> Column:
    """Return the column of the type that the function, from a list array to a list array, makes of each Arrow batch."""

    def over_batch(batch: pa.Array) -> pa.Array:
        return over_elements(batch, function)

    over_batch.__name__ = _name_of(function)
    # PySpark's own stubs want the kind of function named, and its run time warns when it is: the type hints above say it.
    return arrow_udf(over_batch, type_)(lists)  # type: ignore[call-overload, no-any-return]


def arrow_text(function: Callable[[Any], Any], texts: Column) -> Column:
    """Return the text column that the function makes of each Arrow batch of texts."""

    def over_batch(batch: pa.Array) -> pa.Array:
        return function(batch)

    over_batch.__name__ = _name_of(function)
    return arrow_udf(over_batch, "string")(texts)  # type: ignore[call-overload, no-any-return]


def _name_of(function: Callable[[Any], Any]) -> str:
    """Return module and name of a function, by which a plan tells one from another."""
    plain = getattr(function, "func", function)
    return f"{plain.__module__.rpartition('.')[2]}.{plain.__name__.strip('_')}"


def over_elements(lists: Any, function: Callable[[Any], Any]) -> Any:
    """Return the lists with their elements, flattened into one Arrow array, replaced by what the function makes of them."""
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype("int32")
    return pa.ListArray.from_arrays(pa.array(offsets), function(lists.flatten()), mask=pc.is_null(lists))


def over_distinct(keys: list[Any], function: Callable[[Any], Any]) -> list[Any]:
    """Return the function's results for the keys, calling it once for each distinct key."""
    known = {key: function(key) for key in dict.fromkeys(keys)}
    return [known[key] for key in keys]
