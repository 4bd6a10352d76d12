"""A change: its plan, its orders to the devices, its outcomes. docs/reference/json.md shows the documents."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field

from netmgr.model.base import Frozen
from netmgr.model.names import Target
from netmgr.model.rehearsal import AttachedRehearsal

DeviceOutcome = Literal["applied", "unchanged", "rolled_back", "refused", "failed", "in_doubt"]
ChangeOutcome = Literal[
    "applied", "unchanged", "rolled_back", "refused", "failed", "in_doubt", "pending", "split"
]
CheckStatus = Literal["passed", "failed", "pending", "not_measured"]
Decision = Literal["confirm", "abort", "hold"]


class GitState(Frozen):
    """Where the workspace stood: its commit, and whether files differed from it."""

    commit: str
    dirty: bool


class Basis(Frozen):
    """What a plan is bound to. Any difference at deploy makes the plan stale. Digests are SHA-256 in hexadecimal."""

    target: Target
    store: str
    git: GitState | None
    inventory: str
    templates: str
    secrets: str
    """Keyed fingerprint of the secrets used, so that a rotated secret makes the plan stale and none is disclosed."""
    running: Mapping[str, str]
    """Device → digest of its canonical running configuration."""


class PlannedDevice(Frozen):
    """What the plan does to one device. ``diff`` is a redacted unified diff of canonical configurations."""

    device: str
    action: Literal["none", "replace", "merge"]
    strategy: Literal["commit_confirm", "snapshot"]
    diff: str
    added: int
    removed: int
    wave: int | None
    warnings: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    after: str = Field(exclude=True, default="")
    """Digest of the canonical configuration that the device shall have."""
    takeover: bool = Field(exclude=True, default=False)
    """The device holds configuration that netmgr neither deployed nor adopted."""
    ends: frozenset[tuple[str, str]] = Field(exclude=True, default=frozenset())
    """The ends of links that change here: (``interface``, name) or (``bgp``, the neighbor's address)."""


class Refusal(Frozen):
    """A gate that would refuse a deploy of this plan, and what would satisfy it."""

    gate: str
    reason: str
    remedy: str


class WaveReason(Frozen):
    """Why a wave is what it is, and whom it cuts off from every entry of the network while it commits."""

    wave: int
    reason: str
    cut_off: tuple[str, ...] = ()


class WaveTimer(Frozen):
    """A wave's device-side timer. ``checks`` is when its checks must have passed. Seconds, from its commit on."""

    wave: int
    seconds: int
    checks: int


class Plan(Frozen):
    """The document ``plan`` prints, saved so that what was looked at is what runs."""

    id: str
    client: str
    target: Target
    created: str
    author: str = ""
    """Who made it, as the log calls them: somebody else has to approve it."""
    basis: Basis
    atomic: Literal["network", "wave"]
    confirm_in: int
    devices: tuple[PlannedDevice, ...]
    waves: tuple[tuple[str, ...], ...]
    why: tuple[WaveReason, ...] = ()
    """For each wave, in their order."""
    timers: tuple[WaveTimer, ...] = ()
    """For each wave, in their order. ``confirm_in`` is the longest."""
    atomic_reason: str | None = None
    """Why ``atomic`` is less than ``network``."""
    asked: int | None = None
    """The timer that was asked for, in seconds; None for one that was computed."""
    canary: int | None = None
    """The most devices that the first wave was to have."""
    refused: tuple[Refusal, ...] = ()
    at: str | None = None
    """The time that ``refused`` was judged for."""
    rehearsal: AttachedRehearsal | None = None
    """The newest rehearsal of it, as of when the plan was made or judged again."""
    warnings: tuple[str, ...] = ()
    """What concerns the plan as a whole and keeps nobody from deploying it."""
    limit: tuple[str, ...] = ()
    """The devices that were selected, so that a saved plan deploys exactly these."""
    unreachable: Mapping[str, str] = {}
    """Device → why it could not be read; it is not part of the plan."""

    @property
    def changed(self) -> tuple[PlannedDevice, ...]:
        """The devices that the plan changes."""
        return tuple(device for device in self.devices if device.action != "none")

    @property
    def timerless(self) -> tuple[str, ...]:
        """The changed devices that no timer of their own brings back."""
        return tuple(device.device for device in self.changed if device.strategy == "snapshot")

    def timer_of(self, device: str) -> WaveTimer:
        """The timer of the wave that a changed device is in."""
        return next(timer for wave, timer in zip(self.waves, self.timers, strict=True) if device in wave)


class CommitOrder(Frozen):
    """One device's part of a change, with its fence: refused unless the device reads as ``expected``."""

    change: str
    commit: str
    epoch: int
    expected: str
    after: str
    seconds: int
    message: str
    takes_over: bool = False
    """By whoever took over from the change's writer, whose commit may be on its way: an abort shuts that one out."""


class CommitState(Frozen):
    """What a device says of one commit id. ``remaining`` is in seconds while pending."""

    state: Literal["unknown", "pending", "confirmed", "rolled_back", "failed"]
    running: str
    """Digest of the canonical running configuration, read at the same time."""
    remaining: float | None = None
    detail: str = ""


class CheckResult(Frozen):
    """One judgement about one device after the commit. ``warn``: it is told, and does not take the change back."""

    name: str
    device: str
    status: CheckStatus
    detail: str
    severity: Literal["fail", "warn"] = "fail"

    @property
    def stops(self) -> bool:
        """Whether nothing may be confirmed: it failed, or could not be measured, which is not passed."""
        return self.severity == "fail" and self.status in ("failed", "not_measured")


class DeviceResult(Frozen):
    """One device's end. ``phase`` is where it ended; ``error`` says what went wrong, in one line."""

    device: str
    outcome: DeviceOutcome
    phase: str
    seconds: float
    error: str | None = None


class Split(Frozen):
    """A mixed network: who reads as planned and who as before. Who cannot be read is in neither."""

    as_planned: tuple[str, ...]
    as_before: tuple[str, ...]


class DeployResult(Frozen):
    """The document that deploy, confirm, rollback and recover print."""

    change: str | None
    plan: str | None
    client: str
    target: Target
    outcome: ChangeOutcome
    seconds: float
    devices: tuple[DeviceResult, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    refused: tuple[Refusal, ...] = ()
    split: Split | None = None
    compensation: str | None = None
    """The change that took back what of this one had been confirmed."""


class IntentDevice(Frozen):
    """One device's part of an intent in the service log."""

    device: str
    commit: str
    before: str
    after: str
    snapshot: str
    """Digest of the encrypted snapshot from before the change."""
    added: int | None = None
    """Lines that the change adds; None in entries of versions that did not count them."""
    removed: int | None = None


class IntentFacts(Frozen):
    """The facts of a change's intent entry: enough to finish or undo it without its plan."""

    plan: str
    atomic: Literal["network", "wave"]
    confirm_in: int
    epoch: int
    devices: tuple[IntentDevice, ...]
    waves: tuple[tuple[str, ...], ...] = ()
    """The devices in the order of their commits; empty in entries of versions that committed all at once."""
    rollback_of: str | None = None
    break_glass: tuple[str, ...] | None = None
    """The gates that --break-glass passed; None where it was not given."""
    approved_by: str | None = None
    restored: Mapping[str, str] | None = None
    """Device → commit of the backup that it was to be given; None in a change that restores nothing."""
    answers: str | None = None
    """The change that ended mixed or in doubt and that this one answers, as compensation or as recovery."""

    @classmethod
    def parse(cls, facts: Mapping[str, object]) -> Self:
        """From a log entry; raises ValueError for an entry that is no change's intent."""
        return cls.model_validate(facts, strict=False)
