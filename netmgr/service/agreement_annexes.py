"""The annexes of an agreement: tables of what is covered, promised and paid (pure)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from netmgr.document.block import Block, Column, Definition, Definitions, Paragraph, Section, Table, Value
from netmgr.document.locale import Words
from netmgr.model.agreement import Agreement
from netmgr.model.agreement_terms import Annex
from netmgr.model.asset import Asset
from netmgr.model.backup_set import AnySet
from netmgr.model.client import Contact, Site
from netmgr.model.inventory import Device
from netmgr.model.service_calendar import DAYS
from netmgr.service.agreement_fee_tables import fee_tables
from netmgr.service.agreement_terms import (
    CALENDARS,
    IMPACTS,
    PRIORITIES,
    URGENCIES,
    span,
    weekday,
    word,
)


@dataclass(frozen=True, slots=True)
class Annexed:
    """What the annexes show beside the agreement itself, as it was when the document was made."""

    devices: tuple[Device, ...] = ()
    sites: Mapping[str, Site] = field(default_factory=dict)
    assets: Mapping[str, Asset] = field(default_factory=dict)
    backup_sets: Mapping[str, AnySet] = field(default_factory=dict)
    contacts: tuple[Contact, ...] = ()
    fingerprint: str = ""
    """SHA-256 of the public key that signs the log's checkpoints."""


def annexes(agreement: Agreement, annexed: Annexed, words: Words) -> tuple[Section, ...]:
    """Those that the agreement names, in its order."""
    made: Mapping[Annex, tuple[str, Callable[[Agreement, Annexed, Words], Iterator[Block]]]] = {
        "devices": (words.text("Devices"), _devices),
        "assets": (words.text("Other equipment and software"), _assets),
        "levels": (words.text("Levels of service"), _levels),
        "calendar": (words.text("Calendar"), _calendar),
        "fees": (words.text("Schedule of fees"), lambda agreed, _, spoken: fee_tables(agreed, spoken)),
        "backups": (words.text("Backups"), _backups),
        "contacts": (words.text("Contacts of the Client"), _contacts),
        "key": (words.text("Key of the service log"), _key),
    }
    return tuple(
        Section(f"annex.{name}", made[name][0], tuple(made[name][1](agreement, annexed, words)), annex=True)
        for name in agreement.annexes
    )


def _devices(_agreement: Agreement, annexed: Annexed, words: Words) -> Iterator[Block]:
    rows: list[tuple[Value, ...]] = [
        (device.name, device.role, _site(annexed, device.site), device.platform, _since(device, words))
        for device in annexed.devices
    ]
    yield Table(
        "devices",
        words.text("Devices that are covered"),
        (
            Column("device", words.text("Device"), "word"),
            Column("role", words.text("Role"), "word"),
            Column("site", words.text("Site"), wide=True),
            Column("platform", words.text("System"), "word"),
            Column("service", words.text("Looked after")),
        ),
        tuple(rows),
        words.text("No device is covered."),
    )


def _since(device: Device, words: Words) -> str | None:
    service = device.data.service
    if service is None or (service.from_ is None and service.to is None):
        return None
    first = words.day(service.from_) if service.from_ else "…"
    return words.text("{first} to {last}", first=first, last=words.day(service.to) if service.to else "…")


def _site(annexed: Annexed, site: str | None) -> str | None:
    known = annexed.sites.get(site) if site else None
    return known.name if known and known.name else site


def _assets(_agreement: Agreement, annexed: Annexed, words: Words) -> Iterator[Block]:
    rows: list[tuple[Value, ...]] = [
        (asset.name or name, name, asset.serial, _site(annexed, asset.site), asset.os, asset.support_until)
        for name, asset in annexed.assets.items()
    ]
    yield Table(
        "assets",
        words.text("Equipment and software that is covered"),
        (
            Column("name", words.text("Name"), wide=True),
            Column("id", words.text("Id"), "word"),
            Column("serial", words.text("Serial number"), "word"),
            Column("site", words.text("Site")),
            Column("os", words.text("System")),
            Column("support", words.text("Supported until"), "day"),
        ),
        tuple(rows),
        words.text("Nothing else is covered."),
    )


def _levels(agreement: Agreement, _annexed: Annexed, words: Words) -> Iterator[Block]:
    levels = agreement.levels
    yield Table(
        "levels",
        words.text("Times by priority"),
        (
            Column("priority", words.text("Priority"), wide=True),
            Column("response", words.text("Response within")),
            Column("resolution", words.text("Resolved within")),
            Column("calendar", words.text("Time that counts")),
        ),
        tuple(
            (
                word(PRIORITIES, name, words),
                span(target.response, words),
                span(target.resolution, words) if target.resolution else None,
                word(CALENDARS, target.calendar, words),
            )
            for name, target in levels.by_severity.items()
        ),
        words.text("No levels."),
    )
    yield Table(
        "matrix",
        words.text("Priority by impact and urgency"),
        (
            Column("impact", words.text("Impact"), wide=True),
            *(Column(key, words.text(name)) for key, name in URGENCIES.items()),
        ),
        tuple(
            (
                word(IMPACTS, impact, words),
                *(word(PRIORITIES, levels.matrix[impact][urgency], words) for urgency in URGENCIES),
            )
            for impact in IMPACTS
        ),
        words.text("No levels."),
    )


def _calendar(agreement: Agreement, _annexed: Annexed, words: Words) -> Iterator[Block]:
    calendar = agreement.calendar
    yield Table(
        "hours",
        words.text("Hours by weekday ({zone})", zone=calendar.timezone),
        (Column("day", words.text("Day")), Column("hours", words.text("Hours"), wide=True)),
        tuple(
            (weekday(number, words), words.text(", ").join(calendar.hours.of(day)) or words.text("closed"))
            for number, day in enumerate(DAYS)
        ),
        words.text("closed"),
    )
    for year in calendar.frozen:
        caption = words.text("Public holidays in {year}", year=str(year.year))
        if year.provisional:
            caption = words.text("Public holidays in {year}, provisional", year=str(year.year))
        days = [
            *(
                (day.date, day.names.get(words.language) or words.text("public holiday"))
                for day in year.closed
            ),
            *(
                (
                    day.date,
                    words.text("worked as a {weekday}", weekday=weekday(DAYS.index(day.like), words)),
                )
                for day in year.working
            ),
        ]
        yield Table(
            f"holidays-{year.year}",
            caption,
            (
                Column("date", words.text("Date"), "day"),
                Column("weekday", words.text("Day")),
                Column("what", words.text("What"), wide=True),
            ),
            tuple((day, words.weekday(day), what) for day, what in sorted(days)),
            words.text("No holidays."),
        )


def _backups(_agreement: Agreement, annexed: Annexed, words: Words) -> Iterator[Block]:
    kinds = {
        "configuration": words.text("configurations"),
        "files": words.text("files"),
        "database": words.text("database"),
    }

    def length(duration: str | None) -> str | None:
        return span(duration, words) if duration else None

    yield Table(
        "backups",
        words.text("What is backed up"),
        (
            Column("set", words.text("Name"), "word"),
            Column("kind", words.text("What"), wide=True),
            Column("rpo", words.text("At most so old")),
            Column("rto", words.text("Restored within")),
            Column("retention", words.text("Kept")),
            Column("drill", words.text("Proved every")),
        ),
        tuple(
            (
                name,
                kinds[one.kind],
                length(one.rpo),
                length(one.rto),
                length(one.retention),
                length(one.drill),
            )
            for name, one in annexed.backup_sets.items()
        ),
        words.text("Nothing is backed up."),
    )


def _contacts(_agreement: Agreement, annexed: Annexed, words: Words) -> Iterator[Block]:
    roles = {
        "report": words.text("reports"),
        "notice": words.text("notices"),
        "approval": words.text("approvals"),
        "technical": words.text("technical questions"),
        "emergency": words.text("emergencies"),
        "billing": words.text("invoices"),
    }
    yield Table(
        "contacts",
        words.text("Whom the Provider turns to"),
        (
            Column("name", words.text("Name"), wide=True),
            Column("email", words.text("Mail"), "word"),
            Column("phone", words.text("Telephone"), "word"),
            Column("roles", words.text("For")),
        ),
        tuple(
            (
                contact.name,
                contact.email,
                contact.phone,
                words.listed([roles[role] for role in contact.roles]),
            )
            for contact in annexed.contacts
        ),
        words.text("Nobody is named."),
    )


def _key(_agreement: Agreement, annexed: Annexed, words: Words) -> Iterator[Block]:
    yield Paragraph(
        words.text(
            "Marks of the service log are signed with a key of which this is the fingerprint. Whoever has it can "
            "tell marks of the Provider's from others."
        )
    )
    yield Definitions((Definition(words.text("Fingerprint"), annexed.fingerprint),))
