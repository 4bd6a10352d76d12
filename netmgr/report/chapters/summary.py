"""The first page: what happened, in figures and a few sentences that a manager reads."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from netmgr.document.block import Block, Chart, Figure, Figures, Paragraph, Section, Tone
from netmgr.document.locale import Words, msgid
from netmgr.document.wording import outcome
from netmgr.report.changes import ChangeRecord
from netmgr.report.chapters.availability import availability_figure
from netmgr.report.chapters.lights import lights, lights_figure, lights_table
from netmgr.report.charts import changes_chart, compliance_chart
from netmgr.report.history import DeviceRecord, History
from netmgr.report.judges_fees import hours
from netmgr.report.material import Material
from netmgr.report.service_facts import ServiceFacts
from netmgr.report.wording import joined, seconds_between, sentences

_UNSETTLED: Final[Mapping[str, str]] = {
    "open": msgid("The change of {moment} ({change}) has no recorded end; {command} gives it one."),
    "pending": msgid("The change of {moment} ({change}) was held and had not been confirmed."),
    "split": msgid("The change of {moment} ({change}) left some devices changed and some not."),
    "in_doubt": msgid("The change of {moment} ({change}) ended with devices that could not be read."),
}
_AS_INTENDED = ("compliant", "deployed")
_ORDER = ("applied", "rolled_back", "failed", "refused", *_UNSETTLED)
_NAMES: Final = 6


def summary(material: Material, words: Words) -> Section:
    """Figures first, then each promise, then what needs attention, then what nobody measured.

    Charts stand here where there are no promises to be shown.
    """
    history, facts = material.history, material.service
    said = [_told(history, words)]
    figures = list(_figures(history, words).items)
    below: list[Block] = [*_attention(history, words)]
    if facts is None:
        below += [_unmeasured(history, words), *_charts(history, words)]
    else:
        said += _of_tickets(facts, words)
        promised = lights(facts, history, words)
        # Three rows of figures and the promises fit on one page.
        figures = [one for one in figures if one.key != "audits" and (one.key != "unsettled" or one.value)]
        figures = [lights_figure(promised, words), *_service_figures(facts, words), *figures]
        below = [lights_table(promised, words), *below] if promised else below
    told = Paragraph(sentences(said, words))
    return Section("summary", words.text("Summary"), (told, Figures(tuple(figures)), *below))


def _of_tickets(facts: ServiceFacts, words: Words) -> Iterator[str]:
    """How many tickets there were, and how long faults lasted."""
    found = facts.tickets
    if not found:
        yield words.text("No ticket was open.")
        return
    done = sum(ticket.is_over for ticket in found)
    faults = sum(ticket.kind == "fault" for ticket in found)
    yield words.plural(
        "{count} ticket was open, {faults} of them for faults; {done} done.",
        "{count} tickets were open, {faults} of them for faults; {done} done.",
        len(found),
        faults=faults,
        done=done,
    )


def _service_figures(facts: ServiceFacts, words: Words) -> Iterator[Figure]:
    """Hours and costs."""
    fees = facts.fees
    for one in fees.hours[:1]:
        used, whole = one.before + one.used, one.included
        value = words.text("{used} of {included}", used=hours(used, words), included=hours(whole, words))
        detail = words.text("used of those that the fees include")
        yield Figure(
            "hours", words.text("Hours of work"), value, detail, "attention" if used >= whole else "neutral"
        )
    drafts = [each.draft for each in fees.invoices] or ([fees.draft.draft] if fees.draft else [])
    if drafts:
        signs = [-1 if each.kind == "credit_note" else 1 for each in fees.invoices] or [1]
        total = sum((sign * one.total for sign, one in zip(signs, drafts, strict=True)), Decimal(0))
        detail = (
            words.text("invoiced, with tax") if fees.invoices else words.text("not invoiced yet, with tax")
        )
        yield Figure("fees", words.text("Fees"), words.money(total, drafts[0].currency), detail)


def _charts(history: History, words: Words) -> tuple[Chart, ...]:
    done = [change for change in history.changes if change.outcome != "unchanged"]
    return (
        changes_chart(done, history.period, words),
        compliance_chart(history.audits, history.period, words),
    )


def _told(history: History, words: Words) -> str:
    done = [change for change in history.changes if change.outcome != "unchanged"]
    idle = len(history.changes) - len(done)
    devices = len({device for change in done for device in change.devices})
    said = [
        words.text(
            "{changes} to {devices}.",
            changes=words.plural("{count} change", "{count} changes", len(done)),
            devices=words.plural("{count} device", "{count} devices", devices),
        )
        if done
        else words.text("No change was made.")
    ]
    if idle:
        said.append(
            words.plural(
                "{count} deploy found nothing to change.", "{count} deploys found nothing to change.", idle
            )
        )
    audits = len(history.audits)
    said.append(
        words.plural("{count} audit ran.", "{count} audits ran.", audits)
        if audits
        else words.text("No audit ran.")
    )
    return sentences(said, words)


def _figures(history: History, words: Words) -> Figures:
    return Figures(
        (
            _changes(history, words),
            _unsettled(history, words),
            _audits(history, words),
            *_devices(history, words),
            availability_figure(history.availability, words),
            _log(history, words),
        )
    )


def _counts(counts: Counter[str], order: Iterable[str], words: Words) -> str:
    """``3 applied · 1 rolled back``."""
    return " · ".join(
        words.text("{count} {word}", count=counts[code], word=outcome(code, words)[0])
        for code in order
        if counts[code]
    )


def _changes(history: History, words: Words) -> Figure:
    counts = Counter(change.outcome for change in history.changes)
    order = [*_ORDER, *sorted(set(counts) - {*_ORDER, "unchanged"})]
    total = sum(counts.values()) - counts["unchanged"]
    return Figure("changes", words.text("Changes"), total, _counts(counts, order, words))


def _unsettled(history: History, words: Words) -> Figure:
    found = sum(change.outcome in _UNSETTLED for change in history.changes)
    tone: Tone = "bad" if found else "good"
    return Figure("unsettled", words.text("Changes without a clear end"), found, "", tone)


def _audits(history: History, words: Words) -> Figure:
    label = words.text("Audits")
    if not history.audits:
        return Figure("audits", label, 0, words.text("compliance was not measured"), "unknown")
    last = max(run.time for run in history.audits)
    return Figure("audits", label, len(history.audits), words.text("last {moment}", moment=words.clock(last)))


def _devices(history: History, words: Words) -> tuple[Figure, Figure]:
    devices = history.devices
    intended, drift = words.text("Devices as intended"), words.text("Open drift")
    good = sum(device.state in _AS_INTENDED for device in devices)
    drifts = [device.drift for device in devices if device.drift is not None]
    if all(device.state == "never" for device in devices):
        value, detail = words.text("not measured"), words.text("never audited")
        return (
            Figure("intended", intended, value, detail, "unknown"),
            Figure("drift", drift, value, detail, "unknown"),
        )
    others: Counter[str] = Counter(device.state for device in devices if device.state not in _AS_INTENDED)
    figure = Figure(
        "intended",
        intended,
        words.text("{count} of {all}", count=good, all=len(devices)),
        _counts(others, sorted(others), words),
        "good" if good == len(devices) else "attention",
    )
    if not drifts:
        return figure, Figure("drift", drift, 0, "", "good")
    age = words.age(seconds_between(min(drift.since for drift in drifts), history.until))
    return figure, Figure("drift", drift, len(drifts), words.text("oldest: {age}", age=age), "bad")


def _log(history: History, words: Words) -> Figure:
    label, problems = words.text("Service log"), history.proof.problems
    if problems is None:
        return Figure("log", label, words.text("not verified"), "", "unknown")
    if problems:
        count = words.plural("{count} problem", "{count} problems", len(problems))
        return Figure("log", label, words.text("DOES NOT VERIFY"), count, "bad")
    entries = words.plural("{count} entry", "{count} entries", history.cut)
    return Figure("log", label, words.text("verified"), entries, "good")


def _attention(history: History, words: Words) -> Iterator[Paragraph]:
    yield from _open_changes(history.changes, words)
    yield from _broken_glass(history.changes, words)
    yield from _drifted(history.devices, words)
    yield from _unread(history.devices, words)
    if history.proof.problems:
        yield Paragraph(
            words.text("The service log does not verify: see the last section before you rely on it."), "bad"
        )


def _unmeasured(history: History, words: Words) -> Paragraph:
    if history.availability.together.measured:
        return Paragraph(words.text("Not measured in this report: backups."), "unknown")
    return Paragraph(words.text("Not measured in this report: availability, backups."), "unknown")


def _open_changes(changes: tuple[ChangeRecord, ...], words: Words) -> Iterator[Paragraph]:
    for change in changes:
        if (meaning := _UNSETTLED.get(change.outcome)) is not None:
            when = words.clock(change.began)
            yield Paragraph(
                words.text(meaning, moment=when, change=change.change, command="`netmgr recover`"), "bad"
            )


def _broken_glass(changes: tuple[ChangeRecord, ...], words: Words) -> Iterator[Paragraph]:
    broken = sum(change.broken_glass is not None for change in changes)
    if broken:
        told = words.plural(
            "{count} change broke the glass: the table of changes tells what it passed.",
            "{count} changes broke the glass: the table of changes tells what each one passed.",
            broken,
        )
        yield Paragraph(told, "attention")


def _drifted(devices: tuple[DeviceRecord, ...], words: Words) -> Iterator[Paragraph]:
    names = [device.device for device in devices if device.drift is not None]
    if names:
        yield Paragraph(words.text("Drift is open on {devices}.", devices=_listed(names, words)), "bad")


def _unread(devices: tuple[DeviceRecord, ...], words: Words) -> Iterator[Paragraph]:
    names = [device.device for device in devices if device.state in ("unreachable", "error")]
    if names:
        told = words.text(
            "The last audit could not judge {devices}: unreachable, or in error.",
            devices=_listed(names, words),
        )
        yield Paragraph(told, "attention")


def _listed(names: list[str], words: Words) -> str:
    shown = joined(names[:_NAMES], words)
    if len(names) <= _NAMES:
        return shown
    return words.text("{devices} and {count} more", devices=shown, count=len(names) - _NAMES)
