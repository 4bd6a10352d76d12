"""What IOS shows of its state: derived from configuration and cables, in the words of real devices' recorded answers.

Calibrated against NAPALM's recordings of a C2960 (15.0), a CSR1000V and routers of 15.x.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from netmgr.lab.emulated.device import digest
from netmgr.lab.emulated.ios.configuration import natural
from netmgr.lab.emulated.ios.grammar import Accepted
from netmgr.lab.emulated.ios.parameters import is_physical, short_name
from netmgr.lab.emulated.ios.shows_routing import bgp, ospf, routes
from netmgr.lab.emulated.view import DeviceView, InterfaceView

if TYPE_CHECKING:
    from netmgr.lab.emulated.ios.engine import IosEngine

SHOWS = """
show version
show hosts
show clock
show privilege
show users
show inventory
show ip interface
show ip interface brief
show ipv6 interface
show ipv6 interface brief
show interfaces
show interfaces description
show lldp neighbors
show lldp neighbors detail
show bgp all summary
show bgp (ipv4|ipv6) (unicast|multicast) (summary|neighbors)
show bgp (vpnv4|vpnv6) unicast all neighbors
show bgp ipv4 mdt all neighbors
show ip ospf neighbor
show ipv6 ospf neighbor
show ospfv3 neighbor
show ip route summary
show ipv6 route summary
show ip route A.B.C.D [MASK]
show ipv6 route X:X::X/nn
show arp
show vlan brief
"""
_STATES = {True: "up", False: "down"}


def show(engine: "IosEngine", user: str, said: Accepted) -> str:
    """The answer to one of ``SHOWS``."""
    view = engine.place.state.view(engine.place.name)
    words = said.words[1:]
    for name, answer in _ANSWERS.items():
        wanted = tuple(name.split())
        if words[: len(wanted)] == wanted:
            return answer(engine, view, words)
    return "Current privilege level is 15\n" if words[0] == "privilege" else f"*  1 vty 0     {user}\n"


def _version(engine: "IosEngine", view: DeviceView, _words: tuple[str, ...]) -> str:
    minutes = int(engine.device.uptime // 60)
    serial = f"9{digest(engine.place.name)[:10].upper()}"
    return (
        "Cisco IOS XE Software, Version 16.09.04\n"
        "Cisco IOS Software [Fuji], Virtual XE Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 16.9.4, "
        "RELEASE SOFTWARE (fc2)\n"
        "Technical Support: http://www.cisco.com/techsupport\n\n"
        "ROM: IOS-XE ROMMON\n\n"
        f"{view.hostname} uptime is {minutes // 60} hours, {minutes % 60} minutes\n"
        'System image file is "bootflash:packages.conf"\n\n'
        "cisco CSR1000V (VXE) processor (revision VXE) with 2392579K/3075K bytes of memory.\n"
        f"Processor board ID {serial}\n"
        f"{sum(map(is_physical, view.interfaces))} Gigabit Ethernet interfaces\n"
        "Configuration register is 0x2102\n"
    )


def _hosts(engine: "IosEngine", _view: DeviceView, _words: tuple[str, ...]) -> str:
    line = engine.device.running.first("ip", "domain", "name") or engine.device.running.first(
        "ip", "domain-name"
    )
    domain = line.words[-1] if line else "not set"
    return f"Default domain is {domain}\nName/address lookup uses static mappings\n"


def _clock(engine: "IosEngine", _view: DeviceView, _words: tuple[str, ...]) -> str:
    return f"*{engine.clock()}\n"


def _inventory(engine: "IosEngine", _view: DeviceView, _words: tuple[str, ...]) -> str:
    serial = f"9{digest(engine.place.name)[:10].upper()}"
    return f'NAME: "Chassis", DESCR: "Cisco CSR1000V Chassis"\nPID: CSR1000V          , VID: V00  , SN: {serial}\n'


# -- interfaces -----------------------------------------------------------------------------------------------------


def _states(engine: "IosEngine", interface: InterfaceView) -> tuple[str, str]:
    """The interface's and its line protocol's."""
    up = engine.place.state.up(engine.place.name, interface.name)
    if interface.enabled and interface.suspended:
        return (_STATES[True], _STATES[False])
    return (_STATES[up] if interface.enabled else "administratively down", _STATES[up])


def _mac(engine: "IosEngine", name: str) -> str:
    code = digest(f"{engine.place.name} {name}")
    return f"0200.{code[:4]}.{code[4:8]}"


def _interfaces(engine: "IosEngine", view: DeviceView, words: tuple[str, ...]) -> str:
    if words[1:] == ("description",):
        rows = "".join(
            f"{short_name(i.name):30} {_short_state(engine, i)} {i.description}\n" for i in _sorted(view)
        )
        return f"{'Interface':30} {'Status':14} {'Protocol':8} Description\n{rows}"
    return "".join(_interface(engine, each) for each in _sorted(view))


def _short_state(engine: "IosEngine", interface: InterfaceView) -> str:
    state, protocol = _states(engine, interface)
    return f"{state.replace('administratively', 'admin'):14} {protocol:8}"


def _interface(engine: "IosEngine", interface: InterfaceView) -> str:
    state, protocol = _states(engine, interface)
    described = f"  Description: {interface.description}\n" if interface.description else ""
    first = next((a for a in interface.addresses if a.version == 4), None)
    addressed = f"  Internet address is {first}\n" if first else ""
    kilobits = 8_000_000 if interface.loopback else 1_000_000
    mtu = 1514 if interface.loopback else interface.mtu
    return (
        f"{interface.name} is {state}, line protocol is {protocol} {'(suspended) ' if interface.suspended else ''}\n"
        f"  Hardware is {'Loopback' if interface.loopback else 'CSR vNIC'}"
        + (
            ""
            if interface.loopback
            else f", address is {_mac(engine, interface.name)} (bia {_mac(engine, interface.name)})"
        )
        + f"\n{described}{addressed}"
        f"  MTU {mtu} bytes, BW {kilobits} Kbit/sec, DLY 10 usec, \n"
        "     reliability 255/255, txload 1/255, rxload 1/255\n"
        "  Encapsulation ARPA, loopback not set\n"
        '  Last clearing of "show interface" counters never\n'
        "     0 packets input, 0 bytes, 0 no buffer\n"
        "     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored\n"
        "     0 packets output, 0 bytes, 0 underruns\n"
        "     0 output errors, 0 collisions, 0 interface resets\n"
    )


def _ip_interface(engine: "IosEngine", view: DeviceView, words: tuple[str, ...]) -> str:
    if words[-1] == "brief":
        return _brief(engine, view)
    found = ""
    for interface in _sorted(view):
        state, protocol = _states(engine, interface)
        found += f"{interface.name} is {state}, line protocol is {protocol}\n"
        addresses = [a for a in interface.addresses if a.version == 4]
        if not addresses:
            found += "  Internet protocol processing disabled\n"
            continue
        found += f"  Internet address is {addresses[0]}\n  Broadcast address is 255.255.255.255\n"
        found += f"  Address determined by non-volatile memory\n  MTU is {interface.mtu} bytes\n"
        found += "".join(f"  Secondary address {address}\n" for address in addresses[1:])
    return found


def _brief(engine: "IosEngine", view: DeviceView) -> str:
    rows = ""
    for interface in _sorted(view):
        state, protocol = _states(engine, interface)
        first = next((str(a.ip) for a in interface.addresses if a.version == 4), "unassigned")
        rows += f"{interface.name:22} {first:15} YES NVRAM  {state:21} {protocol:8}\n"
    return f"{'Interface':22} {'IP-Address':15} OK? Method {'Status':21} Protocol\n{rows}"


def _ipv6_interface(engine: "IosEngine", view: DeviceView, words: tuple[str, ...]) -> str:
    found = ""
    for interface in _sorted(view):
        state, protocol = _states(engine, interface)
        addresses = [a for a in interface.addresses if a.version == 6]
        if words[-1] == "brief":
            bracket = f"[{state}/{protocol}]"
            found += f"{interface.name:22} {bracket}\n" + "".join(
                f"    {str(a.ip).upper()}\n" for a in addresses
            )
            found += "" if addresses else "    unassigned\n"
        elif addresses:
            local = f"FE80::{_mac(engine, interface.name)[5:].replace('.', ':').upper()}"
            found += f"{interface.name} is {state}, line protocol is {protocol}\n"
            found += f"  IPv6 is enabled, link-local address is {local} \n  Global unicast address(es):\n"
            for address in addresses:
                network = str(address.network).upper()
                found += f"    {str(address.ip).upper()}, subnet is {network} \n"
            found += f"  MTU is {interface.mtu} bytes\n"
    return found


def _arp(engine: "IosEngine", view: DeviceView, _words: tuple[str, ...]) -> str:
    rows = "".join(
        f"Internet  {a.ip!s:18} -   {_mac(engine, i.name)}  ARPA   {i.name}\n"
        for i in _sorted(view)
        for a in i.addresses
        if a.version == 4 and not i.loopback
    )
    return f"Protocol  Address          Age (min)  Hardware Addr   Type   Interface\n{rows}"


def _vlans(engine: "IosEngine", view: DeviceView, _words: tuple[str, ...]) -> str:
    names = {"1": "default"}
    for line in engine.device.running.top("vlan"):
        names[line.words[1]] = next(
            (c.words[1] for c in line.children if c.words[0] == "name"), f"VLAN{int(line.words[1]):04d}"
        )
    rows = ""
    for number, name in names.items():
        ports = ", ".join(
            short_name(i.name) for i in _sorted(view) if i.untagged == int(number) and not i.tagged
        )
        rows += f"{number:4} {name:32} {'active':9} {ports}\n"
    return f"\nVLAN Name                             Status    Ports\n---- {'-' * 32} --------- {'-' * 31}\n{rows}"


def _lldp(engine: "IosEngine", view: DeviceView, words: tuple[str, ...]) -> str:
    if not view.lldp:
        return "% LLDP is not enabled\n"
    hops = list(engine.place.state.lldp(engine.place.name))
    if words[-1] == "detail":
        found = ""
        for hop in hops:
            found += (
                "------------------------------------------------\n"
                f"Local Intf: {short_name(hop.port)}\nChassis id: {_mac(engine, hop.device)}\n"
                f"Port id: {hop.far_port}\nPort Description: {hop.far_port}\nSystem Name: {hop.device}\n\n"
                "System Description: \nEmulated\n\nTime remaining: 100 seconds\nSystem Capabilities: B,R\n"
                "Enabled Capabilities: R\nManagement Addresses - not advertised\n"
                "Auto Negotiation - not supported\nPhysical media capabilities - not advertised\n"
                "Media Attachment Unit type - not advertised\nVlan ID: - not advertised\n\n"
            )
        return f"{found}\nTotal entries displayed: {len(hops)}\n"
    rows = "".join(
        f"{h.device[:20]:20}{short_name(h.port):15}120        R               {h.far_port}\n" for h in hops
    )
    return (
        "Capability codes:\n    (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device\n"
        "    (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other\n\n"
        f"Device ID           Local Intf     Hold-time  Capability      Port ID\n{rows}\n"
        f"Total entries displayed: {len(hops)}\n"
    )


def _sorted(view: DeviceView) -> list[InterfaceView]:
    return sorted(
        view.interfaces.values(), key=lambda i: (not is_physical(i.name.partition(".")[0]), natural(i.name))
    )


_ANSWERS: Mapping[str, Callable[["IosEngine", DeviceView, tuple[str, ...]], str]] = {
    "version": _version,
    "hosts": _hosts,
    "clock": _clock,
    "inventory": _inventory,
    "ip interface": _ip_interface,
    "ipv6 interface": _ipv6_interface,
    "interfaces": _interfaces,
    "lldp neighbors": _lldp,
    "bgp": bgp,
    "ip ospf": ospf,
    "ipv6 ospf": ospf,
    "ospfv3": ospf,
    "ip route": routes,
    "ipv6 route": routes,
    "arp": _arp,
    "vlan": _vlans,
}
