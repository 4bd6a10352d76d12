"""How each device under the agreement stood: audited, as agreed, supported, backed up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from netmgr.document.block import Column, Paragraph, Section, Table, Value
from netmgr.document.locale import Words, msgid
from netmgr.report.judging import length_said
from netmgr.report.material import Material
from netmgr.report.service_facts import Act, InForce, Observed
from netmgr.report.windows import FRESH, Covered, covered

SOFTWARE = {
    "supported": msgid("supported"),
    "old": msgid("below the supported minimum"),
}


def operating(material: Material, words: Words) -> Section | None:
    """One line for each device that the version in force at the end covers."""
    facts = material.service
    held = [version for version in facts.versions if version.begins < version.ends] if facts else []
    if facts is None or not held:
        return None
    last = held[-1]
    devices = covered(last, facts.looked_after)
    table = Table(
        "operating",
        words.text("Devices under the agreement, as they stood at the end"),
        (
            Column("device", words.text("Device"), "word", wide=True),
            Column("audited", words.text("Last audit"), "time", absent=words.text("never")),
            Column("drift", words.text("As agreed"), absent=words.text("not measured")),
            Column("software", words.text("Software"), absent=words.text("not measured")),
            Column("backup", words.text("Newest backup"), "time", absent=words.text("none")),
            Column("oldest", words.text("Oldest it became"), absent=words.text("not measured")),
        ),
        tuple(_device(device, last, facts.observed, words) for device in devices),
        words.text("No device is covered, or the log knows of none."),
    )
    said = words.text(
        "An audit or a backup that is more than 90 days old shows nothing of today. The oldest a backup became is the "
        "longest time in this period without a newer one."
    )
    return Section("operating", words.text("Operating status"), (Paragraph(said), table))


def _device(device: Covered, version: InForce, seen: Observed, words: Words) -> tuple[Value, ...]:
    ends = min(device.until, version.ends)
    audited, backup = _newest(seen.audits, device, ends), _newest(seen.backups, device, ends)
    told = _newest(seen.software, device, ends)
    old = any(spell.until is None or spell.until > ends for spell in seen.unsupported.get(device.name, ()))
    return (
        device.name,
        audited,
        _drift(device, seen, ends, words) if audited and audited >= ends - FRESH else None,
        words.text(SOFTWARE["old" if old else "supported"]) if told and told >= ends - FRESH else None,
        backup,
        _oldest(device, version, seen, ends, words),
    )


def _newest(acts: Mapping[str, Sequence[Act]], device: Covered, ends: datetime) -> datetime | None:
    return max((act.at for act in acts.get(device.name, ()) if act.at < ends), default=None)


def _drift(device: Covered, seen: Observed, ends: datetime, words: Words) -> str:
    spells = [one for one in seen.drift.get(device.name, ()) if one.since < ends]
    if not spells or (spells[-1].until is not None and spells[-1].until <= ends):
        return words.text("yes")
    age = words.age(int((ends - spells[-1].since).total_seconds()))
    if spells[-1].decided is not None:
        return words.text("no, for {age}; let be by decision", age=age)
    return words.text("no, for {age}", age=age)


def _oldest(device: Covered, version: InForce, seen: Observed, ends: datetime, words: Words) -> str | None:
    done = [act.at for act in seen.backups.get(device.name, ()) if act.at < ends]
    if not done:
        return None
    first = [max(device.since, version.begins)] if done[0] > max(device.since, version.begins) else []
    edges = [*first, *done, ends]
    longest = max(later - earlier for earlier, later in pairwise(edges) if later > version.begins)
    return length_said(longest, words)
