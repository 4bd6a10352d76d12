"""Every field of the inventory's files that may hold text, found in their JSON Schemas, and a small file with each.

Keys that somebody chooses are fields too: ``<key>`` in a field's path. ``*`` stands for such a key, ``[]`` for an item.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from netmgr.model import json_schema

#: What a schema describes → the file.
FILES = {
    "client": "inventory/acme/client.yaml",
    "hosts": "inventory/acme/hosts.yaml",
    "groups": "inventory/acme/groups.yaml",
    "defaults": "inventory/acme/defaults.yaml",
    "topology": "inventory/acme/topology.yaml",
    "playbooks": "inventory/acme/playbooks.yaml",
    "people": "config/people.yaml",
}

#: Text for what has a form: the first that fits.
_SAMPLES = (
    *("write", "r1", "10.255.0.1", "10.0.0.1", "10.0.0.1/24", "2001:db8::1/64", "10.0.0.0/24", "2026-01-31"),
    *("22:00", "secret://file/login", "r1:eth1", "noc@acme.example", "24h", "15 2 * * *", "64500:1", "1-2"),
    *("en", "+49 30 901820", "ssh://git@host/acme", "permit", "5", "EUR"),
)

Schema = dict[str, Any]
#: A step into a schema: ("property", key), ("entry" or "key", a key that is made up), ("item", ""), ("branch", index).
Step = tuple[str, str | int]


@dataclass(frozen=True)
class Field:
    """``file`` is a key of FILES; ``ways`` lead to it in the file's schema: one for each form that it may have."""

    file: str
    path: str
    ways: tuple[tuple[Step, ...], ...]

    def __str__(self) -> str:
        return f"{self.file}.yaml {self.path}"


schema = cache(json_schema.schema)


def every_field() -> tuple[Field, ...]:
    """In the order of the schemas, each once."""
    found: dict[tuple[str, str], list[tuple[Step, ...]]] = {}
    for file in FILES:
        root = schema(file)
        for path, way in _leaves(root, root, (), ()):
            found.setdefault((file, ".".join(path)), []).append(way)
    return tuple(Field(file, path, tuple(ways)) for (file, path), ways in found.items())


def document(field: Field, way: tuple[Step, ...], text: str) -> Any:
    """A file's content with ``text`` in the field, and beside it only what must be there."""
    root = schema(field.file)
    return _made(root, root, way, text)


def written(value: object) -> str:
    """YAML in which everything has a line of its own."""
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _resolved(root: Schema, node: Schema) -> Schema:
    while "$ref" in node:
        target: Any = root
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def _branches(node: Schema) -> list[Schema]:
    return [*node.get("anyOf", ()), *node.get("oneOf", ())]


def _leaves(
    root: Schema, node: Schema, path: tuple[str, ...], way: tuple[Step, ...]
) -> Iterator[tuple[tuple[str, ...], tuple[Step, ...]]]:
    node = _resolved(root, node)
    if branches := _branches(node):
        for index, branch in enumerate(branches):
            yield from _leaves(root, branch, path, (*way, ("branch", index)))
        return
    kind = node.get("type")
    if kind in ("string", None):  # without a type: constants, and values of any kind
        yield path, way
    elif kind == "array":
        yield from _leaves(root, node["items"], (*path, "[]"), (*way, ("item", "")))
    elif kind == "object":
        for key, inner in node.get("properties", {}).items():
            yield from _leaves(root, inner, (*path, key), (*way, ("property", key)))
        for key, inner in _entries(node):
            yield (*path, "<key>"), (*way, ("key", key))
            yield from _leaves(root, inner, (*path, "*"), (*way, ("entry", key)))
    else:
        assert kind in ("integer", "number", "boolean", "null"), node


def _entries(node: Schema) -> Iterator[tuple[str, Schema]]:
    """(A key that fits, what stands there) of a mapping whose keys somebody chooses."""
    for pattern, inner in node.get("patternProperties", {}).items():
        yield _sample({"type": "string", "pattern": pattern}), inner
    inner = node.get("additionalProperties", "properties" not in node)
    if isinstance(inner, dict):
        yield _sample({"type": "string", **node.get("propertyNames", {})}), inner
    elif inner:
        yield "r1", {}


def _made(root: Schema, node: Schema, way: tuple[Step, ...], text: str) -> Any:
    node = _resolved(root, node)
    if not way:
        return text
    (kind, which), rest = way[0], way[1:]
    if kind == "branch":
        return _made(root, _branches(node)[int(which)], rest, text)
    if kind == "item":
        others = [_least(root, node["items"]) for _ in range(node.get("minItems", 1) - 1)]
        return [_made(root, node["items"], rest, text), *others]
    if kind == "property":
        return _required(root, node) | {which: _made(root, node["properties"][which], rest, text)}
    inner = dict(_entries(node))[str(which)]
    return {text: _least(root, inner)} if kind == "key" else {which: _made(root, inner, rest, text)}


def _required(root: Schema, node: Schema) -> dict[str, Any]:
    return {key: _least(root, node["properties"][key]) for key in node.get("required", ())}


def _least(root: Schema, node: Schema) -> Any:
    """The least that a schema takes."""
    node = _resolved(root, node)
    if branches := _branches(node):
        return _least(root, branches[0])
    if "const" in node or "enum" in node:
        return node.get("const", node.get("enum", [None])[0])
    match node.get("type"):
        case "object":
            return _required(root, node)
        case "array":
            return [_least(root, node["items"]) for _ in range(node.get("minItems", 0))]
        case "integer" | "number":
            return node.get("minimum", 1)
        case "boolean":
            return True
        case "string":
            return _sample(node)
    return None


def _sample(node: Mapping[str, Any]) -> str:
    return next(text for text in _SAMPLES if re.search(node.get("pattern", ""), text))
