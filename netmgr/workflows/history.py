"""What the log says of a change that has ended: the answer to a repeated request."""

from netmgr.model.change import DeployResult, DeviceResult
from netmgr.model.entry import Entry
from netmgr.workflows.runtime import Runtime


def first_result(runtime: Runtime) -> DeployResult | None:
    """The result of an earlier command with the same request id: repeating a command changes nothing twice."""
    mine = [
        e for e in runtime.log.entries(runtime.client, request=runtime.request) if e.target == runtime.target
    ]
    intent = next((e for e in mine if e.kind == "change" and e.phase == "intent"), None)
    # A change that the command began and could not end was ended by `recover`, under that one's request.
    entries = list(runtime.log.entries(runtime.client, change=intent.change)) if intent else mine
    ends = [e for e in entries if e.kind == "change" and e.phase == "result" and e.device is None]
    if not ends:
        return None
    end = ends[0]
    devices = [e for e in entries if e.phase == "result" and e.device and e.change == end.change]
    return DeployResult.model_validate(
        {
            "change": end.change,
            "plan": intent.facts["plan"] if intent else None,
            "client": runtime.client,
            "target": runtime.target,
            "outcome": end.outcome,
            "seconds": _seconds(end),
            "devices": tuple(_device(runtime, entry) for entry in devices),
        }
    )


def _device(runtime: Runtime, entry: Entry) -> DeviceResult:
    error = runtime.log.body(runtime.client, entry.body.digest) if entry.body else None
    return DeviceResult.model_validate(
        {
            "device": entry.device,
            "outcome": entry.outcome,
            "phase": entry.facts["phase"],
            "seconds": _seconds(entry),
            "error": error.decode() if isinstance(error, bytes) else None,
        }
    )


def _seconds(entry: Entry) -> float:
    milliseconds = entry.facts["milliseconds"]
    return milliseconds / 1000 if isinstance(milliseconds, int) else 0.0
