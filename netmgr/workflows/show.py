"""Show: one read-only command on many devices, by each platform's allow-list. Logged, but for the answers."""

from collections.abc import Iterable, Mapping

from netmgr.errors import DeviceError, Refused, SecretError, StoreError, UsageError
from netmgr.model.difference import hide_values
from netmgr.model.entry import Body, Draft
from netmgr.model.inventory import Device, Inventory
from netmgr.model.names import SECRET_REFERENCE
from netmgr.model.selection import Selection
from netmgr.model.shown import STATUSES, Shown, ShownDevice, ShowStatus
from netmgr.workflows.runtime import Runtime

_LONGEST = 500  # characters of a command
#: Devices that are there and ours to look at.
_ASKED = frozenset({"active", "maintenance"})


def show(runtime: Runtime, selection: Selection, command: str) -> Shown:
    """Ask the selected devices. One that cannot answer is its own answer, and keeps no other from answering.

    Raises UsageError for what is no command line, Refused(read_only) where no selected device's platform takes the
    command, and Refused(log) where it could not be logged: then nothing is sent.
    """
    runtime.require("read")
    if not command.strip() or len(command) > _LONGEST or not command.isprintable():
        raise UsageError(f"a command is one line of 1 to {_LONGEST} printable characters")
    command = " ".join(command.split())
    _append(runtime, [])
    started = runtime.clock.monotonic()
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    devices = _selected(runtime, inventory, selection)
    asked = [d for d in devices if runtime.forms[d.platform].may_show(command)]
    if not asked:
        raise _not_on_the_list(runtime, devices, command)
    runtime.progress(f"show: {len(asked)} devices")
    answers = _ask(runtime, asked, command)
    secrets = _known_secrets(runtime, inventory)
    shown = Shown(
        client=runtime.client,
        target=runtime.target,
        command=command,
        devices=tuple(
            _answered(runtime, device, answers[device.name], secrets)
            if device.name in answers
            else ShownDevice(
                device=device.name,
                status="refused",
                error=f"{device.name}: show: no read-only command of platform {device.platform}; not asked",
            )
            for device in devices
        ),
    )
    _append(runtime, _drafts(runtime, shown, round((runtime.clock.monotonic() - started) * 1000)))
    return shown


def _selected(runtime: Runtime, inventory: Inventory, selection: Selection) -> list[Device]:
    if unmatched := selection.unmatched(inventory.devices):
        raise UsageError(f"no device of {runtime.client} matches {', '.join(unmatched)}")
    chosen = [d for d in inventory.devices if selection.selects(d) and d.lifecycle in _ASKED]
    unknown = [device for device in chosen if device.platform not in runtime.forms]
    if unknown:
        raise UsageError(
            f"{unknown[0].name}: no form for platform {unknown[0].platform}; run `netmgr validate`"
        )
    if not chosen:
        raise UsageError(
            f"no device of {runtime.client} to ask: planned and external devices are never contacted"
        )
    return chosen


def _ask(runtime: Runtime, devices: list[Device], command: str) -> Mapping[str, str | DeviceError]:
    names = [device.name for device in devices]
    with runtime.fleet.session(runtime.endpoints(devices)) as session:
        logins = session.connect(names)
        failed = {name: answer for name, answer in logins.items() if isinstance(answer, DeviceError)}
        return {**failed, **session.show({name: command for name in names if name not in failed})}


def _answered(
    runtime: Runtime, device: Device, answer: str | DeviceError, secrets: Mapping[str, str]
) -> ShownDevice:
    redact = runtime.forms[device.platform].redact
    if isinstance(answer, DeviceError):
        status: ShowStatus = "unreachable" if answer.kind == "unreachable" else "error"
        return ShownDevice(device=device.name, status=status, error=hide_values(str(answer), secrets))
    return ShownDevice(device=device.name, status="ok", output=hide_values(redact(answer), secrets))


def _known_secrets(runtime: Runtime, inventory: Inventory) -> Mapping[str, str]:
    """Values that may stand in an answer where the platform's own patterns do not expect them.

    A secret that cannot be resolved here cannot be recognised here either.
    """
    found: dict[str, str] = {}
    text = "".join(device.model_dump_json() for device in inventory.devices)
    for reference in sorted({match[0] for match in SECRET_REFERENCE.finditer(text)}):
        match = SECRET_REFERENCE.fullmatch(reference)
        try:
            value = runtime.secrets.resolve(runtime.client, reference)
        except SecretError:
            continue
        if match:
            found[match[2]] = value
    return found


def _not_on_the_list(runtime: Runtime, devices: Iterable[Device], command: str) -> Refused:
    platforms = sorted({device.platform for device in devices})
    lists = "; ".join(
        f"on {name}: {', '.join(read.words for read in runtime.forms[name].reads) or 'nothing'}"
        for name in platforms
    )
    return Refused(
        "read_only",
        f"{command!r} is no read-only command of platform {' or '.join(platforms)}",
        f"what may be asked {lists}",
    )


def _append(runtime: Runtime, drafts: list[Draft]) -> None:
    """All or none; nothing at all tries whether the log could be written."""
    try:
        runtime.log.append(runtime.client, drafts)
    except StoreError as error:
        raise Refused(
            "log", str(error), "make the service log writable: what is looked at is logged"
        ) from error


def _drafts(runtime: Runtime, shown: Shown, milliseconds: int) -> list[Draft]:
    """Each device's outcome, then the command's. Answers are not kept: how long they were is."""
    command = Body(shown.command.encode(), "text/plain")

    def result(outcome: str, facts: Mapping[str, object], body: Body, device: str | None = None) -> Draft:
        return runtime.draft(
            kind="show",
            action="show",
            phase="result",
            outcome=outcome,
            facts={**facts, "milliseconds": milliseconds},
            body=body,
            device=device,
        )

    drafts = [
        result(
            device.status,
            {"lines": device.output.count("\n"), "bytes": len(device.output.encode())},
            Body(device.error.encode(), "text/plain") if device.error else command,
            device.device,
        )
        for device in shown.devices
    ]
    counts: dict[str, object] = {
        status: sum(d.status == status for d in shown.devices) for status in STATUSES
    }
    return [*drafts, result(shown.worst, {"devices": len(shown.devices), **counts}, command)]
