"""Doctor: the self-test of installation, workspace, secrets, store, clock and what was left open. Changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from netmgr.errors import FormError, InputError, LabError, NetmgrError, SecretError, StoreError
from netmgr.intent.resolve import resolve
from netmgr.model.chain import holds
from netmgr.model.checkup import Area, Check, CheckState
from netmgr.model.inventory import Inventory
from netmgr.model.names import SECRET_REFERENCE, Target
from netmgr.platforms.form import PlatformForm
from netmgr.ports.clock import Clock
from netmgr.ports.inventory import Inventories
from netmgr.ports.locks import Locks
from netmgr.ports.machine import Machine
from netmgr.ports.post import Post
from netmgr.ports.secrets import Secrets
from netmgr.ports.store import ServiceLog
from netmgr.workflows.doctor_notify import notifications

_TARGETS: tuple[Target, ...] = ("network", "lab")
_NEWEST = 200  # entries whose chain is looked at; `log verify` reads all
_MIB = 1 << 20
_FREE_WARNING, _FREE_FAILED = 1024 * _MIB, 64 * _MIB
_PYTHON = (3, 11)
#: Program → what is missing without it.
_PROGRAMS = {
    "git": "plans are not bound to a commit of the inventory",
    "ansible-playbook": "playbooks cannot run",
}


@dataclass(frozen=True, slots=True)
class Instruments:
    """What a self-test looks through. ``store`` opens the service log, which may be what is broken."""

    machine: Machine
    inventories: Inventories
    forms: Mapping[str, PlatformForm]
    secrets: Secrets
    locks: Locks
    clock: Clock
    store: Callable[[], ServiceLog]
    post: Callable[[], tuple[Post, str]] | None = None
    """How people are told, and who owns the secrets that this needs."""
    backups: Callable[[], tuple[str, ...]] | None = None
    """Whom backups are encrypted to besides this workspace. Raises InputError as ``Backups.ready`` does."""


def examine(instruments: Instruments, clients: Iterable[str]) -> Iterator[Check]:
    """Everything but devices, for these clients. Nothing raises: what is broken is a check that failed."""
    names = tuple(clients)
    yield from _installation(instruments.machine)
    yield from _platforms(instruments.forms)
    yield from _lab(instruments.machine)
    loaded = {}
    for client in names:
        made, check = _inventory(instruments, client)
        yield check
        if made:
            loaded[client] = made
    yield from _workspace(instruments)
    for client, inventory in loaded.items():
        yield from _secrets(instruments, client, inventory)
    yield from _store(instruments, names)
    yield from _backups(instruments, loaded.values())
    yield from _notifications(instruments, names)
    yield _synchronised(instruments.machine)


def _installation(machine: Machine) -> Iterator[Check]:
    python = machine.python()
    fits = tuple(int(part) for part in python.split(".")[:2]) >= _PYTHON
    wanted = ".".join(map(str, _PYTHON))
    yield _check("installation", "python", fits, python, f"netmgr needs Python {wanted} or later")
    requirements = list(machine.requirements())
    wrong = [r for r in requirements if not r.fits]
    if not requirements:
        yield _state("installation", "packages", "not_measured", "netmgr is not installed as a package")
    elif wrong:
        listed = ", ".join(f"{r.name} {r.installed or 'missing'} (wanted {r.wanted or 'any'})" for r in wrong)
        yield _state("installation", "packages", "failed", listed, "install netmgr again: pip install .")
    else:
        yield _state("installation", "packages", "ok", f"{len(requirements)} packages as required")
    for name, lost in _PROGRAMS.items():
        found = machine.program(name)
        status: CheckState = "ok" if found else "warning"
        yield _state("installation", name, status, found or f"not found: {lost}", f"install {name}")


def _platforms(forms: Mapping[str, PlatformForm]) -> Iterator[Check]:
    """Other packages' forms can be used too, whether a device is of them or not."""
    usable = []
    for name in sorted(forms):
        try:
            usable.append(forms[name].name)
        except FormError as error:
            yield _state("installation", f"platform {name}", "failed", *str(error).split("; ", 1))
    yield _state("installation", "platforms", "ok", ", ".join(usable))


def _lab(machine: Machine) -> Iterator[Check]:
    """A machine without labs is a machine that works."""
    questions: tuple[tuple[str, Callable[[], str | None]], ...] = (
        ("kit", machine.lab_kit),
        ("namespaces", machine.namespaces),
    )
    for name, question in questions:
        try:
            said = question() or "this user may make them"
        except LabError as error:
            what, _, remedy = str(error).partition("; ")
            yield _state("lab", name, "warning", what, remedy)
        else:
            yield _state("lab", name, "ok", said)
    for client in machine.stale_labs():
        yield _state(
            "lab", client, "warning", "files of a lab that does not run", f"netmgr lab down -c {client}"
        )


def _inventory(instruments: Instruments, client: str) -> tuple[Inventory | None, Check]:
    try:
        inventory = instruments.inventories.load(client)
        intent = resolve(inventory, instruments.forms)
    except InputError as error:
        first, more = error.problems[0], len(error.problems) - 1
        said = first if not more else f"{first} (and {more} more)"
        return None, _state("workspace", client, "failed", said, f"netmgr validate -c {client}")
    detail = f"{len(inventory.devices)} devices, {len(intent.warnings)} warnings"
    return inventory, _state("workspace", client, "ok", detail)


def _workspace(instruments: Instruments) -> Iterator[Check]:
    try:
        people = len(instruments.inventories.people().people)
    except InputError as error:
        yield _state("workspace", "people", "failed", error.problems[0], "netmgr validate")
    else:
        said = f"{people} people" if people else "no config/people.yaml: whoever can use the files may do all"
        yield _state("workspace", "people", "ok", said)
    exposed = list(instruments.machine.exposed())
    for each in exposed:
        yield _state(
            "workspace", each.path, "failed", "can be read by others", f"chmod {each.mode} {each.path}"
        )
    if not exposed:
        yield _state("workspace", "file modes", "ok", "private files are private")


def _secrets(instruments: Instruments, client: str, inventory: Inventory) -> Iterator[Check]:
    """Every reference of the client's inventory resolves here and now; values are not shown."""
    credentials = inventory.client.access.credentials
    text = "".join(device.model_dump_json() for device in inventory.devices)
    references = {match[0] for match in SECRET_REFERENCE.finditer(text)}
    for reference in sorted(references | ({credentials} if credentials not in (None, "agent") else set())):
        login = reference == credentials
        resolver = instruments.secrets.credential if login else instruments.secrets.resolve
        try:
            resolver(client, reference)
        except SecretError as error:
            said = str(error).removeprefix(f"{client}: ").removeprefix(f"{reference}: ")
            yield _state("secrets", f"{client}: {reference}", "failed", "cannot be resolved", said)
        else:
            yield _state("secrets", f"{client}: {reference}", "ok", "resolves")
    if credentials in (None, "agent"):
        keys = instruments.machine.agent_keys()
        said = "no SSH agent" if keys is None else f"the SSH agent holds {keys} keys"
        yield _state(
            "secrets",
            f"{client}: SSH agent",
            "ok" if keys else "warning",
            said,
            "start ssh-agent and ssh-add your key",
        )


def _store(instruments: Instruments, clients: Iterable[str]) -> Iterator[Check]:
    free = instruments.machine.free()
    status: CheckState = "failed" if free < _FREE_FAILED else "warning" if free < _FREE_WARNING else "ok"
    yield _state("store", "free space", status, f"{free // _MIB} MiB", "make room: the log must be writable")
    try:
        log = instruments.store()
        log.identity  # noqa: B018 - opens the store
        durability = log.durability
    except NetmgrError as error:
        yield _state("store", "service log", "failed", str(error), "mend it, or restore it from a backup")
        return
    yield _state("store", "service log", "ok", f"opens; {durability}" if durability else "opens")
    newest = ""
    for client in clients:
        entries = list(log.entries(client, limit=_NEWEST, newest_first=True))
        broken = [entry.seq for entry in entries if not holds(entry)]
        broken += [a.seq for a, b in pairwise(entries) if a.prev != b.hash]
        if broken:
            said = f"entry {min(broken)} does not hold"
            yield _state("store", client, "failed", said, f"netmgr log verify -c {client}")
        elif entries:
            yield _state("store", client, "ok", f"the newest {len(entries)} of {entries[0].seq} entries hold")
        newest = max((newest, *(entry.time for entry in entries[:1])))
        yield from _left_open(instruments, log, client)
    if newest:
        yield _after(instruments.clock.now(), newest)


def _backups(instruments: Instruments, inventories: Iterable[Inventory]) -> Iterator[Check]:
    """Whether a backup could be kept so that it survives this machine. Where one is promised, it must be."""
    if instruments.backups is None:
        return
    try:
        offline = instruments.backups()
    except (InputError, StoreError) as error:
        promised = any(inventory.client.backup_sets for inventory in inventories)
        problem = error.problems[0] if isinstance(error, InputError) else str(error)
        what, _, remedy = problem.partition("; ")
        yield _state("store", "backups", "failed" if promised else "warning", what, remedy)
    else:
        yield _state("store", "backups", "ok", f"{len(offline)} recipients besides this workspace")


def _notifications(instruments: Instruments, names: Iterable[str]) -> Iterator[Check]:
    if instruments.post is None:
        return
    try:
        post, owner = instruments.post()
    except NetmgrError:
        return  # the store has its own check
    yield from notifications(post, instruments.secrets, owner, names, instruments.clock.now())


def _left_open(instruments: Instruments, log: ServiceLog, client: str) -> Iterator[Check]:
    for target in _TARGETS:
        holder = instruments.locks.held(client, target)
        if holder:
            said = f"{holder.holder} is changing it since {holder.since}"
            remedy = "wait until that command ends"
            if holder.left < 0:
                said += f" and silent for {-holder.left:.0f} s longer than its lease allows"
                remedy = "end that command; the next change takes over"
            yield _state("changes", f"{client} ({target})", "warning", said, remedy)
            continue
        for entry in log.open_intents(client, target):
            lab = " --lab" if target == "lab" else ""
            said = f"change {entry.change} ({entry.action}, {entry.time}) has no end"
            yield _state(
                "changes", f"{client} ({target})", "warning", said, f"netmgr recover -c {client}{lab}"
            )


def _after(now: datetime, newest: str) -> Check:
    behind = (datetime.fromisoformat(newest) - now).total_seconds()
    if behind > 1:
        said = f"{behind:.0f} s behind the newest entry of the log"
        return _state("clock", "order", "failed", said, "set the clock; entries would carry a wrong time")
    return _state("clock", "order", "ok", "not before the newest entry of the log")


def _synchronised(machine: Machine) -> Check:
    kept = machine.synchronised()
    if kept is None:
        return _state("clock", "NTP", "not_measured", "the kernel does not say")
    said = "the kernel's clock is synchronised" if kept else "the kernel's clock is not synchronised"
    return _state("clock", "NTP", "ok" if kept else "warning", said, "run chrony or systemd-timesyncd")


def _check(area: Area, name: str, good: bool, detail: str, remedy: str) -> Check:
    return _state(area, name, "ok" if good else "failed", detail, remedy)


def _state(area: Area, name: str, status: CheckState, detail: str, remedy: str = "") -> Check:
    return Check(
        area=area,
        name=name,
        status=status,
        detail=detail,
        remedy=remedy if status in ("warning", "failed") else "",
    )
