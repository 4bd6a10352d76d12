"""playbooks/*.yaml of the workspace, and playbooks.yaml of each client."""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from netmgr.adapters.inventory_files import read_file
from netmgr.adapters.playbook_rules import Inspection
from netmgr.adapters.schema_problems import validated
from netmgr.adapters.yaml_lines import parse
from netmgr.errors import InputError, UsageError
from netmgr.model.origins import LocatedDict, Origin, Problem
from netmgr.model.playbook import PLAYBOOK_NAME, ClientPlaybooks, Playbook
from netmgr.model.suggest import did_you_mean

DIRECTORY = "playbooks"
CLIENT_FILE = "playbooks.yaml"


class PlaybookFiles:
    """See ``netmgr.ports.playbooks.Playbooks``. ``root`` is the workspace."""

    def __init__(self, root: Path) -> None:
        self._root, self._directory = root, root / DIRECTORY

    def every(self) -> tuple[Playbook, ...]:
        """All of them by name. Raises InputError with every problem of every file."""
        self._confined()
        found: list[Playbook] = []
        problems: list[str] = []
        for path in self._files():
            try:
                found.append(self._read(path))
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(problems)
        return tuple(found)

    def named(self, name: str) -> Playbook:
        """One of them. Raises UsageError for a name that is none, InputError for a file that cannot be played."""
        paths = {path.stem: path for path in self._files()}
        if not PLAYBOOK_NAME.fullmatch(name) or name not in paths:
            raise UsageError(
                f"{DIRECTORY}/ has no playbook {name!r}; {did_you_mean(name, sorted(paths)) or 'there is none'}"
            )
        self._confined()
        return self._read(paths[name])

    def digest(self) -> str:
        """SHA-256 of all files of playbooks/: what is played, whatever a playbook includes."""
        digest = hashlib.sha256()
        for path in self._walk():
            digest.update(f"{path.relative_to(self._directory)}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def settings(self, client: str) -> ClientPlaybooks:
        """What the client says of its playbooks. Raises InputError."""
        directory = self._root / "inventory" / client
        shown = f"inventory/{client}/{CLIENT_FILE}"
        content = read_file(directory / CLIENT_FILE, shown, inside=directory)
        if content is None:
            return ClientPlaybooks({})
        problems: list[Problem] = [content] if isinstance(content, Problem) else []
        raw = None if isinstance(content, Problem) else parse(content, shown, problems)
        settings = ClientPlaybooks({})
        if isinstance(raw, LocatedDict):
            settings = validated(ClientPlaybooks, raw, problems, Origin(shown, 1)) or settings
            known = {path.stem for path in self._files()}
            problems += [
                Problem(
                    raw.at.get(name, Origin(shown, 1)), f"no playbook {name!r}; {did_you_mean(name, known)}"
                )
                for name in settings.root
                if name not in known
            ]
        if problems:
            raise InputError([str(problem) for problem in sorted(set(problems))])
        return settings

    def _files(self) -> list[Path]:
        try:
            entries = sorted(self._directory.iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise InputError(
                [f"{DIRECTORY}:1: the directory cannot be read ({error.strerror}); make it readable"]
            ) from None
        return [
            entry
            for entry in entries
            if entry.suffix in (".yaml", ".yml") and PLAYBOOK_NAME.fullmatch(entry.stem)
        ]

    def _read(self, path: Path) -> Playbook:
        return Inspection(self._directory, DIRECTORY).playbook(path)

    def _confined(self) -> None:
        """Raises InputError for what leads out of playbooks/: links, and files that are none."""
        problems = [
            f"{DIRECTORY}/{path.relative_to(self._directory)}:1: {wrong}; put the file itself here"
            for path in self._walk()
            if (wrong := self._escape(path))
        ]
        if self._directory.is_symlink():
            problems.append(f"{DIRECTORY}:1: the directory is a symbolic link; put the directory itself here")
        if problems:
            raise InputError(problems)

    def _escape(self, path: Path) -> str | None:
        if path.is_symlink():
            try:
                inside = path.resolve(strict=True).is_relative_to(self._directory.resolve())
            except (OSError, RuntimeError):
                return "the symbolic link leads nowhere"
            return None if inside else f"the symbolic link leads out of {DIRECTORY}/"
        return None if stat.S_ISREG(path.lstat().st_mode) else "it is not a file"

    def _walk(self) -> Iterator[Path]:
        """Every file below playbooks/, and every link, in the order of their names."""
        for directory, below, files in os.walk(self._directory):
            below.sort()
            links = [name for name in below if Path(directory, name).is_symlink()]
            for name in sorted([*files, *links]):
                if not name.endswith(".pyc"):
                    yield Path(directory, name)
