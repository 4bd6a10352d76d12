"""config/policies/*.yaml: what a change must be like, and how several policies for one client become one."""

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from netmgr.model.base import Frozen
from netmgr.model.fields import Items, Name, OneOrMore, Text, at_least_one, matching, shown
from netmgr.model.people import EVERY_CLIENT, ClientOrEvery
from netmgr.model.selection import Selectable

T = TypeVar("T")

#: Hours that an approval holds where no policy says how many: over a weekend.
EXPIRES_HOURS = 72


def _regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{shown(value)} is not a regular expression ({error}); mend it") from None
    return value


Regex = Annotated[Text, AfterValidator(_regex), WithJsonSchema({"type": "string", "format": "regex"})]
DeviceGlob = Annotated[str, matching(r"[a-z0-9*?\[\]!-]{1,63}", "a device's id or a glob of them", '"core*"')]
Percent = Annotated[int, Field(ge=1, le=100)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class WavePolicy(Frozen):
    """How a change is cut into waves. ``order`` are sites or roles, first to last; ``largest`` is in devices."""

    by: Literal["topology", "site", "role"] = "topology"
    order: Items[Name] = ()
    largest: Annotated[int, Field(ge=1, le=1_000_000)] | None = None

    @model_validator(mode="after")
    def _something_to_order(self) -> Self:
        if self.order and self.by == "topology":
            raise ValueError("'order' is of sites or roles; add by: site or by: role")
        if len(set(self.order)) < len(self.order):
            raise ValueError("'order' names something twice; remove one")
        return self


class ApprovalPolicy(Frozen):
    """When a second person must approve: a change of more than ``devices`` or ``lines`` (None: never), or of a device
    that ``touching`` (ids and globs) names or that has one of ``roles``.

    An approval holds ``expires_hours`` from when it was given.
    """

    devices: Count | None = None
    lines: Count | None = None
    touching: Items[DeviceGlob] = ()
    roles: Items[Name] = ()
    expires_hours: Annotated[int, Field(ge=1, le=24 * 365)] = EXPIRES_HOURS


class ProtectedLine(Frozen):
    """Lines that no change may remove: ``line`` is searched for in each line, without its indentation."""

    line: Regex
    devices: Annotated[OneOrMore[DeviceGlob], AfterValidator(at_least_one)] = ("*",)
    reason: Text | None = None


class LargestShare(Frozen):
    """The most that one change may touch, in percent: of the client's active devices, of what a device runs now."""

    devices: Percent | None = None
    lines: Percent | None = None


class RehearsalPolicy(Frozen):
    """Whether a change of more than ``devices`` devices must have been rehearsed."""

    required: bool = False
    devices: Count = 0


class ChangePolicy(Frozen):
    """One policy file, or what holds for one client. Every default is what holds without any file."""

    clients: Annotated[OneOrMore[ClientOrEvery], AfterValidator(at_least_one)] = (EVERY_CLIENT,)
    atomic: Literal["network", "wave"] = "network"
    waves: WavePolicy = WavePolicy()
    windows: Literal["required", "ignored"] = "required"
    approval: ApprovalPolicy = ApprovalPolicy()
    protected: Items[ProtectedLine] = ()
    largest_share: LargestShare = LargestShare()
    lockout: Literal["refuse", "warn"] = "refuse"
    ticket: Literal["required", "optional"] = "optional"
    rehearsal: RehearsalPolicy = RehearsalPolicy()

    def concerns(self, client: str) -> bool:
        """Whether the policy is one for ``client``."""
        return EVERY_CLIENT in self.clients or client in self.clients


class Named(Frozen):
    """A name or glob in a policy that should fit something of its clients; ``place`` is its file and line."""

    place: str
    clients: tuple[str, ...]
    kind: Literal["device", "role", "site"]
    name: str

    def fits(self, devices: Iterable[Selectable]) -> bool:
        """Whether it is, or matches, that of one of the devices."""
        return any(
            fnmatchcase(device.name, self.name)
            if self.kind == "device"
            else getattr(device, self.kind) == self.name
            for device in devices
        )


class ChangePolicies(Frozen):
    """Every policy file of the workspace: its name → what it says, and what they name."""

    files: Mapping[str, ChangePolicy] = {}
    named: tuple[Named, ...] = ()

    def of(self, client: str) -> ChangePolicy:
        """What holds for the client. Raises ValueError where its policies contradict each other."""
        return strictest([policy for policy in self.files.values() if policy.concerns(client)], client)

    def contradictions(self, client: str) -> tuple[tuple[str, str, str], ...]:
        """Files that say different things of what knows no stricter: (key of ``waves``, file, other file)."""
        found = []
        for key in _ALIKE:
            said = [
                (name, getattr(policy.waves, key))
                for name, policy in self.files.items()
                if policy.concerns(client) and key in policy.waves.model_fields_set
            ]
            found += [(key, said[0][0], name) for name, value in said[1:] if value != said[0][1]]
        return tuple(found)


#: Keys of ``waves`` of which none is stricter than another.
_ALIKE = ("by", "order")


def strictest(policies: Iterable[ChangePolicy], client: str) -> ChangePolicy:
    """Several policies as one for ``client``: key by key, among the policies that say something of the key.

    The smallest number holds, lists are joined, and of two words the stricter: ``network``, ``required``, ``refuse``.
    A key that no policy says has its default. Raises ValueError where policies differ in ``waves.by`` or
    ``waves.order``, of which none is stricter.
    """
    every = tuple(policies)
    approvals = [policy.approval for policy in every]
    shares = [policy.largest_share for policy in every]
    waves = [policy.waves for policy in every]
    rehearsed = [policy.rehearsal.devices for policy in every if policy.rehearsal.required]
    return ChangePolicy(
        clients=(client,),
        atomic=_stricter(every, "atomic", ("network", "wave")),
        waves=WavePolicy(
            by=_alike(waves, "by", "topology"),
            order=_alike(waves, "order", ()),
            largest=_smallest(wave.largest for wave in waves),
        ),
        windows=_stricter(every, "windows", ("required", "ignored")),
        approval=ApprovalPolicy(
            devices=_smallest(approval.devices for approval in approvals),
            lines=_smallest(approval.lines for approval in approvals),
            touching=_joined(approval.touching for approval in approvals),
            roles=_joined(approval.roles for approval in approvals),
            expires_hours=_smallest(
                a.expires_hours for a in approvals if "expires_hours" in a.model_fields_set
            )
            or EXPIRES_HOURS,
        ),
        protected=_joined(policy.protected for policy in every),
        largest_share=LargestShare(
            devices=_smallest(share.devices for share in shares),
            lines=_smallest(share.lines for share in shares),
        ),
        lockout=_stricter(every, "lockout", ("refuse", "warn")),
        ticket=_stricter(every, "ticket", ("required", "optional")),
        rehearsal=RehearsalPolicy(required=bool(rehearsed), devices=min(rehearsed, default=0)),
    )


W = TypeVar("W", bound=str)


def _stricter(policies: Iterable[ChangePolicy], key: str, words: tuple[W, W]) -> W:
    """The first of ``words`` that some policy says, the strictest standing first; the default where none says one."""
    said = {getattr(policy, key) for policy in policies if key in policy.model_fields_set}
    default: W = ChangePolicy.model_fields[key].default
    return next((word for word in words if word in said), default)


def _smallest(numbers: Iterable[int | None]) -> int | None:
    return min((number for number in numbers if number is not None), default=None)


def _joined(lists: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(item for items in lists for item in items))


def _alike(waves: Iterable[WavePolicy], key: str, default: T) -> T:
    said = {getattr(wave, key) for wave in waves if key in wave.model_fields_set}
    if len(said) > 1:
        raise ValueError(f"policies differ in waves.{key}, and neither is stricter")
    return said.pop() if said else default
