"""What the judgements know of a change: what it shuts and adds on purpose, and who is next to whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from netmgr.model.intended import Intended
from netmgr.model.intent import Adjacency, DeviceIntent, NetworkIntent
from netmgr.model.state import InterfaceState
from netmgr.platforms.form import PlatformForm

End = tuple[str, str]
"""(device, interface)"""


@dataclass(frozen=True, slots=True)
class Setting:
    """One change's facts.

    ``shut`` are the interfaces that it leaves shut on purpose; ``fresh`` (device, address) what it adds; ``neighbors``
    each device's by link or session.
    """

    devices: Mapping[str, DeviceIntent] = field(default_factory=dict)
    loopbacks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: Mapping[End, End] = field(default_factory=dict)
    shut: frozenset[End] = frozenset()
    fresh: frozenset[tuple[str, str]] = frozenset()
    neighbors: Mapping[str, frozenset[str]] = field(default_factory=dict)


def setting(
    intent: NetworkIntent,
    intended: Mapping[str, Intended],
    running: Mapping[str, str],
    *,
    expected: Iterable[Adjacency],
    forms: Mapping[str, PlatformForm],
) -> Setting:
    """``intended`` is what each planned device shall run, ``running`` the canonical text of what it runs."""
    devices = {device.name: device for device in intent.devices}
    links = {
        (device.name, interface.name): interface.peer
        for device in intent.devices
        for interface in device.interfaces
        if interface.peer and interface.peer[0] in devices
    }
    after = {
        name: _configured(item.config, forms[item.platform])
        for name, item in intended.items()
        if forms[item.platform].interfaces
    }
    before = {
        name: _configured(running[name], forms[intended[name].platform]) for name in after if name in running
    }
    return Setting(
        devices=devices,
        loopbacks={
            name: _loopback(device, after.get(name), forms[device.platform].loopback)
            for name, device in devices.items()
            if device.lifecycle == "active"
        },
        links=links,
        shut=frozenset(
            (name, interface.name)
            for name, shown in after.items()
            for interface in shown
            if not interface.enabled
        ),
        fresh=frozenset(
            (name, address)
            for name in before
            for address in _addresses(after[name]) - _addresses(before[name])
        ),
        neighbors=_neighbors(links, expected),
    )


def _configured(config: str, form: PlatformForm) -> tuple[InterfaceState, ...]:
    return form.interfaces.configured(config) if form.interfaces else ()


def _addresses(interfaces: Iterable[InterfaceState]) -> set[str]:
    return {address.split("/")[0] for interface in interfaces for address in interface.addresses}


def _loopback(
    device: DeviceIntent, configured: tuple[InterfaceState, ...] | None, name: str | None
) -> tuple[str, ...]:
    """The loopback's addresses as they will be configured; by the inventory where the device is no part of the plan."""
    if configured is not None:
        return tuple(sorted(_addresses(one for one in configured if one.name == name)))
    own = [one for one in device.interfaces if one.name == name]
    return tuple(
        sorted([str(a.ip) for one in own for a in one.ipv4] + [str(a.ip) for one in own for a in one.ipv6])
    )


def _neighbors(links: Mapping[End, End], expected: Iterable[Adjacency]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    pairs = [(near[0], far[0]) for near, far in links.items()]
    pairs += [(one.device, one.other) for one in expected if one.other]
    for near, far in pairs:
        found.setdefault(near, set()).add(far)
        found.setdefault(far, set()).add(near)
    return {name: frozenset(others) for name, others in found.items()}
