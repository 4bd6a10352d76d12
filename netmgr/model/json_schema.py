"""JSON Schema (draft 2020-12) of the workspace's files, for editors: completion, hints, and most mistakes while typing.

Made from the models that netmgr itself checks with. Laxer than netmgr where JSON Schema cannot say it: references
between files, values that belong together, null for what nothing is inherited from.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import StringConstraints, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from netmgr.model.agreement import Agreement
from netmgr.model.asset import Asset
from netmgr.model.base import Frozen
from netmgr.model.change_policy import ChangePolicy
from netmgr.model.check import AnyCheck
from netmgr.model.client import Client
from netmgr.model.compliance import Demands
from netmgr.model.device import DeviceData
from netmgr.model.fields import Items, Name
from netmgr.model.ignore import Ignored
from netmgr.model.inventory import Layer, Link
from netmgr.model.names import Identifier
from netmgr.model.notify_settings import NotifySettings
from netmgr.model.people import PersonEntry
from netmgr.model.playbook import ClientPlaybooks
from netmgr.model.provider import Provider
from netmgr.model.rota import Roster
from netmgr.model.schedule import AnyJob
from netmgr.model.settings import LabSettings, Settings
from netmgr.model.software import Software

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Entry(Layer):
    """A device, or a group of devices. ``groups`` are what it inherits from, the strongest first."""

    groups: Items[Name] = ()


class _Topology(Frozen):
    """Links, groups of devices that are never changed in the same wave, and where management traffic enters."""

    links: Items[Link] = ()
    redundancy: Items[Items[Identifier]] = ()
    entry: Items[Identifier] = ()


class _Lab(LabSettings):
    overlay: DeviceData | None = None


class _Settings(Settings):
    """The workspace's settings."""

    lab: _Lab = _Lab()


class _Generator(GenerateJsonSchema):
    """Says of keys that are numbers that they are: in JSON they are text."""

    def dict_schema(self, schema: core_schema.DictSchema) -> Schema:
        made = super().dict_schema(schema)
        if schema.get("keys_schema", {}).get("type") == "int":
            made["propertyNames"] = {"pattern": "^(?:0|[1-9][0-9]*)$"}
        return made


_PersonId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]

#: Name → (the file's model, whether null removes what was inherited, the file).
_FILES: Mapping[str, tuple[Any, bool, str]] = {
    "hosts": (Mapping[Identifier, _Entry], True, "inventory/*/hosts.yaml"),
    "groups": (Mapping[Name, _Entry], True, "inventory/*/groups.yaml"),
    "defaults": (Layer, True, "inventory/*/defaults.yaml"),
    "topology": (_Topology, False, "inventory/*/topology.yaml"),
    "agreement": (Agreement, False, "inventory/*/agreement.yaml"),
    "assets": (Mapping[Identifier, Asset], False, "inventory/*/assets.yaml"),
    "client": (Client, False, "inventory/*/client.yaml"),
    "playbooks": (ClientPlaybooks, False, "inventory/*/playbooks.yaml"),
    "notify": (NotifySettings, False, "config/notify.yaml"),
    "people": (Mapping[_PersonId, PersonEntry], False, "config/people.yaml"),
    "provider": (Provider, False, "config/provider.yaml"),
    "oncall": (Mapping[Identifier, Roster], False, "config/oncall.yaml"),
    "policy": (ChangePolicy, False, "config/policies/*.yaml"),
    "schedule": (Mapping[Identifier, AnyJob], False, "config/schedule.yaml"),
    "settings": (_Settings, True, "config/netmgr.yaml"),
    "checks": (Mapping[Identifier, AnyCheck], False, "config/checks/*.yaml"),
    "compliance": (Mapping[Identifier, Demands], False, "config/policies/compliance/*.yaml"),
    "ignore": (Mapping[Identifier, Ignored], False, "config/policies/ignore/*.yaml"),
    "versions": (Mapping[Name, Software], False, "config/policies/versions.yaml"),
}

#: All schemas' names. ``inventory`` is a client's directory as one document: file name → content.
NAMES = ("inventory", *_FILES)

GLOBS: Mapping[str, str] = {name: glob for name, (_, _, glob) in _FILES.items()}
"""Schema's name → the files that it is for, relative to the workspace."""


def schema(name: str) -> Schema:
    """The JSON Schema of one kind of file."""
    body = _directory() if name == "inventory" else _file(name)
    return {"$schema": DIALECT, "$id": f"urn:netmgr:schema:{name}:1", "title": f"netmgr {name}", **body}


def _directory() -> Schema:
    names = ("client", "hosts", "groups", "defaults", "topology")
    files = {f"{name}.yaml": {"$ref": f"#/$defs/{name}.yaml"} for name in names}
    return {
        "description": "A client's directory as one document: file name → content.",
        "type": "object",
        "properties": files,
        "required": ["client.yaml", "hosts.yaml"],
        "additionalProperties": False,
        "$defs": {f"{name}.yaml": schema(name) for name in names},
    }


def _file(name: str) -> Schema:
    model, nulls, _ = _FILES[name]
    made = TypeAdapter(model).json_schema(by_alias=True, schema_generator=_Generator)
    _walk(made, _tidied)
    if nulls:
        _walk(made, _with_null)
    return made


def _walk(node: object, change: Callable[[Schema], None]) -> None:
    """Change every schema below ``node``, the innermost first."""
    if isinstance(node, dict):
        for key in ("$defs", "properties", "patternProperties"):
            for inner in node.get(key, {}).values():
                _walk(inner, change)
        for key in ("items", "additionalProperties", "propertyNames"):
            _walk(node.get(key), change)
        for inner in (*node.get("anyOf", []), *node.get("oneOf", [])):
            _walk(inner, change)
        change(node)


def _tidied(node: Schema) -> None:
    """Without what is noise in an editor; keys that fit no pattern are unknown."""
    node.pop("title", None)
    node.pop("discriminator", None)  # OpenAPI's, whose key an editor knows by the constants
    if node.get("default", 0) in (None, [], {}):
        del node["default"]
    if "description" in node:
        node["description"] = node["description"].replace("``", "`")
    if "patternProperties" in node:
        node.setdefault("additionalProperties", False)
    if node.get("propertyNames", {}).keys() <= {"description", "type"}:
        node.pop("propertyNames", None)


def _with_null(node: Schema) -> None:
    """Every key that is not required, and every entry of a mapping, may be null."""
    required = node.get("required", ())
    for place in ("properties", "patternProperties"):
        inner = node.get(place, {})
        inner.update({key: _nullable(value) for key, value in inner.items() if key not in required})
    if isinstance(node.get("additionalProperties"), dict):
        node["additionalProperties"] = _nullable(node["additionalProperties"])


def _nullable(value: Schema) -> Schema:
    null = {"type": "null"}
    if "anyOf" in value:
        return value if null in value["anyOf"] else {**value, "anyOf": [*value["anyOf"], null]}
    described: Schema = {key: value[key] for key in ("description", "default") if key in value}
    return {**described, "anyOf": [value, null]}
