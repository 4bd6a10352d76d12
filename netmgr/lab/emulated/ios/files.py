"""IOS's commands for files: what they ask, what they do on the flash, what they print."""

import hashlib
from collections.abc import Callable

from netmgr.lab.emulated.ios.engine import FLASH, IosEngine

#: The configuration line without which file commands ask before they do anything.
_QUIET = ("file", "prompt", "quiet")
Ask = Callable[[str, Callable[[str], str]], str]
"""Puts a question to whoever is logged in; the answer to its answer is given by the function."""


class FileCommands:
    """The commands of one session. Their answers are what the device prints."""

    def __init__(self, engine: IosEngine, ask: Ask, user: str) -> None:
        self._engine, self._ask, self._user = engine, ask, user

    def copy(self, source: str, target: str) -> str:
        """`copy`: ask for the name, unless the device was told not to."""
        text = self._engine.read(source)
        if text is None:
            return no_file(source)

        def go(answer: str) -> str:
            name = f"{target.rpartition(':')[0] or 'flash'}:{answer}" if answer else target
            return self._copied(text, name)

        into = target.rpartition("/")[2].rpartition(":")[2]
        if self._engine.device.running.first(*_QUIET) or source == "null:":
            return self._copied(text, target)
        return self._ask(f"Destination filename [{into}]? ", go)

    def _copied(self, text: str, target: str) -> str:
        match target.lower():
            case "running-config" | "system:running-config" | "system:/running-config":
                said = self._engine.merge(text, self._user)
                return f"{said}{len(text)} bytes copied in 0.512 secs ({len(text) * 2} bytes/sec)\n"
            case "startup-config" | "nvram:startup-config":
                return self.save()
        if len(text) > self._engine.free:
            return f"%Error writing {target} (No space left on device)\n"
        self._engine.write(target, text)
        return f"{len(text)} bytes copied in 0.512 secs ({len(text) * 2} bytes/sec)\n"

    def save(self) -> str:
        """`write memory`."""
        self._engine.device.save()
        return "Building configuration...\n[OK]\n"

    def delete(self, name: str, *, force: bool) -> str:
        """`delete`: ask, unless told not to."""
        path = self._engine.path(name)

        def go(_yes: str = "") -> str:
            if not path.is_file():
                return f"%Error deleting {name} (No such file or directory)\n"
            path.unlink()
            return ""

        if force:
            return go()
        return self._ask(f"Delete {name}? [confirm]", go)

    def rename(self, source: str, target: str) -> str:
        """`rename`."""
        path = self._engine.path(source)
        if not path.is_file():
            return f"%Error renaming {source} (No such file or directory)\n"

        def go(_name: str = "") -> str:
            path.rename(self._engine.path(target))
            return ""

        if self._engine.device.running.first(*_QUIET):
            return go()
        into = target.rpartition("/")[2].rpartition(":")[2]
        return self._ask(f"Destination filename [{into}]? ", go)

    def dir(self, name: str) -> str:
        """`dir`."""
        system, _, rest = name.partition(":")
        wanted = rest.strip("/")
        files = sorted(self._engine.files.iterdir())
        if wanted:
            files = [path for path in files if path.name == wanted]
            if not files:
                return no_file(name)
        said = f"Directory of {name if wanted else f'{system}:/'}\n\n"
        for number, path in enumerate(files, 1):
            said += (
                f"{number:5d}  -rw-  {path.stat().st_size:12d}   Nov 28 2026 10:50:22 +00:00  {path.name}\n"
            )
        return f"{said}\n{self._total()}"

    def _total(self) -> str:
        return f"{FLASH} bytes total ({self._engine.free} bytes free)\n"

    def verify(self, name: str) -> str:
        """`verify /md5`."""
        path = self._engine.path(name)
        if not path.is_file():
            return no_file(name)
        found = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
        return f".....Done!\nverify /md5 ({name}) = {found}\n"


def no_file(name: str) -> str:
    """There is none."""
    return f"%Error opening {name} (No such file or directory)\n"
