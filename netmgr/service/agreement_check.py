"""What is wrong with an agreement beside its form: contradictions, gaps, promises that nobody measures (pure)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from netmgr.model.agreement import Agreement
from netmgr.model.agreement_scope import ServiceKind
from netmgr.model.backup_set import ConfigurationSet
from netmgr.model.base import Frozen
from netmgr.model.client import Client
from netmgr.model.duration import length
from netmgr.model.fields import shown
from netmgr.service.versions import AgreementHistory

Severity = Literal["error", "warning"]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing, at a path of agreement.yaml. An error keeps the version from being signed."""

    severity: Severity
    path: Path
    message: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands beside the agreement: the client as written, what is done on schedule, who is on call."""

    client: Client
    jobs: frozenset[str] = frozenset()
    """Kinds of jobs that are scheduled for the client."""
    roster: bool = False
    """Whether anybody is on call for the client."""
    probes: bool = False
    """Whether the devices' availability is sampled."""
    devices: tuple[str, ...] = ()
    """Names of the devices that the agreement covers."""


def findings(
    agreement: Agreement, around: Surroundings, known: AgreementHistory, today: date
) -> tuple[Finding, ...]:
    """Everything that was found, errors first."""
    found = [
        *_versions(agreement, known),
        *_wordings(agreement),
        *_levels(agreement),
        *_fees(agreement),
        *_calendar(agreement, today),
        *_clocks(agreement, around),
        *_measured(agreement, around),
        *_contacts(agreement, around),
        *_retention(agreement),
    ]
    return tuple(sorted(found, key=lambda finding: finding.severity != "error"))


def contradictions(agreement: Agreement) -> Iterator[tuple[Path, str]]:
    """What makes the file no agreement: values that belong together and do not fit, each with its path."""
    if agreement.effective < agreement.term.from_:
        yield (
            ("effective",),
            f"{agreement.effective} is before the term begins ({agreement.term.from_}); write a later day",
        )
    listed = [amendment.version for amendment in agreement.amendments]
    if listed != list(range(2, agreement.version + 1)):
        wanted = ", ".join(map(str, range(2, agreement.version + 1))) or "none"
        yield ("amendments",), f"version {agreement.version} lists the versions {wanted}; mend the list"
    days = [amendment.effective for amendment in agreement.amendments]
    if days != sorted(days) or (days and days[-1] != agreement.effective):
        yield ("amendments",), "they stand in the order of their days, the last on effective; mend the days"
    if agreement.emergency and agreement.emergency.priority not in agreement.levels.priorities:
        known = ", ".join(agreement.levels.priorities)
        wrong = shown(agreement.emergency.priority)
        yield ("emergency", "priority"), f"{wrong} is no priority; write one of {known}"


def _versions(agreement: Agreement, known: AgreementHistory) -> Iterator[Finding]:
    newest = known.newest
    if newest is None and agreement.version > 1:
        yield Finding(
            "error",
            ("version",),
            f"version {agreement.version} amends what was never signed; sign version 1 first, or write version: 1",
        )
    if newest is not None and agreement.version not in (newest.version, newest.version + 1):
        yield Finding(
            "error",
            ("version",),
            f"version {newest.version} is signed; the next is {newest.version + 1}, not {agreement.version}",
        )


def _wordings(agreement: Agreement) -> Iterator[Finding]:
    """Texts that a language of the agreement lacks: its document could not be made."""
    for path, wording in _translated(agreement, ()):
        missing = [language for language in agreement.languages if language not in wording]
        if missing:
            yield Finding("error", path, f"no text in {', '.join(missing)}; write one for each of languages")


def _translated(value: object, path: Path) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Every text that is given by language. Keys of mappings with other meanings are never locales."""
    if isinstance(value, Frozen):
        for name, info in type(value).model_fields.items():
            yield from _translated(getattr(value, name), (*path, info.alias or name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _translated(item, (*path, index))
    elif isinstance(value, Mapping):
        if value and all(key in ("en", "zh-CN") for key in value):
            yield path, value
        else:
            for key, item in value.items():
                yield from _translated(item, (*path, key))


def _levels(agreement: Agreement) -> Iterator[Finding]:
    levels = agreement.levels.by_severity
    for (severe, first), (name, second) in pairwise(levels.items()):
        if first.calendar == second.calendar and length(first.response) > length(second.response):
            yield Finding(
                "error",
                ("levels", "priorities", name, "response"),
                f"{name} is answered sooner ({second.response}) than {severe} ({first.response}), which is more severe",
            )
    for name, target in levels.items():
        for key, duration in (("response", target.response), ("resolution", target.resolution)):
            if target.calendar == "service" and duration and duration[-1] in "dw":
                hours = length(duration) // timedelta(hours=1)
                yield Finding(
                    "warning",
                    ("levels", "priorities", name, key),
                    f"{duration} is {hours} hours of service time, not days of the calendar; write {hours}h",
                )
    used = {priority for row in agreement.levels.matrix.values() for priority in row.values()}
    for name in levels:
        if name not in used:
            yield Finding("warning", ("levels", "priorities", name), f"no impact and urgency give {name}")
    if (emergency := agreement.emergency) is not None:
        target = levels[emergency.priority]
        if target.calendar != "always":
            yield Finding(
                "error",
                ("levels", "priorities", emergency.priority, "calendar"),
                f"{emergency.priority} is the emergency, at any hour; write calendar: always",
            )
        if length(emergency.acknowledge) > length(target.response):
            yield Finding(
                "error",
                ("emergency", "acknowledge"),
                f"the next person is called after {emergency.acknowledge}: too late to respond in {target.response}",
            )
    elif always := [name for name, target in levels.items() if target.calendar == "always"]:
        yield Finding(
            "warning",
            ("levels", "priorities", always[0]),
            f"{always[0]} counts at any hour and there is no emergency service; write emergency",
        )


def _fees(agreement: Agreement) -> Iterator[Finding]:
    fees = agreement.fees
    for index, credit in enumerate(fees.credits):
        path: Path = ("fees", "credits", index)
        if credit.priority is not None and credit.priority not in agreement.levels.priorities:
            known = ", ".join(agreement.levels.priorities)
            yield Finding(
                "error", (*path, "priority"), f"{credit.priority} is no priority; write one of {known}"
            )
        if credit.level == "availability" and agreement.promises.availability is None:
            yield Finding(
                "error", path, "a credit for availability, which is not promised; write promises.availability"
            )
    for index, fee in enumerate(fees.units):
        if fee.unit == "asset" and agreement.coverage.assets is None:
            why = "no asset is covered, so nothing is paid for any; write coverage.assets"
            yield Finding("warning", ("fees", "units", index), why)
    services = set(agreement.coverage.services)
    limited: list[tuple[Path, tuple[ServiceKind, ...]]] = [
        *((("fees", "rates", index), rate.services) for index, rate in enumerate(fees.rates)),
        *((("fees", "included", index), hours.services) for index, hours in enumerate(fees.included)),
    ]
    for path, named in limited:
        other = [service for service in named if service not in services]
        if other:
            yield Finding("error", path, f"{', '.join(other)} is not among coverage.services")
    if any(item.exhausted == "stop" for item in fees.included) and agreement.emergency is None:
        yield Finding(
            "warning",
            ("fees", "included"),
            "work stops when the hours are used up, and there is no emergency service",
        )


def _clocks(agreement: Agreement, around: Surroundings) -> Iterator[Finding]:
    if around.client.timezone != agreement.timezone:
        yield Finding(
            "warning",
            ("timezone",),
            f"reports begin and end their months in {around.client.timezone} (client.yaml), invoices in "
            f"{agreement.timezone}; what falls between is in another month's",
        )


def _calendar(agreement: Agreement, today: date) -> Iterator[Finding]:
    calendar = agreement.calendar
    if calendar.timezone != agreement.timezone:
        yield Finding(
            "warning",
            ("calendar", "timezone"),
            f"hours are in {calendar.timezone}, dates of the agreement in {agreement.timezone}",
        )
    if calendar.holidays is None or not calendar.frozen:
        return
    last = agreement.term.to.year if agreement.term.to else today.year + 1
    wanted = range(max(agreement.term.from_.year, today.year), min(last, today.year + 1) + 1)
    unsure = [str(year) for year in wanted if year not in calendar.certain_years]
    if unsure:
        yield Finding(
            "warning",
            ("calendar",),
            f"the holidays of {', '.join(unsure)} are provisional; amend the agreement once they are decreed",
        )


def _measured(agreement: Agreement, around: Surroundings) -> Iterator[Finding]:
    """Promises that nobody measures would be told as not measured, month after month."""
    promises = agreement.promises
    sets = [one for one in around.client.backup_sets.values() if isinstance(one, ConfigurationSet)]
    measured = (
        ("availability", around.probes, "no probes are made; schedule the job probe"),
        ("drift_age", "audit" in around.jobs, "no audit is scheduled; schedule the job audit"),
        ("audit", "audit" in around.jobs, "no audit is scheduled; schedule the job audit"),
        ("unsupported", "audit" in around.jobs, "no audit is scheduled; schedule the job audit"),
        ("backup_age", bool(sets), "client.yaml has no backup set of configurations; write backup_sets"),
        ("restore", bool(sets), "client.yaml has no backup set of configurations; write backup_sets"),
        ("drill", "drill" in around.jobs, "no drill is scheduled; schedule the job drill"),
    )
    for name, measures, why in measured:
        if getattr(promises, name) is not None and not measures:
            yield Finding("warning", ("promises", name), f"promised, and nobody measures it: {why}")
    if promises.backup_age is not None:
        for one in sets:
            if length(one.rpo) > length(promises.backup_age):
                yield Finding(
                    "error",
                    ("promises", "backup_age"),
                    f"backups may be {promises.backup_age} old by the agreement and {one.rpo} by backup_sets",
                )
    if promises.restore is not None:
        for one in sets:
            if one.rto is not None and length(one.rto) > length(promises.restore):
                yield Finding(
                    "error",
                    ("promises", "restore"),
                    f"restoring may take {promises.restore} by the agreement and {one.rto} by backup_sets",
                )
    if "report" not in around.jobs:
        yield Finding("warning", ("reports",), "no report is scheduled; schedule the job report")
    if agreement.emergency is not None and not around.roster:
        yield Finding("warning", ("emergency",), "nobody is on call; write config/oncall.yaml")
    if not around.devices and "network" in agreement.coverage.services:
        yield Finding(
            "error", ("coverage", "devices"), "no device of the inventory is covered; mend the names"
        )


def _contacts(agreement: Agreement, around: Surroundings) -> Iterator[Finding]:
    roles = {role for contact in around.client.contacts if contact.email for role in contact.roles}
    wanted = [("reports", "report", "reports go")]
    if agreement.notice:
        wanted.append(("notice", "notice", "notice of changes goes"))
    for key, role, what in wanted:
        if role not in roles:
            yield Finding(
                "warning",
                (key,),
                f"{what} to nobody: no contact in client.yaml has the role {role} and a mail address",
            )


def _retention(agreement: Agreement) -> Iterator[Finding]:
    missing = [
        what for what in ("log", "texts", "personal") if what not in agreement.confidentiality.retention
    ]
    if missing:
        yield Finding(
            "warning",
            ("confidentiality",),
            f"it is not said how long {', '.join(missing)} is kept; write retention",
        )
