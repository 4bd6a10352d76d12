"""An emulated IOS device: its configuration, its files, the archive, and the timer of a confirmed change."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from netmgr.lab.emulated.device import EmulatedDevice
from netmgr.lab.emulated.engine import Place
from netmgr.lab.emulated.ios.configuration import Configuration
from netmgr.lab.emulated.ios.editor import Editor, Rejected
from netmgr.lab.emulated.ios.grammar import Misread
from netmgr.lab.emulated.ios.parameters import is_physical
from netmgr.lab.emulated.ios.replacing import answer, replace
from netmgr.lab.emulated.ios.view import device_view
from netmgr.lab.emulated.view import DeviceView

if TYPE_CHECKING:
    from netmgr.lab.emulated.ios.session import Session

#: Where devices that have one are managed.
MANAGEMENT = "GigabitEthernet0"
#: What a device boots with that nobody has configured: what any has, and what it needs to be managed.
FRESH = """\
version 16.9
service timestamps debug datetime msec
service timestamps log datetime msec
hostname {name}
boot-start-marker
boot-end-marker
no aaa new-model
archive
 path flash:archive
ip scp server enable
line vty 0 4
 transport input ssh
end
"""
#: Bytes of a flash.
FLASH = 2_142_715_904
_MINUTE = 60
_HEADER = re.compile(r"(Building configuration|Current configuration|Using \d+ out of).*")


class IosEngine:
    """One device, free of transport, in its ``place``. ``startup`` is what it boots; empty: a fresh device."""

    def __init__(self, place: Place, startup: str) -> None:
        self.place = place
        self.files: Path = place.files
        hardware = {*place.interfaces, *re.findall(r"^interface (\S+)", startup, re.MULTILINE)}
        self._hardware = tuple(name for name in hardware if is_physical(name))
        configuration = Configuration(self._hardware)
        self.refused_at_boot = load(configuration, startup or FRESH.format(name=place.name))
        self.device: EmulatedDevice[Configuration] = EmulatedDevice(
            place.name, configuration, place.journal, scale=place.scale
        )
        self.pending_minutes = 0
        self._archived = 0

    def view(self) -> DeviceView:
        """What its running configuration makes of it."""
        return device_view(self.device.running)

    def execute(self, line: str) -> str:
        """What its console answers to one line."""
        from netmgr.lab.emulated.ios.session import CONSOLE

        session = self.session(CONSOLE)
        return "".join(session.command(part) for part in line.split("\n"))

    def session(self, user: str) -> "Session":
        """A new login."""
        from netmgr.lab.emulated.ios.session import Session

        return Session(self, user)

    def greeting(self) -> str:
        """The message of the day."""
        line = self.device.running.first("banner", "motd")
        return "\n" + line.shown.partition("^C")[2].rpartition("^C")[0] + "\n" if line else ""

    def admits(self) -> bool:
        """Whether the management interface is up and its lines take SSH."""
        running = self.device.running
        interface = running.first("interface", MANAGEMENT)
        if interface and any(line.words == ("shutdown",) for line in interface.children):
            return False
        inputs = [
            i
            for line in running.top("line", "vty")
            for i in line.children
            if i.begins(("transport", "input"))
        ]
        return not inputs or any("ssh" in line.words or "all" in line.words for line in inputs)

    def takes_files(self) -> bool:
        """Whether `ip scp server enable` is there."""
        return self.device.running.first("ip", "scp", "server", "enable") is not None

    def refused(self, line: str) -> str:  # noqa: ARG002 - the mark stands under its first letter, whatever it says
        """What IOS prints for a line that it does not know."""
        return Misread("invalid").answer("", len(self.device.running.hostname) + 1)

    def drift(self, text: str) -> None:
        """Somebody else types these lines. Raises ValueError for one that is not taken."""
        changed = self.device.running.copy()
        refused = Editor(changed).type_all(text)
        if refused:
            raise ValueError(f"{refused[0][0]}: {refused[0][1]}")
        self.device.run(changed, "drift")

    def reset(self, text: str) -> None:
        """From now on the device runs and would boot exactly this; nothing is pending, no file is left."""
        self.device.revert("reset")
        for path in self.files.iterdir():
            path.unlink()
        configuration = Configuration(self._hardware)
        if refused := load(configuration, text):
            raise ValueError(f"{refused[0][0]}: {refused[0][1]}")
        self.device.startup = configuration.copy()
        self.device.run(configuration, "reset")

    # -- files ------------------------------------------------------------------------------------------------------

    def path(self, name: str) -> Path:
        """Where a file of the flash is; directories there are none."""
        return self.files / name.rpartition(":")[2].rpartition("/")[2]

    def read(self, name: str) -> str | None:
        """What a file holds, the configurations among them; None where there is none."""
        match name.lower():
            case "running-config" | "system:running-config" | "system:/running-config":
                return self.shown(self.device.running_text)
            case "startup-config" | "nvram:startup-config" | "nvram:/startup-config":
                return self.shown(self.device.startup_text)
            case "null:":
                return ""
        path = self.path(name)
        return path.read_bytes().decode("utf-8", "replace") if path.is_file() else None

    def write(self, name: str, text: str) -> None:
        """Make a file."""
        self.path(name).write_text(text, "utf-8")

    @property
    def free(self) -> int:
        """Bytes left on the flash."""
        return FLASH - sum(path.stat().st_size for path in self.files.iterdir())

    def shown(self, text: str) -> str:
        """A configuration as a file of the device has it."""
        by = f" by {self.device.configured_by}" if self.device.configured_by else ""
        return (
            f"!\n! Last configuration change at {self.clock(self.device.configured)}{by}\n!\n{text}!\nend\n"
        )

    def clock(self, at: float | None = None) -> str:
        """The device's time, now or at another moment, as IOS writes it."""
        from time import gmtime, strftime, time

        return strftime("%H:%M:%S UTC %a %b %d %Y", gmtime(time() if at is None else at)).replace(" 0", " ")

    # -- the archive and the timer ----------------------------------------------------------------------------------

    @property
    def archive_path(self) -> str | None:
        """Where the archive is kept; None where there is none."""
        archive = self.device.running.first("archive")
        lines = archive.children if archive else []
        return next((" ".join(line.words[1:]) for line in lines if line.words[0] == "path"), None)

    def back_up(self) -> str:
        """Keep what runs now in the archive; the file's name."""
        from time import gmtime, strftime, time

        path = self.archive_path or "flash:backup"
        name = f"{path}-{strftime('%b-%d-%H-%M-%S.000-UTC', gmtime(time()))}-{self._archived}"
        self._archived += 1
        self.write(name, self.shown(self.device.running_text))
        return name

    def arm(self, minutes: int, user: str) -> None:
        """What runs now comes back after so many minutes of the device's clock."""
        self.pending_minutes = minutes
        self.device.arm(user, minutes * _MINUTE)

    def replace(self, text: str, *, until_error: bool, minutes: int | None, user: str) -> str:
        """`configure replace` with the file's text; what the device prints."""
        if not re.search(r"^end\s*$", text, re.MULTILINE):
            return "%The input file is not a valid config file.\n"
        said = ""
        backup = None
        if until_error or minutes:
            if self.archive_path is None:
                return "%Please turn config archive on\n"
            if self.device.pending:
                return "%A Rollback Confirmed Change is already pending\n"
            backup = self.back_up()
            said = (
                f"Rollback Confirmed Change: Backing up current running config to {backup}\n\n"
                if minutes
                else ""
            )
        done = replace(self.device.running, text, until_error=until_error)
        if done.failed and until_error:
            self.device.note("refused", command=done.failed[0])
            return said + answer(done, reverted_to=backup)
        if minutes:
            self.arm(minutes, user)
        self.device.run(done.configuration, "replaced" if not done.left else "replaced in part", by=user)
        return said + answer(done, reverted_to=None)

    def merge(self, text: str, user: str) -> str:
        """`copy FILE running-config`: every line that is taken stays; what was said of the others."""
        changed = self.device.running.copy()
        editor, said = Editor(changed), ""
        for line in text.splitlines():
            try:
                editor.type(line)
            except Misread as error:
                said += f"{line}\n{error.answer(line, 0)}\n"
            except Rejected as error:
                said += f"{error}\n"
        self.device.run(changed, "merged", by=user)
        return said


def load(configuration: Configuration, text: str) -> list[tuple[str, Misread | Rejected]]:
    """Boot a configuration; the lines that were not taken. Interfaces that it leaves out are shut."""
    lines = (line for line in text.splitlines() if not _HEADER.fullmatch(line))
    refused = Editor(configuration, booting=True).type_all("\n".join(lines))
    named = {line.words[1] for line in configuration.top("interface")}
    missing = sorted(configuration.hardware - named)
    Editor(configuration).type_all("".join(f"interface {name}\n" for name in missing))
    return refused
