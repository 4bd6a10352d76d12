"""Boots, shows, enters and removes a client's emulated devices: one process for all of them, on loopback.

``BASE/<client>`` (0700) holds keys, journals and the record of the process; without it the process ends.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from netmgr.errors import LabError
from netmgr.lab.emulated.control import Control
from netmgr.lab.emulated.places import CERTIFICATES, IDENTITY, KNOWN_HOSTS, LOOPBACK, PASSWORD, RECORD, USER
from netmgr.lab.emulated.systems import system
from netmgr.lab.frr.process import Process
from netmgr.lab.frr.state import LabRecord
from netmgr.model.lab import LabDevice, LabNetwork, LabStatus
from netmgr.ports.progress import Progress

_PACKAGE_PARENT = Path(__file__).parents[3]
_LOG, _DESCRIPTION = "emulated.log", "lab.json"
_LOG_CHARACTERS = 600
#: Seconds within which a process that was killed is gone.
_KILL_LIMIT = 20.0


class EmulatedLab:
    """Labs below ``state_dir``. ``scale`` is how much faster than real ones the devices' clocks run."""

    def __init__(self, state_dir: Path, *, scale: float = 1.0) -> None:
        self._base, self._scale = state_dir.absolute(), scale

    def directory(self, client: str) -> Path:
        """Where the lab's journals and control channel are."""
        return self._base / client

    def up(self, network: LabNetwork, progress: Progress) -> LabStatus:
        """See ``netmgr.ports.lab.Lab.up``. Nodes of other platforms are real: they are only cabled to."""
        with self._locked(network.client):
            record = self._record(network.client)
            if record and not record.describes(network):
                raise LabError(
                    f"the lab of {network.client} is up with another network; "
                    f"run `netmgr lab down -c {network.client}` first"
                )
            if not record:
                self._remove(network.client)  # what an interrupted command left
                try:
                    record = self._boot(network, progress)
                except BaseException:
                    self._remove(network.client)
                    raise
        return self._status(record)

    @contextmanager
    def passing(self, network: LabNetwork, progress: Progress) -> Iterator[None]:
        """A lab for as long as the context lasts, and never longer than this process: its pipe ends it.

        Raises LabError, as ``up`` does, and for a lab of the client's that is here already.
        """
        with self._locked(network.client):
            if self._record(network.client):
                raise LabError(f"the lab of {network.client} in {self._base} is there already")
            self._remove(network.client)
            try:
                with self._started(network, progress):
                    yield
            finally:
                self._remove(network.client)

    def forwarding(self, client: str) -> dict[str, frozenset[str]]:
        """Device → the prefixes that it forwards, as configurations and cables have it; of no lab, none."""
        record = self._record(client)
        if not record:
            return {}
        with self.control(client) as control:
            return {each.device: frozenset(control.ask("routes", each.device)) for each in record.devices}

    def down(self, client: str) -> bool:
        """See ``netmgr.ports.lab.Lab.down``."""
        if not self._base.exists():
            return False
        with self._locked(client):
            return self._remove(client)

    def status(self, client: str) -> LabStatus | None:
        """See ``netmgr.ports.lab.Lab.status``."""
        record = self._record(client)
        return self._status(record) if record else None

    def network(self, client: str) -> LabNetwork | None:
        """The network that the lab was booted for, real devices and all; ``None`` if it is not up."""
        record = self._record(client)
        return record.network if record else None

    def console(self, client: str, device: str, argv: Sequence[str]) -> list[str]:
        """See ``netmgr.ports.lab.Lab.console``. Each word of ``argv`` is a line of the device's own command line."""
        record = self._record(client)
        if not record:
            raise LabError(f"the lab of {client} is not up; run `netmgr lab up -c {client}`")
        names = [each.device for each in record.devices]
        if device not in names:
            raise LabError(f"the lab of {client} has no emulated device {device}; it has {', '.join(names)}")
        module = "netmgr.lab.emulated.console"
        return [sys.executable, "-m", module, str(self.directory(client)), device, *argv]

    @contextmanager
    def control(self, client: str) -> Iterator[Control]:
        """The lab's control channel: configurations, faults, transcripts."""
        control = Control(self.directory(client))
        try:
            yield control
        finally:
            control.close()

    def _boot(self, network: LabNetwork, progress: Progress) -> LabRecord:
        with self._started(network, progress) as (record, process):
            assert process.stdin is not None  # noqa: S101 - asked for
            process.stdin.write("stay\n")
        return record

    @contextmanager
    def _started(
        self, network: LabNetwork, progress: Progress
    ) -> Iterator[tuple[LabRecord, subprocess.Popen[str]]]:
        """A lab that ends with the context, or with this process, unless it is told to stay."""
        directory = self.directory(network.client)
        directory.mkdir(mode=0o700)
        log = os.open(directory / _LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        # Other packages' emulations are where this process finds them.
        paths = (str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH"))
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}
        argv = [sys.executable, "-P", "-m", "netmgr.lab.emulated.host", str(directory)]
        try:
            process = subprocess.Popen(
                argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, cwd="/",
                env=environment, start_new_session=True,
            )  # fmt: skip
        finally:
            os.close(log)
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - asked for above
        with process, process.stdin, process.stdout:
            order = {"network": network.model_dump_json(), "scale": self._scale}
            process.stdin.write(json.dumps(order) + "\n")
            process.stdin.flush()
            said = json.loads(process.stdout.readline() or '{"failed": "its process ended"}')
            if "failed" in said:
                raise LabError(self._explained(network.client, said["failed"]))
            record = LabRecord(
                network=network.without_configurations(),
                configurations=network.configurations,
                devices=tuple(self._device(network, name, port) for name, port in said["devices"].items()),
                pids=dict.fromkeys(said["devices"], said["pid"]),
            )
            path = directory / _DESCRIPTION
            path.touch(0o600)
            path.write_text(record.model_dump_json(), "utf-8")
            for device in record.devices:
                progress(f"{device.device} is emulated ({device.platform})")
            yield record, process

    def _device(self, network: LabNetwork, name: str, port: int) -> LabDevice:
        directory = self.directory(network.client)
        platform = next(node.platform for node in network.nodes if node.device == name)
        https = system(platform).https
        return LabDevice(
            device=name,
            platform=platform,
            kind="emulated",
            address=LOOPBACK,
            port=port,
            user=USER,
            identity=str(directory / IDENTITY),
            known_hosts=str(directory / KNOWN_HOSTS),
            password_file=str(directory / PASSWORD),
            certificates=str(directory / (KNOWN_HOSTS + CERTIFICATES)) if https else None,
            ready=False,
        )

    def _status(self, record: LabRecord) -> LabStatus:
        """Ready is who is in the process that answers now."""
        client = record.network.client
        try:
            with self.control(client) as control:
                answering = set(control.ask("devices"))
        except OSError:
            answering = set()
        devices = (each.model_copy(update={"ready": each.device in answering}) for each in record.devices)
        return LabStatus(client=client, devices=tuple(devices))

    def _record(self, client: str) -> LabRecord | None:
        process = Process.read(self.directory(client) / RECORD)
        if not process or not process.alive():
            return None
        try:
            return LabRecord.model_validate_json((self.directory(client) / _DESCRIPTION).read_bytes())
        except (FileNotFoundError, ValidationError):  # it is booting, or was booted by another version
            return None

    def _remove(self, client: str) -> bool:
        directory = self.directory(client)
        if not directory.exists():
            return False
        if process := Process.read(directory / RECORD):
            process.kill(_KILL_LIMIT)
        shutil.rmtree(directory)
        return True

    def _explained(self, client: str, what: str) -> str:
        log = self.directory(client) / _LOG
        tail = " | ".join(log.read_text("utf-8", "replace").split("\n"))[-_LOG_CHARACTERS:].strip(" |")
        return f"{client}: emulated devices: {what}" + (f"; its log ends: {tail}" if tail else "")

    @contextmanager
    def _locked(self, client: str) -> Iterator[None]:
        try:
            self._base.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self._base / f"{client}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise LabError(f"the lab of {client}: {error.strerror}: {error.filename}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)
