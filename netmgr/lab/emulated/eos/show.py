"""What EOS shows: the JSON of its command API in the shapes that NAPALM's recorded answers have, and text where asked.

A command that is not here fails, as an unknown command does on a device.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from netmgr.lab.emulated.device import digest
from netmgr.lab.emulated.eos.show_routing import (
    bgp_peers,
    bgp_summary,
    ospf3_neighbors,
    ospf_neighbors,
    ping,
    route_summary,
    routes,
)
from netmgr.lab.emulated.view import InterfaceView

if TYPE_CHECKING:
    from netmgr.lab.emulated.eos.engine import EosEngine

#: EOS from 4.32 on tells of a pending commit beside the sessions, older ones in the session itself.
_NEWER = (4, 32)
_MODEL = "cEOSLab"
_SPEED = 10_000_000_000
_LINK_LOCAL = {"subnet": "fe80::/64", "address": "fe80::1", "active": True, "dadfailed": False}
_COUNTERS = (
    *(
        f"{way}{kind}"
        for way in ("in", "out")
        for kind in ("Octets", "UcastPkts", "MulticastPkts", "BroadcastPkts")
    ),
    *("inDiscards", "outDiscards", "totalInErrors", "totalOutErrors"),
)


class Show:
    """The `show` commands of one device."""

    def __init__(self, engine: "EosEngine") -> None:
        self._engine, self._device = engine, engine.device
        self._json: Mapping[str, Callable[..., dict[str, Any]]] = {
            r"show version": self._version,
            r"show hostname": self._hostname,
            r"show interfaces": self._interfaces,
            r"show ip interface": self._ip_interface,
            r"show ipv6 interface": self._ipv6_interface,
            r"show lldp neighbors": self._lldp,
            r"show lldp neighbors(?: (?P<port>\S+))? +detail": self._lldp_detail,
            r"show configuration sessions(?: detail)?": self._sessions,
            r"show ip bgp summary vrf all": lambda: bgp_summary(engine, 4),
            r"show ipv6 bgp summary vrf all": lambda: bgp_summary(engine, 6),
            r"show ip bgp neighbors vrf all": lambda: bgp_peers(engine, 4),
            r"show ipv6 bgp peers vrf all": lambda: bgp_peers(engine, 6),
            r"show ip ospf neighbor(?: vrf all)?": lambda: ospf_neighbors(engine),
            r"show (?:ipv6 ospf|ospfv3) neighbor(?: vrf all)?": lambda: ospf3_neighbors(engine),
            r"show ip route(?: vrf all)? summary": lambda: route_summary(engine, 4),
            r"show ipv6 route(?: vrf all)? summary": lambda: route_summary(engine, 6),
            r"show ip route(?: vrf \S+)?(?: (?P<prefix>[\d./]+))?": lambda prefix=None: routes(
                engine, 4, prefix
            ),
            r"show ipv6 route(?: vrf \S+)?(?: (?P<prefix>[0-9a-f:./]+))?": lambda prefix=None: routes(
                engine, 6, prefix
            ),
        }
        self._text: Mapping[str, Callable[..., str]] = {
            r"show running-config": lambda: self._config("running"),
            r"show startup-config": lambda: self._config("startup"),
            r"show session-config named (?P<name>\S+) diffs": self._diffs,
            r"show session-config named (?P<name>\S+)": self._candidate,
            r"show version": self._version_text,
            r"show hostname": lambda: "Hostname: {hostname}\nFQDN:     {fqdn}\n".format(**self._hostname()),
            r"show clock": lambda: time.strftime("%a %b %e %H:%M:%S %Y\n"),
            r"show configuration sessions(?: detail)?": self._sessions_text,
            r"ping (?:ipv6 )?(?P<target>[0-9A-Fa-f.:]+)(?: .*?)?(?: repeat (?P<count>\d+))?(?: .*)?": lambda **words: (
                ping(engine, **words)
            ),
        }

    def answer(self, command: str, encoding: str) -> dict[str, Any]:
        """eAPI's answer. Raises CommandError for a command that it does not know, or not in this encoding."""
        from netmgr.lab.emulated.eos.engine import CommandError

        bare, _, filtered = (part.strip() for part in command.partition("|"))
        if filtered and filtered not in ("json", "no-more"):
            raise CommandError(1002, f"Invalid input (at token {len(bare.split())}: '|')")
        as_json = encoding == "json" or filtered == "json"
        table: Mapping[str, Callable[..., Any]] = self._json if as_json else self._text
        for pattern, step in table.items():
            if match := re.fullmatch(pattern, bare):
                found = step(**{key: value for key, value in match.groupdict().items() if value})
                if encoding == "json":
                    return dict(found)
                return {"output": json.dumps(found, indent=4) if as_json else found}
        if as_json and any(re.fullmatch(pattern, bare) for pattern in self._text):
            raise CommandError(1003, "This is an unconverted command")
        self._device.journal.note("unknown command", command=command)
        raise CommandError(1002, f"Invalid input (at token 1: '{bare.split()[-1]}')")

    # -- the device -------------------------------------------------------------------------------------------------

    def _version(self) -> dict[str, Any]:
        return {
            "mfgName": "Arista",
            "modelName": _MODEL,
            "serialNumber": digest(self._device.name)[:12].upper(),
            "systemMacAddress": self._mac("system"),
            "version": self._engine.version,
            "internalVersion": f"{self._engine.version}-emulated",
            "architecture": "x86_64",
            "bootupTimestamp": self._device.booted,
            "uptime": self._device.uptime,
            "memTotal": 8_000_000,
            "memFree": 4_000_000,
        }

    def _version_text(self) -> str:
        said = self._version()
        return (
            f"Arista {said['modelName']}\nSerial number: {said['serialNumber']}\n\n"
            f"Software image version: {said['version']}\nInternal build version: {said['internalVersion']}\n\n"
            f"Uptime: {int(said['uptime'])} seconds\n"
        )

    def _hostname(self) -> dict[str, Any]:
        view = self._engine.view()
        domain = next(
            (
                n.line.split()[-1]
                for n in self._device.running.root.children
                if re.match(r"(ip domain-name|dns domain) ", n.line)
            ),
            None,
        )
        return {"hostname": view.hostname, "fqdn": f"{view.hostname}.{domain}" if domain else view.hostname}

    def _config(self, which: str) -> str:
        text = self._device.running_text if which == "running" else self._device.startup_text
        said = (
            f"! Command: show {which}-config\n"
            f"! device: {self._engine.view().hostname} ({_MODEL}, EOS-{self._engine.version})\n!\n"
        )
        return f"{said}{text}!\nend\n"

    # -- sessions ---------------------------------------------------------------------------------------------------

    def _sessions(self) -> dict[str, Any]:
        device = self._device
        newer = tuple(int(part) for part in self._engine.version.split(".")[:2]) >= _NEWER
        sessions: dict[str, dict[str, Any]] = {
            name: {"state": session.state, "instances": {}, "description": ""}
            for name, session in self._engine.sessions.items()
        }
        found: dict[str, Any] = {"sessions": sessions, "maxSavedSessions": 1, "maxOpenSessions": 5}
        if device.pending and newer:
            found |= {
                "commitTimerSessionName": device.pending.label,
                "commitTimerExpireTime": device.pending.until,
            }
        elif device.pending and device.pending.label in sessions:
            sessions[device.pending.label]["commitBy"] = device.pending.until
        return found

    def _sessions_text(self) -> str:
        rows = [f"{name:<40} {session.state}" for name, session in self._engine.sessions.items()]
        return "\n".join(
            ["Maximum number of completed sessions: 1", "Maximum number of pending sessions: 5", *rows, ""]
        )

    def _diffs(self, name: str) -> str:
        self._known(name)
        return self._engine.diffs(name)

    def _candidate(self, name: str) -> str:
        self._known(name)
        return f"{self._engine.sessions[name].config.text()}!\nend\n"

    def _known(self, name: str) -> None:
        from netmgr.lab.emulated.eos.engine import CommandError

        if name not in self._engine.sessions:
            raise CommandError(1000, f"Cannot find session {name}")

    # -- interfaces -------------------------------------------------------------------------------------------------

    def _interfaces(self) -> dict[str, Any]:
        return {"interfaces": {i.name: self._interface(i) for i in self._engine.view().interfaces.values()}}

    def _interface(self, interface: InterfaceView) -> dict[str, Any]:
        physical = not (interface.loopback or interface.svi or interface.parent)
        found: dict[str, Any] = {
            **self._status(interface),
            "hardware": "ethernet" if physical else "loopback" if interface.loopback else "vlan",
            "forwardingModel": "bridged" if interface.bridged else "routed",
            "bandwidth": _SPEED if physical else 0,
            "lastStatusChangeTimestamp": self._device.booted,
            "interfaceAddress": self._addresses(interface),
        }
        if six := [a for a in interface.addresses if a.version == 6]:
            found["interfaceAddressIp6"] = {
                "addrSource": "manual",
                "linkLocalIp6": _LINK_LOCAL,
                "globalUnicastIp6s": _ipv6(six),
                "globalAddressesAreVirtual": False,
            }
        if not interface.loopback:
            found["physicalAddress"] = found["burnedInAddress"] = self._mac(interface.name)
        if physical:
            found["interfaceCounters"] = dict.fromkeys(_COUNTERS, 0)
        return found

    def _status(self, interface: InterfaceView) -> dict[str, Any]:
        up = self._engine.place.state.up(self._device.name, interface.name)
        return {
            "name": interface.name,
            "interfaceStatus": "connected" if up else "disabled" if not interface.enabled else "notconnect",
            "lineProtocolStatus": "up" if up else "down",
            "mtu": interface.mtu if not interface.loopback else 65535,
            "description": interface.description,
        }

    def _addresses(self, interface: InterfaceView) -> list[dict[str, Any]]:
        four = [a for a in interface.addresses if a.version == 4]
        return [_ipv4(four)] if four else []

    def _ip_interface(self) -> dict[str, Any]:
        found = {}
        for interface in self._engine.view().interfaces.values():
            if four := [a for a in interface.addresses if a.version == 4]:
                found[interface.name] = {
                    **self._status(interface),
                    "enabled": interface.enabled,
                    "vrf": interface.vrf,
                    "interfaceAddress": _ipv4(four),
                }
        return {"interfaces": found}

    def _ipv6_interface(self) -> dict[str, Any]:
        found = {}
        for interface in self._engine.view().interfaces.values():
            if six := [a for a in interface.addresses if a.version == 6]:
                status = self._status(interface)
                found[interface.name] = {
                    "name": interface.name,
                    "interfaceStatus": status["interfaceStatus"],
                    "lineProtocolStatus": status["lineProtocolStatus"],
                    "vrf": interface.vrf,
                    "linkLocal": _LINK_LOCAL,
                    "state": "enabled",
                    "addresses": _ipv6(six),
                }
        return {"interfaces": found}

    def _lldp(self) -> dict[str, Any]:
        hops = self._engine.place.state.lldp(self._device.name)
        return {
            "tablesLastChangeTime": self._device.booted,
            "tablesAgeOuts": 0,
            "tablesInserts": 0,
            "tablesDeletes": 0,
            "tablesDrops": 0,
            "lldpNeighbors": [
                {"ttl": 120, "neighborDevice": hop.device, "neighborPort": hop.far_port, "port": hop.port}
                for hop in hops
            ],
        }

    def _lldp_detail(self, port: str | None = None) -> dict[str, Any]:
        found: dict[str, dict[str, Any]] = {}
        for hop in self._engine.place.state.lldp(self._device.name):
            if port in (None, hop.port):
                found[hop.port] = {
                    "lldpNeighborInfo": [
                        {
                            "systemName": hop.device,
                            "systemDescription": "emulated",
                            "chassisId": _dotted(self._mac(hop.device)),
                            "chassisIdType": "macAddress",
                            "systemCapabilities": {"bridge": True, "router": True},
                            "neighborInterfaceInfo": {
                                "interfaceIdType": "interfaceName",
                                "interfaceId": f'"{hop.far_port}"',
                                "interfaceDescription": "",
                            },
                            "ttl": 120,
                        }
                    ]
                }
        return {"lldpNeighbors": found}

    def _mac(self, what: str) -> str:
        """Locally administered, the same each time."""
        number = digest(f"{self._device.name}/{what}")[:10]
        return ":".join(("02", *(number[at : at + 2] for at in range(0, 10, 2))))


def _ipv6(addresses: list[Any]) -> list[dict[str, Any]]:
    return [
        {"subnet": str(a.network), "address": str(a.ip), "active": True, "dadfailed": False}
        for a in addresses
    ]


def _ipv4(addresses: list[Any]) -> dict[str, Any]:
    first, *others = addresses
    more = [{"address": str(a.ip), "maskLen": a.network.prefixlen} for a in others]
    return {
        "primaryIp": {"address": str(first.ip), "maskLen": first.network.prefixlen},
        "secondaryIpsOrderedList": more,
        "secondaryIps": {address["address"]: address for address in more},
        "virtualIp": {"address": "0.0.0.0", "maskLen": 0},  # noqa: S104 - EOS's word for none
        "broadcastAddress": "255.255.255.255",
    }


def _dotted(mac: str) -> str:
    """As LLDP's chassis ids are shown: 0260.fe84.f5aa."""
    digits = mac.replace(":", "").lower()
    return ".".join(digits[at : at + 4] for at in (0, 4, 8))
