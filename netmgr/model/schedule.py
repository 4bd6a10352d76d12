"""config/schedule.yaml and `schedule` in client.yaml: what is done without anybody at the keyboard, and when."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal, Self, get_args

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from netmgr.model.audience import Audience
from netmgr.model.audit import AuditPart
from netmgr.model.base import Frozen
from netmgr.model.canonical import canonical
from netmgr.model.digest import sha256_hex
from netmgr.model.failure import TicketForFailure
from netmgr.model.fields import Items, LocaleTag, Name, TimeZone, shown
from netmgr.model.issued_report import Format
from netmgr.model.names import Identifier
from netmgr.model.playbook import PlaybookName
from netmgr.model.scope import ClientPattern, Glob
from netmgr.model.selection import Selection

EVERY_CLIENT = "*"


def _cron(value: str) -> str:
    """Five fields as Debian's cron reads them; a day that never comes (30 February) is refused."""
    try:
        next(CronSim(value, datetime(2000, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration) as error:
        why = str(error).lower() or "it never comes"
        raise ValueError(
            f"{shown(value)} is no time of cron ({why}); write minute, hour, day, month, weekday, "
            'such as "15 2 * * 1-5"'
        ) from None
    return value


CronTime = Annotated[
    str,
    AfterValidator(_cron),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\S+(?: +\S+){4}$",
            "description": 'minute, hour, day, month, weekday, such as "15 2 * * 1-5"',
        }
    ),
]


class ScheduledJob(Frozen):
    """When a job is due, and how late it may begin.

    ``cron`` is read on the clocks of ``timezone``, which is the client's own where it is not said. A run begins up to
    ``jitter`` seconds after it was due, always as many for the same run, so that a hundred clients do not begin at
    once. One that could not begin within ``catch_up`` seconds is told as missed; of several that were missed and are
    not that late, the newest is run.
    """

    job: str
    cron: CronTime
    timezone: TimeZone | None = None
    jitter: int = Field(default=0, ge=0, le=86_400)
    catch_up: int = Field(default=86_400, ge=60, le=31_536_000)
    clients: Annotated[Items[ClientPattern], Field(min_length=1)] = (EVERY_CLIENT,)
    """Whose job it is; said in config/schedule.yaml only."""

    @property
    def fingerprint(self) -> str:
        """Another one whenever a run may be due at other times."""
        return sha256_hex(canonical([self.cron, self.timezone]))[:16]


class AuditJob(ScheduledJob):
    """``netmgr audit`` of the devices that fit; all of them where nothing is said. ``parts`` are what is looked at."""

    job: Literal["audit"]
    devices: Items[Glob] = ()
    role: Name | None = None
    site: Identifier | None = None
    parts: Annotated[Items[AuditPart], Field(min_length=1)] = ("configuration", "compliance")
    changed: bool = False
    """Whether only devices that have changed are read."""
    sweep_hours: int = Field(default=24, ge=1, le=8784)
    """With ``changed``: after how many hours a device is read all the same."""
    ticket: TicketForFailure | None = None
    """Whether what it finds wrong opens a ticket, and how severe that is."""

    @model_validator(mode="after")
    def _of_configurations(self) -> Self:
        if self.changed and {"state", "reach"} & set(self.parts):
            raise ValueError(
                "changed: no change marker tells of state and reach; give them a job of their own"
            )
        return self

    @property
    def selection(self) -> Selection:
        """The devices."""
        return Selection(names=self.devices, role=self.role, site=self.site)


class BackupJob(ScheduledJob):
    """``netmgr backup run`` of the devices that fit; all of them where nothing is said."""

    job: Literal["backup"]
    devices: Items[Glob] = ()
    role: Name | None = None
    site: Identifier | None = None

    @property
    def selection(self) -> Selection:
        """The devices."""
        return Selection(names=self.devices, role=self.role, site=self.site)


class ReportJob(ScheduledJob):
    """``netmgr report`` of the calendar month before the day that the run was due, or of the ``days`` before it.

    With ``issue`` it is issued and sent, not kept as a draft. A month without a report is worse than a late one: a run
    may begin two weeks late.
    """

    job: Literal["report"]
    catch_up: int = Field(default=1_209_600, ge=60, le=31_536_000)
    formats: Annotated[Items[Format], Field(min_length=1)] = ("html",)
    days: int | None = Field(default=None, ge=1, le=366)
    every: Literal["month", "quarter"] = "month"
    locale: LocaleTag | None = None
    issue: bool = False
    audiences: Items[Audience] = ()
    """For whom it is issued; those of the agreement where none are named."""
    send: bool = True
    """Whether what is issued is sent to the contacts with the role ``report``."""

    @model_validator(mode="after")
    def _either(self) -> Self:
        if self.days is not None and self.every != "month":
            raise ValueError("days and every: give one of them")
        if not self.issue and (self.audiences or "send" in self.model_fields_set):
            raise ValueError("audiences and send are of what is issued; write issue: true")
        return self


class PlaybookJob(ScheduledJob):
    """``netmgr playbook run`` on the devices that fit; on all that it is for where nothing is said."""

    job: Literal["playbook"]
    playbook: PlaybookName
    devices: Items[Glob] = ()
    role: Name | None = None
    site: Identifier | None = None
    check: bool = False

    @property
    def selection(self) -> Selection:
        """The devices."""
        return Selection(names=self.devices, role=self.role, site=self.site)


class NotifyJob(ScheduledJob):
    """``netmgr notify send --due`` for the client."""

    job: Literal["notify"]


class WitnessJob(ScheduledJob):
    """``netmgr log witness`` for the client."""

    job: Literal["witness"]


class DrillJob(ScheduledJob):
    """``netmgr drill`` of the client's whole network."""

    job: Literal["drill"]


class ProbeJob(ScheduledJob):
    """``netmgr probe run``: one sample of each device, where one is due.

    A sample that was missed cannot be made up for.
    """

    job: Literal["probe"]
    catch_up: int = Field(default=60, ge=60, le=31_536_000)


class OncallJob(ScheduledJob):
    """The next person on call is called, where an emergency was not acknowledged in time.

    What was missed is made up for by the next run.
    """

    job: Literal["oncall"]
    catch_up: int = Field(default=3600, ge=60, le=31_536_000)


class DeskJob(ScheduledJob):
    """People are told of tickets whose targets run out, or were missed.

    What was missed is made up for by the next run.
    """

    job: Literal["desk"]
    catch_up: int = Field(default=3600, ge=60, le=31_536_000)


class InvoicesJob(ScheduledJob):
    """People are told of invoices that are overdue, and of those for which the agreement lets work be stopped."""

    job: Literal["invoices"]


class StateBackupJob(ScheduledJob):
    """``netmgr state backup``: an archive of the whole workspace.

    One is enough for everybody for whom it is due at the same time.
    """

    job: Literal["state_backup"]


AnyJob = Annotated[
    AuditJob
    | BackupJob
    | ReportJob
    | PlaybookJob
    | NotifyJob
    | WitnessJob
    | DrillJob
    | ProbeJob
    | OncallJob
    | DeskJob
    | InvoicesJob
    | StateBackupJob,
    Field(discriminator="job"),
]
"""A job of any kind. A new kind is a model more here, and a row in ``netmgr.workflows.jobs``."""

KINDS: Mapping[str, type[ScheduledJob]] = {
    word: model
    for model in get_args(get_args(AnyJob)[0])
    for word in get_args(model.model_fields["job"].annotation)
}
"""Every kind of job by the word that ``job`` says."""


class Planned(Frozen):
    """One job of one client, as it stands in force. ``zone`` is the time zone that ``job.cron`` is read in."""

    client: str
    name: str
    zone: str
    job: ScheduledJob
    place: str
    """``file:line`` of what says so."""

    @property
    def kind(self) -> str:
        """What kind of job it is."""
        return self.job.job
