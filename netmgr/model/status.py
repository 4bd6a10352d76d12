"""How a client's network stands at this moment, on one screen. docs/reference/json.md shows the documents."""

from collections.abc import Mapping

from netmgr.model.base import Frozen
from netmgr.model.names import Target


class Probe(Frozen):
    """What a login finds out at once: whether somebody's commit waits on the device, and for how many seconds yet."""

    pending: str | None = None
    remaining: float | None = None


class DeviceStanding(Frozen):
    """One device.

    ``state`` is what the log knows of its configuration: compliant, deployed (as planned, not audited since),
    drifted, unreachable, error, changed (since its last audit) or never (audited). ``reachable`` is None where it was
    not asked; ``pending`` is the commit whose timer runs on it and ``change`` the open change that it belongs to.
    """

    device: str
    platform: str
    lifecycle: str
    state: str
    audited: str | None = None
    drifted_since: str | None = None
    reachable: bool | None = None
    error: str | None = None
    pending: str | None = None
    remaining: float | None = None
    change: str | None = None


class OpenChange(Frozen):
    """A change without an end in the log; ``held`` where it waits for `netmgr confirm`."""

    change: str
    action: str
    since: str
    actor: str
    held: bool
    devices: tuple[str, ...]


class Event(Frozen):
    """The end of a change or of an audit. ``devices`` counts them by outcome, where the log tells."""

    id: str
    action: str
    outcome: str
    time: str
    actor: str
    devices: Mapping[str, int]


class OverdueInvoice(Frozen):
    """An invoice that is not paid in time, ``days`` after its last day. ``suspension_since`` is the day from which the
    agreement lets the provider give notice that it stops working; None before it, and once it has stopped.
    """

    number: str
    due: str
    days: int
    open: str
    currency: str
    suspension_since: str | None = None


class Holder(Frozen):
    """Who is changing the network right now.

    ``left`` is how many seconds it may still be silent; negative: the next change takes over.
    """

    holder: str
    since: str
    left: int


class Witness(Frozen):
    """The last checkpoint issued: the log up to this entry has been shown to somebody."""

    seq: int
    time: str


class Status(Frozen):
    """The document that ``status -c`` prints. ``seconds`` is how long contacting the devices took, None without."""

    client: str
    target: Target
    time: str
    seconds: float | None
    devices: tuple[DeviceStanding, ...]
    open_changes: tuple[OpenChange, ...]
    last_change: Event | None
    last_audit: Event | None
    lock: Holder | None
    entries: int
    checkpoint: Witness | None
    overdue: tuple[OverdueInvoice, ...] = ()


class ClientOverview(Frozen):
    """One client's line, from the log alone."""

    client: str
    devices: int | None
    open_changes: int
    last_change: Event | None
    last_audit: Event | None
