"""The adapter behind the port Lab: boots, shows, enters and removes a client's lab of FRR routers."""

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from netmgr.errors import LabError
from netmgr.lab import SYSTEM_PATH
from netmgr.lab.frr.boot import boot
from netmgr.lab.frr.probe import answering
from netmgr.lab.frr.process import parent_of
from netmgr.lab.frr.state import LabRecord, LabState
from netmgr.lab.frr.validate import validate
from netmgr.lab.kit import Kit, LabKit
from netmgr.model.lab import LabNetwork, LabStatus
from netmgr.ports.progress import Progress

_NAMESPACES = ("--user", "--preserve-credentials", "--mount", "--uts", "--ipc", "--net", "--pid")
_SHELL = ("/bin/bash", "--login")


class FrrLab:
    """Labs below ``state_dir``, one directory for each client, booted with what ``kit`` provides."""

    def __init__(self, state_dir: Path, kit: LabKit) -> None:
        self._base = state_dir.absolute()
        self._kit = kit

    def up(self, network: LabNetwork, progress: Progress) -> LabStatus:
        """See ``netmgr.ports.lab.Lab.up``."""
        validate(network)
        state = LabState(self._base, network.client)
        with state.locked() as lock:
            record = state.record()
            if record and not record.describes(network):
                raise LabError(
                    f"the lab of {network.client} is up with another network; "
                    f"run `netmgr lab down -c {network.client}` first"
                )
            if not record:
                kit, hosts = self._found(network)
                state.remove()  # what an interrupted command left
                try:
                    with boot(state, network, kit.root, hosts, lock, progress) as booted:
                        record = booted.record
                        booted.stay()
                except BaseException:
                    state.remove()
                    raise
        return _status(record)

    @contextlib.contextmanager
    def passing(self, network: LabNetwork, progress: Progress) -> Iterator[LabRecord]:
        """A lab for as long as the context lasts, and never longer than this process: the kernel ends it.

        Raises LabError, as ``up`` does, and for a lab of the client's that is here already.
        """
        validate(network)
        state = LabState(self._base, network.client)
        with state.locked() as lock:
            if state.path.exists():
                raise LabError(f"the lab of {network.client} in {self._base} is there already")
            kit, hosts = self._found(network)
            try:
                with boot(state, network, kit.root, hosts, lock, progress) as booted:
                    yield booted.record
            finally:
                state.remove()

    def _found(self, network: LabNetwork) -> tuple[Kit, Path | None]:
        """What the network needs. Raises LabError for what is missing."""
        own = any(node.own_root for node in network.nodes)
        return self._kit.locate(), self._kit.hosts.locate() if own else None

    def down(self, client: str) -> bool:
        """See ``netmgr.ports.lab.Lab.down``."""
        state = LabState(self._base, client)
        if not self._base.exists():
            return False
        with state.locked():
            return state.remove()

    def status(self, client: str) -> LabStatus | None:
        """See ``netmgr.ports.lab.Lab.status``."""
        record = LabState(self._base, client).record()
        return _status(record) if record else None

    def console(self, client: str, device: str, argv: Sequence[str]) -> list[str]:
        """See ``netmgr.ports.lab.Lab.console``."""
        pid = self.namespace_pid(client, device)
        nsenter = shutil.which("nsenter", path=SYSTEM_PATH)
        if not nsenter:
            raise LabError("this machine has no command nsenter; install the package util-linux")
        environment = {
            "PATH": SYSTEM_PATH,
            "HOME": "/root",
            "USER": "root",
            "LOGNAME": "admin",
            "LANG": "C.UTF-8",
            "TERM": os.environ.get("TERM", "dumb"),
        }
        clean = [
            *("/usr/bin/env", "--ignore-environment", "--chdir=/root"),
            *(f"{name}={value}" for name, value in environment.items()),
        ]
        return [nsenter, f"--target={pid}", *_NAMESPACES, "--", *clean, *(argv or _SHELL)]

    def namespace_pid(self, client: str, device: str) -> int:
        """The first process of a device's namespaces, as this machine numbers it.

        Raises LabError if the lab or the device does not run.
        """
        state = LabState(self._base, client)
        record, supervisor = state.record(), state.supervisor()
        if not record or not supervisor:
            raise LabError(f"the lab of {client} is not up; run `netmgr lab up -c {client}`")
        if device not in record.pids:
            raise LabError(f"the lab of {client} has no device {device}; it has {', '.join(record.pids)}")
        pid = record.pids[device]
        if parent_of(pid) != supervisor.pid:  # it has ended; the number may be another process's by now
            raise LabError(
                f"{device}: its first process has ended; run `netmgr lab down -c {client}`, then `netmgr lab up`"
            )
        return pid


def _status(record: LabRecord) -> LabStatus:
    ready = answering(record)
    devices = tuple(device.model_copy(update={"ready": device.device in ready}) for device in record.devices)
    return LabStatus(client=record.network.client, devices=devices)
