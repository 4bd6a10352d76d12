"""Playbooks: give Ansible one client's devices, variables and secrets, log what was begun and what it came to."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from netmgr.errors import NetmgrError, Refused, StoreError, UsageError
from netmgr.model.endpoint import Endpoint
from netmgr.model.entry import Body, Draft
from netmgr.model.inventory import Device, Inventory
from netmgr.model.names import SECRET_REFERENCE, Lifecycle
from netmgr.model.playbook import (
    STATUSES,
    ListedPlaybook,
    Playbook,
    PlaybookRun,
    PlaybookSettings,
    PlayedHost,
)
from netmgr.model.reach import Reach
from netmgr.model.selection import Selection
from netmgr.ports.playbooks import Playbooks, Played, Player, PlayOrder
from netmgr.workflows.ansible import ansible_list, unsafe
from netmgr.workflows.runtime import Runtime

#: A device under maintenance is looked at and not changed; a planned one does not exist yet.
_PLAYED: frozenset[Lifecycle] = frozenset({"active"})
_CHECKED: frozenset[Lifecycle] = frozenset({"active", "maintenance"})


def catalogue(playbooks: Playbooks, local: Iterable[str]) -> tuple[ListedPlaybook, ...]:
    """Every playbook. ``local`` are those that may work on the machine that runs netmgr."""
    listed = frozenset(local)
    return tuple(
        ListedPlaybook(
            name=each.name,
            plays=each.plays,
            hosts=each.hosts,
            local=each.local,
            refused=bool(each.local) and each.name not in listed,
        )
        for each in playbooks.every()
    )


def play(
    runtime: Runtime,
    name: str,
    selection: Selection,
    *,
    check: bool = False,
    extra: Mapping[str, Any] | None = None,
) -> PlaybookRun:
    """Play one playbook on the selected devices. A host's failure keeps no other from being worked on.

    ``extra`` are variables over those of the client's playbooks.yaml. Raises UsageError for an unknown playbook and
    where it means none of the devices, Refused(local) for one that works on this machine and is not listed, and
    Refused(log) where what is begun could not be logged: then nothing is begun.
    """
    runtime.require("change")
    desk = runtime.open_playbooks()
    playbook = desk.playbooks.named(name)
    local = name in desk.local
    if playbook.local and not local:
        raise Refused(
            "local",
            f"{playbook.local[0]}: it works on the machine that runs netmgr",
            f"if it must, name {name} under playbooks.local in config/netmgr.yaml",
        )
    settings, digest = desk.playbooks.settings(runtime.client).of(name), desk.playbooks.digest()
    inventory = runtime.inventories.load(runtime.client, overlay=runtime.overlay)
    devices = _selected(runtime, inventory, selection, _CHECKED if check else _PLAYED)
    order = _order(
        runtime, desk.reach, inventory, devices, playbook, settings, extra or {}, check=check, local=local
    )
    said = {"playbook": name, "check": check}
    started = runtime.clock.monotonic()
    begun = runtime.draft(
        kind="playbook",
        action="run",
        phase="intent",
        facts={**said, "digest": digest, "devices": list(order.devices)},
    )
    _append(runtime, [begun])
    runtime.progress(f"{name}: {len(devices)} devices{', changing nothing' if check else ''}")
    try:
        played = _played(desk.player, order, runtime)
    except NetmgrError as error:
        played = Played(hosts=(), error=str(error))
    seconds = runtime.clock.monotonic() - started
    met = {host.device: host for host in played.hosts}
    hosts = tuple(
        met.get(device.name) or PlayedHost(device=device.name, status="skipped") for device in devices
    )
    worst = max((host.status for host in hosts), key=STATUSES.index)
    run = PlaybookRun(
        client=runtime.client,
        target=runtime.target,
        playbook=name,
        check=check,
        outcome="failed" if played.error else _outcome(hosts, worst),
        seconds=round(seconds, 3),
        devices=hosts,
        error=played.error,
    )
    _append(runtime, _drafts(runtime, run, said))
    if run.outcome == "skipped":
        raise UsageError(
            f"{playbook.file} is for {', '.join(playbook.hosts)}: none of the {len(devices)} devices; nothing was done"
        )
    return run


def _outcome(hosts: Iterable[PlayedHost], worst: Any) -> Any:
    """That a play did not mean some of the hosts is nothing bad, unless it meant none."""
    meant = [host.status for host in hosts if host.status != "skipped"]
    return max(meant, key=STATUSES.index) if meant else worst


def _played(player: Player, order: PlayOrder, runtime: Runtime) -> Played:
    return player.play(order, runtime.progress, runtime.interrupted)


def _selected(
    runtime: Runtime, inventory: Inventory, selection: Selection, lifecycles: frozenset[Lifecycle]
) -> list[Device]:
    if unmatched := selection.unmatched(inventory.devices):
        raise UsageError(f"no device of {runtime.client} matches {', '.join(unmatched)}")
    chosen = [d for d in inventory.devices if selection.selects(d) and d.lifecycle in lifecycles]
    if not chosen:
        raise UsageError(
            f"no device of {runtime.client} to work on: only {' and '.join(sorted(lifecycles))} ones are"
        )
    return chosen


def _order(
    runtime: Runtime,
    reach: Callable[[Inventory, Iterable[Device]], tuple[Reach, ...]],
    inventory: Inventory,
    devices: list[Device],
    playbook: Playbook,
    settings: PlaybookSettings,
    extra: Mapping[str, Any],
    *,
    check: bool,
    local: bool,
) -> PlayOrder:
    """Ansible's inventory of all devices that may be spoken to, so that a task may be delegated to any of them."""
    reachable = [d for d in inventory.devices if d.lifecycle in (_CHECKED if check else _PLAYED)]
    ways = {way.device: way for way in reach(inventory, reachable)}
    document = ansible_list(inventory, ways)
    secrets: dict[str, str] = {}
    ends = {end.device: end for end in runtime.endpoints(reachable)}
    hostvars = document["_meta"]["hostvars"]
    known = set(hostvars)
    for name, group in document.items():
        if name not in ("_meta", "all"):
            group["hosts"] = [host for host in group["hosts"] if host in known]
    for device in reachable:
        said = (_of_backup_sets(inventory, playbook.name, device), settings.variables)
        variables = {**said[0], **said[1], **settings.hosts.get(device.name, {}), **extra}
        given = {key: _resolved(runtime, value, secrets) for key, value in variables.items()}
        hostvars[device.name].update(unsafe({**given, **_login(ends[device.name], secrets)}))
    return PlayOrder(
        playbook=playbook,
        client=runtime.client,
        inventory=_plain(document),
        secrets=secrets,
        devices=tuple(device.name for device in devices),
        check=check,
        local=local,
        readable=tuple(
            sorted(
                {
                    file
                    for way in ways.values()
                    for file in (way.known_hosts, way.key_file, way.ssh_config)
                    if file
                }
            )
        ),
        keys_in_memory=any(value.startswith("-----BEGIN ") for value in secrets.values()),
    )


def _of_backup_sets(inventory: Inventory, playbook: str, device: Device) -> dict[str, Any]:
    """What the client's ``backup_sets`` that name the playbook want of the device, in the shipped playbooks' words."""
    paths: list[str] = []
    databases: list[str] = []
    for each in inventory.client.backup_sets.values():
        if each.kind == "configuration" or each.playbook != playbook or not each.selection.selects(device):
            continue
        if each.kind == "files":
            paths += each.paths
        else:
            databases.append(each.database)
    found = {"backup_paths": paths, "postgresql_databases": databases}
    return {name: list(dict.fromkeys(values)) for name, values in found.items() if values}


def _login(end: Endpoint, secrets: dict[str, str]) -> dict[str, Any]:
    """What logs in: a key or a password out of memory. The agent's keys need no word."""
    found: dict[str, Any] = {}
    if end.private_key:
        found["ansible_ssh_private_key"] = end.private_key
        secrets[f"login-{end.device}"] = end.private_key
    elif end.password and not end.key_file:
        found["ansible_password"] = end.password
        secrets[f"login-{end.device}"] = end.password
    return found


def _resolved(runtime: Runtime, value: Any, secrets: dict[str, str]) -> Any:
    """``value`` with each secret in the place of its reference; what was found is added to ``secrets``."""
    if isinstance(value, Mapping):
        return {str(key): _resolved(runtime, item, secrets) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_resolved(runtime, item, secrets) for item in value]
    if isinstance(value, str) and (match := SECRET_REFERENCE.fullmatch(value)):
        found = runtime.secrets.credential(runtime.client, value)
        secrets[match[2]] = found
        return found
    return value


def _plain(value: Any) -> Any:
    """The document as it is handed over in memory, where nothing is a template: without the marks that say so."""
    if isinstance(value, Mapping):
        if value.keys() == {"__ansible_unsafe"}:
            return value["__ansible_unsafe"]
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _append(runtime: Runtime, drafts: list[Draft]) -> None:
    try:
        runtime.log.append(runtime.client, drafts)
    except StoreError as error:
        raise Refused("log", str(error), "make the service log writable: what is played is logged") from error


def _drafts(runtime: Runtime, run: PlaybookRun, said: Mapping[str, object]) -> list[Draft]:
    """Each host's result with its diffs, then the run's."""
    milliseconds = round(run.seconds * 1000)

    def result(outcome: str, facts: Mapping[str, object], **fields: Any) -> Draft:
        return runtime.draft(
            kind="playbook",
            action="run",
            phase="result",
            outcome=outcome,
            facts={**said, **facts, "milliseconds": milliseconds},
            **fields,
        )

    drafts = [
        result(
            host.status,
            {key: getattr(host, key) for key in ("ok", "changed", "failed", "skipped")},
            device=host.device,
            body=_body(host),
        )
        for host in run.devices
        if host.status != "skipped"
    ]
    counts = {str(status): sum(host.status == status for host in run.devices) for status in STATUSES}
    body = Body(run.error.encode(), "text/plain") if run.error else None
    return [*drafts, result(run.outcome, {"devices": len(run.devices), **counts}, body=body)]


def _body(host: PlayedHost) -> Body | None:
    """Its diffs; where there is more to tell, or nothing was changed, what went wrong and what the playbook said."""
    said = [f"{task.task}: {task.message}" for task in host.tasks if task.status == "ok" and task.message]
    told = "\n".join([*([host.error] if host.error else []), *said])
    if not told:
        return Body(host.diff.encode(), "text/x-diff") if host.diff else None
    return Body("\n\n".join(part for part in (told, host.diff) if part).encode(), "text/plain")
