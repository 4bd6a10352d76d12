"""Probes and availability for people."""

from datetime import datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from netmgr.cli.views import console, print_json, print_table, printable, table
from netmgr.model.probe import CheckedSamples, Measured, MeasuredClient, ProbedHistory, ProbeRun, ProbeState

_COLOURS: dict[ProbeState, str] = {"down": "bold red", "unknown": "yellow", "exempt": "cyan"}


def show_run(made: ProbeRun, *, output: str) -> None:
    """Who did not answer on standard output, how many did on standard error."""
    if output == "json":
        print_json("probe", made.model_dump(mode="json"))
        return
    aside = console(stderr=True)
    if not made.taken:
        aside.print(f"the sample of {made.at} was taken already; the next is due {made.interval} s after it")
        return
    silent = [each for each in made.devices if each.state != "up"]
    if silent:
        rows = table("DEVICE", "STATE", "WHY")
        for each in silent:
            rows.add_row(each.device, Text(each.state, _COLOURS[each.state]), printable(each.detail))
        print_table(rows)
    counts = (
        (sum(d.state == state for d in made.devices), state) for state in ("up", "down", "unknown", "exempt")
    )
    aside.print(", ".join(f"{count} {state}" for count, state in counts if count))


def show_list(found: MeasuredClient, *, output: str) -> None:
    """A line for each device, the client's last."""
    if output == "json":
        print_json("availability", found.model_dump(mode="json"))
        return
    numbers = ("AVAILABLE", "MEASURED", "SAMPLES", "DOWN", "TIMES")
    rows = table("DEVICE", "NOW", *numbers, right=frozenset(numbers))
    for each in found.devices:
        rows.add_row(each.device, Text(each.state, _COLOURS.get(each.state, "")), *_cells(each))
    rows.add_row(found.client, "", *_cells(found))
    print_table(rows)
    zone = ZoneInfo(found.timezone)
    console(stderr=True).print(
        f"{_clock(found.start, zone)} to {_clock(found.end, zone)} ({found.timezone}), a sample every "
        f"{found.interval} s{_without(found)}"
    )


def show_history(found: ProbedHistory, *, output: str) -> None:
    """The figures, then what happened, the newest first."""
    if output == "json":
        print_json("availability-device", found.model_dump(mode="json", by_alias=True))
        return
    out, zone, device = console(), ZoneInfo(found.timezone), found.device
    since = f" since {_clock(device.since, zone)}" if device.since and device.state != "unknown" else ""
    out.print(f"{device.device} is {device.state}{since}")
    available, share, samples, down, _ = _cells(device)
    out.print(f"available {available}, measured {share} ({samples} samples), down {down}{_without(device)}")
    if found.transitions:
        rows = table("WHEN", "FROM", "TO", "AFTER", "ENTRY", right=frozenset({"AFTER", "ENTRY"}))
        for each in found.transitions:
            after = "" if each.seconds is None else _lasted(each.seconds)
            rows.add_row(
                _clock(each.since, zone),
                each.from_,
                Text(each.to, _COLOURS.get(each.to, "")),
                after,
                str(each.seq),
            )
        print_table(rows)


def show_check(made: CheckedSamples, *, output: str) -> None:
    """The days that differ; how many there were of each kind on standard error."""
    if output == "json":
        print_json("probe-check", made.model_dump(mode="json"))
        return
    different = list(made.different)
    if different:
        rows = table("DAY", "ENTRY", "SAMPLES")
        for day in different:
            rows.add_row(day.day, str(day.seq), Text(day.status, "bold red"))
        print_table(rows)
    counts = ((sum(day.status == word for day in made.days), word) for word in ("same", "different", "gone"))
    said = ", ".join(f"{count} {word}" for count, word in counts if count)
    console(stderr=True).print(f"days: {said}" if said else "the log has no day's digest yet")


def _cells(made: Measured) -> tuple[str, str, str, str, str]:
    available = "not measured" if made.availability is None else f"{made.availability:.3f} %"
    return (
        available,
        f"{made.share:.1f} %" if made.share < 99.95 or made.share == 100 else "99.9 %",
        f"{made.taken}/{made.expected}",
        _lasted(made.seconds_down),
        str(made.transitions),
    )


def _without(made: Measured) -> str:
    """What does not count, where there is something."""
    return f"; without {_lasted(made.seconds_exempt)} under maintenance" if made.seconds_exempt else ""


def _lasted(seconds: int) -> str:
    """``0``, ``45 s``, ``12 min``, ``3 h 5 min``, ``2 d 4 h``."""
    if seconds < 60:
        return f"{seconds} s" if seconds else "0"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if hours < 1:
        return f"{minutes} min"
    return f"{hours} h {minutes % 60} min" if days < 1 else f"{days} d {hours % 24} h"


def _clock(moment: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(zone):%Y-%m-%d %H:%M}"
