"""What a device says of itself: software, chassis, uptime, its commits."""

from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from netmgr.lab.emulated.device import digest
from netmgr.lab.emulated.junos.engine import MODEL, Commit, JunosEngine
from netmgr.lab.emulated.junos.reply import element


def written(seconds: int) -> str:
    """A time as Junos writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def ago(seconds: float) -> str:
    """How long, as Junos writes it: ``1w2d 03:04``, ``03:04:05``."""
    whole = int(seconds)
    days, rest = divmod(whole, 86_400)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}"
    if days:
        weeks, days = divmod(days, 7)
        return f"{f'{weeks}w' if weeks else ''}{days}d {clock}"
    return f"{clock}:{rest % 60:02}"


def serial(engine: JunosEngine) -> str:
    """The chassis's serial number: another one for each name."""
    return f"VM{digest(engine.place.name)[:10].upper()}"


def mac(name: str, interface: str) -> str:
    """A locally administered address, always the same for one interface."""
    number = digest(f"{name} {interface}")
    return ":".join(["02", *(number[at : at + 2] for at in range(0, 10, 2))])


def software(engine: JunosEngine, _request: ET.Element | None = None) -> ET.Element:
    """``get-software-information``."""
    version = engine.version
    package = element(
        "package-information", None, element("name", "junos"), element("comment", f"Junos: {version}")
    )
    return element(
        "software-information",
        None,
        element("host-name", engine.view().hostname),
        element("product-model", MODEL),
        element("product-name", MODEL),
        element("junos-version", version),
        package,
    )


def _software_of_all(engine: JunosEngine, request: ET.Element) -> ET.Element:
    item = element("multi-routing-engine-item", None, element("re-name", "re0"), software(engine, request))
    return element("multi-routing-engine-results", None, item)


def _inventory(engine: JunosEngine, _request: ET.Element) -> ET.Element:
    chassis = element(
        "chassis",
        None,
        element("name", "Chassis"),
        element("serial-number", serial(engine)),
        element("description", MODEL.upper()),
        element(
            "chassis-module", None, element("name", "Routing Engine 0"), element("description", "RE-VMX")
        ),
    )
    return element("chassis-inventory", None, chassis, style="inventory")


def _routing_engine(engine: JunosEngine, _request: ET.Element) -> ET.Element:
    since = int(engine.device.uptime)
    found = element(
        "route-engine",
        None,
        element("slot", 0),
        element("mastership-state", "master"),
        element("mastership-priority", "master (default)"),
        element("status", "OK"),
        element("memory-system-total", 2048),
        element("memory-system-total-used", 512),
        element("memory-buffer-utilization", 25),
        element("cpu-idle", 97),
        element("model", "RE-VMX"),
        element("start-time", written(engine.now - since), seconds=str(engine.now - since)),
        element("up-time", ago(since), seconds=str(since)),
        element("last-reboot-reason", "Router rebooted after a normal shutdown."),
    )
    return element("route-engine-information", None, found)


def _uptime(engine: JunosEngine, _request: ET.Element) -> ET.Element:
    now, since = engine.now, int(engine.device.uptime)

    def moment(tag: str, at: int) -> ET.Element:
        length = element("time-length", ago(now - at), seconds=str(now - at))
        return element(tag, None, element("date-time", written(at), seconds=str(at)), length)

    return element(
        "system-uptime-information",
        None,
        moment("current-time", now),
        moment("system-booted-time", now - since),
        moment("protocols-started-time", now - since),
        moment("last-configured-time", engine.history[0].seconds),
    )


def _commits(engine: JunosEngine, _request: ET.Element) -> ET.Element:
    """``get-commit-information``: as a vSRX with Junos 24.4 answers it, the mark of what is pending included."""
    found = element("commit-information")
    for number, commit in enumerate(engine.history):
        entry = element(
            "commit-history",
            None,
            element("sequence-number", number),
            element("user", commit.user),
            element("client", commit.client),
            element("date-time", written(commit.seconds), seconds=str(commit.seconds)),
        )
        if commit.comment:
            entry.append(element("comment", commit.comment))
        if commit.log:
            entry.append(element("log", commit.log))
        if is_pending(engine, commit):
            entry.append(element("commit-confirmed", "rollback pending"))
        found.append(entry)
    return found


def is_pending(engine: JunosEngine, commit: Commit) -> bool:
    """Whether it is the commit that waits for a confirmation."""
    pending = engine.device.pending
    return pending is not None and commit is engine.history[0] and bool(commit.comment)


def _revision(engine: JunosEngine, _request: ET.Element) -> ET.Element:
    last = engine.history[0]
    found = element(
        "commit-revision-information",
        None,
        element("revision", last.revision),
        element("user", last.user),
        element("client", last.client),
        element("date-time", written(last.seconds), seconds=str(last.seconds)),
    )
    if last.comment:
        found.append(element("comment", last.comment))
    if last.log:
        found.append(element("log", last.log))
    return found


ANSWERS: dict[str, Callable[[JunosEngine, ET.Element], ET.Element]] = {
    "get-software-information": software,
    "get-chassis-inventory": _inventory,
    "get-route-engine-information": _routing_engine,
    "get-system-uptime-information": _uptime,
    "get-commit-information": _commits,
    "get-commit-revision-information": _revision,
    "software-of-all": _software_of_all,
}

#: Beginnings of commands → the operation that answers the same in XML.
COMMANDS = {
    "show version invoke-on all-routing-engines": "software-of-all",
    "show version": "get-software-information",
    "show chassis hardware": "get-chassis-inventory",
    "show chassis routing-engine": "get-route-engine-information",
    "show system uptime": "get-system-uptime-information",
    "show system commit revision": "get-commit-revision-information",
    "show system commit": "get-commit-information",
    "show interfaces": "get-interface-information",
    "show bgp summary": "get-bgp-summary-information",
    "show bgp neighbor": "get-bgp-neighbor-information",
    "show lldp neighbors": "get-lldp-neighbors-information",
    "show arp": "get-arp-table-information",
    "show route instance": "get-instance-information",
    "ping": "ping",
}


def as_request(name: str, line: str) -> ET.Element:
    """A command's words as the operation that it stands for."""
    request = element(name, line)
    request.extend(element(word) for word in ("terse", "extensive") if word in line.split())
    return request
