"""Where records of one customer disagree: attribute by attribute, source against source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

__all__ = ["COMPARED", "conflicts"]

# Attribute to the column that is compared: standardised forms, so that spelling alone is no conflict.
COMPARED: Mapping[str, str] = {
    "given_name": "given_name_key",
    "middle_name": "middle_name",
    "family_name": "family_name_key",
    "gender": "gender",
    "birth_date": "birth_date",
    "company_name": "company_key",
    "legal_form": "legal_form",
    "email": "emails.value",
    "phone": "phones.value",
    "house_number": "house_number",
    "street": "street_key",
    "city": "city_key",
    "region": "region",
    "postcode": "postcode",
    "country": "country",
    "duns": "duns",
    "vat": "vat",
    "registration_number": "registration_number",
}


def conflicts(parties: DataFrame, crosswalk: DataFrame, further: Sequence[str] = ()) -> DataFrame:
    """Return, for each attribute and each two sources, in how many customers both have values and how often none agrees.

    Args:
        parties: silver parties.
        crosswalk: `record_id` and `customer_id` of each.
        further: attributes that the configuration adds.

    Returns:
        Rows of `attribute`, `source`, `other` (both ways round; null: all others together), `compared`, `conflicting`.
    """
    attributes = dict(COMPARED) | {name: f"{name}_key" if f"{name}_key" in parties.columns else name for name in further}
    each = F.array(
        *[F.struct(F.lit(name).alias("attribute"), _values(column).alias("values")) for name, column in attributes.items()]
    )
    customers = crosswalk.select("record_id", "customer_id")
    # Customers of one source have nobody to disagree with.
    several = (
        crosswalk.groupBy("customer_id")
        .agg(F.count_distinct("source").alias("sources"))
        .where("sources > 1")
        .select("customer_id")
    )
    held = parties.join(customers.join(several, on="customer_id", how="inner"), on="record_id", how="inner")
    long = held.select("customer_id", "source", F.inline(each)).where(F.size("values") > 0)
    by_source = long.groupBy("customer_id", "attribute", "source").agg(
        F.array_distinct(F.flatten(F.collect_list("values"))).alias("v")
    )
    sides = by_source.groupBy("customer_id", "attribute").agg(F.collect_list(F.struct("source", "v")).alias("sides"))
    judged = sides.where(F.size("sides") > 1).select("attribute", F.explode(_judged(F.col("sides"))).alias("one"))
    return judged.groupBy("attribute", "one.source", "one.other").agg(
        F.count(F.lit(1)).alias("compared"), F.count_if("one.differs").alias("conflicting")
    )


def _values(column: str) -> Column:
    """Return the hashes of the values, none for null."""
    name, _, field = column.partition(".")
    values = F.transform(name, lambda item: item[field]) if field else F.array(F.col(name).cast("string"))
    return F.transform(F.array_distinct(F.array_compact(values)), lambda value: F.xxhash64(value))


def _judged(sides: Column) -> Column:
    """Return every ordered pair of sides, and each side against all others, with whether they have no value in common."""

    def against_each(one: Column) -> Column:
        others = F.filter(sides, lambda other: other["source"] != one["source"])
        pairs = F.transform(
            others,
            lambda other: F.struct(
                one["source"].alias("source"),
                other["source"].alias("other"),
                (~F.arrays_overlap(one["v"], other["v"])).alias("differs"),
            ),
        )
        rest = F.flatten(F.transform(others, lambda other: other["v"]))
        whole = F.struct(
            one["source"].alias("source"),
            F.lit(None).cast("string").alias("other"),
            (~F.arrays_overlap(one["v"], rest)).alias("differs"),
        )
        return F.concat(pairs, F.array(whole))

    return F.flatten(F.transform(sides, against_each))
