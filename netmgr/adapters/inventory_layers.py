"""hosts.yaml, groups.yaml and defaults.yaml: Nornir's files, each layer checked by itself, then merged into devices."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from netmgr.adapters.schema_problems import validated
from netmgr.intent.merge import inherited, lineages, merged, overlaid
from netmgr.model.digest import sha256_hex
from netmgr.model.fields import ID_FORM, shown
from netmgr.model.inventory import Device, Groups, Layer
from netmgr.model.names import ID_PATTERN, SECRET_REFERENCE
from netmgr.model.origins import Doubtful, Key, LocatedDict, LocatedList, Origin, Problem, locate
from netmgr.model.suggest import did_you_mean

_GROUP_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_SECRET_KEY = re.compile(
    r"(?:\.|_)(?:pass|password|passwd|passphrase|secret|token|community|pkey|(?:api|auth|private|enable)_?key)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Devices:
    """The devices that are right by themselves, their merged data as written, and the names of the others."""

    devices: tuple[Device, ...] = ()
    raw: Mapping[str, LocatedDict] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()


def read_devices(
    hosts: LocatedDict | None,
    groups: LocatedDict | None,
    defaults: LocatedDict | None,
    overlay: LocatedDict | None,
    problems: list[Problem],
) -> Devices:
    """Merge every host with what it inherits; None stands for a file that could not be read."""
    family = _Family(groups, problems)
    for layer in (defaults, *family.settings.values(), overlay):
        if layer is not None:
            validated(Layer, merged([layer], layer.origin), problems, layer.origin)
            problems += _literal_secrets(layer)
    weakest = [defaults] if defaults is not None else []
    bases: dict[tuple[str, ...], LocatedDict] = {}
    devices, raw = [], {}
    for name, entry in _entries(hosts, "device", problems):
        origin = locate(hosts, (name,), entry.origin)
        own = _settings(entry)
        problems += _literal_secrets(own)
        ancestors, complete = family.ancestors(entry, problems)
        if ancestors not in bases:
            bases[ancestors] = merged(
                (*weakest, *(family.settings[group] for group in reversed(ancestors))), origin
            )
        data = merged((bases[ancestors], own), origin)
        if overlay is not None:
            data = overlaid(data, overlay)
        if not complete or defaults is None:
            validated(Layer, data, problems, origin)
            continue
        device = _device(name, ancestors, data, origin, problems)
        if device:
            devices.append(device)
            raw[name] = data
    return Devices(tuple(devices), raw, frozenset(str(name) for name in hosts or () if name not in raw))


class _Family:
    """groups.yaml: each group's settings and what it inherits. What cannot be resolved makes its heirs incomplete."""

    def __init__(self, file: LocatedDict | None, problems: list[Problem]) -> None:
        self.file = file
        entries = dict(_entries(file, "group", problems))
        self.settings = {name: _settings(entry) for name, entry in entries.items()}
        listed = {name: self._listed(entry, problems) for name, entry in entries.items()}
        self.lines, wrong = lineages({name: groups for name, (groups, _) in listed.items()})
        for name, reason in wrong.items():
            origin = locate(entries[name], ("groups",), entries[name].origin)
            problems.append(Problem(origin, f"group {name} {reason}"))
        self.incomplete = {name for name, (_, complete) in listed.items() if not complete} | set(wrong)

    def ancestors(self, entry: LocatedDict, problems: list[Problem]) -> tuple[tuple[str, ...], bool]:
        """(all groups that an entry inherits from, the strongest first; whether these are really all)."""
        listed, complete = self._listed(entry, problems)
        groups = inherited(listed, self.lines)
        return groups, complete and self.incomplete.isdisjoint(groups)

    def _listed(self, entry: LocatedDict, problems: list[Problem]) -> tuple[tuple[str, ...], bool]:
        """(the usable groups that an entry lists; whether these are all that it lists)."""
        if "groups" not in entry:
            return (), True
        written = LocatedDict(entry.origin)
        written.put("groups", entry["groups"], entry.at["groups"])
        listed = validated(Groups, written, problems, entry.origin)
        if listed is None or self.file is None:
            return (), False
        for index, name in enumerate(listed.groups):
            if name not in self.file:
                hint = did_you_mean(name, map(str, self.file))
                origin = locate(entry, ("groups", index), entry.origin)
                problems.append(Problem(origin, f"group {name} is not in groups.yaml; {hint}"))
        usable = tuple(name for name in listed.groups if name in self.settings)
        return usable, len(usable) == len(listed.groups)


def _device(
    name: str, groups: tuple[str, ...], raw: LocatedDict, origin: Origin, problems: list[Problem]
) -> Device | None:
    layer = validated(Layer, raw, problems, origin)
    if layer is None:
        return None
    if layer.platform is None:
        problems.append(
            Problem(origin, f"{name}: no platform; write it here, in a group or in defaults.yaml")
        )
        return None
    return Device(
        name=name,
        hostname=layer.hostname or name,
        port=layer.port,
        username=layer.username,
        password=layer.password,
        platform=layer.platform,
        groups=groups,
        data=layer.data,
        connection_options=layer.connection_options,
        digest=sha256_hex(canonical(raw)),
    )


def canonical(value: object) -> str:
    """JSON that neither comments nor the order of keys change."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _entries(
    file: LocatedDict | None, what: str, problems: list[Problem]
) -> Iterator[tuple[str, LocatedDict]]:
    """The file's entries with a proper name and a mapping as value; the others are problems."""
    seen: dict[str, str] = {}
    for name, entry in (file or {}).items():
        origin = locate(file, (name,), Origin("", 0))
        wrong = _wrong_name(name, what)
        if wrong and isinstance(name, Doubtful):
            continue
        if wrong:
            problems.append(Problem(origin, wrong))
        elif seen.setdefault(str(name).casefold(), str(name)) != name:
            twin = seen[str(name).casefold()]
            problems.append(Problem(origin, f"{what} {name} differs from {twin} by case only; rename one"))
        elif isinstance(entry, LocatedDict):
            yield str(name), entry
        elif not isinstance(entry, Doubtful):
            problems.append(
                Problem(
                    origin, f"{name} must be a mapping (key: value); write {{}} where there is nothing to say"
                )
            )


def _wrong_name(name: Key, what: str) -> str | None:
    if not isinstance(name, str):
        return f'{name} is a number; write "{name}" in quotes'
    if what == "device" and (len(name) > 63 or not re.fullmatch(ID_PATTERN, name)):
        return f"{shown(name)} is not a device name; {ID_FORM}"
    if what == "group" and not _GROUP_NAME.fullmatch(name):
        return f"{shown(name)} is not a group name; write letters, digits, . _ -, at most 63"
    return None


def _settings(entry: LocatedDict) -> LocatedDict:
    """An entry without the groups that it lists: those are not inherited but followed."""
    settings = LocatedDict(entry.origin)
    for key, value in entry.items():
        if key != "groups":
            settings.put(key, value, entry.at[key])
    return settings


def _literal_secrets(layer: LocatedDict) -> Iterator[Problem]:
    """Secrets and line breaks in connection_options' extras, which no model knows."""
    options = layer.get("connection_options")
    for name, connection in options.items() if isinstance(options, LocatedDict) else ():
        if isinstance(connection, LocatedDict):
            yield from _extras(f"connection_options.{name}.extras", connection.get("extras"))


def _extras(path: str, value: object) -> Iterator[Problem]:
    if isinstance(value, LocatedDict):
        items = [(f".{key}", item, value.at[key]) for key, item in value.items()]
    elif isinstance(value, LocatedList):
        items = [(f"[{i}]", item, at) for i, (item, at) in enumerate(zip(value, value.at, strict=True))]
    else:
        return
    for key, item, origin in items:
        if not key.isprintable():
            yield Problem(origin, f"{path}: line breaks are not allowed in a key; remove them")
        elif isinstance(item, (LocatedDict, LocatedList)):
            yield from _extras(f"{path}{key}", item)
        elif _SECRET_KEY.search(key) and _is_literal(item):
            message = "a literal secret is not allowed; write secret://file/NAME and the like"
            yield Problem(origin, f"{path}{key}: {message}")
        elif isinstance(item, str) and not item.isprintable():
            yield Problem(
                origin, f"{path}{key}: line breaks are not allowed in a one-line field; remove them"
            )


def _is_literal(value: object) -> bool:
    return not isinstance(value, bool) and value is not None and not SECRET_REFERENCE.fullmatch(str(value))
