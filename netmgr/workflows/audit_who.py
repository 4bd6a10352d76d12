"""Who changed the devices that drifted: one more question to each, over the connection that it was read over."""

from collections.abc import Mapping

from netmgr.audit.attribution import hidden
from netmgr.model.audit import AuditedDevice
from netmgr.model.last_change import LastChange
from netmgr.ports.fleet import FleetSession
from netmgr.workflows.planning import Design
from netmgr.workflows.runtime import Runtime


def last_changes(
    runtime: Runtime, session: FleetSession, drawn: Design, judged: Mapping[str, AuditedDevice]
) -> dict[str, LastChange]:
    """Device → its last change. A device that does not say, or fails to, is left out: its audit is none the worse."""
    asked = [
        name
        for name, device in judged.items()
        if device.status == "drifted" and runtime.forms[drawn.intended[name].platform].attribution
    ]
    if not asked:
        return {}
    runtime.progress(f"who changed them: {len(asked)} devices")
    secrets = {**drawn.secrets, **drawn.unresolved}
    answers = session.last_changes(asked)
    return {name: hidden(one, secrets) for name, one in answers.items() if isinstance(one, LastChange)}
