"""FRR on this router: its configuration, its daemons, its startup file. Changes go through ``vtysh`` only."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import stat

from .canonical import check, digest, parse, unite
from .daemons import PIDS, ask_owners, configurations, sources
from .delta import delta, script
from .system import RouterError, read, remove, run, sync_directory, wait_for, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .order import Path, Tree

ETC = "/etc/frr"
STARTUP = ETC + "/frr.conf"
DAEMONS = ETC + "/daemons"
INIT_SCRIPTS = ("/usr/lib/frr/frrinit.sh", "/usr/libexec/frr/frrinit.sh")
_STAGED = ".netmgr"  # behind the startup configuration's name
SYSTEMD = "/run/systemd/system"  # exists where systemd is process 1
SHOW_LIMIT = 30.0  # seconds for vtysh to show something; a frozen daemon makes it wait for ever
PUSH_LIMIT = 120.0
RESTART_LIMIT = 30.0  # seconds for FRR's own script, which waits up to 120 for a daemon that does not stop
_STDIN = "/proc/self/fd/0"  # secrets reach vtysh without touching a disk or a command line
_SWITCHED_ON = re.compile(r"^([a-z0-9]+d)=[\"' ]*(?!no\b|0\b)\w", re.MULTILINE)
_COMPLAINT = re.compile(r"^line (\d+): (?:% ([A-Za-z ]+)\[\d+\]|(.+?)(?:, line:.*)?$)", re.MULTILINE)
_NOT_RUNNING = re.compile(r"^[a-z0-9]+ is not running$", re.MULTILINE)
_SHOW_RUNNING = ("-c", "show daemons", "-c", "show running-config")
_SHOWN = "Building configuration"
_COPY = f"copy {_STDIN} running-config"
_AT_TOP = ("service integrated-vtysh-config",)  # known at the top level only, where it changes nothing


class Running:
    """What FRR runs: the text it shows, its tree and digest, and the daemons that should answer but do not."""

    def __init__(self, text: str, dead: list[str]) -> None:
        self.text, self.dead = text, dead
        self.tree = parse(text)
        self.digest = digest(self.tree)


class _Known:
    """What was read last, and what it was made of."""

    running: Running | None = None
    made_of: str | None = None


def read_running() -> Running:
    """Ask FRR for its configuration. What a dead daemon would say is missing from it: see ``dead``.

    All daemons are asked each time; vtysh is, where they do not answer as they did before and after the last time.
    """
    before = sources(configurations())
    if _Known.running is None or before is None or before != _Known.made_of:
        running = _ask_vtysh()
        known = before is not None and before == sources(configurations())
        _Known.running, _Known.made_of = (running, before) if known else (None, None)
        return running
    return _Known.running


def memory_of(running: Running) -> dict[str, object] | None:
    """What another process needs to know this reading again, for ``recall``; None if it cannot be known again."""
    if running is not _Known.running:
        return None
    return {"text": running.text, "dead": running.dead, "made_of": _Known.made_of}


def recall(memory: dict[str, Any]) -> None:
    """Know again what another process read: ``read_running`` asks whether it still runs."""
    if _Known.running is None:
        _Known.running, _Known.made_of = Running(memory["text"], memory["dead"]), memory["made_of"]


def _ask_vtysh() -> Running:
    shown = run(["vtysh", *_SHOW_RUNNING], SHOW_LIMIT)
    answering, found, text = shown.out.partition(_SHOWN)
    if not found:
        raise RouterError(f"vtysh shows no running configuration: {one_line(shown.err + shown.out)}")
    return _running(answering, text)


def _running(answering: str, text: str) -> Running:
    return Running(text[max(text.find("frr version "), 0) :], dead_daemons(answering))


def dead_daemons(answering: str) -> list[str]:
    """The daemons that should run and are not among ``answering``, what ``show daemons`` shows."""
    alive = {name.split("-")[0] for name in answering.split()}
    return [name for name in expected_daemons() if name not in alive]


def expected_daemons() -> list[str]:
    """The daemons that ``/etc/frr/daemons`` switches on, and the two that FRR starts in any case."""
    switches = (read(DAEMONS) or b"").decode("utf-8", "replace")
    always = ["zebra", "staticd"]
    return always + [name for name in _SWITCHED_ON.findall(switches) if name not in always]


def boots_from_one_file() -> bool:
    """Whether FRR's startup configuration is ``/etc/frr/frr.conf`` as a whole, by vtysh's own rule."""
    lines = (read(ETC + "/vtysh.conf") or b"").decode("utf-8", "replace").splitlines()
    if "no service integrated-vtysh-config" in lines:
        return False
    return "service integrated-vtysh-config" in lines or os.path.exists(STARTUP)


def rejected_lines(candidate: str) -> list[tuple[int, str, str]]:
    """What is wrong with a candidate, as (line number, line, message); empty if FRR's grammar takes all of it.

    Each section is followed by a line that only the top level knows. vtysh looks for a command in the sections
    around the current one too: a misplaced line would silently leave its section, and the ``exit`` after it leave
    the configuration altogether.
    """
    tree, numbers, problems = check(candidate)
    lines = candidate.split("\n")
    if problems:
        return [(number, lines[number - 1].strip(), message) for number, message in problems]
    changes: list[Path] = []
    for path in delta({}, tree):
        if len(path) == 1 and changes:
            changes.append(_AT_TOP)
        changes.append(path)
    text, paths = script([*changes, _AT_TOP])
    judged = run(["vtysh", "-C", "-f", _STDIN], PUSH_LIMIT, text)
    complaints = {int(number): known or other for number, known, other in _COMPLAINT.findall(judged.err)}
    found = []
    section: Path = ()
    for number, path in enumerate(paths, 1):
        if path == _AT_TOP and number in complaints:
            found.append((numbers[section], section[0], "a line in it does not belong to this section"))
            break
        if number in complaints:
            hint = " (the lines of a section are indented)" if len(path) == 1 else ""
            found.append((numbers[path], path[-1], complaints[number].strip().lower() + hint))
        section = path[:1]
    if judged.status != 0 and not found:
        raise RouterError(f"vtysh cannot judge the candidate: {one_line(judged.err + judged.out)}")
    return sorted(found)


def push_changes(changes: list[Path]) -> tuple[list[tuple[Path, str]], Running]:
    """Give FRR the commands. Returns what it complained about, and what it runs now: whether it did them is read there.

    vtysh goes on after a line that a daemon refuses, and its exit status does not always tell. One vtysh does both;
    after a complaint it ends before it shows anything, and another one is asked.
    """
    text, paths = script(changes)
    told = run(["vtysh", "-c", _COPY, *_SHOW_RUNNING], PUSH_LIMIT, text)
    chatter, found, shown = told.out.partition(_SHOWN)
    answering = ""
    if found:
        chatter, _, answering = ("\n" + chatter.rstrip("\n")).rpartition("\n")
    complaints = [
        (paths[int(number) - 1], known or other) for number, known, other in _COMPLAINT.findall(told.err)
    ]
    said = [line.strip() for line in chatter.splitlines() if _COPY not in line]
    complaints += [((), line) for line in said if line.startswith(("% ", "Error description"))]
    if not found:
        return complaints, read_running()
    now = _running(answering, shown)
    _remember(now)
    return complaints, now


def _remember(running: Running) -> None:
    """Know what vtysh has just shown, if the daemons' own parts, asked afterwards, say the same together.

    Somebody may have changed FRR in between: then the parts that were asked are not those that vtysh put together.
    """
    parts = configurations()
    together: Tree = {}
    for _, part in parts or ():
        unite(together, parse(part))
    known = sources(parts) if together == running.tree else None
    _Known.running, _Known.made_of = (running, known) if known is not None else (None, None)


def show_commands(commands: list[str]) -> list[str]:
    """What each command shows.

    Raises ``RouterError`` for one that vtysh does not know, that does more than show, or whose daemon does not run.
    """
    for command in commands:
        if not re.fullmatch(r"show [\x20-\x7e]+", command):
            raise RouterError(f"only show commands are run here, not {command!r}")
    answers = ask_owners(commands)
    if answers is not None:
        return answers
    shown = run(["vtysh", "-E", *(word for command in commands for word in ("-c", command))], SHOW_LIMIT)
    told, dead = shown.out, _NOT_RUNNING.search(shown.err)
    if dead:
        raise RouterError(dead[0])
    prompt = told[: told.find(commands[0])]  # vtysh -E shows each command behind its prompt
    outputs = []
    for place, command in enumerate(commands):
        told = told[len(prompt) + len(command) + 1 :]
        if told.startswith("% "):
            raise RouterError(f"{command}: {one_line(told)}")
        end = (
            told.find(f"\n{prompt}{commands[place + 1]}\n") + 1 if command is not commands[-1] else len(told)
        )
        outputs.append(told[:end])
        told = told[end:]
    return outputs


def stage_startup(content: bytes) -> None:
    """Write beside the startup configuration what is to take its place: a disk that fills later cannot stop it then.

    Raises ``RouterError`` where it cannot be written.
    """
    place = os.path.realpath(STARTUP)
    try:
        _write_like_startup(place + _STAGED, content)
    except OSError as error:
        raise RouterError(f"cannot write {STARTUP}: {error.strerror}") from None


def unstage_startup() -> None:
    """Forget what was staged. It takes no part in anything: where it cannot be removed, it may stay."""
    with contextlib.suppress(OSError):
        remove(os.path.realpath(STARTUP) + _STAGED)


def save_startup(content: bytes | None) -> None:
    """Replace the startup configuration as a whole, keeping owner and mode, and read it back; None removes it.

    Raises ``RouterError``, and the old one is untouched. ``write memory`` is not used: on a full disk it prints [OK]
    and leaves an empty file.
    """
    place = os.path.realpath(STARTUP)
    try:
        if content is None:
            os.unlink(place)
            return
        if read(place + _STAGED) == content:
            os.rename(place + _STAGED, place)
            sync_directory(place)
        else:
            _write_like_startup(place, content)
    except OSError as error:
        raise RouterError(f"cannot write {STARTUP}: {error.strerror}") from None
    if read(place) != content:
        raise RouterError(f"{STARTUP} does not read back as written")


def _write_like_startup(place: str, content: bytes) -> None:
    startup = os.path.realpath(STARTUP)
    known = os.path.exists(startup)
    like = os.stat(startup if known else ETC)
    write(place, content, stat.S_IMODE(like.st_mode) if known else 0o640, (like.st_uid, like.st_gid))


def restart_frr() -> None:
    """Stop FRR, whatever state its daemons are in, and start it from its startup configuration."""
    if os.path.isdir(SYSTEMD):
        run(["systemctl", "reset-failed", "frr"], RESTART_LIMIT)
        run(["systemctl", "restart", "frr"], 4 * RESTART_LIMIT)
        return
    init = next((path for path in INIT_SCRIPTS if os.path.exists(path)), None)
    if init is None:
        raise RouterError(f"no way to restart FRR: neither systemd nor {INIT_SCRIPTS[0]}")
    wake_daemons()  # a stopped process would not see the signal to end
    try:
        _run_quietly(init, "stop")
    except RouterError:
        _signal_daemons(signal.SIGKILL)
    _run_quietly(init, "start")


def wake_daemons() -> None:
    """Let daemons go on that somebody stopped: a rollback needs all of them, and vtysh would wait for ever."""
    _signal_daemons(signal.SIGCONT)


def await_daemons(limit: float) -> bool:
    """Wait until every expected daemon answers. Returns whether they do."""

    def all_answer() -> bool:
        try:
            return not read_running().dead
        except RouterError:
            return False

    return wait_for(all_answer, limit, 0.2)


def one_line(text: str) -> str:
    """The first line that says something."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "no output")


def _run_quietly(init: str, action: str) -> None:
    # The daemons that it starts must not inherit a pipe whose end somebody waits for.
    run(["sh", "-c", 'exec "$0" "$1" >/dev/null 2>&1 </dev/null', init, action], RESTART_LIMIT)


def _signal_daemons(number: int) -> None:
    for name in os.listdir(PIDS):
        pid = (read(f"{PIDS}/{name}") or b"").strip() if name.endswith(".pid") else b""
        daemon = name[: -len(".pid")].split("-")[0]
        if pid.isdigit() and (read(f"/proc/{int(pid)}/comm") or b"").strip() == daemon.encode():
            os.kill(int(pid), number)
