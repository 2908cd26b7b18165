"""Turns the expressions of a frame into a program: what Spark has resolved, read from its plan, without running anything.

The pipeline's own code builds the frame, so a program means what the pipeline means, with the configuration of that run; only
Spark's functions have a second form, in `values` and `operations`. What has none is a gap: named, and never guessed.
"""

from __future__ import annotations

import json
from typing import Any

from pyspark.sql import DataFrame

from onefold.catch.patterns import python_pattern, python_replacement
from onefold.catch.program import GAP, INPUT, LITERAL, Node, Program, known_operation
from onefold.errors import DataContractError

__all__ = ["capture"]

_PASSED = frozenset({"Filter", "SubqueryAlias", "ResolvedHint", "Repartition", "RepartitionByExpression"})
"""Nodes of a plan that change no value of a row; what they leave out is asked for otherwise."""
_PATTERNS = frozenset({"RLike", "RegExpReplace", "RegExpExtract", "StringSplit"})
_INTEGERS = frozenset({"integer", "short", "byte", "date"})
_COUNTS = frozenset({"Length", "Size", "Year", "Month", "DayOfMonth", "OctetLength"})
Tree = tuple[dict[str, Any], list[Any]]


def capture(frame: DataFrame) -> Program:
    """Return the program that makes a row of the frame from one of the frame that it starts from.

    Raises:
        DataContractError: when the frame is more than projections of one frame.
    """
    plan, _ = _tree(json.loads(frame._jdf.queryExecution().analyzed().toJSON()), 0)
    taken = _Capture()
    scope = taken.plan(plan)
    names = {column: scope[column] for column in frame.columns}
    return Program(tuple(taken.nodes), names)


def _tree(listed: list[dict[str, Any]], at: int) -> tuple[Tree, int]:
    """Return the tree of a list in which each node is followed by its children, and the place after it."""
    node, children = listed[at], []
    at += 1
    for _ in range(node["num-children"]):
        child, at = _tree(listed, at)
        children.append(child)
    return (node, children), at


def _name(node: dict[str, Any]) -> str:
    return str(node["class"]).rpartition(".")[2]


def _id(node: dict[str, Any]) -> int:
    return int(node["exprId"]["id"])


class _Capture:
    """The nodes found so far, each but once, and what the names around an expression mean."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._known: dict[str, int] = {}
        self._scope: dict[int, int] = {}
        self._variables: dict[int, str] = {}
        self._depth = 0
        self._shared: list[int] = []

    def plan(self, tree: Tree) -> dict[str, int]:
        """Return the columns of a plan by name."""
        node, children = tree
        kind = _name(node)
        if not children:
            return {}
        if len(children) > 1 or (kind != "Project" and kind not in _PASSED):
            raise DataContractError(
                f"a {kind} cannot be worked out for a single record", hint="only projections are kept with the index"
            )
        below = self.plan(children[0])
        if kind != "Project":
            return below
        made = {}
        scope = {}
        for listed in node["projectList"]:
            expression, _ = _tree(listed, 0)
            at = self.expression(expression)
            made[str(expression[0]["name"])] = at
            scope[_id(expression[0])] = at
        self._scope |= scope
        return made

    def expression(self, tree: Tree) -> int:
        """Return the node of an expression."""
        node, children = tree
        kind = _name(node)
        special = getattr(self, f"_on_{kind.lower()}", None)
        if special is not None:
            return int(special(node, children))
        below = [self.expression(child) for child in children]
        if kind in _PATTERNS:
            return self._pattern(kind, below)
        if kind in ("PythonUDF", "ScalaUDF"):
            return self._function(kind, node, below)
        if kind.endswith("Hash") or kind == "XxHash64":
            return self._add(kind, below, {"widths": [_width(child) for child in children]})
        if not known_operation(kind):
            return self._gap(kind)
        return self._add(kind, below, _extras(kind, node))

    def _add(self, op: str, children: list[int], extras: dict[str, Any] | None = None) -> int:
        node: Node = (op, tuple(children), extras or {})
        key = json.dumps(node, sort_keys=True)
        if key not in self._known:
            self._known[key] = len(self.nodes)
            self.nodes.append(node)
        return self._known[key]

    def _gap(self, name: str) -> int:
        return self._add(GAP, [], {"name": name})

    def _on_alias(self, _node: dict[str, Any], children: list[Tree]) -> int:
        return self.expression(children[0])

    def _on_attributereference(self, node: dict[str, Any], _children: list[Tree]) -> int:
        found = self._scope.get(_id(node))
        return self._add(INPUT, [], {"name": node["name"]}) if found is None else found

    def _on_namedlambdavariable(self, node: dict[str, Any], _children: list[Tree]) -> int:
        return self._add("Variable", [], {"name": self._variables[_id(node)]})

    def _on_literal(self, node: dict[str, Any], _children: list[Tree]) -> int:
        return self._add(LITERAL, [], {"value": _literal(node["value"], node["dataType"])})

    def _on_typednullliteral(self, _node: dict[str, Any], _children: list[Tree]) -> int:
        return self._add(LITERAL, [], {"value": None})

    def _on_sparkpartitionid(self, _node: dict[str, Any], _children: list[Tree]) -> int:
        return self._add(LITERAL, [], {"value": 0})

    def _on_nullif(self, _node: dict[str, Any], children: list[Tree]) -> int:
        return self.expression(children[0])  # what Spark puts in its place

    _on_nvl = _on_tryeval = _on_nullif

    def _on_parsetodate(self, _node: dict[str, Any], children: list[Tree]) -> int:
        text, *pattern = [self.expression(child) for child in children]
        read = self._add("GetTimestamp", [text, *pattern]) if pattern else text
        return self._add("Cast", [read], {"type": "date"})

    def _on_with(self, _node: dict[str, Any], children: list[Tree]) -> int:
        whole, definition = children  # one definition each; a reference is to the nearest around it
        self._shared.append(self.expression(definition[1][0]))
        found = self.expression(whole)
        self._shared.pop()
        return found

    def _on_commonexpressionref(self, _node: dict[str, Any], _children: list[Tree]) -> int:
        return self._shared[-1]

    def _on_createnamedstruct(self, _node: dict[str, Any], children: list[Tree]) -> int:
        names = [str(name[0]["value"]) for name in children[::2]]
        return self._add("CreateNamedStruct", [self.expression(child) for child in children[1::2]], {"names": names})

    def _on_updatefields(self, _node: dict[str, Any], children: list[Tree]) -> int:
        whole, *changes = children
        names = [str(change[0]["name"]) for change in changes]
        values = [self.expression(change[1][0]) for change in changes]
        return self._add("UpdateFields", [self.expression(whole), *values], {"names": names})

    def _over(self, op: str, children: list[Tree]) -> int:
        *lists, (_, (function, *arguments)) = children
        below = [self.expression(child) for child in lists]
        names = [f"v{self._depth}_{at}" for at in range(len(arguments))]
        self._variables |= {_id(node): name for (node, _), name in zip(arguments, names, strict=True)}
        self._depth += 1
        body = self.expression(function)
        self._depth -= 1
        return self._add(op, [*below, body], {"variables": names})

    def _on_arraytransform(self, _node: dict[str, Any], children: list[Tree]) -> int:
        return self._over("ArrayTransform", children)

    def _on_arrayfilter(self, _node: dict[str, Any], children: list[Tree]) -> int:
        return self._over("ArrayFilter", children)

    def _on_arrayexists(self, _node: dict[str, Any], children: list[Tree]) -> int:
        return self._over("ArrayExists", children)

    def _on_zipwith(self, _node: dict[str, Any], children: list[Tree]) -> int:
        return self._over("ZipWith", children)

    def _on_arraysort(self, _node: dict[str, Any], children: list[Tree]) -> int:
        return self._add("ArraySort", [self.expression(children[0])], {"nulls_first": False})

    def _on_sortarray(self, _node: dict[str, Any], children: list[Tree]) -> int:
        return self._add("SortArray", [self.expression(children[0])], {"nulls_first": True})

    def _pattern(self, kind: str, below: list[int]) -> int:
        regex = self.nodes[below[1]]
        if regex[0] != LITERAL:
            return self._gap(f"{kind} by a column")
        extras = {"p": python_pattern(str(regex[2]["value"]))}
        if kind == "RegExpReplace":
            extras["r"] = python_replacement(str(self.nodes[below[2]][2]["value"]))
        return self._add(kind, below, extras)

    def _function(self, kind: str, node: dict[str, Any], below: list[int]) -> int:
        if kind == "PythonUDF":
            return self._add("Call", below, {"name": node["name"]})
        name = str(node["udfName"])
        return self._add(name, below) if known_operation(name) else self._gap(name)


def _extras(kind: str, node: dict[str, Any]) -> dict[str, Any]:
    if kind == "Cast":
        return {"type": _bare_type(node["dataType"])}
    if kind == "GetStructField":
        return {"name": node.get("name"), "at": node["ordinal"]}
    if kind == "GetArrayStructFields":
        return {"name": node["field"]["name"]}
    return {}


def _bare_type(type_: Any) -> Any:
    """Return a type without what is said of null and of comments."""
    if not isinstance(type_, dict):
        return type_
    if type_["type"] == "array":
        return {"type": "array", "elementType": _bare_type(type_["elementType"])}
    if type_["type"] == "struct":
        fields = [{"name": f["name"], "type": _bare_type(f["type"])} for f in type_["fields"]]
        return {"type": "struct", "fields": fields}
    return {"type": type_["type"]}


def _width(child: Tree) -> str:
    node, _ = child
    return "i" if node.get("dataType") in _INTEGERS or _name(node) in _COUNTS else "l"


def _literal(value: Any, type_: Any) -> Any:
    if value is None or type_ == "void":
        return None
    if type_ in ("integer", "long", "short", "byte"):
        return int(value)
    if type_ in ("double", "float"):
        return float(value)
    return value == "true" if type_ == "boolean" else value
