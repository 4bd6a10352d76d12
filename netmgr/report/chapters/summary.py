"""The first page: what happened, in figures and a few sentences that a manager reads."""

from collections import Counter

from netmgr.document.block import Chart, Figure, Figures, Paragraph, Section, Tone
from netmgr.document.locale import Words
from netmgr.document.wording import outcome
from netmgr.report.changes import ChangeRecord
from netmgr.report.chapters.availability import availability_figure
from netmgr.report.charts import changes_chart, compliance_chart
from netmgr.report.history import DeviceRecord, History
from netmgr.report.material import Material
from netmgr.report.wording import counted, number, seconds_between

_UNSETTLED = ("open", "pending", "split", "in_doubt")
_AS_INTENDED = ("compliant", "deployed")
_ORDER = ("applied", "rolled_back", "failed", "refused", *_UNSETTLED)


def summary(material: Material, words: Words) -> Section:
    """Figures first, then what needs attention, then what nobody measured."""
    history = material.history
    return Section(
        "summary",
        "Summary",
        (
            Paragraph(_sentence(history)),
            _figures(history, words),
            *_attention(history, words),
            *_charts(history),
        ),
    )


def _charts(history: History) -> tuple[Chart, ...]:
    done = [change for change in history.changes if change.outcome != "unchanged"]
    return changes_chart(done, history.period), compliance_chart(history.audits, history.period)


def _sentence(history: History) -> str:
    done = [change for change in history.changes if change.outcome != "unchanged"]
    idle = len(history.changes) - len(done)
    devices = len({device for change in done for device in change.devices})
    said = [
        f"{counted(len(done), 'change')} to {counted(devices, 'device')}" if done else "No change was made"
    ]
    if idle:
        said.append(f"{counted(idle, 'deploy')} found nothing to change")
    said.append(f"{counted(len(history.audits), 'audit')} ran" if history.audits else "no audit ran")
    return "; ".join(said) + "."


def _figures(history: History, words: Words) -> Figures:
    return Figures(
        (
            _changes(history, words),
            _unsettled(history),
            _audits(history, words),
            *_devices(history, words),
            availability_figure(history.availability),
            _log(history),
        )
    )


def _changes(history: History, words: Words) -> Figure:
    counts = Counter(change.outcome for change in history.changes)
    order = [*_ORDER, *sorted(set(counts) - {*_ORDER, "unchanged"})]
    parts = [f"{number(counts[word])} {outcome(word, words)[0]}" for word in order if counts[word]]
    total = sum(counts.values()) - counts["unchanged"]
    return Figure("changes", "Changes", total, " · ".join(parts))


def _unsettled(history: History) -> Figure:
    found = sum(change.outcome in _UNSETTLED for change in history.changes)
    tone: Tone = "bad" if found else "good"
    return Figure("unsettled", "Changes without a clear end", found, "", tone)


def _audits(history: History, words: Words) -> Figure:
    if not history.audits:
        return Figure("audits", "Audits", 0, "compliance was not measured", "unknown")
    last = max(run.time for run in history.audits)
    return Figure("audits", "Audits", len(history.audits), f"last {words.clock(last)}")


def _devices(history: History, words: Words) -> tuple[Figure, Figure]:
    devices = history.devices
    good = sum(device.state in _AS_INTENDED for device in devices)
    drifts = [device.drift for device in devices if device.drift is not None]
    if all(device.state == "never" for device in devices):
        intended = Figure("intended", "Devices as intended", "not measured", "never audited", "unknown")
        return intended, Figure("drift", "Open drift", "not measured", "never audited", "unknown")
    others = Counter(device.state for device in devices if device.state not in _AS_INTENDED)
    detail = " · ".join(
        f"{number(count)} {outcome(state, words)[0]}" for state, count in sorted(others.items())
    )
    tone: Tone = "good" if good == len(devices) else "attention"
    intended = Figure(
        "intended", "Devices as intended", f"{number(good)} of {number(len(devices))}", detail, tone
    )
    if not drifts:
        return intended, Figure("drift", "Open drift", 0, "", "good")
    oldest = words.age(seconds_between(min(drift.since for drift in drifts), history.until))
    return intended, Figure("drift", "Open drift", len(drifts), f"oldest: {oldest}", "bad")


def _log(history: History) -> Figure:
    problems = history.proof.problems
    if problems is None:
        return Figure("log", "Service log", "not verified", "", "unknown")
    if problems:
        return Figure("log", "Service log", "DOES NOT VERIFY", counted(len(problems), "problem"), "bad")
    return Figure("log", "Service log", "verified", counted(history.cut, "entry", "entries"), "good")


def _attention(history: History, words: Words) -> tuple[Paragraph, ...]:
    found = [*_open_changes(history, words), *_broken_glass(history), *_drifted(history), *_unread(history)]
    if history.proof.problems:
        found.append(
            Paragraph("The service log does not verify: see the last section before you rely on it.", "bad")
        )
    nothing = [] if history.availability.together.measured else ["availability"]
    return (*found, Paragraph(f"Not measured in this report: {', '.join([*nothing, 'backups'])}.", "unknown"))


def _open_changes(history: History, words: Words) -> list[Paragraph]:
    return [
        Paragraph(_ending(change, words), "bad") for change in history.changes if change.outcome in _UNSETTLED
    ]


def _ending(change: ChangeRecord, words: Words) -> str:
    meaning = {
        "open": "has no recorded end; `netmgr recover` gives it one",
        "pending": "was held and had not been confirmed",
        "split": "left some devices changed and some not",
        "in_doubt": "ended with devices that could not be read",
    }[change.outcome]
    return f"The change of {words.clock(change.began)} ({change.change}) {meaning}."


def _broken_glass(history: History) -> list[Paragraph]:
    broken = [change for change in history.changes if change.broken_glass is not None]
    if not broken:
        return []
    what = counted(len(broken), "change")
    return [
        Paragraph(f"{what} broke the glass: the table of changes tells what each one passed.", "attention")
    ]


def _drifted(history: History) -> list[Paragraph]:
    names = [device.device for device in history.devices if device.drift is not None]
    return [Paragraph(f"Drift is open on {_listed(names)}.", "bad")] if names else []


def _unread(history: History) -> list[Paragraph]:
    unread: list[DeviceRecord] = [d for d in history.devices if d.state in ("unreachable", "error")]
    if not unread:
        return []
    return [
        Paragraph(
            f"The last audit could not judge {_listed([d.device for d in unread])}: unreachable, or in error.",
            "attention",
        )
    ]


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:6])
    return shown if len(names) <= 6 else f"{shown} and {number(len(names) - 6)} more"
