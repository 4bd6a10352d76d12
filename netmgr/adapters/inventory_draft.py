"""A client's files as they would be after some edits: texts, checked like files."""

import difflib
from collections.abc import Callable, Mapping, Sequence

import yaml

from netmgr.adapters.inventory_assembly import assemble
from netmgr.adapters.inventory_layers import read_devices
from netmgr.adapters.inventory_writing import written
from netmgr.adapters.yaml_editing import appended, edited
from netmgr.adapters.yaml_lines import parse
from netmgr.errors import InputError, Refused
from netmgr.intent.features import Form
from netmgr.model.adoption import Edit, FileChange, Key
from netmgr.model.inventory import Inventory
from netmgr.model.origins import LocatedDict, LocatedList, Origin, Problem
from netmgr.ports.inventory import Document

Write = Callable[[Mapping[str, bytes], Mapping[str, bytes]], None]
"""Takes the files as they were read and those that change, in the order in which they are written."""


class TextDraft:
    """See ``netmgr.ports.inventory.InventoryDraft``. ``files`` are those that the draft began with."""

    def __init__(
        self,
        client: str,
        files: Mapping[str, bytes],
        *,
        forms: Mapping[str, Form],
        write: Write,
        now: Mapping[str, bytes] | None = None,
    ) -> None:
        self._client, self._before, self._forms, self._write = client, files, forms, write
        self._now = now if now is not None else files

    def own(self, device: str) -> Mapping[Key, object]:
        """What hosts.yaml itself says under the device's ``data``."""
        entry = self._parsed("hosts.yaml").get(device)
        return _data(entry)

    def inherited(self, device: str) -> Mapping[Key, object]:
        """What the device's groups and defaults.yaml say there."""
        hosts, problems = self._parsed("hosts.yaml"), list[Problem]()
        entry, bare = hosts.get(device), LocatedDict(hosts.origin)
        groups = LocatedDict(hosts.origin)
        if isinstance(entry, LocatedDict):
            for key, value in entry.items():
                if key != "data":
                    groups.put(key, value, entry.at[key])
        bare.put(device, groups, hosts.origin)
        merged = read_devices(
            bare, self._parsed("groups.yaml"), self._parsed("defaults.yaml"), None, problems
        )
        return _data(merged.raw.get(device))

    def edited(self, edits: Mapping[str, Sequence[Edit]], links: Sequence[Document] = ()) -> "TextDraft":
        """The draft with the devices' data edited, and more links."""
        now = dict(self._now)
        try:
            if any(edits.values()):
                changes: dict[tuple[Key, ...], Sequence[Edit]] = {
                    (name, "data"): found for name, found in edits.items() if found
                }
                now["hosts.yaml"] = edited(now["hosts.yaml"].decode(), changes).encode()
            if links:
                text = now["topology.yaml"].decode() if "topology.yaml" in now else None
                made = (
                    written({"links": list(links)}, "The links that devices tell of.")
                    if text is None
                    else appended(text, "links", list(links))
                )
                now["topology.yaml"] = made.encode()
        except yaml.YAMLError as error:
            said = " ".join(str(error).split())
            raise InputError(
                [f"inventory/{self._client}/hosts.yaml:1: cannot be edited ({said}); write aliases out"]
            ) from None
        return TextDraft(self._client, self._before, forms=self._forms, write=self._write, now=now)

    def inventory(self, *, overlay: Mapping[str, object] | None = None) -> Inventory:
        """The inventory that the files would be. Raises InputError with every problem."""
        return assemble(self._client, self._now, forms=self._forms, overlay=overlay)

    def changes(self) -> tuple[FileChange, ...]:
        """What would change, file by file, as a unified diff."""
        return tuple(self._change(name) for name in self._changed())

    def save(self) -> None:
        """Write what changes. Raises Refused where a file was changed since, InputError where it cannot be written."""
        changed = self._changed()
        if changed:
            self._write(self._before, {name: self._now[name] for name in changed})

    def _changed(self) -> tuple[str, ...]:
        """hosts.yaml before topology.yaml: links alone would name devices that know nothing of them yet."""
        return tuple(name for name in sorted(self._now) if self._now[name] != self._before.get(name))

    def _change(self, name: str) -> FileChange:
        path = f"inventory/{self._client}/{name}"
        before, after = (
            files.get(name, b"").decode().splitlines(keepends=True) for files in (self._before, self._now)
        )
        source = f"a/{path}" if name in self._before else "/dev/null"
        return FileChange(path=path, diff="".join(difflib.unified_diff(before, after, source, f"b/{path}")))

    def _parsed(self, name: str) -> LocatedDict:
        content, problems = self._now.get(name), list[Problem]()
        empty = LocatedDict(Origin(f"inventory/{self._client}/{name}", 1))
        return (parse(content, empty.origin.path, problems) or empty) if content is not None else empty


def refuse_stale(client: str, now: Mapping[str, bytes | Problem], before: Mapping[str, bytes]) -> None:
    """Raise Refused(stale) where the files are others than those that a draft was made of."""
    changed = sorted(name for name in {*now, *before} if now.get(name) != before.get(name))
    if changed:
        raise Refused(
            "stale",
            f"inventory/{client}/{changed[0]} was changed meanwhile",
            "run the command again: nothing was written",
        )


def _data(entry: object) -> Mapping[Key, object]:
    data = entry.get("data") if isinstance(entry, LocatedDict) else None
    found = _plain(data)
    return found if isinstance(found, dict) else {}


def _plain(value: object) -> object:
    """The same value without origins; keys stay as they are."""
    if isinstance(value, LocatedDict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, LocatedList):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value
