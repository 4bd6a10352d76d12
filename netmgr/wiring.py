"""The composition root: settings → adapters behind the ports. Each is built, and imported, on first use."""

from __future__ import annotations

import dataclasses
import os
import pwd
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from netmgr.adapters.private_files import private_directory
from netmgr.adapters.system_clock import SystemClock
from netmgr.errors import InputError
from netmgr.model.digest import sha256_hex
from netmgr.workspace import OURS, Workspace

if TYPE_CHECKING:
    from netmgr.adapters.ssh_host_keys import SshHostKeys
    from netmgr.lab.kit import LabKit
    from netmgr.lab.mixed import MixedLab
    from netmgr.lab.twins import LabTwin
    from netmgr.model.access import Actor
    from netmgr.model.endpoint import Endpoint
    from netmgr.model.inventory import Device, Inventory
    from netmgr.model.lab import LabNetwork
    from netmgr.model.names import Target
    from netmgr.model.notify_settings import NotifySettings
    from netmgr.model.reach import Reach
    from netmgr.model.settings import Settings
    from netmgr.model.witness import WitnessPlace
    from netmgr.ports.carrier import Carrier
    from netmgr.ports.post import Post
    from netmgr.ports.prober import Prober
    from netmgr.ports.progress import Progress
    from netmgr.ports.witness import Witness, Witnesses
    from netmgr.report.material import Plugged
    from netmgr.workflows.doctor import Instruments
    from netmgr.workflows.runtime import Runtime
    from netmgr.workflows.sender import Sender


class Wiring(Workspace):
    """A workspace with its lab, its ways to devices and people, and the runtimes of commands."""

    def __init__(self, workspace: Path, settings: Settings) -> None:
        super().__init__(workspace, settings)
        self.clock = SystemClock()

    @cached_property
    def post(self) -> Post:
        """The outbox and what carries its messages."""
        from netmgr.adapters.enclosures import Enclosures
        from netmgr.adapters.store_sql.outbox import SqlOutbox
        from netmgr.ports.post import Post

        return Post(
            files=self.notify_files,
            outbox=SqlOutbox(self.service_log.database),
            carriers=self._carriers,
            enclose=Enclosures(self.reports),
        )

    def witnesses(self, client: str) -> Witnesses:
        """Who keeps the client's checkpoints: whom the workspace names, and whom the client does."""
        from netmgr.ports.witness import Witnesses

        places = (*self.settings.witnesses, *self.notify_files.client(client).witnesses)
        return Witnesses(self.signing_key, [self._witness(place) for place in places])

    def _witness(self, place: WitnessPlace) -> Witness:
        if place.directory:
            from netmgr.adapters.witness_files import DirectoryWitness

            return DirectoryWitness(self.workspace / place.directory)
        if place.git:
            from netmgr.adapters.git_repository import GitRepository
            from netmgr.adapters.witness_git import GitWitness

            remote = str(self.workspace / place.git) if place.git.startswith(".") else place.git
            return GitWitness(
                GitRepository(self.state / "witness" / sha256_hex(remote)[:16]), remote, self.clock
            )
        from netmgr.adapters.witness_mail import MailWitness

        carrier = self.post.carriers(self.notify_files.settings()).get("mail")
        if carrier is None:
            raise InputError(
                ["config/notify.yaml: a witness is a mailbox, and there is no mail server; write mail"]
            )
        return MailWitness(carrier, place.mail or "", self.clock)

    def sender(self, actor: Actor, request: str, say: Callable[[str], None]) -> Sender:
        """Who tells people what the log has news of."""
        from netmgr.model.permission import may
        from netmgr.workflows.sender import Sender

        return Sender(
            actor=actor,
            request=request,
            clock=self.clock,
            log=self.service_log,
            post=self.post,
            permitted=lambda action, client: may(
                self.people, actor.id, action, client, self.clock.now().date()
            ),
            say=say,
        )

    def _carriers(self, settings: NotifySettings) -> Mapping[str, Carrier]:
        from netmgr.adapters.carriers import carriers

        def secret(reference: str) -> str:
            return self.secrets.resolve(OURS, reference)

        return carriers(settings, secret=secret, workspace=self.workspace, clock=self.clock)

    @cached_property
    def lab_kit(self) -> LabKit:
        """What the lab needs from the distribution."""
        from netmgr.lab.kit import LabKit

        return LabKit()

    @cached_property
    def lab(self) -> MixedLab:
        """The lab of this workspace."""
        from netmgr.lab.mixed import MixedLab

        private_directory(self.state)
        return MixedLab(self.state / "lab", self.state / "emulated", self.lab_kit)

    @contextmanager
    def twin(
        self, outside: Runtime, network: LabNetwork, progress: Progress
    ) -> Iterator[tuple[LabTwin, Runtime]]:
        """A twin, and the runtime of a change on it: its log, leases and snapshots are the twin's and go with it."""
        from netmgr.adapters.blobs_dir import EncryptedBlobs, PlanFiles
        from netmgr.adapters.endpoints import lab_endpoints
        from netmgr.adapters.locks_file import FileLocks
        from netmgr.adapters.store_memory import MemoryServiceLog
        from netmgr.lab.twins import LabTwins

        private_directory(self.state)
        with LabTwins(self.state / "twins", self.lab_kit).boot(network, progress) as twin:
            own = twin.directory
            yield (
                twin,
                dataclasses.replace(
                    outside,
                    target="lab",
                    log=MemoryServiceLog(self.clock),
                    locks=FileLocks(own / "locks", self.clock, self.settings.deploy.lease),
                    snapshots=EncryptedBlobs(own / "snapshots", own / "snapshots.age"),
                    plans=PlanFiles(own / "plans"),
                    endpoints=lambda devices: lab_endpoints(twin.lab, outside.client, tuple(devices)),
                    permitted=lambda _: True,
                    backups=None,
                ),
            )

    def runtime(
        self,
        *,
        client: str,
        target: Target,
        actor: Actor,
        request: str,
        progress: Progress,
        interrupted: Callable[[], bool],
    ) -> Runtime:
        """The ports of one command on one client and target."""
        from netmgr.adapters.git_revision import GitRevision
        from netmgr.adapters.nornir_fleet import NornirFleet
        from netmgr.adapters.playbook_desk import playbook_desk
        from netmgr.adapters.ssh_signatures import SshSignatures
        from netmgr.model.permission import may
        from netmgr.workflows.runtime import Runtime

        deploy = self.settings.deploy
        return Runtime(
            client=client,
            target=target,
            actor=actor,
            request=request,
            clock=self.clock,
            log=self.service_log,
            fleet=NornirFleet(self.forms, workers=deploy.workers, timeout=deploy.timeout, step=progress.step),
            inventories=self.inventories,
            templates=self.templates,
            revision=GitRevision(self.workspace),
            secrets=self.secrets,
            signatures=SshSignatures(),
            locks=self.locks,
            snapshots=self.snapshots,
            plans=self.plans,
            forms=self.forms,
            endpoints=self._endpoints(client, target),
            overlay=self.settings.lab.overlay if target == "lab" else None,
            fingerprint_key=self._secret_key("plan-hmac"),
            progress=progress,
            permitted=lambda action: may(self.people, actor.id, action, client, self.clock.now().date()),
            interrupted=interrupted,
            read_policy=cache(lambda: self.inventories.policies().of(client)),
            read_checks=self.checks.of,
            open_desk=lambda: self.reports,
            open_sections=_report_sections,
            read_audit_policy=self.audit_policies.of,
            backups=self.backups,
            open_post=lambda: self.post,
            open_witnesses=lambda: self.witnesses(client),
            open_playbooks=lambda: playbook_desk(self, target),
            open_office=lambda: self.office,
            open_samples=lambda: self.samples,
            open_prober=self._prober,
            open_second_place=self.second_place,
            open_handover=lambda: self.handover,
            open_records=lambda: self.service_log.records,
            boot=self.twin,
        )

    @cached_property
    def instruments(self) -> Instruments:
        """What the self-test looks through."""
        from netmgr.adapters.machine_local import LocalMachine
        from netmgr.lab.userns import check_namespaces
        from netmgr.workflows.doctor import Instruments

        return Instruments(
            machine=LocalMachine(
                self.workspace,
                self.lab,
                kit=lambda: self.lab_kit.locate().description,
                namespaces=check_namespaces,
            ),
            inventories=self.inventories,
            forms=self.forms,
            secrets=self.secrets,
            locks=self.locks,
            clock=self.clock,
            store=lambda: self.service_log,
            post=lambda: (self.post, OURS),
            backups=lambda: self.backups.offline,
        )

    def _prober(self) -> Prober:
        from netmgr.adapters.prober_tcp import TcpProber

        return TcpProber(self.forms, workers=self.settings.deploy.workers)

    def host_keys(self) -> SshHostKeys:
        """Host keys of devices and jump hosts."""
        from netmgr.adapters.ssh_host_keys import SshHostKeys

        return SshHostKeys(timeout=self.settings.deploy.timeout, workers=self.settings.deploy.workers)

    def _endpoints(self, client: str, target: Target) -> Callable[[Iterable[Device]], tuple[Endpoint, ...]]:
        def resolve(devices: Iterable[Device]) -> tuple[Endpoint, ...]:
            from netmgr.adapters.endpoints import NetworkAccess, lab_endpoints

            chosen = tuple(devices)
            if target == "lab":
                return lab_endpoints(self.lab, client, chosen)
            access = NetworkAccess(
                self.secrets,
                self.inventories.load(client, overlay=None),
                workspace=self.workspace,
                login=pwd.getpwuid(os.getuid()).pw_name,
                forms=self.forms,
            )
            return access.endpoints(chosen)

        return resolve

    def reach(self, inventory: Inventory, target: Target, devices: Iterable[Device]) -> tuple[Reach, ...]:
        """How other programs reach the devices. Raises LabError where the lab is the target and not up."""
        from netmgr.adapters.reach import lab_reach, network_reach

        if target == "lab":
            return lab_reach(self.lab, inventory.client.id, tuple(devices))
        return network_reach(inventory, devices, workspace=self.workspace)


def _report_sections() -> tuple[Plugged, ...]:
    from netmgr.adapters.section_plugins import installed

    return installed()
