"""What the last drill proved: two lines that are not to be mixed up."""

from datetime import datetime, timedelta
from decimal import Decimal

from netmgr.document.block import Paragraph, Section, Tone
from netmgr.document.locale import Words
from netmgr.model.drill import OUTCOMES
from netmgr.report.judging import length_said
from netmgr.report.material import Material
from netmgr.report.restores import TWINS, DrillRecord
from netmgr.report.wording import DRILLED, joined, word

#: A drill that is older proves nothing any more.
_FRESH = timedelta(days=90)


def restores(material: Material, words: Words) -> Section:
    """Two lines that are not to be mixed up: what a drill proves, and how long it takes to restore a service."""
    drills, until = material.history.drills, material.history.until
    return Section(
        "restores",
        words.text("Proved restores"),
        (*_proved(drills, words, until), _restored(material, words)),
    )


def _restored(material: Material, words: Words) -> Paragraph:
    """What real restores took. A drill never stands here."""
    done = material.service.restores if material.service else ()
    if not done:
        not_measured = words.text(
            "Time to restore service: not measured. It is measured in incidents and on-site drills; a drill on a twin "
            "says nothing of it."
        )
        return Paragraph(not_measured, "unknown")
    longest = max(done, key=lambda one: one.done - one.needed)
    time, seq = length_said(longest.done - longest.needed, words), str(longest.seqs[-1])
    said = words.text(
        "Time to restore service: {time} at most, in the network (log entry {seq}).", time=time, seq=seq
    )
    return Paragraph(said)


def _proved(drills: tuple[DrillRecord, ...], words: Words, until: datetime) -> tuple[Paragraph, ...]:
    nothing = Paragraph(
        words.text("Not measured: no drill has shown that the configuration can be restored."), "unknown"
    )
    if not drills:
        return (nothing,)
    last, *passed = drills
    said: list[Paragraph] = []
    if not last.passed:
        said.append(Paragraph(_failure(last, words), "bad"))
        if passed:
            when = words.clock(passed[0].time)
            said.append(
                Paragraph(words.text("The last drill that passed was that of {moment}.", moment=when))
            )
    tone: Tone = "good" if last.passed else "attention"
    if until - last.time > _FRESH:
        tone = "unknown"
        said.append(Paragraph(words.text("Not measured: the last drill is more than 90 days old."), tone))
    for key, twin in TWINS:
        if last.recovered is not None and last.counts.get(key):
            proved = words.text(
                "Configuration proved restorable on {twin}: {moment}, {seconds} s ({devices}).",
                twin=words.text(twin, system="FRR"),
                moment=words.clock(last.time),
                seconds=words.number(Decimal(f"{last.recovered / 1000:.1f}"), 1),
                devices=words.plural("{count} device", "{count} devices", last.counts[key]),
            )
            said.append(Paragraph(proved, tone))
    return tuple(said) or (nothing,)


def _failure(drill: DrillRecord, words: Words) -> str:
    others = [
        words.text("{count} {word}", count=drill.counts[code], word=word(DRILLED, code, words))
        for code in OUTCOMES[1:]
        if drill.counts.get(code)
    ]
    why = words.text(" ({details})", details=joined(others, words)) if others else ""
    return words.text(
        "The drill of {moment} failed: {proved} of {devices} devices were proved{why}.",
        moment=words.clock(drill.time),
        proved=drill.counts.get("proved", 0),
        devices=drill.counts.get("devices", 0),
        why=why,
    )
