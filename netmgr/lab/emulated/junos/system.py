"""Junos as one of the lab's operating systems: its engine behind NETCONF over SSH."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from netmgr.lab.emulated.engine import Door, Engine, OperatingSystem, Place
from netmgr.lab.emulated.faults import Fault
from netmgr.lab.emulated.junos.cli import answer_command
from netmgr.lab.emulated.junos.engine import JunosEngine, Session
from netmgr.lab.emulated.junos.reply import element, error, reply
from netmgr.lab.emulated.junos.rpc import answer, spoken
from netmgr.lab.emulated.netconf import BASE_1_0, BASE_1_1, serve_netconf

_CAPABILITIES = (
    "urn:ietf:params:netconf:capability:candidate:1.0",
    "urn:ietf:params:netconf:capability:confirmed-commit:1.0",
    "urn:ietf:params:netconf:capability:validate:1.0",
    "urn:ietf:params:netconf:capability:url:1.0?scheme=http,ftp,file",
    "http://xml.juniper.net/netconf/junos/1.0",
    "http://xml.juniper.net/dmi/system/1.0",
)


class JunosOverNetconf:
    """See ``netmgr.lab.emulated.netconf.Operations``."""

    def __init__(self, engine: JunosEngine) -> None:
        self._engine, self.device = engine, engine.device

    def capabilities(self) -> Sequence[str]:
        """Junos speaks version 1.1 where it is told to be compliant with its RFC."""
        compliant = self._engine.running.root.find("system", "services", "netconf", "rfc-compliant")
        return (BASE_1_0, *((BASE_1_1,) if compliant else ()), *_CAPABILITIES)

    def reachable(self) -> bool:
        """``system services netconf ssh`` opens the door; without it there is none."""
        return self._engine.running.root.find("system", "services", "netconf", "ssh") is not None

    def begin(self, user: str) -> tuple[Session, int]:
        """A session."""
        session = self._engine.begin(user)
        return session, session.number

    def end(self, session: Session) -> None:
        """Its lock is gone, and what it did not commit."""
        self._engine.end(session)

    def spoken(self, request: ET.Element) -> str:
        """The operation with its attributes and children, or the command."""
        return spoken(request)

    def answer(self, session: Session, attributes: dict[str, str], request: ET.Element) -> str:
        """The whole reply."""
        return reply(self._engine.version, attributes, answer(self._engine, session, request))

    def plain(self, attributes: dict[str, str], fault: Fault) -> str:
        """What the fault says."""
        match fault.what:
            case "reject":
                body = error(fault.text or "configuration check-out failed")
            case "ignore":
                body = element("ok")
            case "flood":
                body = element("output", "x" * 1_000_000 * fault.amount)
            case _ if fault.text.startswith("<"):
                mark = element("output", "ANSWER")
                whole = reply(self._engine.version, attributes, [mark])
                return whole.replace("<output>ANSWER</output>", fault.text)
            case _:
                body = element("output", fault.text)
        return reply(self._engine.version, attributes, [body])

    def drift(self, text: str) -> None:
        """Somebody else commits."""
        self._engine.drift(text)

    def go_back(self) -> None:
        """The configuration before runs again."""
        self.device.run(self._engine.history[1].configuration.copy(), "spontaneous")


class JunosConsole(JunosEngine):
    """The engine with what the lab's console asks of it."""

    def execute(self, line: str) -> str:
        """An operational command, or ``set`` and ``delete`` lines, which are committed at once."""
        if line.split(" ", maxsplit=1)[0] in ("set", "delete", "deactivate", "activate"):
            self.drift(line)
            return ""
        try:
            return answer_command(self, line)
        except LookupError:
            self.device.note("unknown", command=line)
            raise LookupError(f"unknown command: {line}") from None


def _boot(place: Place, startup: str) -> Engine:
    return JunosConsole(place, startup)


async def _serve(engine: Engine, door: Door) -> int:
    if not isinstance(engine, JunosEngine):
        raise TypeError(f"{engine} is no Junos device")
    return await serve_netconf(JunosOverNetconf(engine), door)


SYSTEM = OperatingSystem(
    platform="junos",
    calibrated="captures of Junos 17.4 and 25.4, commit histories of 24.4, NAPALM's recorded answers",
    boot=_boot,
    serve=_serve,
)
