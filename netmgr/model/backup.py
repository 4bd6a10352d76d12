"""Backups: what was read of a device, the versions that are kept of it, and how a run went. docs/reference/json.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

from netmgr.model.audit import Finding
from netmgr.model.base import Frozen
from netmgr.model.names import Target

Document = Literal["running", "startup", "facts"]
DOCUMENTS: tuple[Document, ...] = ("running", "startup", "facts")

BackupStatus = Literal["stored", "unchanged", "quarantined", "unreachable", "error"]
#: From the best to the worst: a run as a whole is as bad as its worst device.
STATUSES: tuple[BackupStatus, ...] = ("unchanged", "stored", "quarantined", "unreachable", "error")


@dataclass(frozen=True, slots=True)
class Capture:
    """One device's configurations as it shows them, secrets and all, and its facts in NAPALM's words.

    ``startup`` and ``facts`` are None where the platform has none. ``digest`` is of the running configuration in
    canonical form. ``missing`` are the daemons that should run and do not, so that their part is missing.
    ``repeated`` says whether a second reading was the same; None where one is enough.
    """

    running: str = field(repr=False)
    startup: str | None = field(repr=False)
    facts: Mapping[str, JsonValue] | None
    digest: str
    missing: tuple[str, ...] = ()
    repeated: bool | None = None


class KeptDocument(Frozen):
    """One document of a version. ``hmac`` is the keyed digest of its plain content, which tells nobody the content."""

    hmac: str
    bytes: int
    lines: int


class VersionNote(Frozen):
    """What is kept in the clear beside a version's documents. ``taken`` is when the device was read (RFC 3339, UTC).

    ``change`` is the change after which it was taken. ``findings`` say why it is in quarantine.
    """

    device: str
    platform: str
    taken: str
    documents: Mapping[Document, KeptDocument]
    recipients: tuple[str, ...]
    """The public age keys that it is encrypted to."""
    change: str | None = None
    request: str | None = None
    findings: tuple[Finding, ...] = ()


class Version(Frozen):
    """A version that is kept. ``commit`` is the git commit that brought it, or the oldest that still has it."""

    commit: str
    target: Target
    quarantined: bool
    note: VersionNote


@dataclass(frozen=True, slots=True)
class Offered:
    """A version to be kept: its documents' plain content, secrets and all."""

    device: str
    platform: str
    taken: str
    documents: Mapping[Document, bytes] = field(repr=False)
    change: str | None = None
    request: str | None = None
    findings: tuple[Finding, ...] = ()
    """Why it goes to quarantine; empty for a good one."""


class Stored(Frozen):
    """What became of one offered version. ``changed`` is False where the newest one has the same content."""

    commit: str
    changed: bool


class Expiry(Frozen):
    """The end of old versions. ``oldest`` is the commit that becomes the oldest, ``commits`` are those that go."""

    oldest: str
    commits: tuple[str, ...]


class CopiedTo(Frozen):
    """A second copy as a run left it, in a directory or a git remote; ``error`` says why it is not up to date."""

    set: str
    place: str
    commit: str | None = None
    error: str | None = None


class BackedUpDevice(Frozen):
    """One device of a run. ``version`` is the commit that has it."""

    device: str
    status: BackupStatus
    version: str | None = None
    lines: int | None = None
    """Lines of its running configuration."""
    findings: tuple[Finding, ...] = ()
    error: str | None = None


class BackupRun(Frozen):
    """The document that ``backup run`` prints. ``time`` is when it ended."""

    client: str
    target: Target
    time: str
    seconds: float
    devices: tuple[BackedUpDevice, ...]
    left_out: Mapping[str, str] = {}
    """Device → why it was selected and not backed up."""
    copies: tuple[CopiedTo, ...] = ()
    expired: int = 0
    """How many commits were older than the client's sets ask for, and are gone."""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many devices have each status; every status is there."""
        return {status: sum(d.status == status for d in self.devices) for status in STATUSES}

    @property
    def worst(self) -> BackupStatus:
        """The worst device's status; unchanged where there is none."""
        return max((d.status for d in self.devices), key=STATUSES.index, default="unchanged")


class ListedVersion(Frozen):
    """One version in a list."""

    device: str
    version: str
    taken: str
    status: Literal["good", "quarantined"]
    documents: Mapping[Document, int]
    """Document → bytes of its plain content."""
    lines: int
    change: str | None = None
    findings: tuple[Finding, ...] = ()


class BackupList(Frozen):
    """The document that ``backup list`` prints: newest first, by device."""

    client: str
    target: Target
    versions: tuple[ListedVersion, ...]
    without: tuple[str, ...] = ()
    """Devices that have no good version."""


class ShownVersion(ListedVersion):
    """The document that ``backup show`` prints: one document of a version, every secret in it hidden."""

    document: Document
    text: str


class BackupDiff(Frozen):
    """The document that ``backup diff`` prints: what turns the configuration of ``old`` into that of ``new``."""

    client: str
    target: Target
    device: str
    old: str
    new: str
    diff: str
    added: int
    removed: int


class BackupProblem(Frozen):
    """Something that a check found wrong."""

    what: str
    device: str | None = None
    version: str | None = None


class BackupCheck(Frozen):
    """The document that ``backup check`` prints."""

    client: str
    target: Target
    versions: int
    documents: int
    """How many were decrypted and compared with their keyed digests."""
    logged: int
    """How many versions the service log names."""
    recipients: tuple[str, ...]
    problems: tuple[BackupProblem, ...] = ()
    notes: tuple[str, ...] = ()
