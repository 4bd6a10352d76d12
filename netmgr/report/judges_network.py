"""Judging what is promised of the network: availability, audits, drift, backups, restores, drills, software, notice."""

from decimal import Decimal

from netmgr.document.locale import Words
from netmgr.model.availability import percent
from netmgr.model.duration import length
from netmgr.report.judging import Case, Judged, length_said, nothing, time_said, worst
from netmgr.report.service_facts import Result
from netmgr.report.windows import NOT_MEASURED, Measured, between, between_all, lasting


def availability(case: Case, words: Words) -> Judged:
    """Each month or quarter that has ended against the target; one that goes on is not decided."""
    found = [one for one in case.facts.availability if one.version in case.versions]
    if not found:
        return nothing(words.text("no month or quarter begins under this version"))
    if not any(one.sums.seconds for one in found):
        return Judged("not_measured", words.text("no device was asked for signs of life"))
    results: list[Result] = []
    said: list[str] = []
    for one in found:
        sums, known = one.sums, one.sums.up + one.sums.down
        if not sums.measured:
            results.append(_open(over=one.over))
            share = words.percent(Decimal(f"{sums.share:.3f}") / 100)
            said.append(words.text("measured {share} of the time, which is too little", share=share))
            continue
        result: Result = "met" if one.kept else "missed"
        results.append(result if one.over else "running")
        up = Decimal(f"{percent(sums.up, known):.3f}") / 100
        said.append(words.text("{share} of the time", share=words.percent(up)))
    seqs = tuple(seq for one in found for seq in one.seqs)
    return Judged(worst(results), words.text("; ").join(said), seqs)


def _open(*, over: bool) -> Result:
    return "not_measured" if over else "running"


def audits(case: Case, words: Words) -> Judged:
    """The longest time between two audits of a device."""
    return _time(case, "audit", words)


def backups(case: Case, words: Words) -> Judged:
    """The oldest that a device's newest backup became."""
    return _time(case, "backup_age", words)


def drift(case: Case, words: Words) -> Judged:
    """The longest time that a difference stayed without being put right or decided."""
    return _time(case, "drift_age", words)


def software(case: Case, words: Words) -> Judged:
    """The longest time that software below the supported minimum stayed."""
    return _time(case, "unsupported", words)


def drills(case: Case, words: Words) -> Judged:
    """The longest time between two drills that passed."""
    return _time(case, "drill", words)


def _time(case: Case, name: str, words: Words) -> Judged:
    measured = time_measured(case, name)
    return Judged(measured.result, time_said(measured, words), measured.seqs)


def time_measured(case: Case, name: str) -> Measured:
    """A promise of a length of time, by its key among the agreement's promises; not measured where none is promised."""
    promised = getattr(case.agreement.promises, name)
    if promised is None:
        return NOT_MEASURED
    limit, seen, version = length(promised), case.facts.observed, case.version
    match name:
        case "audit":
            return between(case.devices, seen.audits, version, limit)
        case "backup_age":
            return between(case.devices, seen.backups, version, limit)
        case "drift_age":
            return lasting(case.devices, seen.drift, seen.audits, version, limit)
        case "unsupported":
            return lasting(case.devices, seen.unsupported, seen.software, version, limit)
        case _:
            return between_all(case.facts.drills, version.since, version, limit)


def restore(case: Case, words: Words) -> Judged:
    """Configurations that were given back to devices in the network. A drill proves something else."""
    promised = case.agreement.promises.restore
    done = [one for one in case.facts.restores if case.holds(one.done)]
    if promised is None or not done:
        return nothing(words.text("none was needed; a drill does not count"))
    longest = max(done, key=lambda one: one.done - one.needed)
    time = longest.done - longest.needed
    result: Result = "missed" if time > length(promised) else "met"
    said = words.plural(
        "{count} restore; longest: {time}",
        "{count} restores; longest: {time}",
        len(done),
        time=length_said(time, words),
    )
    return Judged(result, said, tuple(seq for one in done for seq in one.seqs))


def backup_service(case: Case, words: Words) -> Judged:
    """That there are backups, and that they can be restored: as old as is promised, or 90 days."""
    promises = case.agreement.promises
    parts = [
        time_measured(case, name) for name in ("backup_age", "drill") if getattr(promises, name) is not None
    ]
    if not parts:
        return Judged("not_measured", words.text("nothing is promised that could be measured"))
    seqs = sorted({seq for part in parts for seq in part.seqs})
    result = worst(part.result for part in parts)
    return Judged(result, words.text("; ").join(time_said(part, words) for part in parts), tuple(seqs))


def changes(case: Case, words: Words) -> Judged:
    """Changes that were made: each is planned, checked and recorded, and has an end."""
    made = [
        change
        for change in case.history.changes
        if case.holds(change.began) and change.outcome != "unchanged"
    ]
    if not made:
        return nothing(words.text("no change was made"))
    unclear = sum(change.outcome in ("open", "pending", "split", "in_doubt") for change in made)
    said = words.plural("{count} change", "{count} changes", len(made))
    if unclear:
        said = words.text("{changes}, {count} of them without a clear end", changes=said, count=unclear)
    return Judged("missed" if unclear else "met", said, tuple(change.seq for change in made))


def notice(case: Case, words: Words) -> Judged:
    """Changes that were announced as long before as is agreed; emergencies need none."""
    made = [one for one in case.facts.announced if case.holds(one.began)]
    judged = [one for one in made if not one.exempt]
    if not judged:
        said = words.text("only emergencies") if made else words.text("no change was made")
        return Judged("not_measured", said, tuple(one.seq for one in made), idle=True)
    told = [one for one in judged if one.free is not None and one.free <= one.began]
    said = words.text("{count} of {total} changes announced in time", count=len(told), total=len(judged))
    seqs = sorted({seq for one in judged for seq in (one.seq, one.notice) if seq is not None})
    return Judged("met" if len(told) == len(judged) else "missed", said, tuple(seqs))
