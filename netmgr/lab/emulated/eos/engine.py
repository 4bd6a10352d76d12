"""EOS without a transport: its command line, configuration sessions and commit timers.

As a real device does: a session is a copy of what runs when it is opened, its commit replaces what runs as a whole, and
a commit timer that ends, or is aborted, brings back what ran before that commit. The startup configuration changes only
when somebody says so.
"""

import difflib
import re
from dataclasses import dataclass
from typing import Any, Literal

from netmgr.lab.emulated.device import EmulatedDevice
from netmgr.lab.emulated.engine import Place
from netmgr.lab.emulated.eos.dialect import EOS
from netmgr.lab.emulated.eos.show import Show
from netmgr.lab.emulated.eos.view import device_view
from netmgr.lab.emulated.store import Editor, Refused, Store
from netmgr.lab.emulated.tree import Node
from netmgr.lab.emulated.view import DeviceView

Encoding = Literal["json", "text"]
Command = str | dict[str, Any]

VERSION = "4.31.2F"
#: What a fresh device runs, besides its interfaces and the way in that the lab gives to it.
FRESH = """\
transceiver qsfp default-mode 4x10G
service routing protocols model multi-agent
spanning-tree mode mstp
no aaa root
"""
#: The way in: without this section a device serves no eAPI.
WAY_IN = """\
management api http-commands
   no shutdown
"""
_MOST_SESSIONS = 5
#: Interfaces that are there without configuration.
_PORT = re.compile(r"(?:Ethernet|Management)[\d/]+")
_SESSION = re.compile(
    r"configure session (?P<name>\S+)(?: (?P<act>abort|commit(?: timer (?P<h>\d+):(?P<m>\d+):(?P<s>\d+))?))?"
)


class CommandError(Exception):
    """The device does not do it. ``code`` is eAPI's: 1002 for a command that is none, 1000 for one that failed."""

    def __init__(self, code: int, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(reason)


@dataclass(slots=True)
class Session:
    """A configuration session. ``state`` is the device's word."""

    config: Store
    state: str = "pending"


class EosEngine:
    """One device. See ``netmgr.lab.emulated.engine.Engine``."""

    def __init__(self, place: Place, startup: str, version: str = VERSION) -> None:
        self.place, self.version = place, version
        self.ports = tuple(name for name in place.interfaces if _PORT.fullmatch(name))
        self.sessions: dict[str, Session] = {}
        self.flash: dict[str, Store] = {}
        config = Store(EOS, FRESH + WAY_IN)
        if startup:
            config.merge(startup)
        self.device: EmulatedDevice[Store] = EmulatedDevice(
            place.name, self._whole(config), place.journal, scale=place.scale
        )
        self.show = Show(self)

    def view(self) -> DeviceView:
        """What runs, whatever is in sessions."""
        return device_view(self.device.running.root, self.ports, self.place.name)

    @property
    def serves(self) -> bool:
        """Whether eAPI is switched on."""
        section = self.device.running.root.find("management api http-commands")
        return section is not None and section.find("no shutdown") is not None

    def execute(self, line: str) -> str:
        """What the console answers, errors as the console words them."""
        cli, answers = Cli(self), []
        for command in line.splitlines():
            try:
                answers.append(str(cli.run(command, "text").get("output", "")))
            except CommandError as error:
                answers.append(f"% {error.reason}")
        return "\n".join(answer.rstrip("\n") for answer in answers if answer)

    def drift(self, text: str) -> None:
        """Somebody configures, without a session."""
        config = self.device.running.copy()
        config.merge(text)
        self.device.run(self._whole(config), "drift")

    def reset(self, text: str) -> None:
        """Runs and boots exactly this."""
        self.device.revert("reset")
        self.sessions.clear()
        config = Store(EOS, FRESH)
        config.merge(text)
        self.device.run(self._whole(config), "reset")
        self.device.save()

    def clean(self, config: Store) -> None:
        """`rollback clean-config`: as from the factory, the interfaces there."""
        config.root = self._whole(Store(EOS, FRESH)).root

    def commit(self, name: str, seconds: int | None) -> None:
        """Make the session's configuration the running one, for good or until the timer ends."""
        session, device = self.sessions[name], self.device
        if device.pending:
            if device.pending.label == name:
                session.state = "completed"
                device.settle()
                return
            raise CommandError(1000, f"Commit timer of session {device.pending.label} is running")
        if session.state != "pending":
            raise CommandError(1000, f"Cannot commit session {name}: it is {session.state}")
        if seconds is not None:
            device.arm(name, seconds)
        session.state = "completed" if seconds is None else "pendingCommitTimer"
        device.run(self._whole(session.config.copy()), "commit", label=name)

    def abort(self, name: str) -> None:
        """Forget the session; if its commit waits, what ran before is back."""
        if self.device.pending and self.device.pending.label == name:
            self.device.revert("aborted")
        del self.sessions[name]

    def reverted(self) -> None:
        """Sessions whose commit was brought back by its timer are over."""
        pending = self.device.pending.label if self.device.pending else None
        for name, session in self.sessions.items():
            if session.state == "pendingCommitTimer" and name != pending:
                session.state = "aborted"

    def diffs(self, name: str) -> str:
        """The device's own comparison."""
        return "".join(
            difflib.unified_diff(
                self.device.running_text.splitlines(keepends=True),
                self._whole(self.sessions[name].config.copy()).text().splitlines(keepends=True),
                "system:/running-config",
                f"session:/{name}-session-config",
            )
        )

    def _whole(self, config: Store) -> Store:
        """Physical interfaces are always there."""
        for port in self.ports:
            if config.root.find(f"interface {port}") is None:
                config.root.children.append(Node(f"interface {port}"))
        return config


class Cli:
    """Somebody's command line: one request of eAPI, or one visit to the console."""

    def __init__(self, engine: EosEngine) -> None:
        self._engine, self._device = engine, engine.device
        self._editor: Editor | None = None
        self._session: str | None = None

    def run(self, command: Command, encoding: Encoding) -> dict[str, Any]:
        """The answer to one command. Raises CommandError."""
        if isinstance(command, dict):
            words, text = str(command["cmd"]).strip(), str(command.get("input", ""))
        else:
            words, text = command.strip(), ""
        self._device.transcript.heard(words)
        if fault := self._device.meet(words, "reject", "ignore", "answer", "expire", "drift"):
            match fault.what:
                case "reject":
                    raise CommandError(1000, fault.text or "the device refuses")
                case "ignore":
                    return {"output": ""} if encoding == "text" else {}
                case "answer":
                    return {"output": fault.text}
                case "expire":
                    self._device.revert("expired")
                case "drift":
                    self._engine.drift(fault.text)
        self._engine.reverted()
        answer = self._run(words, text, encoding)
        if self._device.meet(words, "revert"):
            self._device.revert("spontaneously")
        return answer

    def _run(self, words: str, text: str, encoding: Encoding) -> dict[str, Any]:
        if words.startswith(("show ", "ping ")):
            return self._engine.show.answer(words, encoding)
        if words in ("enable", "disable", "terminal length 0", "terminal width 511", ""):
            return _done(encoding)
        if words == "end":
            self._leave()
            return _done(encoding)
        if self._editor:
            self._configure(words, text)
            return _done(encoding)
        if match := _SESSION.fullmatch(words):
            self._in_session(match)
            return _done(encoding)
        self._other(words)
        return _done(encoding)

    def _in_session(self, match: re.Match[str]) -> None:
        engine, name, act = self._engine, match["name"], match["act"]
        if act is None:
            if name not in engine.sessions:
                if sum(s.state == "pending" for s in engine.sessions.values()) >= _MOST_SESSIONS:
                    raise CommandError(1000, "Maximum number of pending sessions has been reached")
                engine.sessions[name] = Session(self._device.running.copy())
            elif engine.sessions[name].state != "pending":
                raise CommandError(1000, f"Session {name} is {engine.sessions[name].state}")
            self._session, self._editor = name, Editor(engine.sessions[name].config)
        elif name not in engine.sessions:
            raise CommandError(1000, f"Cannot find session {name}")
        elif act == "abort":
            engine.abort(name)
        else:
            seconds = int(match["h"]) * 3600 + int(match["m"]) * 60 + int(match["s"]) if match["h"] else None
            engine.commit(name, seconds)

    def _configure(self, words: str, text: str) -> None:
        editor, device = self._editor, self._device
        assert editor is not None  # noqa: S101 - only asked while there is one
        if words == "rollback clean-config" and self._session:
            self._engine.clean(self._engine.sessions[self._session].config)
            self._editor = Editor(self._engine.sessions[self._session].config)
        elif words == "abort" and self._session:
            self._engine.abort(self._session)
            self._session, self._editor = None, None
        else:
            block = f"{text.rstrip(chr(10))}\nEOF" if EOS.block_end(words) else None
            try:
                editor.type(words, block)
            except Refused:
                raise CommandError(
                    1002, f"Invalid input (at token 0: '{words.split(' ', maxsplit=1)[0]}')"
                ) from None
            if self._session is None and not words.startswith("!"):
                device.run(device.running, "typed")

    def _other(self, words: str) -> None:
        engine, device = self._engine, self._device
        match words:
            case "configure" | "configure terminal":
                self._editor = Editor(device.running)
            case "write memory" | "write" | "copy running-config startup-config":
                device.save()
            case "copy startup-config flash:rollback-0":
                engine.flash["rollback-0"] = device.startup.copy()
            case "configure replace flash:rollback-0":
                if "rollback-0" not in engine.flash:
                    raise CommandError(1000, "Error copying flash:rollback-0 (No such file or directory)")
                device.run(engine.flash["rollback-0"].copy(), "replaced")
            case _:
                device.journal.note("unknown command", command=words)
                raise CommandError(1002, f"Invalid input (at token 0: '{words.split(' ', maxsplit=1)[0]}')")

    def _leave(self) -> None:
        self._editor, self._session = None, None


def _done(encoding: Encoding) -> dict[str, Any]:
    return {"output": ""} if encoding == "text" else {}
