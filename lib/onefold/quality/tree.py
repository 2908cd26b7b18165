"""The decision tree: gives every party a class by its columns and the rules that it fails, the path kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pyspark.errors import AnalysisException, ParseException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from onefold.errors import ConfigurationError
from onefold.quality.bits import any_of_bits
from onefold.quality.settings import ClassificationSettings, Node

__all__ = ["Tree", "check_tree", "grown"]

_MOST_LEAVES = 2_000


@dataclass
class Tree:
    """The tree as one number a record: that of its leaf; and the class and path of each leaf."""

    leaf: Column
    classes: list[str] = field(default_factory=list)
    paths: list[list[str]] = field(default_factory=list)


def grown(settings: ClassificationSettings, words: Sequence[Column], names: Sequence[str]) -> Tree | None:
    """Return the tree over bits of failed rules and the column `failed`; None where there is none.

    Args:
        settings: the nodes.
        words: bigints of the bits of failed rules.
        names: the rules' ids by bit.

    Raises:
        ConfigurationError: when it has too many ways through, or SQL that does not parse.
    """
    if not settings.nodes:
        return None
    tree = Tree(F.lit(None))
    nodes = {node.name: node for node in settings.nodes}
    after = {a.name: b.name for a, b in zip(settings.nodes, settings.nodes[1:], strict=False)}
    numbers = {name: number for number, name in enumerate(names)}
    held = {node.name: _holds(node, words, numbers) for node in settings.nodes}

    def follow(target: str, path: list[str]) -> Column:
        if target not in nodes:
            tree.classes.append(target)
            tree.paths.append(path)
            if len(tree.classes) > _MOST_LEAVES:
                raise ConfigurationError(f"classification.yml: more than {_MOST_LEAVES} ways through the tree")
            return F.lit(len(tree.classes) - 1)
        node = nodes[target]
        yes = follow(node.then, [*path, f"{target}: yes"])
        no = follow(node.otherwise or after[target], [*path, f"{target}: no"])
        return F.when(held[target], yes).otherwise(no)

    tree.leaf = follow(settings.nodes[0].name, [])
    return tree


def check_tree(settings: ClassificationSettings, rows: DataFrame) -> None:
    """Refuse nodes whose SQL names a column that the rows (parties, with `failed`) do not have.

    Raises:
        ConfigurationError: with every such node.
    """
    problems = []
    for node in settings.nodes:
        try:
            rows.select("record_id", F.expr(node.when or "true").cast("boolean"))
        except (AnalysisException, ParseException) as error:
            problems.append(f"classification.yml: {node.name}: {' '.join(str(error).split(';')[0].split())[:300]}")
    if problems:
        raise ConfigurationError("nodes of the decision tree do not fit the table party", problems=tuple(problems))


def _holds(node: Node, words: Sequence[Column], numbers: dict[str, int]) -> Column:
    found = F.lit(True)
    if node.fails_any:
        found = found & any_of_bits(words, [numbers[n] for n in node.fails_any if n in numbers])
    for name in node.fails_all:
        found = found & (any_of_bits(words, [numbers[name]]) if name in numbers else F.lit(False))
    return found & F.coalesce(F.expr(node.when).cast("boolean"), F.lit(False)) if node.when else found
