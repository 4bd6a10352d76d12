"""The inventory for people: check it, list it, explain a device, import a topology. Contacts no device."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from netmgr.errors import InputError, UsageError
from netmgr.intent.derived import Derived, derived
from netmgr.intent.features import Form
from netmgr.intent.resolve import resolve
from netmgr.intent.topology_import import client_documents
from netmgr.intent.wiring import wire
from netmgr.model.checked import Checked
from netmgr.model.ignore import IgnorePattern
from netmgr.model.inventory import Device, Inventory
from netmgr.model.origins import LocatedDict, LocatedList, Origin
from netmgr.model.people import EVERY_CLIENT
from netmgr.model.selection import Selection
from netmgr.model.suggest import did_you_mean
from netmgr.model.topology import PublishedTopology
from netmgr.ports.agreements import Agreements
from netmgr.ports.audit_policies import AuditPolicies
from netmgr.ports.checks import Checks
from netmgr.ports.inventory import Inventories
from netmgr.ports.office import Rosters
from netmgr.ports.playbooks import Playbooks
from netmgr.ports.post import NotifyFiles
from netmgr.ports.provider import ProviderFile
from netmgr.ports.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of a device's merged data, and where it was written. ``key`` is dotted."""

    key: str
    value: object
    origin: Origin


@dataclass(frozen=True, slots=True)
class Cable:
    """One link as a device sees it."""

    interface: str
    peer: str
    subnets: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device with its merged data as written, value by value, and its links."""

    device: Device
    data: Mapping[str, object]
    facts: tuple[Fact, ...]
    derived: tuple[Derived, ...]
    """What follows from links and other values, with the place that it follows from."""
    cables: tuple[Cable, ...]


def validate(
    inventories: Inventories,
    client: str | None,
    *,
    overlay: Mapping[str, object] | None = None,
    checks: Checks | None = None,
    schedule: Schedule | None = None,
    audits: AuditPolicies | None = None,
    today: date | None = None,
    notify: NotifyFiles | None = None,
    playbooks: Playbooks | None = None,
    agreements: Agreements | None = None,
    provider: ProviderFile | None = None,
    rosters: Rosters | None = None,
) -> tuple[Checked, ...]:
    """Check one client, or all of them and the people, with what they say of ``playbooks`` and ``agreements``; and the
    policies, the ``checks``, the ``schedule``, who is on call (``rosters``), who is told, who bills, and what
    ``audits`` look for: of ignore patterns that expired before ``today``, or are about to, is warned.

    Raises InputError with every problem of every file.
    """
    checked: list[Checked] = []
    problems: list[str] = []
    names = [client] if client is not None else inventories.clients()
    for name in names:
        try:
            checked.append(inventories.check(name, overlay=overlay))
        except InputError as error:
            problems += error.problems
    reads: list[Callable[[], object]] = [inventories.policies]
    reads += [partial(playbooks.settings, name) for name in names] if playbooks else []
    for each in (agreements.working_copy, agreements.assets) if agreements else ():
        reads += [partial(each, name) for name in names]
    reads += [inventories.people] if client is None else []
    reads += [schedule.check] if schedule else []
    reads += [rosters.check] if rosters else []
    reads += [notify.settings, notify.templates] if notify else []
    reads += [provider.provider] if provider else []
    for read in reads:
        try:
            read()
        except InputError as error:
            problems += error.problems
    if checks is not None:
        problems += _wrong_checks(checks, inventories, {one.client for one in checked}, overlay)
    if audits is not None:
        problems += _wrong_audits(audits, inventories, {one.client for one in checked}, overlay)
    if problems:
        raise InputError(
            list(dict.fromkeys(problems))
        )  # of a name that is no client's every reader says the same
    warned = _with_policies(inventories, tuple(checked), whole=client is None)
    return warned if audits is None or today is None else _with_expiry(audits.every().ignores, warned, today)


#: An ignore pattern's end is told so many days before.
_SOON = timedelta(days=14)


def _with_expiry(
    patterns: Iterable[IgnorePattern], checked: tuple[Checked, ...], today: date
) -> tuple[Checked, ...]:
    """Warns of ignore patterns that have expired or soon will, once each: with the first client that they are for."""
    warnings: dict[str, list[str]] = {one.client: [] for one in checked}
    for pattern in patterns:
        if pattern.ignored.expires > today + _SOON:
            continue
        whose = next((client for client in warnings if pattern.ignored.is_for(client)), None)
        if whose is not None:
            verb = "expired" if pattern.expired(today) else "expires"
            said = f"{pattern.name} of {pattern.ignored.owner} {verb} on {pattern.ignored.expires}"
            warnings[whose].append(f"{pattern.origin}: {whose}: {said}; renew or remove it")
    return tuple(
        one.model_copy(update={"warnings": (*one.warnings, *warnings[one.client])}) for one in checked
    )


_NOTHING = {
    "device": "no device is or fits {!r}",
    "role": "no device has the role {!r}",
    "site": "no device stands at the site {!r}",
}


def _with_policies(
    inventories: Inventories, checked: tuple[Checked, ...], *, whole: bool
) -> tuple[Checked, ...]:
    """Warns of what a policy names and no device has: it protects nothing. Only such names cost a look at devices.

    What a policy for every client names has to fit one of them, which is known once the ``whole`` workspace was looked
    at.
    """
    warnings: dict[str, list[str]] = {one.client: [] for one in checked}
    for named in inventories.policies().named:
        everybody = EVERY_CLIENT in named.clients
        if everybody and not whole:
            continue
        clients = [client for client in warnings if everybody or client in named.clients]
        fits = (named.fits(inventories.load(client).devices) for client in clients)
        if everybody:
            empty = clients[:1] if not any(fits) else []
        else:
            empty = [client for client, fit in zip(clients, fits, strict=True) if not fit]
        for client in empty:
            whose = "every client" if everybody else client
            warnings[client].append(f"{named.place}: {whose}: {_NOTHING[named.kind].format(named.name)}")
    return tuple(
        one.model_copy(update={"warnings": (*one.warnings, *warnings[one.client])}) for one in checked
    )


def _wrong_checks(
    checks: Checks, inventories: Inventories, clients: Iterable[str], overlay: Mapping[str, object] | None
) -> list[str]:
    """What is wrong with the checks; those that name one of ``clients`` are held against its devices."""
    try:
        named = {client for check in checks.every() for client in check.spec.clients}
    except InputError as error:
        return list(error.problems)
    problems: list[str] = []
    for client in sorted(named.intersection(clients)):
        try:
            checks.of(inventories.load(client, overlay=overlay))
        except InputError as error:
            problems += error.problems
    return problems


def _wrong_audits(
    audits: AuditPolicies,
    inventories: Inventories,
    clients: Iterable[str],
    overlay: Mapping[str, object] | None,
) -> list[str]:
    """What is wrong with what audits look for; entries that name one of ``clients`` are held against its devices."""
    try:
        named = audits.every().named
    except InputError as error:
        return list(error.problems)
    problems: list[str] = []
    for client in sorted(named.intersection(clients)):
        try:
            audits.of(inventories.load(client, overlay=overlay))
        except InputError as error:
            problems += error.problems
    return problems


def list_devices(
    inventories: Inventories,
    client: str,
    selection: Selection,
    *,
    overlay: Mapping[str, object] | None = None,
) -> tuple[Device, ...]:
    """The selected devices in the inventory's order. Raises InputError, and UsageError for a name that fits none."""
    inventory = inventories.load(client, overlay=overlay)
    unmatched = selection.unmatched(inventory.devices)
    if unmatched:
        raise UsageError(f"no device of {client} matches {', '.join(unmatched)}")
    return tuple(device for device in inventory.devices if selection.selects(device))


def show_device(
    inventories: Inventories,
    forms: Mapping[str, Form],
    client: str,
    name: str,
    *,
    overlay: Mapping[str, object] | None = None,
) -> DeviceView:
    """One device, explained. Raises InputError, and UsageError for an unknown name."""
    inventory = inventories.load(client, overlay=overlay)
    device = inventory.by_name().get(name)
    if device is None:
        raise UsageError(f"{client} has no device {name!r}; {did_you_mean(name, inventory.by_name())}")
    merged = inventory.origins.tree("devices", name)
    data = merged if isinstance(merged, LocatedDict) else LocatedDict(inventory.origins.at("devices", name))
    return DeviceView(
        device=device,
        data={str(key): value for key, value in data.items()},
        facts=tuple(_facts("", data)),
        derived=_derived(inventory, forms, name),
        cables=tuple(_cables(inventory, name)),
    )


def import_topology(
    inventories: Inventories, topology: PublishedTopology, client: str, *, source: str
) -> Checked:
    """A new client made of a published topology; ``source`` names its file. Raises InputError; then nothing changed."""
    documents = client_documents(topology, client)
    comment = f"Made from {source} by `netmgr inventory import`; yours to change."
    inventories.create(client, documents, comment=comment)
    return inventories.check(client)


def _derived(inventory: Inventory, forms: Mapping[str, Form], name: str) -> tuple[Derived, ...]:
    intents = {device.name: device for device in resolve(inventory, forms).devices}
    wired = {one.device.name: one for one in wire(inventory)}
    return derived(inventory, wired[name], intents[name]) if name in intents else ()


def _facts(prefix: str, value: LocatedDict | LocatedList) -> Iterator[Fact]:
    """Every value below ``value``; a list of plain values is one."""
    items: Iterable[tuple[str, object, Origin]]
    if isinstance(value, LocatedDict):
        items = (
            (f"{prefix}.{key}" if prefix else str(key), item, value.at[key]) for key, item in value.items()
        )
    else:
        items = (
            (f"{prefix}[{i}]", item, at) for i, (item, at) in enumerate(zip(value, value.at, strict=True))
        )
    for key, item, origin in items:
        nested = isinstance(item, LocatedDict) and item
        listed = isinstance(item, LocatedList) and any(
            isinstance(part, (LocatedDict, LocatedList)) for part in item
        )
        if isinstance(item, (LocatedDict, LocatedList)) and (nested or listed):
            yield from _facts(key, item)
        else:
            yield Fact(key, item, origin)


def _cables(inventory: Inventory, name: str) -> Iterator[Cable]:
    for index, link in enumerate(inventory.links):
        for end, peer in (link.endpoints, link.endpoints[::-1]):
            if end.device == name:
                yield Cable(
                    interface=end.interface,
                    peer=str(peer),
                    subnets=tuple(str(subnet) for subnet in link.subnet),
                    origin=inventory.origins.at("links", index),
                )
