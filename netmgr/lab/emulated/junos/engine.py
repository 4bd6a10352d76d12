"""A Junos device: sessions edit one candidate, a commit makes it what runs, a timer may bring back what ran before.

Free of transport: ``rpc`` says what its answers look like. From the CLI User Guide ("Commit the Configuration", "Load
Configuration Files"): a commit and a commit check each confirm what waits for a confirmation; edits of a session that
holds the lock are dropped when it unlocks or ends; edits made without the lock stay for whoever commits next.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from netmgr.lab.emulated.device import EmulatedDevice
from netmgr.lab.emulated.engine import Place
from netmgr.lab.emulated.junos.checks import mistakes
from netmgr.lab.emulated.junos.configuration import Configuration, Problem
from netmgr.lab.emulated.junos.hierarchy import hierarchy
from netmgr.lab.emulated.junos.view import view_of
from netmgr.lab.emulated.view import DeviceView

#: What the emulated devices say that they are.
VERSION = "25.4R1.12"
MODEL = "vmx"
#: How many configurations a device keeps, the one that runs included.
_KEPT = 50
#: ``commit confirmed`` without a number.
DEFAULT_MINUTES = 10


class Denied(Exception):
    """What the device answers in place of doing it. ``tag`` is NETCONF's (RFC 6241, appendix A)."""

    def __init__(
        self, message: str, tag: str = "operation-failed", *, severity: str = "error", path: str = ""
    ) -> None:
        self.message, self.tag, self.severity, self.path = message, tag, severity, path
        super().__init__(message)


@dataclass(slots=True)
class Session:
    """One NETCONF session. ``edited`` says that the candidate holds something of it that nobody committed."""

    number: int
    user: str
    edited: bool = False


@dataclass(slots=True)
class Commit:
    """An entry of the commit history. ``comment`` is the device's own note, ``log`` whoever committed wrote."""

    configuration: Configuration
    revision: str
    seconds: int
    user: str
    client: str
    comment: str = ""
    log: str = ""


class JunosEngine:
    """See ``netmgr.lab.emulated.engine.Engine``."""

    def __init__(self, place: Place, startup: str) -> None:
        self.place = place
        configuration = _booted(place.name, startup)
        self.version = configuration.root.value("version")
        self._device: EmulatedDevice[Configuration] = EmulatedDevice(
            place.name, configuration, place.journal, scale=place.scale
        )
        self.candidate = configuration.copy()
        self.history: list[Commit] = []
        self.sessions: dict[int, Session] = {}
        self.holder: Session | None = None
        self._sessions_begun = 0
        self._remember(user="root", client="other")
        self._device.changed.append(self._changed)

    @property
    def device(self) -> EmulatedDevice[Configuration]:
        """Its state."""
        return self._device

    @property
    def running(self) -> Configuration:
        """What was committed last."""
        return self._device.running

    @property
    def now(self) -> int:
        """The device's clock, in seconds of the epoch."""
        return int(self._device.booted + self._device.uptime)

    def view(self) -> DeviceView:
        """What its running configuration makes of it."""
        return view_of(self.running.root, self.place.interfaces)

    def drift(self, text: str) -> None:
        """Somebody else's ``set`` lines, committed."""
        changed = self.running.copy()
        if problems := [problem for problem in _load(changed, text) if not problem.warning]:
            raise ValueError(f"{problems[0].message}: {problems[0].word}")
        self._device.run(changed, "drift")

    def reset(self, text: str) -> None:
        """Exactly this runs; nobody edits, nothing is pending."""
        self._device.revert("reset")
        self.holder = None
        self._device.run(_booted(self.place.name, text), "reset")
        self.candidate = self.running.copy()

    # -- sessions, and who may edit ---------------------------------------------------------------------------------

    def begin(self, user: str) -> Session:
        """A session."""
        self._sessions_begun += 1
        session = Session(1000 + self._sessions_begun, user)
        self.sessions[session.number] = session
        return session

    def end(self, session: Session) -> None:
        """The session is over, and its lock with it."""
        self.sessions.pop(session.number, None)
        self.unlock(session)

    def lock(self, session: Session) -> None:
        """Nobody else may edit or commit. Raises Denied where somebody else does, or left something uncommitted."""
        self._must_be_free(session)
        if not self.candidate.same(self.running):
            raise Denied("configuration database modified", "lock-denied")
        if self.holder is not session:
            self.holder = session
            self._device.note("locked", session=session.number)

    def unlock(self, session: Session) -> None:
        """What the session did not commit is dropped."""
        if self.holder is session:
            self.holder = None
            self.candidate = self.running.copy()
            session.edited = False
            self._device.note("unlocked", session=session.number)

    def _must_be_free(self, session: Session) -> None:
        if self.holder not in (None, session):
            holder = self.holder
            raise Denied(
                f"configuration database locked by:\n  {holder.user} terminal (pid {holder.number}) exclusive [edit]"
                if holder
                else "",
                "lock-denied",
            )

    # -- the candidate ----------------------------------------------------------------------------------------------

    def edit(self, session: Session) -> Configuration:
        """The candidate, to be changed. Raises Denied."""
        self._must_be_free(session)
        session.edited = True
        return self.candidate

    def rollback(self, session: Session, number: int) -> None:
        """The candidate becomes an earlier configuration: 0 is the one that runs. Raises Denied."""
        self._must_be_free(session)
        if number >= len(self.history):
            raise Denied(f"file /config/juniper.conf.{number}: No such file or directory")
        self.candidate = self.history[number].configuration.copy()
        session.edited = number > 0

    # -- commits ----------------------------------------------------------------------------------------------------

    def check(self, session: Session) -> None:
        """``commit check``: also a confirmation of what waits for one. Raises Denied."""
        self._must_be_free(session)
        self._validate()
        self._device.settle()

    def commit(self, session: Session, *, minutes: int | None = None, log: str = "") -> None:
        """The candidate becomes what runs, with ``minutes`` until it is confirmed or goes back. Raises Denied."""
        self._must_be_free(session)
        self._validate()
        candidate, device = self.candidate.copy(), self._device
        comment = "" if minutes is None else f"commit confirmed, rollback in {minutes}mins"
        revision = self._revision()
        if minutes is not None and not device.pending:
            device.arm(revision, minutes * 60)
        elif minutes is None:
            device.settle()
        self._author = {"user": session.user, "client": "netconf", "comment": comment, "log": log}
        device.run(candidate, "committed", revision=revision, confirmed=minutes, log=log)
        for each in self.sessions.values():
            each.edited = False

    _author: dict[str, str] | None = None

    def _changed(self) -> None:
        """What runs is another configuration: by a commit, by the end of a timer, or because somebody drifted it."""
        author, self._author = self._author, None
        self._device.startup = self.running.copy()  # what is committed is what boots
        self._remember(**(author or {"user": "root", "client": "other"}))
        if author is None and self.holder is None:
            self.candidate = self.running.copy()

    def _remember(self, *, user: str, client: str, comment: str = "", log: str = "") -> None:
        revision = self._revision()
        commit = Commit(self.running.copy(), revision, self.now, user, client, comment, log)
        self.history.insert(0, commit)
        del self.history[_KEPT:]

    _revisions = 0

    def _revision(self) -> str:
        self._revisions += 1
        return f"re0-{int(self._device.booted)}-{self._revisions}"

    def _validate(self) -> None:
        if found := mistakes(self.candidate.root):
            message, path = found[0]
            raise Denied(message, path=path)


#: What a device runs that nobody has configured yet: enough for somebody to log in and do so.
_FRESH = """\
set system host-name {name}
set system root-authentication encrypted-password "$6$emulated$0000000000000000000000000000000000000000000"
set system services ssh
set system services netconf ssh
"""


def _booted(name: str, text: str) -> Configuration:
    """What a device runs that boots with this text. Raises ValueError for a line that it does not take."""
    startup = text if text.strip() else _FRESH.format(name=name)
    configuration = Configuration.empty(hierarchy(_version_in(startup) or VERSION))
    if problems := [problem for problem in _load(configuration, startup) if not problem.warning]:
        problem = problems[0]
        raise ValueError(f"{name}: line {problem.line}: {problem.message}: {problem.word}")
    if not configuration.root.value("version"):
        configuration.load_set(f"set version {VERSION}")
    return configuration


def _version_in(text: str) -> str:
    for line in text.splitlines():
        words = line.replace(";", " ").split()
        if "version" in words[:2]:
            return words[words.index("version") + 1]
    return ""


def _load(configuration: Configuration, text: str) -> Iterable[Problem]:
    first = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    if first.split(" ")[0] in ("set", "delete", "deactivate", "activate"):
        lines = [line for line in text.splitlines() if not line.startswith("{master")]
        return configuration.load_set("\n".join(lines))
    return configuration.load_text(text, "merge")
