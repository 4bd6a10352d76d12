"""The adapter behind the port Lab: real devices in namespaces and emulated ones in a process of their own, as one lab.

A cable between the two kinds carries nothing: the real end sees a link that is up and nobody on it, the emulated end
takes the real device at its word (``netmgr.lab.emulated.state``).
"""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from netmgr.errors import LabError
from netmgr.lab.emulated.lab import EmulatedLab
from netmgr.lab.emulated.systems import emulated_platforms
from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.frr.validate import REAL, validate_cables
from netmgr.lab.kit import LabKit
from netmgr.model.lab import LabNetwork, LabStatus
from netmgr.ports.progress import Progress


class MixedLab:
    """See ``netmgr.ports.lab.Lab``. ``state_dir`` holds the real devices' labs, ``emulated_dir`` the others'."""

    def __init__(self, state_dir: Path, emulated_dir: Path, kit: LabKit) -> None:
        self.real, self.emulated = FrrLab(state_dir, kit), EmulatedLab(emulated_dir)

    def up(self, network: LabNetwork, progress: Progress) -> LabStatus:
        """The real devices first: they are the ones that may be missing something."""
        _validate(network)
        client, real = network.client, _only_real(network)
        all_real, all_emulated = len(real.nodes) == len(network.nodes), not real.nodes
        running = (self.real.status(client) is not None, self.emulated.status(client) is not None)
        if (running[0] and all_emulated) or (running[1] and all_real):
            raise LabError(
                f"the lab of {client} is up with another network; run `netmgr lab down -c {client}` first"
            )
        found: list[LabStatus] = []
        try:
            if real.nodes:
                found.append(self.real.up(real, progress))
            if not all_real:
                found.append(self.emulated.up(network, progress))
        except BaseException:
            if not running[0]:
                self.real.down(client)
            raise
        return _together(network, found)

    @contextlib.contextmanager
    def passing(self, network: LabNetwork, progress: Progress) -> Iterator[frozenset[str]]:
        """A lab for as long as the context lasts, and never longer than this process; the names of its real devices.

        Raises LabError as ``up`` does.
        """
        _validate(network)
        real = _only_real(network)
        with contextlib.ExitStack() as stack:
            if real.nodes:
                stack.enter_context(self.real.passing(real, progress))
            if len(real.nodes) < len(network.nodes):
                stack.enter_context(self.emulated.passing(network, progress))
            yield frozenset(node.device for node in real.nodes)

    def down(self, client: str) -> bool:
        """Both kinds."""
        emulated = self.emulated.down(client)
        return self.real.down(client) or emulated

    def status(self, client: str) -> LabStatus | None:
        """Both kinds, in the network's order."""
        real, emulated = self.real.status(client), self.emulated.status(client)
        network = self.emulated.network(client)
        if emulated is None or network is None:
            return real
        return _together(network, [status for status in (real, emulated) if status])

    def console(self, client: str, device: str, argv: Sequence[str]) -> list[str]:
        """A shell on a real device, the device's own command line on an emulated one."""
        emulated = self.emulated.status(client)
        if emulated and any(each.device == device for each in emulated.devices):
            return self.emulated.console(client, device, argv)
        return self.real.console(client, device, argv)


def _validate(network: LabNetwork) -> None:
    boots = REAL | emulated_platforms()
    for node in network.nodes:
        if node.platform not in boots:
            known = ", ".join(sorted(boots))
            raise LabError(f"{node.device}: the lab boots {known}, not platform {node.platform}")
    validate_cables(network)


def _only_real(network: LabNetwork) -> LabNetwork:
    nodes = tuple(node for node in network.nodes if node.platform in REAL)
    names = {node.device for node in nodes}
    links = tuple(link for link in network.links if link.a[0] in names and link.b[0] in names)
    return LabNetwork(client=network.client, nodes=nodes, links=links)


def _together(network: LabNetwork, parts: Sequence[LabStatus]) -> LabStatus:
    by_name = {device.device: device for part in parts for device in part.devices}
    devices = (by_name[node.device] for node in network.nodes if node.device in by_name)
    return LabStatus(client=network.client, devices=tuple(devices))
