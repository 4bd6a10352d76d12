"""How much of the time each device answered."""

from netmgr.document.block import Column, Figure, Paragraph, Section, Table
from netmgr.document.locale import Words
from netmgr.model.availability import ENOUGH, Availability
from netmgr.report.availability import AvailabilityRecord
from netmgr.report.material import Material
from netmgr.report.wording import counted

_WHAT = (
    "What was measured is whether the management address of each device answered. A sample that failed counts as "
    "down until the next one. The time that a device was under maintenance does not count."
)


def availability(material: Material, _words: Words) -> Section:
    """Each device, and all together."""
    record = material.history.availability
    if not record.days:
        return Section(
            "availability",
            "Availability",
            (Paragraph("Not measured: no device was asked for signs of life.", "unknown"),),
        )
    table = Table(
        "availability",
        "How much of the time each device answered",
        (
            Column("device", "Device", "word", wide=True),
            Column("available", "Available", absent="not measured"),
            Column("measured", "Measured"),
            Column("down", "Down", "duration"),
            Column("times", "Went down", "count"),
        ),
        tuple(
            (name, _percent(made), f"{made.share:.1f} %", made.down * 1000, record.down.get(name, 0))
            for name, made in record.devices.items()
        ),
        "No device was asked for signs of life.",
    )
    rule = f"Where less than {ENOUGH} % of the time was measured, it is not measured."
    return Section("availability", "Availability", (Paragraph(f"{_WHAT} {rule}"), table))


def availability_figure(record: AvailabilityRecord) -> Figure:
    """All devices together."""
    together = record.together
    if together.percent is None:
        detail = f"measured {together.share:.1f} % of the time" if record.days else "no samples"
        return Figure("availability", "Availability", "not measured", detail, "unknown")
    times = sum(record.down.values())
    return Figure(
        "availability",
        "Availability",
        f"{together.percent:.3f} %",
        f"{counted(times, 'time')} a device went down" if times else "no device went down",
        "attention" if together.down else "good",
    )


def _percent(made: Availability) -> str | None:
    return None if made.percent is None else f"{made.percent:.3f} %"
