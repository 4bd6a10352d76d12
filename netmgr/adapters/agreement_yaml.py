"""agreement.yaml and assets.yaml in a client's directory → what they say, every mistake with its file and line."""

import re
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from netmgr.adapters.inventory_assembly import check_client_id
from netmgr.adapters.inventory_files import client_directories, read_file, update_client
from netmgr.adapters.inventory_writing import written
from netmgr.adapters.schema_problems import validated
from netmgr.adapters.yaml_editing import appended, edited
from netmgr.adapters.yaml_lines import parse
from netmgr.errors import InputError
from netmgr.model.adoption import Edit
from netmgr.model.agreement import Agreement
from netmgr.model.agreement_terms import Amendment
from netmgr.model.asset import Asset
from netmgr.model.fields import ID_FORM, shown
from netmgr.model.names import ID_PATTERN
from netmgr.model.origins import Doubtful, LocatedDict, Origin, Problem, locate
from netmgr.ports.agreements import Assets, WorkingCopy
from netmgr.service.agreement_check import contradictions

AGREEMENT = "agreement.yaml"
ASSETS = "assets.yaml"
M = TypeVar("M", bound=BaseModel)


class YamlAgreements:
    """``Agreements`` of the workspace at ``root``."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def working_copy(self, client: str) -> WorkingCopy | None:
        """Typed, with the place of each value."""
        problems: list[Problem] = []
        raw = self._parsed(client, AGREEMENT, problems)
        known = validated(Agreement, raw, problems, raw.origin) if raw is not None else None
        if known is not None:
            problems += [
                Problem(_place(raw, *path), f"{'.'.join(map(str, path))}: {message}")
                for path, message in contradictions(known)
            ]
        _raise(problems)
        if raw is None or known is None:
            return None
        return WorkingCopy(known, partial(_place, raw))

    def create(self, client: str, agreement: Agreement, *, comment: str) -> str:
        """In the style that inventories are written in."""
        path = self._path(client, AGREEMENT)
        if (self._root / path).exists():
            raise InputError([f"{path}:1: there is an agreement; `netmgr agreement amend` changes it"])
        document = agreement.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        update_client(self._root, client, {AGREEMENT: written(document, comment).encode()})
        return path

    def amend(self, client: str, amendment: Amendment) -> str:
        """The working copy is the newest version, as it was signed or as somebody has begun to change it."""
        path = self._path(client, AGREEMENT)
        if self.working_copy(client) is None:
            raise InputError([f"{path}:1: the file is missing; `netmgr agreement new` writes it"])
        text = (self._root / path).read_text(encoding="utf-8")
        effective = amendment.effective.isoformat()
        for key, value in {"version": amendment.version, "effective": effective}.items():
            text = edited(text, {(key,): [Edit((), value)]})
        text = appended(text, "amendments", [amendment.model_dump(mode="json")])
        update_client(self._root, client, {AGREEMENT: text.encode()})
        return path

    def assets(self, client: str) -> Assets:
        """Each by its id; unique in the client, as uids are."""
        problems: list[Problem] = []
        raw = self._parsed(client, ASSETS, problems)
        found: dict[str, Asset] = {}
        uids: dict[str, str] = {}
        for key, entry in (raw or {}).items():
            origin, name = locate(raw, (key,), Origin(self._path(client, ASSETS), 1)), str(key)
            if len(name) > 63 or not re.fullmatch(ID_PATTERN, name):
                problems.append(Problem(origin, f"{shown(name)} is not an asset's id; {ID_FORM}"))
            elif (asset := _asset(name, entry, origin, problems)) is not None:
                uid = asset.uid or name
                if uid in uids:
                    at = locate(entry, ("uid",), origin)
                    problems.append(
                        Problem(at, f"{name}: the uid {uid} is also {uids[uid]}'s; give each its own")
                    )
                uids[uid] = name
                found[name] = asset.model_copy(update={"uid": uid})
        _raise(problems)
        return Assets(found, partial(_place, raw))

    def _path(self, client: str, file: str) -> str:
        check_client_id(client, known=client_directories(self._root))
        return f"inventory/{client}/{file}"

    def _parsed(self, client: str, file: str, problems: list[Problem]) -> LocatedDict | None:
        path = self._path(client, file)
        content = read_file(self._root / path, path, inside=(self._root / path).parent)
        if isinstance(content, bytes):
            return parse(content, path, problems)
        if content is not None:
            problems.append(content)
        return None


def _asset(name: str, entry: object, origin: Origin, problems: list[Problem]) -> Asset | None:
    if isinstance(entry, Doubtful):
        return None
    if not isinstance(entry, LocatedDict):
        problems.append(Problem(origin, f"{name}: an asset must be a mapping (key: value)"))
        return None
    found: list[Problem] = []
    asset = validated(Asset, entry, found, origin)
    problems += [problem._replace(message=f"{name}: {problem.message}") for problem in found]
    return asset


def _place(raw: LocatedDict | None, *path: object) -> Origin:
    return locate(raw, path, raw.origin if raw is not None else Origin(ASSETS, 1))


def _raise(problems: list[Problem]) -> None:
    if problems:
        raise InputError([str(problem) for problem in sorted(set(problems))])
