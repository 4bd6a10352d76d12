"""What can be done on schedule: kind of job → the workflow that does it. The scheduler knows nothing but this table.

A new kind of job is a model in ``netmgr.model.schedule`` (its keys in YAML, added to ``AnyJob``) and a row here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from netmgr.errors import NetmgrError
from netmgr.model.schedule import (
    AuditJob,
    BackupJob,
    DeskJob,
    DrillJob,
    InvoicesJob,
    NotifyJob,
    OncallJob,
    PlaybookJob,
    ProbeJob,
    ReportJob,
    ScheduledJob,
    StateBackupJob,
    WitnessJob,
)
from netmgr.workflows.runtime import Runtime

Options = TypeVar("Options", bound=ScheduledJob)


@dataclass(frozen=True, slots=True)
class Job(Generic[Options]):
    """One kind of job.

    ``run`` is told when the run was due (UTC, nominal), does the work and gives the outcome in a word. It logs under
    the runtime's request, at last one closing entry: a result that names no device, after which nothing is left to be
    done. A run that was cut short before that is begun again with the same request and the same ``due``; one whose
    closing entry is there is not. A NetmgrError that it raises is told and logged as the run's failure.
    """

    options: type[Options]
    run: Callable[[Runtime, Options, datetime], str]


def _audit(runtime: Runtime, options: AuditJob, _due: datetime) -> str:
    from netmgr.workflows.audit import audit
    from netmgr.workflows.audit_changed import Reading
    from netmgr.workflows.failures import follow_audit, no_audit

    reading: Reading = "changed" if options.changed else "plain"
    try:
        made = audit(runtime, options.selection, options.parts, reading=reading, sweep=options.sweep_hours)
    except NetmgrError as error:
        if options.ticket:
            no_audit(runtime, options.ticket, str(error))
        raise
    if options.ticket:
        follow_audit(runtime, options.ticket, made)
    return made.worst


def _backup(runtime: Runtime, options: BackupJob, _due: datetime) -> str:
    from netmgr.workflows.backup import backup

    return backup(runtime, options.selection).worst


def _report(runtime: Runtime, options: ReportJob, due: datetime) -> str:
    from netmgr.workflows.report import scheduled_report
    from netmgr.workflows.report_mail import issue_and_send

    return (issue_and_send if options.issue else scheduled_report)(runtime, options, due)


def _playbook(runtime: Runtime, options: PlaybookJob, _due: datetime) -> str:
    from netmgr.workflows.playbook import play

    return play(runtime, options.playbook, options.selection, check=options.check).outcome


def _notify(runtime: Runtime, _options: NotifyJob, _due: datetime) -> str:
    from netmgr.workflows.notify import send_due
    from netmgr.workflows.sender import sender_of

    return send_due(sender_of(runtime), runtime.client).outcome


def _witness(runtime: Runtime, _options: WitnessJob, _due: datetime) -> str:
    from netmgr.workflows.witnessing import give

    return give(runtime).outcome


def _drill(runtime: Runtime, _options: DrillJob, _due: datetime) -> str:
    from netmgr.workflows.drill import drill

    return drill(runtime).outcome


def _probe(runtime: Runtime, _options: ProbeJob, _due: datetime) -> str:
    from netmgr.workflows.probing import probe

    return probe(runtime).outcome


def _desk(runtime: Runtime, _options: DeskJob, _due: datetime) -> str:
    from netmgr.workflows.ticket_watch import warn

    return warn(runtime)


def _invoices(runtime: Runtime, _options: InvoicesJob, _due: datetime) -> str:
    from netmgr.workflows.inventory_log import note_inventory
    from netmgr.workflows.overdue import tell

    # Fees count days from what is noted, and nothing else may run for the client.
    note_inventory(runtime, runtime.inventories.load(runtime.client))
    return tell(runtime)


def _state_backup(runtime: Runtime, _options: StateBackupJob, due: datetime) -> str:
    from netmgr.workflows.state import scheduled_backup

    return scheduled_backup(runtime, due)


def _oncall(runtime: Runtime, _options: OncallJob, _due: datetime) -> str:
    from netmgr.workflows.oncall import run

    return run(runtime)


JOBS: Mapping[str, Job[Any]] = {
    "audit": Job(AuditJob, _audit),
    "backup": Job(BackupJob, _backup),
    "report": Job(ReportJob, _report),
    "playbook": Job(PlaybookJob, _playbook),
    "notify": Job(NotifyJob, _notify),
    "witness": Job(WitnessJob, _witness),
    "drill": Job(DrillJob, _drill),
    "desk": Job(DeskJob, _desk),
    "invoices": Job(InvoicesJob, _invoices),
    "oncall": Job(OncallJob, _oncall),
    "probe": Job(ProbeJob, _probe),
    "state_backup": Job(StateBackupJob, _state_backup),
}
