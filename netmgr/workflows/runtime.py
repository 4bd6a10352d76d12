"""The ports that a change needs, for one client and target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from netmgr.errors import LabError, PlaybookError, Refused, StoreError
from netmgr.model.entry import Draft, Phase
from netmgr.ports.signatures import NOBODY, Signatures

if TYPE_CHECKING:  # a command needs a few of the ports: the others are not imported for their names
    from netmgr.model.access import Actor
    from netmgr.model.audit_policy import AuditPolicy
    from netmgr.model.change_policy import ChangePolicy
    from netmgr.model.endpoint import Endpoint
    from netmgr.model.inventory import Device, Inventory
    from netmgr.model.lab import LabNetwork
    from netmgr.model.names import Target
    from netmgr.model.permission import Action
    from netmgr.platforms.form import PlatformForm
    from netmgr.ports.backups import Backups
    from netmgr.ports.blobs import Blobs, Plans
    from netmgr.ports.checks import Check
    from netmgr.ports.clock import Clock
    from netmgr.ports.fleet import Fleet
    from netmgr.ports.handover import Handover
    from netmgr.ports.inventory import Inventories
    from netmgr.ports.lab import Twin
    from netmgr.ports.locks import Locks
    from netmgr.ports.office import Office
    from netmgr.ports.playbooks import PlaybookDesk
    from netmgr.ports.post import Post
    from netmgr.ports.prober import Prober
    from netmgr.ports.progress import Progress
    from netmgr.ports.records import Records
    from netmgr.ports.reports import ReportDesk
    from netmgr.ports.samples import Samples
    from netmgr.ports.secrets import Secrets
    from netmgr.ports.state import SecondPlace
    from netmgr.ports.store import ServiceLog
    from netmgr.ports.templates import Revision, Templates
    from netmgr.ports.witness import Witnesses
    from netmgr.report.material import Plugged

Boot: TypeAlias = "Callable[[Runtime, LabNetwork, Progress], AbstractContextManager[tuple[Twin, Runtime]]]"
"""Boots a twin, and gives it with the runtime of a change on it: nothing of that runtime outlives the twin."""


def _default_policy() -> ChangePolicy:
    from netmgr.model.change_policy import ChangePolicy

    return ChangePolicy()


def _default_audit_policy(_inventory: Inventory) -> AuditPolicy:
    from netmgr.model.audit_policy import AuditPolicy

    return AuditPolicy()


def _no_twin(_outside: Runtime, _network: LabNetwork, _progress: Progress) -> Any:
    raise LabError("no twin is booted here")


def _no_post() -> Post:
    raise StoreError("nobody is told anything here")


def _no_witnesses() -> Witnesses:
    raise StoreError("nobody witnesses anything here")


def _no_desk() -> ReportDesk:
    raise StoreError("no reports are kept here")


def _no_playbooks() -> PlaybookDesk:
    raise PlaybookError("no playbooks are played here")


def _no_office() -> Office:
    raise StoreError("no agreement is kept here")


def _no_samples() -> Samples:
    raise StoreError("no samples are kept here")


def _no_prober() -> Prober:
    raise StoreError("nobody is probed here")


def _no_handover() -> Handover:
    raise StoreError("nothing is handed over here")


def _no_second_place() -> SecondPlace:
    raise StoreError("nothing is archived here")


def _no_records() -> Records:
    raise StoreError("no records are kept here")


@dataclass(frozen=True, slots=True)
class Runtime:
    """One command's view of the world: who asks, for which client and target, and through which ports."""

    client: str
    target: Target
    actor: Actor
    request: str
    clock: Clock
    log: ServiceLog
    fleet: Fleet
    inventories: Inventories
    templates: Templates
    revision: Revision
    secrets: Secrets
    locks: Locks
    snapshots: Blobs
    plans: Plans
    forms: Mapping[str, PlatformForm]
    endpoints: Callable[[Iterable[Device]], tuple[Endpoint, ...]]
    overlay: Mapping[str, object] | None
    fingerprint_key: bytes
    """Keys the fingerprint of secrets in a plan, so that nobody without it can test guesses."""
    progress: Progress
    permitted: Callable[[Action], bool]
    """Whether the actor may do this for the client (config/people.yaml)."""
    interrupted: Callable[[], bool]
    """Whether the user asked to stop (Ctrl-C): a running change goes back, nothing is left half done."""
    signatures: Signatures = NOBODY
    read_policy: Callable[[], ChangePolicy] = _default_policy
    """Read when it is asked for: a mistake in a policy must not keep a change from being brought to its end."""
    read_checks: Callable[[Inventory], tuple[Check, ...]] = lambda _: ()
    """The checks in config/checks that are made for the inventory's client. Raises InputError."""
    read_audit_policy: Callable[[Inventory], AuditPolicy] = _default_audit_policy
    """What audits of the inventory's client look for. Raises InputError."""

    open_desk: Callable[[], ReportDesk] = _no_desk
    """Where reports are made and kept."""
    open_sections: Callable[[], tuple[Plugged, ...]] = tuple
    """Sections of reports that other packages bring."""
    backups: Backups | None = None
    """Where backups are kept; None where none are: a twin's devices are nobody's."""
    open_post: Callable[[], Post] = _no_post
    """How people are told what the log has news of."""
    open_witnesses: Callable[[], Witnesses] = _no_witnesses
    """Who keeps the log's checkpoints elsewhere."""
    open_playbooks: Callable[[], PlaybookDesk] = _no_playbooks
    """The workspace's playbooks, and who plays them."""
    open_office: Callable[[], Office] = _no_office
    """The agreement as written, and what it needs."""
    open_samples: Callable[[], Samples] = _no_samples
    """What probes have found."""
    open_prober: Callable[[], Prober] = _no_prober
    """Who asks devices for a sign of life."""
    open_handover: Callable[[], Handover] = _no_handover
    """How all that is kept of a client leaves the house."""
    open_second_place: Callable[[], SecondPlace] = _no_second_place
    """Where archives of the workspace go."""
    open_records: Callable[[], Records] = _no_records
    """Tickets and the like, as the log's entries tell of them."""
    boot: Boot = _no_twin
    """Boots a twin, for jobs that need one."""

    @property
    def policy(self) -> ChangePolicy:
        """What holds for the client's changes. Raises InputError with every problem of every policy file."""
        return self.read_policy()

    def require(self, action: Action) -> None:
        """Raise Refused(access) unless the actor may."""
        if not self.permitted(action):
            raise Refused(
                "access",
                f"{self.actor.id} may not {action} {self.client}",
                "config/people.yaml says who may; ask somebody with the role",
            )

    def draft(self, *, kind: str, action: str, phase: Phase, **fields: Any) -> Draft:
        """A log entry's draft with what this command knows."""
        return Draft(
            client=self.client,
            target=self.target,
            kind=kind,
            action=action,
            phase=phase,
            actor=self.actor.id,
            auth=self.actor.auth,
            on=self.actor.on,
            request=self.request,
            **fields,
        )
