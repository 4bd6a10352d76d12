"""The commands that are made to go wrong: what is there before each, and how the network may stand after it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults.forked import Forks
from tests.faults.workspace import REQUEST, Done, Workspace, change_of

Prepare = Callable[[Workspace, Forks], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Command:
    """``prepare`` brings a new workspace to where the command begins, and gives the command's words.

    ``ends`` are the states that the network may be in once `recover` has run: as ``before`` the command, as ``after``
    it when nothing goes wrong, or with the pending change ``taken_back``.
    """

    name: str
    prepare: Prepare
    ends: tuple[str, ...]
    writes_devices: bool = True
    closes_earlier: bool = False
    """It ends a change that another command began."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A command with its workspace, kept so that it can begin again and again."""

    command: Command
    site: Workspace
    saved: Path
    words: tuple[str, ...]
    before: dict[str, str]
    taken_back: dict[str, str]
    after: dict[str, str]

    @property
    def request(self) -> str:
        """What all of its log entries carry."""
        return REQUEST

    @property
    def states(self) -> list[dict[str, str]]:
        """The configurations that the network may have in the end."""
        return [getattr(self, name) for name in self.command.ends]


def stage(command: Command, directory: Path, forks: Forks) -> Scene:
    """Prepare a command, and try it once to see what it makes of the network."""
    site, saved = Workspace(directory / "site"), directory / "saved"
    site.create()
    words = ("--request", REQUEST, *command.prepare(site, forks))
    site.save(saved)
    before, taken_back = site.running(), site.taken_back()
    done = site.run(forks, *words)
    assert done.code in (0, 4), done
    return Scene(command, site, saved, words, before, taken_back, site.running())


def _ok(done: Done) -> Done:
    assert done.code == 0, done
    return done


def _first(_site: Workspace, _forks: Forks) -> tuple[str, ...]:
    return ("deploy", "--yes")


def _deployed(site: Workspace, _forks: Forks) -> None:
    _ok(site.here("deploy", "--yes", "-m", "first"))
    site.edit()


def _plan(site: Workspace, forks: Forks) -> tuple[str, ...]:
    _deployed(site, forks)
    return ("plan",)


def _deploy(site: Workspace, forks: Forks) -> tuple[str, ...]:
    _deployed(site, forks)
    _ok(site.here("plan"))
    return ("deploy", site.saved_plan(), "--yes", "-m", "to be broken off")


def _rollback(site: Workspace, forks: Forks) -> tuple[str, ...]:
    _deployed(site, forks)
    done = _ok(site.here("deploy", "--yes", "-o", "json"))
    return ("rollback", change_of(done), "--yes")


def _killed_in(phase: str) -> Prepare:
    def prepare(site: Workspace, forks: Forks) -> tuple[str, ...]:
        _deployed(site, forks)
        assert site.run(forks, "deploy", "--yes", FAULTS_DIE_AT=phase).code == -9
        assert len(site.open_changes()) == 1
        return ("recover",)

    return prepare


def _confirm(site: Workspace, forks: Forks) -> tuple[str, ...]:
    _deployed(site, forks)
    _ok(site.here("deploy", "--yes", "--hold", "--confirm-in", "3000"))
    return ("confirm", site.open_changes()[0])


def _checkpoint(site: Workspace, forks: Forks) -> tuple[str, ...]:
    _deployed(site, forks)
    return ("log", "checkpoint")


def _erase(site: Workspace, forks: Forks) -> tuple[str, ...]:
    _deployed(site, forks)
    body = next(entry.body for entry in site.entries() if entry.body)
    return ("log", "erase", body.digest, "--reason", "asked", "--basis", "contract 4.2")


def _audit(site: Workspace, forks: Forks) -> tuple[str, ...]:
    _deployed(site, forks)
    return ("audit",)


EITHER = ("before", "after")

COMMANDS = (
    Command("first deploy", _first, EITHER),
    Command("plan", _plan, ("before",), writes_devices=False),
    Command("deploy", _deploy, EITHER),
    Command("rollback", _rollback, EITHER),
    # What runs before these is the change itself, pending: taken back, or finished.
    Command("recover, undecided", _killed_in("relogin"), ("after",), closes_earlier=True),
    Command("recover, decided", _killed_in("confirm"), ("after",), closes_earlier=True),
    Command("confirm", _confirm, ("after", "taken_back"), closes_earlier=True),
    Command("audit", _audit, ("before",), writes_devices=False),
    Command("log checkpoint", _checkpoint, ("before",), writes_devices=False),
    Command("log erase", _erase, ("before",), writes_devices=False),
)
