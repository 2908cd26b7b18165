"""The pipeline's own expressions, kept with the index and worked out for one record without Spark.

A program is a list of nodes, each an operation over earlier nodes; `inputs` come by name, `outputs` are nodes by name. A node
that others share is worked out once a record; one that nobody asks for, never.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from onefold.catch.operations import SPECIAL
from onefold.catch.record import Env, Evaluate, strict
from onefold.catch.values import FUNCTIONS

__all__ = ["GAP", "INPUT", "LITERAL", "Node", "Program", "Runner", "known_operation"]

INPUT, LITERAL, GAP, VARIABLE = "Input", "Literal", "Gap", "Variable"
Node = tuple[str, tuple[int, ...], dict[str, Any]]


def known_operation(name: str) -> bool:
    """Tell whether an operation can be worked out here."""
    return name in SPECIAL or name in FUNCTIONS


@dataclass(frozen=True)
class Program:
    """Nodes in an order in which each comes after those that it needs, and the outputs."""

    nodes: tuple[Node, ...]
    outputs: dict[str, int]

    def to_json(self) -> str:
        """Return the program as text."""
        return json.dumps({"nodes": self.nodes, "outputs": self.outputs}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Program:
        """Return the program that a text holds."""
        found = json.loads(text)
        nodes = tuple((str(op), tuple(children), dict(extras)) for op, children, extras in found["nodes"])
        return cls(nodes, {str(name): int(at) for name, at in found["outputs"].items()})

    def gaps(self) -> dict[str, tuple[str, ...]]:
        """Return by output the operations that it needs and that nothing here works out; outputs without any are left out."""
        needs: list[frozenset[str]] = []
        for op, children, extras in self.nodes:
            own = frozenset([str(extras["name"])]) if op == GAP else frozenset()
            needs.append(own.union(*(needs[child] for child in children)))
        return {name: tuple(sorted(needs[at])) for name, at in self.outputs.items() if needs[at]}


class Runner:
    """A program made ready to run, and run for one record after another."""

    def __init__(self, program: Program, functions: Mapping[str, Callable[..., Any]] | None = None) -> None:
        """Compile the program; `functions` are the Python functions that its expressions call by name."""
        self._outputs = program.outputs
        self._made = _compiled(program, dict(functions or {}))

    def run(self, record: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
        """Return the outputs of these names for a record; an input that the record lacks is null."""
        env = Env(record)
        return {name: self._made[self._outputs[name]](env) for name in names}


def _compiled(program: Program, functions: dict[str, Callable[..., Any]]) -> list[Evaluate]:
    made: list[Evaluate] = []
    fixed: list[bool] = []  # the same for every record
    free: list[frozenset[str]] = []  # the variables of lambdas around that it depends on
    asked = [0] * len(program.nodes)
    for _, children, _ in program.nodes:
        for child in children:
            asked[child] += 1
    for at, (op, children, extras) in enumerate(program.nodes):
        below = [made[child] for child in children]
        evaluate = _evaluate(op, below, extras, functions)
        own = frozenset([extras["name"]]) if op == VARIABLE else frozenset()
        unbound = own.union(*(free[child] for child in children)) - frozenset(extras.get("variables", ()))
        is_fixed = op == LITERAL or (op not in (INPUT, GAP, VARIABLE) and all(fixed[child] for child in children))
        if is_fixed and op != LITERAL:
            evaluate = _once(evaluate)
        elif asked[at] > 1 and not unbound and op not in (INPUT, LITERAL):
            evaluate = _shared(evaluate, at)
        made.append(evaluate)
        fixed.append(is_fixed)
        free.append(unbound)
    return made


def _evaluate(op: str, below: list[Evaluate], extras: dict[str, Any], functions: dict[str, Callable[..., Any]]) -> Evaluate:
    if op == GAP:
        return lambda _env: None
    if op in SPECIAL:
        return SPECIAL[op](below, extras)
    if op == "Call":
        function = functions[extras["name"]]
        return lambda env: function(*(child(env) for child in below))
    return strict(FUNCTIONS[op], below, extras)


def _once(evaluate: Evaluate) -> Evaluate:
    kept: list[Any] = []

    def constant(env: Env) -> Any:
        if not kept:
            kept.append(evaluate(env))
        return kept[0]

    return constant


def _shared(evaluate: Evaluate, at: int) -> Evaluate:
    def remembered(env: Env) -> Any:
        memo = env.memo
        if at not in memo:
            memo[at] = evaluate(env)
        return memo[at]

    return remembered
