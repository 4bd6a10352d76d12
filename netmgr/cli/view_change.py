"""Plans and results for people: a table that fits 100 columns, a coloured diff, one last line that says it all."""

from collections import Counter
from collections.abc import Iterator

from rich.text import Text

from netmgr.cli.view_diff import Style, print_diff
from netmgr.cli.views import console, print_json, print_table, printable, table
from netmgr.model.approval import Approved
from netmgr.model.change import DeployResult, DeviceOutcome, Plan
from netmgr.model.rehearsal import AttachedRehearsal

_COLOURS = {
    "applied": "green",
    "unchanged": "dim",
    "pending": "yellow",
    "rolled_back": "yellow",
    "refused": "yellow",
    "failed": "red",
    "split": "bold red",
    "in_doubt": "bold red",
}

#: Names that a table's cell lists in full, and adjacencies that a plan does.
_NAMED = 12


def show_plan(plan: Plan, *, output: str, to_stderr: bool = False, style: Style = "unified") -> None:
    """The plan: devices that read as intended are only counted; equal diffs are shown once, with their devices."""
    if output == "json":
        print_json("plan", plan.model_dump(mode="json"))
        return
    out = console(stderr=to_stderr)
    groups: dict[str, list[str]] = {}
    for device in plan.changed:
        groups.setdefault(device.diff, []).append(device.device)
    for diff, names in groups.items():
        out.print(Text(", ".join(names), "bold"))
        print_diff(out, diff, style)
    for warning in (*plan.warnings, *_warnings(plan)):
        out.print(Text(f"warning: {printable(warning)}", "yellow"))
    for error in plan.unreachable.values():
        out.print(Text(f"not planned: {printable(error)}", "red"))
    for refusal in plan.refused:
        out.print(
            Text(f"deploy would be refused ({refusal.gate}): {refusal.reason}; {refusal.remedy}", "yellow")
        )
    if plan.rehearsal:
        show_attached(plan.rehearsal, to_stderr=to_stderr)
    changed = plan.changed
    if not changed:
        unread = f", {len(plan.unreachable)} could not be read" if plan.unreachable else ""
        out.print(
            f"plan {plan.id}: no changes; {len(plan.devices)} devices read as intended{unread}",
            soft_wrap=True,
        )
        return
    _show_waves(plan, to_stderr=to_stderr)
    added, removed = sum(d.added for d in changed), sum(d.removed for d in changed)
    out.print(
        f"plan {plan.id}: {len(changed)} to change (+{added} -{removed} lines), "
        f"{len(plan.devices) - len(changed)} unchanged\n{_guarantee(plan)}"
    )


def show_attached(rehearsal: AttachedRehearsal, *, to_stderr: bool) -> None:
    """What became of the plan when it was rehearsed, in a line."""
    marked = f", {rehearsal.emulated} devices EMULATED" if rehearsal.emulated else ""
    if not rehearsal.exact:
        text, colour = f"the rehearsal at {rehearsal.time} was of what is out of date", "yellow"
    elif rehearsal.outcome == "failed":
        cut = f": {rehearsal.partitions} pairs of loopbacks lost each other" if rehearsal.partitions else ""
        text, colour = f"rehearsed at {rehearsal.time}, failed{cut}{marked}", "red"
    else:
        lost = f"at worst {rehearsal.seconds_lost:.2f} s without connectivity"
        text, colour = f"rehearsed at {rehearsal.time}, passed: {lost}{marked}", "green"
    console(stderr=to_stderr).print(Text(text, colour), soft_wrap=True)


def _show_waves(plan: Plan, *, to_stderr: bool) -> None:
    """The waves in their order, why they are what they are, and what waits for a later one."""
    rows = table("WAVE", "DEVICES", "TIMER", "WHY", "CUTS OFF", right=frozenset({"WAVE", "TIMER"}))
    for wave, why, timer in zip(plan.waves, plan.why, plan.timers, strict=True):
        rows.add_row(
            str(why.wave),
            _names(wave),
            "none" if set(wave) <= set(plan.timerless) else f"{timer.seconds} s",
            printable(why.reason),
            _names(why.cut_off),
        )
    print_table(rows, stderr=to_stderr)
    out = console(stderr=to_stderr)
    in_full = sum(len(device.pending) for device in plan.changed) <= _NAMED
    for device in plan.changed:
        count = f"{len(device.pending)} adjacencies wait for a later wave; -o json names them"
        for line in device.pending if in_full else [count] if device.pending else ():
            out.print(Text(f"pending: {device.device}: {printable(line)}", "yellow"))


def _names(names: tuple[str, ...]) -> str:
    """Names for a table's cell; of very many only the first."""
    more = len(names) - _NAMED
    return ", ".join(names) if more < 2 else f"{', '.join(names[:_NAMED])} and {more} more"


def _guarantee(plan: Plan) -> str:
    """What holds if something fails, in words."""
    timer = f"device-side timer {plan.confirm_in} s"
    if plan.timerless:
        alone = f"{_names(plan.timerless)} only while netmgr runs and can log in: no device-side timer"
        timer = alone if len(plan.timerless) == len(plan.changed) else f"{timer}; {alone}"
    if plan.atomic == "network":
        return f"guarantee: all or nothing (atomic: network), {timer}"
    return (
        f"guarantee: each wave all or nothing (atomic: wave), {timer}; if a wave fails,"
        f" those before it are brought back by a change of their own; because {plan.atomic_reason}"
    )


def _warnings(plan: Plan) -> Iterator[str]:
    """Each warning once, with the devices that it is of where it does not name them itself."""
    of: dict[str, list[str]] = {}
    for device in plan.devices:
        for warning in device.warnings:
            of.setdefault(warning, []).append(device.device)
    for warning, names in of.items():
        named = f" {names[0]}: " in f" {warning}"
        yield warning if named else f"{_names(tuple(names))}: {warning}"


def show_result(result: DeployResult, *, output: str) -> None:
    """What became of each device, the checks that do not hold, and the sum of it."""
    if output == "json":
        print_json("deploy", result.model_dump(mode="json"))
        return
    out = console()
    rows = table("OUTCOME", "PHASE", "DEVICES", "WHY")
    alike: dict[tuple[DeviceOutcome, str, str], list[str]] = {}
    for device in result.devices:
        if device.outcome != "unchanged":
            why = printable(device.error or "").removeprefix(f"{device.device}: ")
            alike.setdefault((device.outcome, device.phase, why), []).append(device.device)
    for (outcome, phase, why), names in alike.items():
        rows.add_row(Text(outcome, _COLOURS[outcome]), phase, ", ".join(names), why)
    if rows.row_count:
        print_table(rows)
    for check in result.checks:
        if check.status != "passed":
            only_told = " (warning)" if check.severity == "warn" else ""
            status = f"{check.status.replace('_', ' ')}{only_told}"
            line = f"check {status}: {check.device}: {check.name}: {printable(check.detail)}"
            out.print(Text(line, "red" if check.stops else "yellow"))
    for refusal in result.refused:
        out.print(Text(f"refused ({refusal.gate}): {refusal.reason}; {refusal.remedy}", "yellow"))
    counts = Counter(device.outcome for device in result.devices)
    summary = ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in counts.items())
    last = Text(result.outcome.replace("_", " "), _COLOURS[result.outcome])
    last.append(f": {summary or 'nothing touched'} in {result.seconds:.1f} s")
    if result.change:
        last.append(f" (change {result.change})", "dim")
    out.print(last)
    for line, style in _afterwards(result):
        out.print(Text(line, style), soft_wrap=True)


def _afterwards(result: DeployResult) -> Iterator[tuple[str, str]]:
    """What else is to be known, and what to run; each with its style."""
    command = f"netmgr recover -c {result.client}"
    if result.compensation:
        yield f"what had been confirmed was taken back by change {result.compensation}", "yellow"
    if result.split:
        yield f"as planned: {', '.join(result.split.as_planned)}", "bold red"
        yield f"as before:  {', '.join(result.split.as_before)}", "bold red"
    if result.outcome == "in_doubt":
        yield f"run `{command}` when the devices can be read", "bold red"
    if result.outcome == "split":
        yield f"run `{command} --back {result.change}` or, to finish the change, `--forward`", "bold red"
    if result.outcome == "pending":
        end = "before the timers end, or it goes back"
        yield f"run `netmgr confirm {result.change} -c {result.client}` {end}", ""


def show_approved(approved: Approved, *, output: str) -> None:
    """Who approved what, and until when it holds."""
    if output == "json":
        print_json("approval", approved.model_dump(mode="json"))
        return
    console().print(
        f"{approved.by} approved plan {approved.plan} of {approved.client} ({approved.target}) until {approved.expires}"
    )
