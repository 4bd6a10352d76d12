"""Whether each device and jump host of a client answers, proves who it is, and lets this engineer in."""

from collections.abc import Iterator, Mapping, Sequence

from netmgr.errors import DeviceError, NetmgrError, UsageError
from netmgr.model.checkup import Check
from netmgr.model.endpoint import Endpoint
from netmgr.model.host_key import Door, KeyReport
from netmgr.model.selection import Selection
from netmgr.ports.host_keys import HostKeys
from netmgr.workflows.enrolment import changed, known_doors, over_https
from netmgr.workflows.runtime import Runtime


def reachability(runtime: Runtime, keys: HostKeys, selection: Selection) -> Iterator[Check]:
    """A check for each selected device and the jump hosts before it.

    Logs in where the host key is the one on record, and only there. Raises UsageError for a selection of nothing.
    """
    try:
        every, https = known_doors(runtime, selection), over_https(runtime, selection)
    except UsageError:
        raise
    except NetmgrError as error:
        yield Check(
            area="access", name=runtime.client, status="failed", detail=str(error), remedy="mend this first"
        )
        return
    runtime.progress(f"doctor: {len(every) + len(https)} devices and jump hosts")
    reports = keys.look(every)
    logins = _logins(runtime, every, reports)
    for door in every:
        yield _judged(runtime, door, reports[door], logins.get(door.name) if door.is_device else None)
    with runtime.fleet.session(https) as session:
        for name, failure in session.connect([end.device for end in https]).items():
            yield _login(name, failure, "answers, certificate trusted, login works")


def _logins(
    runtime: Runtime, every: Sequence[Door], reports: Mapping[Door, KeyReport | DeviceError]
) -> Mapping[str, DeviceError | None]:
    """Device → how its login went, for those whose host key is known."""
    known = [d for d in every if d.is_device and _is(reports[d], "known")]
    endpoints = [door.login for door in known if isinstance(door.login, Endpoint)]
    with runtime.fleet.session(endpoints) as session:
        return session.connect([door.name for door in known])


def _judged(
    runtime: Runtime, door: Door, report: KeyReport | DeviceError, login: DeviceError | None
) -> Check:
    def failed(detail: str, remedy: str) -> Check:
        return Check(area="access", name=door.name, status="failed", detail=detail, remedy=remedy)

    if isinstance(report, DeviceError):
        what, _, remedy = report.message.partition("; ")
        return failed(what, remedy or "check the address, the way there and whether it runs")
    if report.status == "changed":
        refusal = changed(door, report)
        return failed(refusal.reason, refusal.remedy)
    if report.status == "unknown":
        remedy = f"compare it with the device's own, then run `netmgr doctor -c {runtime.client} --enrol {door.name}`"
        return failed(f"unknown host key: it offers {report.offered}", remedy)
    return _login(
        door.name,
        login,
        "answers, host key known, login works" if door.is_device else "answers, host key known",
    )


def _login(name: str, failure: DeviceError | None, well: str) -> Check:
    if failure is None:
        return Check(area="access", name=name, status="ok", detail=well)
    what, _, remedy = failure.message.partition("; ")
    why = remedy or "check access in client.yaml and your own credentials"
    return Check(area="access", name=name, status="failed", detail=what, remedy=why)


def _is(report: KeyReport | DeviceError, status: str) -> bool:
    return isinstance(report, KeyReport) and report.status == status
