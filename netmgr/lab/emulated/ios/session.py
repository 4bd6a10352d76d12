"""One login to an emulated IOS device: its modes, its prompt, and what it answers to each line. No transport."""

import re
from collections.abc import Callable

from netmgr.lab.emulated.device import EmulatedDevice
from netmgr.lab.emulated.ios.archive import archive
from netmgr.lab.emulated.ios.configuration import Configuration
from netmgr.lab.emulated.ios.editor import Editor, Rejected
from netmgr.lab.emulated.ios.engine import IosEngine
from netmgr.lab.emulated.ios.files import FileCommands, no_file
from netmgr.lab.emulated.ios.grammar import Accepted, Grammar, Misread, commands
from netmgr.lab.emulated.ios.language import MODES
from netmgr.lab.emulated.ios.plain import plain, steps
from netmgr.lab.emulated.ios.shows import SHOWS, show
from netmgr.lab.emulated.ios.shows_routing import ping

_SOURCE = "[source (A.B.C.D|X:X::X|INTERFACE)]"
_EXEC = f"""
terminal (length|width) <0-512>
terminal (monitor|no monitor)
enable [<0-15>]
disable
(exit|logout|quit)
configure terminal [lock]
configure terminal revert timer <1-120>
configure replace WORD [list] [force] [ignorecase] [revert trigger error] [timer <1-120>]
configure replace WORD [list] [force] [ignorecase] [revert timer <1-120>]
configure replace WORD [list] [force] [ignorecase] time <1-120>
configure confirm
configure revert (now|timer <1-120>)
copy WORD WORD
delete [/force] [/recursive] WORD
rename WORD WORD
dir [/all] [WORD]
more WORD
verify /md5 WORD [WORD]
write [(memory|terminal)]
archive config
ping [vrf WORD] (A.B.C.D|X:X::X) [timeout <0-3600>] [size <36-18024>] [repeat <1-2147483647>] {_SOURCE}
tclsh
show (running-config|startup-config) [all]
show running-config interface INTERFACE
show archive
show archive config rollback timer
show archive config differences WORD [WORD]
show archive config incremental-diffs WORD [ignorecase]
show file systems
"""
_GRAMMAR = Grammar(commands(f"{_EXEC}\n{SHOWS}"))
_PROMPT_WIDTH = 20
#: Where nobody need log in: then the device does not know who it is.
CONSOLE = "console"
_PIPE = re.compile(r"(.*?) \| (i\w*|e\w*|b\w*|s\w*) (.*)")


class Session:
    """See the module. ``user`` is who logged in, ``closed`` whether it has ended, ``length`` the lines of a page."""

    def __init__(self, engine: IosEngine, user: str) -> None:
        self.engine, self.user = engine, user
        self._by = "" if user == CONSOLE else user
        self.closed, self.length = False, 24
        self._editor: Editor | None = None
        self._question: tuple[str, Callable[[str], str]] | None = None
        self._tcl: list[str] | None = None
        self._written: dict[str, str] = {}
        self._files = FileCommands(engine, self._ask, self._by)

    @property
    def device(self) -> EmulatedDevice[Configuration]:
        """The device's state."""
        return self.engine.device

    @property
    def prompt(self) -> str:
        """What stands before the cursor."""
        if self._question:
            return self._question[0]
        name = self.device.running.hostname
        if self._tcl is not None:
            return "+>" if self._tcl else f"{name}(tcl)#"
        if self._editor:
            if self._editor.banner is not None:
                return ""
            return f"{name[:_PROMPT_WIDTH]}({MODES[self._editor.mode].prompt})#"
        return f"{name}#"

    def command(self, line: str) -> str:
        """The answer to one line, each of its lines with its end."""
        if self._question:
            answer, self._question = self._question[1], None
            return answer(line.strip())
        if self._tcl is not None:
            return self._in_tcl(self._tcl, line)
        if self._editor:
            return self._configured(self._editor, line)
        return self._executed(line.strip())

    def _ask(self, question: str, then: Callable[[str], str]) -> str:
        """The next line is the answer to this."""
        self._question = (question, then)
        return ""

    # -- privileged EXEC --------------------------------------------------------------------------------------------

    def _executed(self, line: str) -> str:
        if not line or line.startswith("!"):
            return ""
        if match := _PIPE.fullmatch(line):
            return _filtered(self._executed(match[1]), match[2], match[3])
        try:
            accepted = _GRAMMAR.read(line)
        except Misread as error:
            return _ended(error.answer(line, len(self.prompt)))
        return _ended(self._do(accepted))

    def _do(self, said: Accepted) -> str:  # noqa: PLR0912 - a table of commands
        words = said.words
        match words[0]:
            case "terminal":
                if words[1] == "length":
                    self.length = int(words[2])
            case "exit" | "logout" | "quit":
                self.closed = True
            case "configure":
                return self._configure(words)
            case "copy":
                return self._files.copy(words[1], words[2])
            case "delete":
                return self._files.delete(words[-1], force="/force" in words)
            case "rename":
                return self._files.rename(words[1], words[2])
            case "dir":
                return self._files.dir(words[-1] if len(words) > 1 and words[-1] != "/all" else "flash:")
            case "more":
                text = self.engine.read(words[1])
                return no_file(words[1]) if text is None else text
            case "verify":
                return self._files.verify(words[2])
            case "write":
                return self._shown("running-config") if words[-1] == "terminal" else self._files.save()
            case "archive":
                return (
                    f"{self.engine.back_up()}\n"
                    if self.engine.archive_path
                    else "%Please turn config archive on\n"
                )
            case "ping":
                return ping(self.engine, words)
            case "tclsh":
                self._tcl = []
            case "show":
                return self._show(said)
        return ""

    def _configure(self, words: tuple[str, ...]) -> str:
        engine = self.engine
        match words[1]:
            case "terminal":
                said = ""
                if words[2:3] == ("revert",):
                    if engine.archive_path is None:
                        return "%Please turn config archive on\n"
                    said = f"Rollback Confirmed Change: Backing up current running config to {engine.back_up()}\n\n"
                    engine.arm(int(words[-1]), self.user)
                self._editor = Editor(self.device.running.copy())
                return f"{said}Enter configuration commands, one per line.  End with CNTL/Z.\n"
            case "confirm":
                if not self.device.pending:
                    return "%No Rollback Confirmed Change pending\n"
                self.device.settle()
            case "revert":
                if not self.device.pending:
                    return "%No Rollback Confirmed Change pending\n"
                self.device.revert("asked")
                return "Total number of passes: 1\nRollback Done\n"
            case "replace":
                return self._replace(words)
        return ""

    def _replace(self, words: tuple[str, ...]) -> str:
        text = self.engine.read(words[2])
        if text is None:
            return no_file(words[2])
        minutes = int(words[-1]) if words[-2] in ("timer", "time") else None

        def go(_yes: str = "") -> str:
            return self.engine.replace(text, until_error="trigger" in words, minutes=minutes, user=self.user)

        gone = [
            s
            for s in steps(plain(self.device.running_text), plain(text))
            if not s.new and s.line.startswith("username ")
        ]
        if not gone:
            return go()
        ask = (
            "This operation will remove all username related configurations with same name.Do you want to continue? "
            "[confirm]"
        )
        return self._ask(ask, go)

    # -- show -------------------------------------------------------------------------------------------------------

    def _show(self, said: Accepted) -> str:
        words = said.words
        if words[1] in ("running-config", "startup-config"):
            if words[2:3] == ("interface",):
                return self._interface(words[3])
            return self._shown(words[1])
        if words[1] == "archive":
            return archive(self.engine, words)
        return show(self.engine, self.user, said)

    def _shown(self, which: str) -> str:
        running = which == "running-config"
        text = self.engine.shown(self.device.running_text if running else self.device.startup_text)
        if running:
            return f"Building configuration...\n\nCurrent configuration : {len(text)} bytes\n{text}"
        return f"Using {len(text)} out of 262144 bytes\n{text}"

    def _interface(self, name: str) -> str:
        lines = self.device.running_text.splitlines()
        if f"interface {name}" not in lines:
            return ""
        start = lines.index(f"interface {name}")
        end = next((n for n in range(start + 1, len(lines)) if not lines[n].startswith(" ")), len(lines))
        text = "\n".join(lines[start:end])
        return f"Building configuration...\n\nCurrent configuration : {len(text)} bytes\n!\n{text}\nend\n"

    # -- configuration ----------------------------------------------------------------------------------------------

    def _configured(self, editor: Editor, line: str) -> str:
        stripped = line.strip()
        if editor.banner is None:
            if stripped == "end" or (stripped == "exit" and len(editor.path) == 1):
                self._editor = None
                return ""
            if stripped.startswith("do "):
                return self._executed(stripped[3:])
        before = self._renewed(editor)
        try:
            editor.type(line)
        except Misread as error:
            return _ended(error.answer(stripped, len(self.prompt) + len(line) - len(line.lstrip())))
        except Rejected as error:
            return _ended(str(error))
        if editor.configuration.text() != before:
            self.device.run(editor.configuration.copy(), "typed", by=self._by)
        return ""

    def _renewed(self, editor: Editor) -> str:
        """What is edited. Others may have changed what runs: this session goes on from there, in its mode."""
        text = editor.configuration.text()
        if text == self.device.running_text:
            return text
        editor.go_on(self.device.running.copy())
        return editor.configuration.text()

    # -- TCL, as far as files are written with it -------------------------------------------------------------------

    def _in_tcl(self, typed: list[str], line: str) -> str:
        if not typed:
            if line.strip() in ("tclquit", "exit"):
                for name, text in self._written.items():
                    self.engine.write(name, text)
                self._tcl, self._written = None, {}
                return ""
            if not line.startswith("puts [open "):
                return f'invalid command name "{line.strip()}"\n' if line.strip() else ""
        typed.append(line)
        said = "\n".join(typed)
        match = re.fullmatch(r'puts \[open "([^"]+)" w\+\] \{(.*)\}', said, re.DOTALL)
        if match and match[2].count("{") == match[2].count("}"):
            self._written[match[1]] = f"{match[2]}\n"
            typed.clear()
        return ""


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _filtered(text: str, how: str, pattern: str) -> str:
    lines = text.splitlines(keepends=True)
    matching = [bool(re.search(pattern, line)) for line in lines]
    if how[0] == "i":
        return "".join(line for line, found in zip(lines, matching, strict=True) if found)
    if how[0] == "e":
        return "".join(line for line, found in zip(lines, matching, strict=True) if not found)
    if how[0] == "b":
        return "".join(lines[matching.index(True) :]) if True in matching else ""
    kept, inside = [], False
    for line, found in zip(lines, matching, strict=True):
        inside = found or (inside and line.startswith(" "))
        kept += [line] if inside else []
    return "".join(kept)
