"""Junos' login servers and SNMP agent → device data."""

from collections.abc import Collection

from netmgr.model.system import Aaa, Snmp
from netmgr.platforms.adopting import fits
from netmgr.platforms.junos.reader import Data, Reader, leaves, plain
from netmgr.platforms.junos.text import Path
from netmgr.platforms.junos.tree import Node

_METHODS = {"password": "local", "tacplus": "tacacs+", "radius": "radius"}
_EVENTS = ("change-log", "interactive-commands", "login")


def read_aaa(reader: Reader, data: Data, vrfs: Collection[str]) -> None:
    """``aaa`` of ``system``."""
    aaa: Data = {}
    servers = [
        server
        for statement, protocol in (("tacplus-server", "tacacs+"), ("radius-server", "radius"))
        for address, node in reader.root.items("system", statement)
        if (server := _server(reader, (statement, address), node, protocol, vrfs))
    ]
    order = leaves(reader.root.at("system", "authentication-order")) or ()
    answered = {"local", *(server["protocol"] for server in servers)}
    if order and all(_METHODS.get(word) in answered for word in order):
        aaa["authentication"] = [_METHODS[word] for word in order]
        for word in order:
            reader.take("aaa", "system", "authentication-order", word)
    accounting = reader.root.at("system", "accounting")
    destination, events = leaves(accounting.at("destination")) or (), leaves(accounting.at("events")) or ()
    asked = {_METHODS.get(word) for word in destination} - {"local"}
    if destination and asked <= answered and sorted(events) == sorted(_EVENTS):
        aaa["accounting"] = [_METHODS[word] for word in destination]
        for kind, words in (("destination", destination), ("events", events)):
            for word in words:
                reader.take("aaa", "system", "accounting", kind, word)
    if servers:
        aaa["servers"] = servers
    if aaa:
        data["aaa"] = aaa


def _server(reader: Reader, name: Path, node: Node, protocol: str, vrfs: Collection[str]) -> Data | None:
    secret = plain(node.at("secret"))
    if secret is None:
        return None
    server: Data = {"address": name[1], "protocol": protocol}
    taken = [("secret", secret)]
    for word, key in (("port", "port"), ("timeout", "timeout"), ("routing-instance", "vrf")):
        said = plain(node.at(word))
        if said is not None and (key != "vrf" or said in vrfs):
            server[key] = int(said) if said.isdecimal() and key != "vrf" else said
            taken.append((word, said))
    server["key"] = reader.secret(secret, *name)
    if not fits(Aaa, {"servers": [server]}):
        return None
    for path in taken:
        reader.take("aaa", "system", *name, *path)
    return server


def read_snmp(reader: Reader, data: Data) -> None:
    """``snmp`` of ``system``; users of SNMPv3 have keys that nobody can read back."""
    agent = reader.root.at("snmp")
    if agent.inactive:
        return
    snmp: Data = {}
    for key in ("location", "contact"):
        said = plain(agent.at(key))
        if said is not None and fits(Snmp, {key: said}):
            snmp[key] = said
            reader.take("snmp", "snmp", key, said)
    _communities(reader, agent, snmp)
    hosts = [host for name, node in agent.items("trap-group") for host in _hosts(reader, name, node)]
    if hosts:
        snmp["hosts"] = hosts
    if snmp:
        data["snmp"] = snmp


def _communities(reader: Reader, agent: Node, snmp: Data) -> None:
    """The first that may only read, from anywhere, is the one; the others have names of their own."""
    others: Data = {}
    for number, (name, node) in enumerate(agent.items("community"), 1):
        may = plain(node.at("authorization"))
        if may not in ("read-only", "read-write"):
            continue
        reference, feature = reader.secret(name, "snmp", may), "snmp"
        if may == "read-only" and "community" not in snmp and len(node.children) == 1:
            snmp["community"] = reference
        else:
            access, feature = "rw" if may == "read-write" else "ro", "snmp_communities"
            others[f"community-{number}"] = {"community": reference, "access": access}
        reader.take(feature, "snmp", "community", name, "authorization", may)
    if others:
        snmp["communities"] = others


def _hosts(reader: Reader, name: str, node: Node) -> list[Data]:
    targets = leaves(node.at("targets")) or ()
    port = plain(node.at("destination-port"))
    if plain(node.at("version")) != "v2" or not targets:
        return []
    common: Data = {"community": reader.secret(name, "snmp-traps")}
    if port is not None and port.isdecimal():
        common["port"] = int(port)
    hosts: list[Data] = [{"address": address, **common} for address in targets]
    if not fits(Snmp, {"hosts": hosts}):
        return []
    here = ("snmp", "trap-group", name)
    reader.take("snmp_hosts", *here, "version", "v2")
    for address in targets:
        reader.take("snmp_hosts", *here, "targets", address)
    if port is not None:
        reader.take("snmp_hosts", *here, "destination-port", port)
    return hosts
