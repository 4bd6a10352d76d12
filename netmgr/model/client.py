"""client.yaml: who the client is, where the sites are, when changes may be made, how devices are reached."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from netmgr.model.audience import Audience
from netmgr.model.backup_set import AnySet
from netmgr.model.base import Frozen
from netmgr.model.device import in_order
from netmgr.model.fields import (
    DateValue,
    Description,
    Email,
    Items,
    Latitude,
    LocaleTag,
    Longitude,
    Name,
    Phone,
    Text,
    TimeOfDay,
    TimeZone,
    UserName,
    shown,
)
from netmgr.model.names import SECRET_REFERENCE, Identifier
from netmgr.model.probe import ProbeSettings
from netmgr.model.schedule import AnyJob
from netmgr.model.settings import Recipient
from netmgr.model.witness import WitnessPlace

ContactRole = Literal["report", "notice", "approval", "technical", "emergency", "billing"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Contact(Frozen):
    """A person or desk at the client. ``roles`` say what it is contacted for."""

    name: Text
    email: Email | None = None
    phone: Phone | None = None
    roles: Items[ContactRole] = ()
    reports: Annotated[Items[Audience], Field(min_length=1)] = ("manager",)
    """Which reports somebody with the role ``report`` is sent."""
    age: Recipient | None = None
    """The public age key that a technical report is encrypted for; without one it is not sent by mail."""

    @model_validator(mode="after")
    def _has_something_to_read(self) -> Self:
        if self.is_sent_reports and self.age is None and "manager" not in self.reports:
            raise ValueError(
                "reports: a technical one is sent encrypted alone; add the contact's public age key (age), or manager"
            )
        return self

    @property
    def is_sent_reports(self) -> bool:
        """Whether reports are sent to it."""
        return "report" in self.roles and self.email is not None


class MaintenanceWindow(Frozen):
    """A weekly time for changes, as clocks show it in the time zone of the client or site.

    An ``end`` not after ``start`` is on the next day.
    """

    name: Name
    days: Annotated[Items[Weekday], Field(min_length=1)]
    start: TimeOfDay
    end: TimeOfDay


class Freeze(Frozen):
    """Days on which nothing is changed; both ends belong to it."""

    from_: DateValue = Field(alias="from")
    to: DateValue
    reason: Description

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        in_order(self.from_, self.to)
        return self


class Site(Frozen):
    """A place where devices stand; coordinates in decimal degrees (WGS 84).

    Its own maintenance windows stand in place of the client's; its freezes come on top of the client's. Both are in its
    own time zone, which is the client's where it names none.
    """

    name: Text | None = None
    address: Text | None = None
    country: Text | None = None
    timezone: TimeZone | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    maintenance_windows: Items[MaintenanceWindow] = ()
    freezes: Items[Freeze] = ()

    @model_validator(mode="after")
    def _both_coordinates(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("latitude and longitude belong together; write both")
        return self


def _file(value: str) -> str:
    parts = value.removeprefix("~/").split("/")
    if value.startswith(("/", "-")) or "" in parts or ".." in parts or "~" in parts[0]:
        raise ValueError(
            f"{shown(value)} is not a file of the workspace or of your home; write a relative path or ~/…"
        )
    return value


FileName = Annotated[Text, AfterValidator(_file)]
_JUMP = re.compile(
    r"(?:([A-Za-z0-9_][A-Za-z0-9._-]{0,63})@)?"
    r"([A-Za-z0-9][A-Za-z0-9.-]{0,252}|\[[0-9a-fA-F:.]{2,45}\])"
    r"(?::([1-9][0-9]{0,4}))?"
)


def _jump(value: str) -> str:
    """[user@]host[:port], as OpenSSH's ProxyJump takes it; never something that ssh would read as an option."""
    match = _JUMP.fullmatch(value)
    if not match or int(match[3] or 22) > 65535:
        # Not shown: somebody may have put a password into it.
        raise ValueError('is not a jump host; write it like "user@bastion:22"')
    return value


def jump_parts(value: str) -> tuple[str | None, str, int | None] | None:
    """User, host and port of ``[user@]host[:port]``; None for what is no jump host."""
    match = _JUMP.fullmatch(value)
    if not match:
        return None
    return match[1], match[2].strip("[]"), int(match[3]) if match[3] else None


JumpHost = Annotated[
    str, AfterValidator(_jump), WithJsonSchema({"type": "string", "pattern": f"^{_JUMP.pattern}$"})
]


def _credentials(value: str) -> str:
    if value != "agent" and not SECRET_REFERENCE.fullmatch(value):
        raise ValueError("a literal secret is not allowed; write agent, or secret://file/NAME and the like")
    return value


class Access(Frozen):
    """How the client's devices are reached. ``credentials`` is a secret's reference or ``agent`` (the SSH agent)."""

    user: UserName | None = None
    credentials: (
        Annotated[
            str,
            AfterValidator(_credentials),
            WithJsonSchema({"type": "string", "pattern": f"^(?:agent|{SECRET_REFERENCE.pattern})$"}),
        ]
        | None
    ) = None
    jump: Items[JumpHost] = ()
    ssh_config: FileName | None = None
    known_hosts: FileName | None = None


class Client(Frozen):
    """One client."""

    id: Identifier
    names: Mapping[LocaleTag, Text] = {}
    contacts: Items[Contact] = ()
    timezone: TimeZone = "UTC"
    locale: LocaleTag = "en"
    sites: Mapping[Identifier, Site] = {}
    maintenance_windows: Items[MaintenanceWindow] = ()
    freezes: Items[Freeze] = ()
    access: Access = Field(default_factory=Access)
    schedule: Mapping[Identifier, AnyJob | None] = {}
    """The client's own jobs. One takes the place of the workspace's job of that name; null switches that off."""

    backup_sets: Mapping[Identifier, AnySet] = {}
    """What is backed up: configurations, files and databases alike."""
    witnesses: Items[WitnessPlace] = ()
    """Who keeps checkpoints of this client's log, beside those whom the workspace names."""
    probe: ProbeSettings = ProbeSettings()
    """How often its devices are asked for a sign of life."""

    @model_validator(mode="after")
    def _each_address_is_sent_reports_once(self) -> Self:
        known: set[str] = set()
        for number, contact in enumerate(self.contacts):
            if contact.is_sent_reports and contact.email in known:
                raise ValueError(
                    f"contacts[{number}]: {contact.email} is sent reports already; one contact may have both kinds"
                )
            known |= {contact.email} if contact.is_sent_reports and contact.email else set()
        return self

    @model_validator(mode="after")
    def _jobs_are_its_own(self) -> Self:
        for name, job in self.schedule.items():
            if job and "clients" in job.model_fields_set:
                raise ValueError(f"schedule.{name}: this is one client's job; remove clients")
        return self
