"""Verdicts on inventories that were checked before, under a key of everything that the verdict follows from.

Only what `validate` and `inventory list` show is kept: how large a client is, its digest, its warnings. What goes on to
devices is loaded and checked anew, so that nothing here can put a wrong configuration on the network. A client with
a problem is never kept. Entries are JSON; one that cannot be read, or does not have the form, is none.
"""

import json
import os
import sys
from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from netmgr.adapters.installed_platforms import InstalledForms
from netmgr.adapters.private_files import private_directory
from netmgr.errors import StoreError
from netmgr.intent.features import Form
from netmgr.model.base import Frozen
from netmgr.model.checked import Checked
from netmgr.model.origins import LocatedDict, LocatedList

#: The packages whose code decides the verdict; the cache forgets everything when one of them changes.
_CODE = ("adapters", "intent", "model", "platforms")


class _Entry(Frozen):
    key: str
    checked: Checked


class InventoryCache:
    """One file for each client and kind of overlay in ``directory`` (made when needed, mode 0700)."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def get(self, name: str, key: str) -> Checked | None:
        """What was kept for ``name`` under this key."""
        try:
            entry = _Entry.model_validate_json(self._path(name).read_bytes())
        except (OSError, ValidationError):
            return None
        return entry.checked if entry.key == key else None

    def put(self, name: str, key: str, checked: Checked, *, keep: Collection[str]) -> None:
        """Keep the verdict in place of an older one. Entries of clients that are not in ``keep`` go.

        Where nothing can be written, nothing is kept: a cache is no reason to fail.
        """
        path = self._path(name)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            private_directory(self._directory)
            for entry in self._directory.glob("*.json"):
                if entry.stem.partition(".")[0] not in keep:
                    entry.unlink(missing_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(_Entry(key=key, checked=checked).model_dump_json())
            draft.replace(path)
        except (OSError, StoreError):
            with suppress(OSError):
                draft.unlink()

    def _path(self, name: str) -> Path:
        return self._directory / f"{name}.json"


def content_key(
    files: Mapping[str, bytes],
    *,
    client: str,
    forms: Mapping[str, Form],
    overlay: Mapping[str, object] | None,
) -> str:
    """SHA-256 over the client's id and files, the overlay with its lines, the platforms' features and netmgr's code."""
    parts = (
        _code(),
        client,
        _identity(forms),
        json.dumps(_with_lines(overlay)),
    )
    digest = sha256("\n".join(parts).encode())
    for name, content in sorted(files.items()):
        digest.update(f"\n{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _identity(forms: Mapping[str, Form]) -> str:
    """What of the forms is not netmgr's own code; of those that are not loaded before they are used, their code."""
    if isinstance(forms, InstalledForms):
        return forms.identity()
    return json.dumps(
        [[name, form.loopback, sorted(form.features.items())] for name, form in sorted(forms.items())]
    )


def _with_lines(value: object) -> object:
    """The overlay with the line of each value: warnings name it."""
    if isinstance(value, LocatedDict):
        return [[key, str(value.at[key]), _with_lines(item)] for key, item in value.items()]
    if isinstance(value, LocatedList):
        return [[str(at), _with_lines(item)] for at, item in zip(value.at, value, strict=True)]
    return value


@cache
def _code() -> str:
    """A digest of the code that reads and checks inventories, and of the Python that runs it."""
    digest = sha256(sys.version.encode())
    package = Path(__file__).parents[1]
    for path in sorted(path for part in _CODE for path in (package / part).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
