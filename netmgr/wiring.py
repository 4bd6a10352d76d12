"""The composition root: settings → adapters behind the ports. Each is built, and imported, on first use."""

from __future__ import annotations

import dataclasses
import os
import pwd
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from netmgr.adapters.private_files import private_directory, write_durably
from netmgr.adapters.system_clock import SystemClock
from netmgr.errors import StoreError
from netmgr.model.access import Actor

if TYPE_CHECKING:
    from netmgr.adapters.audit_policies_yaml import YamlAuditPolicies
    from netmgr.adapters.blobs_dir import EncryptedBlobs, PlanFiles
    from netmgr.adapters.checks_yaml import YamlChecks
    from netmgr.adapters.installed_platforms import InstalledForms
    from netmgr.adapters.inventory_yaml import YamlInventories
    from netmgr.adapters.notify_yaml import YamlNotify
    from netmgr.adapters.reports_dir import ReportDirectory
    from netmgr.adapters.schedule_yaml import YamlSchedule
    from netmgr.adapters.secrets_local import LocalSecrets, LocalSecretStore
    from netmgr.adapters.signing_key import SigningKey
    from netmgr.adapters.ssh_host_keys import SshHostKeys
    from netmgr.adapters.store_sql import SqlServiceLog
    from netmgr.adapters.template_source import TemplateDirectory
    from netmgr.lab.kit import LabKit
    from netmgr.lab.mixed import MixedLab
    from netmgr.lab.twins import LabTwin
    from netmgr.model.endpoint import Endpoint
    from netmgr.model.inventory import Device, Inventory
    from netmgr.model.lab import LabNetwork
    from netmgr.model.names import Target
    from netmgr.model.notify_settings import NotifySettings
    from netmgr.model.people import People
    from netmgr.model.reach import Reach
    from netmgr.model.settings import Settings
    from netmgr.ports.carrier import Carrier
    from netmgr.ports.locks import Locks
    from netmgr.ports.post import Post
    from netmgr.ports.progress import Progress
    from netmgr.ports.runs import Runs
    from netmgr.workflows.doctor import Instruments
    from netmgr.workflows.runtime import Runtime
    from netmgr.workflows.sender import Sender

OURS = "_workspace"
"""In a client's place where a secret is the workspace's own. No client's id begins so."""


class Wiring:
    """The adapters of one workspace."""

    def __init__(self, workspace: Path, settings: Settings) -> None:
        self.workspace, self.settings = workspace, settings
        self.state = workspace / ".netmgr"
        self.clock = SystemClock()

    @cached_property
    def forms(self) -> InstalledForms:
        """Every platform's form by name, other packages' too."""
        from netmgr.adapters.installed_platforms import InstalledForms

        return InstalledForms()

    @cached_property
    def inventories(self) -> YamlInventories:
        """inventory/ of the workspace."""
        from netmgr.adapters.inventory_cache import InventoryCache
        from netmgr.adapters.inventory_yaml import YamlInventories

        return YamlInventories(self.workspace, self.forms, InventoryCache(self.state / "cache" / "inventory"))

    @cached_property
    def templates(self) -> TemplateDirectory:
        """templates/ of the workspace, and the clients' own."""
        from netmgr.adapters.template_source import TemplateDirectory

        return TemplateDirectory(self.workspace, self.forms.templates, self.forms.packaged())

    @cached_property
    def checks(self) -> YamlChecks:
        """config/checks of the workspace."""
        from netmgr.adapters.checks_yaml import YamlChecks

        return YamlChecks(self.workspace, self.inventories.clients)

    @cached_property
    def audit_policies(self) -> YamlAuditPolicies:
        """What in config/policies only audits read."""
        from netmgr.adapters.audit_policies_yaml import YamlAuditPolicies

        return YamlAuditPolicies(self.workspace, self.inventories.clients, self.forms)

    @cached_property
    def secrets(self) -> LocalSecrets:
        """Secrets on this machine."""
        from netmgr.adapters.secrets_local import LocalSecrets

        return LocalSecrets(self.workspace / "secrets", os.environ)

    def secret_store(self, scheme: Literal["age", "file"]) -> LocalSecretStore:
        """Where new secrets are kept on this machine."""
        from netmgr.adapters.secrets_local import LocalSecretStore

        return LocalSecretStore(self.workspace / "secrets", os.environ, scheme)

    @cached_property
    def service_log(self) -> SqlServiceLog:
        """The service log's store."""
        from netmgr.adapters.store_sql import open_store

        private_directory(self.state)
        url = self.settings.store or f"sqlite:///{self.state / 'store.db'}"
        return open_store(url, self.clock, password=self._store_password)

    @cached_property
    def schedule(self) -> YamlSchedule:
        """config/schedule.yaml and the clients' own jobs."""
        from netmgr.adapters.schedule_yaml import YamlSchedule

        return YamlSchedule(self.workspace, self.inventories.clients)

    @cached_property
    def runs(self) -> Runs:
        """What was run on schedule: in the store; turns are taken among everybody who shares it."""
        from netmgr.adapters.store_sql.runs import SqlRuns, turns_in_database
        from netmgr.adapters.turns_file import FileTurns

        url = self.settings.shared_store
        turn = turns_in_database(url, self._store_password) if url else FileTurns(self.state / "turns")
        return SqlRuns(self.service_log.database, turn)

    @cached_property
    def _store_password(self) -> str | None:
        """Of nobody's network but ours: kept where no client's secret can be."""
        reference = self.settings.store_password
        return self.secrets.credential(OURS, reference) if reference else None

    @cached_property
    def locks(self) -> Locks:
        """Who may write: among everybody who shares the store, else among the commands in this workspace."""
        if url := self.settings.shared_store:
            from netmgr.adapters.store_sql.leases import SqlLocks

            return SqlLocks(url, self._store_password, self.settings.deploy.lease)
        from netmgr.adapters.locks_file import FileLocks

        return FileLocks(self.state / "locks", self.clock, self.settings.deploy.lease)

    @cached_property
    def signing_key(self) -> SigningKey:
        """The key that signs checkpoints."""
        from netmgr.adapters.signing_key import SigningKey

        return SigningKey(self.state / "keys" / "log-ed25519")

    @cached_property
    def notify_files(self) -> YamlNotify:
        """config/notify.yaml and config/notify/."""
        from netmgr.adapters.notify_yaml import YamlNotify

        return YamlNotify(self.workspace, self.inventories.clients)

    @cached_property
    def post(self) -> Post:
        """The outbox and what carries its messages."""
        from netmgr.adapters.store_sql.outbox import SqlOutbox
        from netmgr.ports.post import Post

        return Post(
            files=self.notify_files, outbox=SqlOutbox(self.service_log.database), carriers=self._carriers
        )

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
    def reports(self) -> ReportDirectory:
        """Reports that were made on schedule."""
        from netmgr.adapters.reports_dir import ReportDirectory

        return ReportDirectory(self.state / "reports", self.signing_key)

    @cached_property
    def plans(self) -> PlanFiles:
        """Saved plans."""
        from netmgr.adapters.blobs_dir import PlanFiles

        return PlanFiles(self.state / "plans")

    @cached_property
    def snapshots(self) -> EncryptedBlobs:
        """Snapshots of configurations from before a change."""
        from netmgr.adapters.blobs_dir import EncryptedBlobs

        return EncryptedBlobs(self.state / "snapshots", self.state / "keys" / "snapshots.age")

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
                ),
            )

    @cached_property
    def people(self) -> People:
        """config/people.yaml; nobody where there is none."""
        return self.inventories.people()

    def actor(self, uid: int) -> Actor:
        """The person whose login runs the command, as config/people.yaml knows them."""
        try:
            known = self.people.by_login(pwd.getpwuid(uid).pw_name)
        except KeyError:
            known = None
        return Actor(id=known.id if known else f"uid-{uid}", auth="os", on=socket.gethostname() or "unknown")

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
            fingerprint_key=self._fingerprint_key(),
            progress=progress,
            permitted=lambda action: may(self.people, actor.id, action, client, self.clock.now().date()),
            interrupted=interrupted,
            read_policy=cache(lambda: self.inventories.policies().of(client)),
            read_checks=self.checks.of,
            open_desk=lambda: self.reports,
            read_audit_policy=self.audit_policies.of,
            open_post=lambda: self.post,
            open_playbooks=lambda: playbook_desk(self, target),
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
        )

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

    def _fingerprint_key(self) -> bytes:
        path = self.state / "keys" / "plan-hmac"
        if not path.exists():
            private_directory(path.parent)
            write_durably(path, secrets.token_bytes(32))
        try:
            return path.read_bytes()
        except OSError as error:
            raise StoreError(f"{path}: {error.strerror}; make it readable for you") from error
