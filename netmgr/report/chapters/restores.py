"""What the last drill proved: two lines that are not to be mixed up."""

from datetime import datetime, timedelta

from netmgr.document.block import Paragraph, Section, Tone
from netmgr.document.locale import Words
from netmgr.model.drill import OUTCOMES
from netmgr.report.material import Material
from netmgr.report.restores import TWINS, DrillRecord
from netmgr.report.wording import counted, number

#: A drill that is older proves nothing any more.
_FRESH = timedelta(days=90)


def restores(material: Material, words: Words) -> Section:
    """Two lines that are not to be mixed up: what a drill proves, and how long it takes to restore a service."""
    drills, until = material.history.drills, material.history.until
    not_measured = Paragraph(
        "Time to restore service: not measured. It is measured in incidents and on-site drills; a drill on a twin "
        "says nothing of it.",
        "unknown",
    )
    return Section("restores", "Proved restores", (*_proved(drills, words, until), not_measured))


def _proved(drills: tuple[DrillRecord, ...], words: Words, until: datetime) -> tuple[Paragraph, ...]:
    nothing = Paragraph("Not measured: no drill has shown that the configuration can be restored.", "unknown")
    if not drills:
        return (nothing,)
    last, *passed = drills
    said: list[Paragraph] = []
    if not last.passed:
        said.append(Paragraph(_failure(last, words), "bad"))
        if passed:
            when = words.clock(passed[0].time)
            said.append(Paragraph(f"The last drill that passed was that of {when}.", "neutral"))
    tone: Tone = "good" if last.passed else "attention"
    if until - last.time > _FRESH:
        tone = "unknown"
        said.append(Paragraph("Not measured: the last drill is more than 90 days old.", tone))
    for key, twin in TWINS:
        if last.recovered is not None and last.counts.get(key):
            devices = counted(last.counts[key], "device")
            said_when = f"{words.clock(last.time)}, {last.recovered / 1000:.1f} s ({devices})"
            said.append(Paragraph(f"Configuration proved restorable on {twin}: {said_when}.", tone))
    return tuple(said) or (nothing,)


def _failure(drill: DrillRecord, words: Words) -> str:
    others = [f"{number(drill.counts[word])} {word}" for word in OUTCOMES[1:] if drill.counts.get(word)]
    proved, devices = drill.counts.get("proved", 0), drill.counts.get("devices", 0)
    why = f" ({', '.join(others)})" if others else ""
    return (
        f"The drill of {words.clock(drill.time)} failed: {number(proved)} of {number(devices)} devices "
        f"were proved{why}."
    )
