"""The block keys of every record: hashed once, one long for each rule and value.

A block key is one positive long: the rule's number in the top byte, 56 bits of hash below. Sorting a record's keys
therefore sorts them by rule, and the first key that two records share tells the rule that the pair belongs to.
"""

from __future__ import annotations

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, StructType

from onefold.match.keys import parse_key
from onefold.match.known import Known
from onefold.match.rarest import keep_rarest, rarest_entries
from onefold.match.settings import EntityBlocking
from onefold.match.values import mapped, with_keys

__all__ = [
    "HASH_BITS",
    "block_cap",
    "blocking_keys",
    "finer_keys",
    "has_second_key",
    "key_values",
    "keys_by_rule",
    "learnt_of_keys",
    "rule_number",
    "split_key",
]

HASH_BITS = 56
_HASH_MASK = (1 << HASH_BITS) - 1
_KEYS = "array<bigint>"


def blocking_keys(
    parties: DataFrame, settings: EntityBlocking, known: Known | None = None, keep: tuple[str, ...] = ("party_id", "source")
) -> DataFrame:
    """Return the columns of `keep` and `keys`: the record's block keys, rule by rule; a missing part gives no key.

    Args:
        parties: silver parties.
        settings: the rules.
        known: how values repeat, as training counted them; counted among these records when not given.
        keep: columns of the parties to carry along, `party_id` among them.
    """
    valued, names = _valued(parties, settings, [rule.keys for rule in settings.rules], keep, known)
    columns = [_rule_keys(n, [names[text] for text in rule.keys], valued.schema) for n, rule in enumerate(settings.rules)]
    return valued.select(*keep, _distinct(F.concat(*columns)).alias("keys"))


def finer_keys(parties: DataFrame, settings: EntityBlocking, known: Known | None = None) -> DataFrame:
    """Return `party_id`, `rule` and `finer`, a hash for each value of the rule's second key, of the rules that have one."""
    second = {number: rule.then for number, rule in enumerate(settings.rules) if rule.then}
    valued, names = _valued(parties, settings, list(second.values()), ("party_id",), known)
    finer = [
        F.struct(
            F.lit(number).alias("rule"),
            _distinct(_rule_keys(number, [names[text] for text in keys], valued.schema)).alias("finer"),
        )
        for number, keys in second.items()
    ]
    exploded = valued.select("party_id", F.explode(F.array(*finer)).alias("of"))
    return exploded.select("party_id", "of.rule", F.explode("of.finer").alias("finer"))


def keys_by_rule(parties: DataFrame, settings: EntityBlocking, *, finer: bool = False) -> DataFrame:
    """Return `keys<number>`, the block keys of a rule or its second keys, of each rule whose keys need no other record."""
    wanted = {
        number: texts
        for number, rule in enumerate(settings.rules)
        if (texts := rule.then if finer else rule.keys) and all(parse_key(text).rarest is None for text in texts)
    }
    valued, names = _valued(parties, settings, list(wanted.values()), (), None)
    columns = {n: _rule_keys(n, [names[text] for text in texts], valued.schema) for n, texts in wanted.items()}
    return valued.select(*(_distinct(keys).alias(f"keys{number}") for number, keys in columns.items()))


def learnt_of_keys(parties: DataFrame, settings: EntityBlocking) -> list[DataFrame]:
    """Return what the keys that keep the rarest values count among the records: the entries of `Known` for later ones."""
    keys = {f"k{at}": parse_key(text) for at, text in enumerate(settings.key_texts) if parse_key(text).rarest is not None}
    if not keys:
        return []
    valued = with_keys(parties, keys, ("party_id",), settings.junk)
    wanted = {name: key.rarest for name, key in keys.items() if key.rarest is not None}
    return rarest_entries(valued, wanted, {name: key.text for name, key in keys.items()})


def key_values(parties: DataFrame, texts: tuple[str, ...], junk: tuple[str, ...]) -> DataFrame:
    """Return `party_id` and for each key an array `k<position>` of its hashed values, empty where there are none."""
    keys = {f"k{number}": parse_key(text) for number, text in enumerate(texts)}
    valued = with_keys(parties, keys, ("party_id",), junk)
    valued = keep_rarest(valued, {name: key.rarest for name, key in keys.items() if key.rarest is not None})
    return valued.select("party_id", *(_hashed(name, valued.schema).alias(name) for name in keys))


def _hashed(name: str, schema: StructType) -> Column:
    several = isinstance(schema[name].dataType, ArrayType)
    hashes = F.transform(name, lambda value: F.xxhash64(value)) if several else F.array(F.xxhash64(name))
    return F.when(F.col(name).isNotNull(), hashes).otherwise(F.array().cast(_KEYS))


def split_key(key: Column, finer: Column) -> Column:
    """Return the block key of a part of block `key`: the same rule, a hash of both keys."""
    rule = F.shiftright(key, HASH_BITS)
    return F.xxhash64(key, finer).bitwiseAND(F.lit(_HASH_MASK)).bitwiseOR(F.shiftleft(rule, HASH_BITS))


def _valued(
    parties: DataFrame, settings: EntityBlocking, wanted: list[tuple[str, ...]], keep: tuple[str, ...], known: Known | None
) -> tuple[DataFrame, dict[str, str]]:
    """Return the values of all wanted keys, each computed once, and the column name of each key text."""
    names = {text: f"k{number}" for number, text in enumerate(dict.fromkeys(text for texts in wanted for text in texts))}
    keys = {name: parse_key(text) for text, name in names.items()}
    valued = with_keys(parties, keys, keep, settings.junk)
    rarest = {name: key.rarest for name, key in keys.items() if key.rarest is not None}
    return keep_rarest(valued, rarest, known, {name: text for text, name in names.items()}), names


def _rule_keys(number: int, names: list[str], schema: StructType) -> Column:
    """Return the array of the rule's keys; nulls may stand among them."""
    arrays = [name for name in names if isinstance(schema[name].dataType, ArrayType)]
    seed = F.xxhash64(F.lit(number), *(name for name in names if name not in arrays))
    complete = reduce(lambda a, b: a & b, (F.col(name).isNotNull() for name in names))
    if not arrays:
        return F.array(F.when(complete, _stamped(seed, number)))
    if len(arrays) > 1:
        crossed = reduce(_crossed, (F.col(name) for name in arrays), F.array(seed))
        keys = F.transform(crossed, lambda h: _stamped(h, number))
        return F.when(complete, keys).otherwise(F.array().cast(_KEYS))
    values = F.col(arrays[0])
    return mapped(values, lambda value: F.when(complete & value.isNotNull(), _stamped(F.xxhash64(seed, value), number)), _KEYS)


def _distinct(keys: Column) -> Column:
    return F.array_except(keys, F.array(F.lit(None).cast("bigint")))


def _stamped(hashed: Column, number: int) -> Column:
    return hashed.bitwiseAND(F.lit(_HASH_MASK)).bitwiseOR(F.lit(number << HASH_BITS))


def _crossed(hashes: Column, values: Column) -> Column:
    return F.flatten(F.transform(hashes, lambda h: F.transform(values, lambda v: F.xxhash64(h, v))))


def rule_number() -> Column:
    """Return the number of the rule that column `key` belongs to."""
    return F.shiftright("key", HASH_BITS).cast("int")


def has_second_key(settings: EntityBlocking) -> Column:
    """Tell whether the rule of column `key` has a second key, by which its oversized blocks are split."""
    return F.element_at(F.array(*(F.lit(bool(rule.then)) for rule in settings.rules)), rule_number() + 1)


def block_cap(settings: EntityBlocking) -> Column:
    """Return the largest block, in records, that the rule of column `key` may make."""
    return F.element_at(F.array(*(F.lit(settings.cap_of(rule)) for rule in settings.rules)), rule_number() + 1)
