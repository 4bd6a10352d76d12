"""What can go wrong, as NAPALM's exceptions with a cause that a caller can tell from the class alone."""

# NAPALM publishes no types.
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from collections.abc import Sequence

from napalm.base.exceptions import (
    CommandErrorException,
    CommitConfirmException,
    CommitError,
    ConnectAuthError,
    ConnectionException,
)


class HostKeyError(ConnectionException):
    """The device's host key is unknown, or not the one on record. Nothing was sent, no credential either."""


class UnknownHostKeyError(HostKeyError):
    """No host key of the device is on record."""


class NotFrrError(ConnectionException):
    """Somebody answers, but not a router that this driver can manage: no FRR, no Python 3, no shell."""


class PrivilegeError(ConnectAuthError):
    """The login works but may not do what is needed: not root, and sudo is not set or refuses."""


class DaemonDownError(CommandErrorException):
    """A daemon that should run does not, so its part of the running configuration is missing."""


class CommitRefusedError(CommitError):
    """The device refused before anything was touched.

    ``code`` is one of pending, epoch, drift, daemon_down, invalid, not_integrated, repeated, busy, not_armed;
    ``lines`` are the rejected lines where the candidate is invalid.
    """

    def __init__(self, host: str, code: str, reason: str, lines: Sequence[str]) -> None:
        self.code, self.lines = code, tuple(lines)
        super().__init__("; ".join([f"{host}: commit refused ({code}): {reason}", *lines]))


class CommitRolledBackError(CommitError):
    """The commit could not be completed, and the device reads as before.

    ``differs`` says which lines did not take, ``complaints`` what FRR answered.
    """

    def __init__(self, host: str, reason: str, differs: Sequence[str], complaints: Sequence[str]) -> None:
        self.differs, self.complaints = tuple(differs), tuple(complaints)
        super().__init__("; ".join([f"{host}: rolled back: {reason}", *differs, *complaints]))


class RollbackFailedError(CommitError):
    """The device could not be brought back to what it was. ``trouble`` says what is missing."""

    def __init__(self, host: str, reason: str, trouble: Sequence[str]) -> None:
        self.trouble = tuple(trouble)
        super().__init__("; ".join([f"{host}: rollback failed: {reason}", *trouble]))


class NotConfirmedError(CommitConfirmException):
    """A pending commit was not confirmed; where it is still pending its timer runs on.

    ``code`` is one of none, unknown, not_pending, change, epoch, expired, daemon_down, drift, busy, failed.
    """

    def __init__(self, host: str, code: str, reason: str) -> None:
        self.code = code
        super().__init__(f"{host}: not confirmed ({code}): {reason}")
