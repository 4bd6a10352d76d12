"""Drills in the service log: an entry for each device and one that closes them, and found there again."""

from netmgr.errors import Refused, StoreError, UsageError
from netmgr.model.drill import Drill, DrilledDevice
from netmgr.model.entry import Body, Draft
from netmgr.workflows.runtime import Runtime


def note(runtime: Runtime, made: Drill | None) -> None:
    """Log a drill, all of it or nothing; None tries whether the log could be written. Raises Refused(log)."""
    try:
        runtime.log.append(runtime.client, _drafts(runtime, made) if made else [])
    except StoreError as error:
        raise Refused(
            "log", str(error), "make the service log writable: a drill counts by its entry"
        ) from error


def noted(runtime: Runtime) -> Drill | None:
    """The drill that this request made before, from the log: a repeated request boots nothing twice."""
    for entry in runtime.log.entries(runtime.client, kind="drill", request=runtime.request):
        if entry.device is None and entry.target == runtime.target and entry.body is not None:
            body = runtime.log.body(runtime.client, entry.body.digest)
            if not isinstance(body, bytes):
                raise UsageError(
                    f"the drill of request {runtime.request} is done, and its document was erased"
                )
            return Drill.model_validate_json(body)
    return None


def _drafts(runtime: Runtime, made: Drill) -> list[Draft]:
    """Each device's result, then the drill's, with the whole document as its body."""
    drafts = [
        runtime.draft(
            kind="drill",
            action="drill",
            phase="result",
            outcome=device.outcome,
            device=device.device,
            facts=_facts(device),
            body=_body(device),
        )
        for device in made.devices
    ]
    closing = runtime.draft(
        kind="drill",
        action="drill",
        phase="result",
        outcome=made.outcome,
        facts={
            "drill": made.id,
            "devices": len(made.devices),
            **made.counts,
            **{
                f"proved_{kind}": sum(d.outcome == "proved" and d.kind == kind for d in made.devices)
                for kind in ("real", "emulated")
            },
            "adjacencies": made.adjacencies,
            "up": made.up,
            **{f"milliseconds_{name}": round(seconds * 1000) for name, seconds in made.seconds.items()},
        },
        body=Body(made.model_dump_json(indent=2).encode(), "application/json"),
    )
    return [*drafts, closing]


def _facts(device: DrilledDevice) -> dict[str, object]:
    known = {"version": device.version, "taken": device.taken, "kind": device.kind}
    return {
        "added": device.added,
        "removed": device.removed,
        "down": len(device.down),
        **{name: value for name, value in known.items() if value is not None},
    }


def _body(device: DrilledDevice) -> Body | None:
    if device.diff:
        return Body(device.diff.encode(), "text/x-diff")
    return Body(device.detail.encode(), "text/plain") if device.detail else None
