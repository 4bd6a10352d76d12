"""What a workspace has in its files and under .netmgr, each behind its port; built, and imported, on first use."""

from __future__ import annotations

import os
import pwd
import secrets
import socket
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from netmgr.adapters.private_files import private_directory, write_durably
from netmgr.errors import StoreError, UsageError
from netmgr.model.access import Actor

if TYPE_CHECKING:
    from netmgr.adapters.audit_policies_yaml import YamlAuditPolicies
    from netmgr.adapters.backups_git import GitBackups
    from netmgr.adapters.blobs_dir import EncryptedBlobs, PlanFiles
    from netmgr.adapters.checks_yaml import YamlChecks
    from netmgr.adapters.installed_platforms import InstalledForms
    from netmgr.adapters.inventory_yaml import YamlInventories
    from netmgr.adapters.notify_yaml import YamlNotify
    from netmgr.adapters.provider_yaml import YamlProvider
    from netmgr.adapters.reports_dir import ReportDirectory
    from netmgr.adapters.schedule_yaml import YamlSchedule
    from netmgr.adapters.secrets_local import LocalSecrets, LocalSecretStore
    from netmgr.adapters.signing_key import SigningKey
    from netmgr.adapters.state_archives import DirectoryArchives
    from netmgr.adapters.store_sql import SqlServiceLog
    from netmgr.adapters.store_sql.samples import SqlSamples
    from netmgr.adapters.system_clock import SystemClock
    from netmgr.adapters.template_source import TemplateDirectory
    from netmgr.model.people import People
    from netmgr.model.settings import Settings
    from netmgr.ports.handover import Handover
    from netmgr.ports.locks import Locks
    from netmgr.ports.office import Office
    from netmgr.ports.runs import Runs
    from netmgr.ports.state import SecondPlace

OURS = "_workspace"
"""In a client's place where a secret is the workspace's own. No client's id begins so."""


class Workspace:
    """The adapters of one workspace's files, and of what is kept for it."""

    clock: SystemClock

    def __init__(self, workspace: Path, settings: Settings) -> None:
        self.workspace, self.settings = workspace, settings
        self.state = workspace / ".netmgr"

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
        from netmgr.service.records import PROJECTIONS

        private_directory(self.state)
        url = self.settings.store or f"sqlite:///{self.state / 'store.db'}"
        return open_store(url, self.clock, password=self._store_password, projections=PROJECTIONS)

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
    def samples(self) -> SqlSamples:
        """What probes have found: in the store."""
        from netmgr.adapters.store_sql.samples import SqlSamples

        return SqlSamples(self.service_log.database)

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
    def provider_file(self) -> YamlProvider:
        """config/provider.yaml."""
        from netmgr.adapters.provider_yaml import YamlProvider

        return YamlProvider(self.workspace, self.inventories.clients)

    @cached_property
    def reports(self) -> ReportDirectory:
        """Where reports are kept."""
        from netmgr.adapters.reports_dir import ReportDirectory

        return ReportDirectory(self.state / "reports", self.signing_key, lambda: self.people)

    @cached_property
    def office(self) -> Office:
        """Agreements as they are written, and what they need."""
        from netmgr.adapters.agreement_yaml import YamlAgreements
        from netmgr.adapters.document_formats import RENDERERS, check_electronic, hybrid
        from netmgr.adapters.holidays_frozen import FrozenHolidays
        from netmgr.adapters.oncall_yaml import YamlRosters
        from netmgr.adapters.package_templates import words_in
        from netmgr.model.digest import sha256_hex
        from netmgr.ports.office import Office

        return Office(
            agreements=YamlAgreements(self.workspace),
            holidays=FrozenHolidays(),
            schedule=self.schedule,
            rosters=YamlRosters(
                self.workspace, self.inventories.clients, lambda: self.inventories.people().people
            ),
            words=words_in,
            renderers=RENDERERS,
            hybrid=hybrid,
            check_electronic=check_electronic,
            fingerprint=lambda: sha256_hex(self.signing_key.public_key()),
            provider=self.provider_file.provider,
        )

    @cached_property
    def plans(self) -> PlanFiles:
        """Saved plans."""
        from netmgr.adapters.blobs_dir import PlanFiles

        return PlanFiles(self.state / "plans")

    @cached_property
    def handover(self) -> Handover:
        """Packs for clients who leave."""
        from netmgr.adapters.exit_archive import WorkspaceHandover

        return WorkspaceHandover(self.workspace, self.signing_key)

    def archives(self) -> DirectoryArchives:
        """The second place. Raises UsageError where config/netmgr.yaml names none, or one that is none."""
        from netmgr.adapters.state_archives import DirectoryArchives

        settings = self.settings.state
        if settings is None:
            raise UsageError(
                "config/netmgr.yaml has no `state`: name a directory elsewhere (to) and two age recipients "
                "(recipients)"
            )
        place = (self.workspace / settings.to).resolve()
        if place.is_relative_to(self.workspace.resolve()):
            raise UsageError(
                "config/netmgr.yaml: state.to is in the workspace, and would be lost with it; name another disk"
            )
        return DirectoryArchives(place, settings.recipients)

    def second_place(self) -> SecondPlace:
        """What a backup of the workspace is made of. Raises what ``archives`` raises."""
        from netmgr.adapters.workspace_copy import WorkspaceFiles
        from netmgr.ports.state import SecondPlace

        archives, settings = self.archives(), self.settings.state
        keep = settings.keep if settings else 0
        return SecondPlace(self.service_log.copy(), WorkspaceFiles(self.workspace), archives, keep)

    @cached_property
    def snapshots(self) -> EncryptedBlobs:
        """Snapshots of configurations from before a change."""
        from netmgr.adapters.blobs_dir import EncryptedBlobs

        return EncryptedBlobs(self.state / "snapshots", self.state / "keys" / "snapshots.age")

    @cached_property
    def backups(self) -> GitBackups:
        """A git repository for each client."""
        from netmgr.adapters.backups_git import GitBackups

        return GitBackups(
            self.state / "backups",
            key=self.state / "keys" / "backups.age",
            hmac_key=lambda: self._secret_key("backup-hmac"),
            offline=self.settings.backups.recipients,
            others=self._given_identities,
        )

    def _given_identities(self) -> list[Any]:
        """The age identities of NETMGR_AGE_IDENTITY, where it names a file."""
        if not os.environ.get("NETMGR_AGE_IDENTITY"):
            return []
        return self.secrets.identities("backups")

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

    def _secret_key(self, name: str) -> bytes:
        """32 random bytes of this workspace, made at first use."""
        path = self.state / "keys" / name
        if not path.exists():
            private_directory(path.parent)
            write_durably(path, secrets.token_bytes(32))
        try:
            return path.read_bytes()
        except OSError as error:
            raise StoreError(f"{path}: {error.strerror}; make it readable for you") from error
