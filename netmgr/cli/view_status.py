"""Status for people: one screen for a client, one line for each of many."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.text import Text

from netmgr.cli.views import console, print_json, print_table, printable, table
from netmgr.model.names import Target
from netmgr.model.status import ClientOverview, DeviceStanding, Event, Holder, Status

_STATES = {
    "compliant": "green",
    "deployed": "green",
    "drifted": "yellow",
    "changed": "yellow",
    "unreachable": "red",
    "error": "red",
    "never": "dim",
}
_MANAGED = ("active", "maintenance")


def show_status(status: Status, *, output: str) -> None:
    """Everything that somebody who takes over must know, and the devices that are not as they should be."""
    if output == "json":
        print_json("status", status.model_dump(mode="json"))
        return
    out, now = console(), datetime.fromisoformat(status.time)
    managed = [device for device in status.devices if device.lifecycle in _MANAGED]
    lines = {
        status.client: Text(f"{status.target}, {now:%Y-%m-%d %H:%M} UTC", "bold"),
        "devices": Text(_devices(status.devices)),
        "reachable": _reachable(managed, status.seconds),
        "configuration": _configuration(managed),
        "last audit": _event(status.last_audit, now),
        "last change": _event(status.last_change, now),
        "open": _open(status, now),
        "timers": _timers(managed),
        "lock": _lock(status.lock),
        "log": Text(_log(status, now)),
        **({"overdue": _overdue(status)} if status.overdue else {}),
    }
    for name, text in lines.items():
        out.print(Text(f"{name:<15}", "dim" if name != status.client else "bold").append_text(text))
    rows = table("CONFIGURATION", "REACHABLE", "DEVICES", "WHY")
    alike: dict[tuple[str, str, str], tuple[Text, list[str]]] = {}
    for device in managed:
        if why := _why(device, now):
            reachable = {None: "", True: "yes", False: "no"}[device.reachable]
            alike.setdefault((device.state, reachable, why.plain), (why, []))[1].append(device.device)
    for (state, reachable, _), (why, names) in alike.items():
        rows.add_row(Text(state, _STATES[state]), reachable, ", ".join(names), why)
    if rows.row_count:
        out.print()
        print_table(rows)


def show_overview(clients: Sequence[ClientOverview], *, target: Target, now: datetime, output: str) -> None:
    """A line for each client."""
    if output == "json":
        print_json(
            "overview",
            {
                "target": target,
                "time": now.isoformat(timespec="seconds"),
                "clients": [client.model_dump(mode="json") for client in clients],
            },
        )
        return
    rows = table(
        "CLIENT", "DEVICES", "OPEN", "LAST AUDIT", "LAST CHANGE", right=frozenset({"DEVICES", "OPEN"})
    )
    for client in clients:
        rows.add_row(
            client.client,
            "" if client.devices is None else str(client.devices),
            Text(str(client.open_changes), "bold red" if client.open_changes else "dim"),
            _event(client.last_audit, now),
            _event(client.last_change, now),
        )
    print_table(rows)


def ago(moment: str, now: datetime) -> str:
    """How long ago, in the largest unit of which two or more have passed."""
    seconds = max(0, round((now - datetime.fromisoformat(moment)).total_seconds()))
    for size, name in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name} ago"
    return f"{seconds} s ago"


def _devices(devices: Iterable[DeviceStanding]) -> str:
    lifecycles = Counter(device.lifecycle for device in devices)
    platforms = Counter(device.platform for device in devices)
    return f"{_counted(lifecycles)} · {_counted(platforms)}" if lifecycles else "none"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counts.items())


def _reachable(managed: Sequence[DeviceStanding], seconds: float | None) -> Text:
    asked = [device for device in managed if device.reachable is not None]
    if seconds is None:
        return Text("not asked", "dim")
    there = sum(device.reachable is True for device in asked)
    colour = "green" if there == len(asked) else "red"
    return Text(f"{there} of {len(asked)} in {seconds:.1f} s", colour)


def _configuration(managed: Sequence[DeviceStanding]) -> Text:
    states = Counter(device.state for device in managed)
    ordered = [(state, states[state]) for state in _STATES if states[state]]
    parts = [
        Text(f"{count} {'never audited' if state == 'never' else state}", _STATES[state])
        for state, count in ordered
    ]
    return Text(", ").join(parts)


def _overdue(status: Status) -> Text:
    """Whether work may be stopped is for a person to decide."""
    told = [f"{one.number} {one.open} {one.currency} for {one.days} d" for one in status.overdue]
    text = Text(printable("; ".join(told)), "yellow")
    if any(one.suspension_since for one in status.overdue):
        text.append(f"; netmgr agreement suspend -c {status.client} is open to you", "red")
    return text


def _event(event: Event | None, now: datetime) -> Text:
    if event is None:
        return Text("none", "dim")
    counts = ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in event.devices.items())
    what = "" if event.action == "audit" else f"{event.action} "
    return Text(f"{what}{counts or event.outcome} {ago(event.time, now)} by {event.actor}")


def _open(status: Status, now: datetime) -> Text:
    if not status.open_changes:
        return Text("no change")
    told = [
        f"{change.action} {change.change}, {'held' if change.held else 'without an end'}, "
        f"begun {ago(change.since, now)} by {change.actor} on {', '.join(change.devices)}"
        for change in status.open_changes
    ]
    held = all(change.held for change in status.open_changes)
    remedy = f"netmgr {'confirm CHANGE' if held else 'recover'} -c {status.client}"
    return Text("; ".join(told) + f": run `{remedy}`", "bold red" if not held else "yellow")


def _timers(managed: Sequence[DeviceStanding]) -> Text:
    pending = [device for device in managed if device.pending]
    if not any(device.reachable is not None for device in managed):
        return Text("not asked", "dim")
    if not pending:
        return Text("none")
    return Text(f"{len(pending)} running: {', '.join(device.device for device in pending)}", "yellow")


def _lock(lock: Holder | None) -> Text:
    if lock is None:
        return Text("free")
    overdue = f", silent for too long ({-lock.left} s): the next change takes over" if lock.left < 0 else ""
    return Text(f"{printable(lock.holder)}, since {lock.since}{overdue}", "bold red" if overdue else "yellow")


def _log(status: Status, now: datetime) -> str:
    if status.checkpoint is None:
        return f"{status.entries} entries, no checkpoint"
    mark = status.checkpoint
    return f"{status.entries} entries, checkpoint of entry {mark.seq} {ago(mark.time, now)}"


def _why(device: DeviceStanding, now: datetime) -> Text:
    """What is not as it should be; empty where all is well."""
    parts = []
    if device.error:
        parts.append(Text(printable(device.error).removeprefix(f"{device.device}: "), "red"))
    if device.drifted_since:
        parts.append(Text(f"drift found {ago(device.drifted_since, now)}", "yellow"))
    if device.pending:
        left = f", {device.remaining:.0f} s left" if device.remaining is not None else ""
        whose = "of an open change" if device.change else "of nobody known here"
        parts.append(Text(f"commit {device.pending} {whose} is pending{left}", "yellow"))
    if device.state in ("unreachable", "error") and not device.error:
        parts.append(Text(f"at the last audit, {ago(device.audited, now)}" if device.audited else "", "red"))
    return Text("; ").join(parts)
