"""How much of the time each device answered."""

from netmgr.document.block import Column, Figure, Paragraph, Section, Table
from netmgr.document.locale import Words
from netmgr.model.availability import ENOUGH, Availability
from netmgr.report.availability import AvailabilityRecord
from netmgr.report.material import Material
from netmgr.report.wording import percent, sentences


def availability(material: Material, words: Words) -> Section:
    """Each device, and all together."""
    record = material.history.availability
    if not record.days:
        none = words.text("Not measured: no device was asked for signs of life.")
        return Section("availability", words.text("Availability"), (Paragraph(none, "unknown"),))
    table = Table(
        "availability",
        words.text("How much of the time each device answered"),
        (
            Column("device", words.text("Device"), "word", wide=True),
            Column("available", words.text("Available"), absent=words.text("not measured")),
            Column("measured", words.text("Measured")),
            Column("down", words.text("Down"), "duration"),
            Column("times", words.text("Went down"), "count"),
        ),
        tuple(
            (
                name,
                _available(made, words),
                _measured(made, words),
                made.down * 1000,
                record.down.get(name, 0),
            )
            for name, made in record.devices.items()
        ),
        words.text("No device was asked for signs of life."),
    )
    rule = sentences(
        (
            words.text(
                "What was measured is whether the management address of each device answered. A sample that failed "
                "counts as down until the next one. The time that a device was under maintenance does not count."
            ),
            words.text(
                "Where less than {share} of the time was measured, it is not measured.",
                share=percent(ENOUGH, 0, words),
            ),
        ),
        words,
    )
    return Section("availability", words.text("Availability"), (Paragraph(rule), table))


def availability_figure(record: AvailabilityRecord, words: Words) -> Figure:
    """All devices together."""
    together = record.together
    label = words.text("Availability")
    available = _available(together, words)
    if available is None:
        detail = (
            words.text("measured {share} of the time", share=_measured(together, words))
            if record.days
            else words.text("no samples")
        )
        return Figure("availability", label, words.text("not measured"), detail, "unknown")
    times = sum(record.down.values())
    return Figure(
        "availability",
        label,
        available,
        words.plural("{count} time a device went down", "{count} times a device went down", times)
        if times
        else words.text("no device went down"),
        "attention" if together.down else "good",
    )


def _available(made: Availability, words: Words) -> str | None:
    return None if made.percent is None else percent(made.percent, 3, words)


def _measured(made: Availability, words: Words) -> str:
    return percent(made.share, 1, words)
