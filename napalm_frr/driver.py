"""``FRRDriver``: NAPALM for FRRouting over SSH, with a commit-confirm that runs on the router itself.

What happens on the router is in ``napalm_frr.device``, how it is reached in ``napalm_frr.session``, the questions about
its state in ``napalm_frr.state``. This module keeps a candidate, asks, and turns answers into NAPALM's exceptions.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from napalm.base.base import NetworkDriver
from napalm.base.exceptions import (
    CommandErrorException,
    CommitError,
    ConnectionClosedException,
    MergeConfigException,
    NapalmException,
    ReplaceConfigException,
)
from napalm.base.models import AliveDict

from napalm_frr import answers
from napalm_frr.device.canonical import digest, parse, render
from napalm_frr.device.delta import merge
from napalm_frr.device.records import ACTIVE
from napalm_frr.diff import unified
from napalm_frr.errors import (
    CommitRefusedError,
    CommitRolledBackError,
    DaemonDownError,
    NotConfirmedError,
)
from napalm_frr.login import PROGRAM_DIRECTORY, Login
from napalm_frr.sanitize import sanitized as without_secrets
from napalm_frr.session import Session, open_session
from napalm_frr.state import StateGetters

LONGEST_TIMER = 86_400  # seconds
_WORK = 240.0  # seconds that a router may take to apply and read back, or to roll back by restarting FRR


class Fence(NamedTuple):
    """What a commit belongs to, and the running configuration that it was made for (a digest)."""

    change: str
    commit_id: str
    epoch: int | None
    expected: str


class Candidate(NamedTuple):
    """A loaded configuration, and whether it is to ``replace`` the running one or to be merged (``merge``) into it."""

    text: str
    mode: str


class FRRDriver(StateGetters, NetworkDriver):  # type: ignore[misc]  # NAPALM publishes no types
    """NAPALM driver for FRRouting.

    optional_args: port (22), key_file, passphrase, known_hosts (path or list; default the user's and the system's),
    allow_agent, use_keys, sudo (False), program_dir (/var/lib/netmgr-frr), sock (a connected channel, for jump hosts),
    pkey (a paramiko.PKey).
    """

    platform = "frr"

    def __init__(
        self,
        hostname: str,
        username: str,
        password: str,
        timeout: int = 60,
        optional_args: dict[str, Any] | None = None,
    ) -> None:
        self.hostname, self.username, self.password, self.timeout = hostname, username, password, timeout
        self._session: Session | None = None
        options = optional_args or {}
        key_file, known_hosts = options.get("key_file"), options.get("known_hosts", ())
        self._login = Login(
            host=hostname,
            port=int(options.get("port", 22)),
            username=username,
            password=password or "",
            timeout=float(timeout),
            key_file=str(key_file) if key_file else None,
            pkey=options.get("pkey"),
            passphrase=options.get("passphrase"),
            known_hosts=tuple(
                map(str, [known_hosts] if isinstance(known_hosts, str | Path) else known_hosts)
            ),
            allow_agent=bool(options.get("allow_agent", not (password or key_file or options.get("pkey")))),
            use_keys=bool(options.get("use_keys", False)),
            sudo=bool(options.get("sudo", False)),
            program_dir=str(options.get("program_dir", PROGRAM_DIRECTORY)),
            sock=options.get("sock"),
        )
        self._candidate: Candidate | None = None
        self._running: answers.Running | None = None  # as last compared with
        self._fence: Fence | None = None  # for the next commit
        self._commit: Fence | None = None  # the commit that confirm and rollback are about
        self._undo: str | None = None  # what ran before this session's last commit
        self.read_back: str | None = None
        """Digest of the running configuration as read back after the last commit or confirm."""

    # Connection

    def open(self) -> None:
        """Connect and start the program. See ``open_session`` for what it raises."""
        self.close()
        self._session = open_session(self._login)

    def close(self) -> None:
        """Close the connection. A pending commit stays pending and its timer runs on, on the router."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def is_alive(self) -> AliveDict:
        """Whether the program on the router answers. Never reconnects."""
        return {"is_alive": self._session is not None and self._session.alive()}

    def __del__(self) -> None:
        self.close()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        exc_traceback: TracebackType | None,
    ) -> None:
        self.close()

    # Configuration

    def load_replace_candidate(self, filename: str | None = None, config: str | None = None) -> None:
        """Load a configuration that is to replace the running one; FRR's grammar judges it at once."""
        self._load(filename, config, "replace", ReplaceConfigException)

    def load_merge_candidate(self, filename: str | None = None, config: str | None = None) -> None:
        """Load lines that are to be added; ``no X`` removes the lines that begin with ``X``."""
        self._load(filename, config, "merge", MergeConfigException)

    def compare_config(self) -> str:
        """What a commit would change, as a unified diff of canonical configurations; empty if nothing."""
        if self._candidate is None:
            return ""
        self._running = self._read_running()
        tree, candidate = parse(self._running.text), parse(self._candidate.text)
        target = candidate if self._candidate.mode == "replace" else merge(tree, candidate)[0]
        return unified(render(tree), render(target))

    def fence(self, change: str, commit_id: str, epoch: int, expected: str) -> None:
        """Bind the next commit to a change of an orchestrator.

        The device refuses it unless the running configuration's digest is ``expected`` and no higher ``epoch`` was
        seen. ``commit_id`` is new for each commit; with it another session can ask for, adopt or abort the commit.
        """
        self._fence = Fence(change, commit_id, epoch, expected)

    def commit_config(self, message: str = "", revert_in: int | None = None) -> None:
        """Apply the candidate. With ``revert_in`` (seconds) it comes back by itself unless it is confirmed.

        The startup configuration is written when the commit is confirmed, or at once without ``revert_in``. Without
        a fence the commit is made for the running configuration that ``compare_config`` saw.
        Raises ``CommitRefusedError`` (nothing was touched), ``CommitRolledBackError`` (it did not take; the device
        reads as before), ``RollbackFailedError``, or ``ConnectionClosedException`` (ask ``commit_status`` in a new
        session).
        """
        if self._candidate is None:
            raise CommitError(f"{self.hostname}: no candidate is loaded")
        if revert_in is not None and not 1 <= revert_in <= LONGEST_TIMER:
            raise CommitError(f"{self.hostname}: revert_in must be 1 to {LONGEST_TIMER} s, not {revert_in}")
        running = self._running or self._read_running()
        fence = self._fence or Fence("", str(uuid.uuid4()), None, running.digest)
        self._fence, self._commit, self._undo = None, fence, running.text
        answer = self._order(
            "commit",
            # A commit with a timer settles itself on the router: an answer that is lost, because the change cut its
            # own way back, is not waited for; whoever lost it asks ``commit_status`` in a new session.
            self._login.timeout if revert_in else _WORK,
            commit=fence.commit_id,
            change=fence.change,
            epoch=fence.epoch,
            expected=fence.expected,
            text=self._candidate.text,
            mode=self._candidate.mode,
            seconds=revert_in or 0,
            message=message,
        )
        self._running = None
        try:
            self.read_back = answers.committed(self.hostname, answer)
        except (CommitRefusedError, CommitRolledBackError):  # there is nothing to confirm or undo
            self._commit = self._undo = None
            raise
        self._candidate = None

    def shut_out(self, change: str, epoch: int) -> None:
        """From now on the device refuses orders of every lease before ``epoch``; one under way ends before.

        Not while a commit of another change than ``change`` is pending: that one may end first.
        Raises ``CommitRefusedError`` where a later lease has been here.
        """
        answer = self._order("fence", _WORK, change=change, epoch=epoch)
        if "refused" in answer:
            raise CommitRefusedError(self.hostname, answer["refused"], answer["reason"], [])
        answers.value(self.hostname, "fence", answer)

    def adopt(self, commit_id: str, epoch: int | None = None) -> dict[str, Any]:
        """Take over a commit that another session made, to confirm it or roll it back. Returns its status."""
        status = self.commit_status(commit_id)
        if status["state"] == "unknown":
            raise NotConfirmedError(
                self.hostname, "unknown", f"no commit {commit_id} since the device booted"
            )
        self._commit = Fence(status["change"], commit_id, epoch, "")
        self.read_back = status.get("after")
        return status

    def confirm_commit(self) -> None:
        """Keep the pending commit of this session, or the adopted one, and write the startup configuration."""
        if self._commit is None:
            raise NotConfirmedError(self.hostname, "none", "this session has made no commit; adopt one")
        answer = self._order(
            "confirm",
            _WORK,
            commit=self._commit.commit_id,
            change=self._commit.change,
            epoch=self._commit.epoch,
            expected=self.read_back,
        )
        self.read_back = answers.confirmed(self.hostname, answer)

    def has_pending_commit(self) -> bool:
        """Whether a commit on this device waits to be confirmed, whoever made it."""
        return self.commit_status()["state"] in ACTIVE

    def rollback(self) -> None:
        """Abort the pending commit of this session, else go back to what ran before its last commit."""
        if self._commit is not None and self.commit_status(self._commit.commit_id)["state"] in ACTIVE:
            answer = self._order("rollback", _WORK, commit=self._commit.commit_id, epoch=self._commit.epoch)
            answers.aborted(self.hostname, answer)
            self._commit = self._undo = None
        elif self._undo is not None:
            undo, self._undo = self._undo, None
            self.load_replace_candidate(config=undo)
            self.commit_config(message="rollback")
            self._commit = self._undo = None
        else:
            raise CommandErrorException(f"{self.hostname}: this session has committed nothing to roll back")

    def discard_config(self) -> None:
        """Forget the candidate."""
        self._candidate = self._running = self._fence = None

    def get_config(
        self,
        retrieve: str = "all",
        full: bool = False,  # noqa: ARG002 - FRR shows no defaults
        sanitized: bool = False,
        format: str = "text",  # noqa: A002 - NAPALM's name
    ) -> dict[str, str]:
        """The configurations as FRR shows them. Raises ``DaemonDownError`` rather than show a part of it."""
        if format != "text":
            raise CommandErrorException(f"{self.hostname}: FRR's configuration is text, not {format}")
        found = {"running": "", "candidate": "", "startup": ""}
        if retrieve in ("all", "running"):
            found["running"] = self._read_running().text
        if retrieve in ("all", "startup"):
            found["startup"] = str(self._ask("startup")["text"])
        if retrieve in ("all", "candidate") and self._candidate is not None:
            found["candidate"] = self._candidate.text
        if sanitized:
            found = {name: without_secrets(text) for name, text in found.items()}
        return found

    def running_parts(self) -> tuple[str, tuple[str, ...]]:
        """What FRR shows of its running configuration, and the daemons that should run and whose part is missing."""
        answer = self._ask("running")
        return str(answer["text"]), tuple(answer["dead"])

    # State

    def cli(self, commands: list[str], encoding: str = "text") -> dict[str, Any]:
        """Run show commands, all in one vtysh. With encoding ``json`` their output is decoded."""
        if encoding not in ("text", "json"):
            raise CommandErrorException(f"{self.hostname}: encoding {encoding!r} is neither text nor json")
        if not isinstance(commands, list):
            raise TypeError("commands must be a list")
        outputs = self._ask("show", commands=commands)["outputs"] if commands else []
        decode = json.loads if encoding == "json" else str
        return {command: decode(output) for command, output in zip(commands, outputs, strict=True)}

    def commit_status(self, commit_id: str | None = None, running: bool = False) -> dict[str, Any]:
        """What the device knows of a commit, or of the one that is pending.

        ``state``: none · unknown (not since the last boot) · armed · applying · pending · rolling_back · confirmed ·
        rolled_back · rolled_back_hard · failed. Also commit, change, epoch, before, after (digests), seconds, left
        (seconds until it comes back), reason, trouble, highest_epoch. With ``running`` also, so named, the digest of
        what runs now; then ``DaemonDownError`` is raised where a part of it is missing.
        """
        status = self._ask("status", commit=commit_id, running=running)
        self._refuse_parts(status.pop("dead", ()))
        return {
            key: value
            for key, value in status.items()
            if key not in ("worker", "worker_started", "addresses")
        }

    def daemons(self) -> dict[str, bool]:
        """The daemons that should run on this router, and whether each answers."""
        answer = self._ask("daemons")
        return {name: name in answer["alive"] for name in answer["expected"]}

    @staticmethod
    def canonical(text: str) -> str:
        """The canonical form of a configuration text, equal for equal configurations."""
        return render(parse(text))

    @staticmethod
    def digest(text: str) -> str:
        """SHA-256 of the canonical form, as ``fence`` and ``read_back`` use it."""
        return digest(parse(text))

    # What the above is made of

    def _load(
        self, filename: str | None, config: str | None, mode: str, failure: type[NapalmException]
    ) -> None:
        self._candidate = self._running = None
        text = Path(filename).read_text("utf-8", "surrogateescape") if filename else config
        if text is None:
            raise failure(f"{self.hostname}: neither a file nor a configuration was given")
        judged = answers.value(self.hostname, "validate", self._order("validate", _WORK, text=text))
        problems = judged["rejected"]
        if problems:
            raise failure(f"{self.hostname}: FRR rejects {'; '.join(answers.rejected(problems))}")
        self._candidate = Candidate(text, mode)

    def _read_running(self) -> answers.Running:
        answer = self._ask("running")
        self._refuse_parts(answer["dead"])
        return answers.Running(answer["text"], answer["digest"])

    def _refuse_parts(self, dead: Sequence[str]) -> None:
        if dead:
            names = ", ".join(dead)
            raise DaemonDownError(
                f"{self.hostname}: {names} is down: the running configuration is incomplete"
            )

    def _ask(self, operation: str, patience: float = 0.0, **parameters: object) -> answers.Answer:
        """Ask for something that changes nothing, and that takes ``patience`` seconds more than others."""
        answer = self._order(operation, self.timeout + patience, **parameters)
        return answers.value(self.hostname, operation, answer)

    def _order(self, operation: str, limit: float, **order: object) -> answers.Answer:
        if self._session is None:
            raise ConnectionClosedException(f"{self.hostname}: not connected: call open() first")
        return self._session.request(operation, limit, **order)
