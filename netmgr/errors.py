"""The whole exception tree on one screen; each class carries the exit code that scripts rely on.

A message is one line: what, where (``file:line``, or device and phase) and what to do next. Adapters map every
exception that a vendor library leaks to one of these; the CLI prints them and never shows a traceback.
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command (docs/reference/exit-codes.md). Where several fit: 6, 5, 4, 1, 3, 2."""

    OK = 0
    FAILED = 1
    CHANGES = 2
    PARTIAL = 3
    ROLLED_BACK = 4
    REFUSED = 5
    IN_DOUBT = 6
    USAGE = 64


class NetmgrError(Exception):
    """Anything that netmgr explains to its user. ``code`` is the exit code."""

    code = Exit.FAILED


class UsageError(NetmgrError):
    """The command line is wrong, whatever the workspace holds."""

    code = Exit.USAGE


class InputError(NetmgrError):
    """The workspace's data is wrong: every problem found in one run, each ``file:line: message``."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class FormError(NetmgrError):
    """A platform's form cannot be used: whose it is, and what is wrong with it."""


class RenderError(NetmgrError):
    """A template failed: names template line, device and missing key."""


class SecretError(NetmgrError):
    """A secret reference cannot be resolved. Never carries the secret."""


class LabError(NetmgrError):
    """The lab cannot be set up, booted or entered; says what is missing and how to get it."""


class PlaybookError(NetmgrError):
    """A playbook cannot be played at all."""


class StoreError(NetmgrError):
    """The service log or another store cannot be read or does not verify."""


class Superseded(StoreError):
    """Somebody else has logged something of the kind meanwhile: read it again, and decide anew."""


class NumbersHeld(StoreError):
    """A series hands out no number until somebody says how it goes on: it may have handed out more than is known."""


class DocumentError(NetmgrError):
    """A document cannot be made: a text without translation, a character without glyph, a library that is not there."""


class Refused(NetmgrError):
    """A gate refuses: window, freeze, approval, agreement, lock, lost lease, stale plan, unwritable log, takeover."""

    code = Exit.REFUSED

    def __init__(self, gate: str, reason: str, remedy: str) -> None:
        self.gate, self.reason, self.remedy = gate, reason, remedy
        self._others: tuple[Refused, ...] = ()
        super().__init__(f"refused ({gate}): {reason}; {remedy}")

    def also(self, others: Iterable["Refused"]) -> "Refused":
        """This one, with the other gates that refuse the same."""
        self._others = tuple(others)
        return self

    @property
    def every(self) -> "tuple[Refused, ...]":
        """All that refused."""
        return (self, *self._others)


class LeaseLost(Refused):
    """Somebody else has taken over the right to write: whoever was silent for too long sends nothing more."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__("lease", reason, remedy)


class DeviceError(NetmgrError):
    """One device could not do what was asked. ``device`` and ``phase`` say where."""

    kind = "failed"

    def __init__(self, device: str, phase: str, message: str) -> None:
        self.device, self.phase, self.message = device, phase, message
        super().__init__(f"{device}: {phase}: {message}")


class Unreachable(DeviceError):
    """No connection, or it broke."""

    kind, code = "unreachable", Exit.PARTIAL


class HostKeyRejected(DeviceError):
    """The device's host key or certificate is unknown or not the one on record."""

    kind = "host_key"


class AuthenticationFailed(DeviceError):
    """The device refused the credentials."""

    kind = "authentication"


class WrongDevice(DeviceError):
    """The device is not what the inventory says (platform, daemons, identity)."""

    kind = "wrong_device"


class ConfigRejected(DeviceError):
    """The device refused a line or could not take the configuration; it reads as before."""

    kind = "rejected"


class Fenced(DeviceError):
    """The device is not in the state the order was made for: drift, another change pending, an older lease."""

    kind = "fenced"
