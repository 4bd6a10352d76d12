"""Junos' ``system`` → device data."""

import re
from collections.abc import Collection

from netmgr.model.system import Syslog, System, User
from netmgr.platforms.adopting import fits
from netmgr.platforms.junos.adopt_services import read_aaa, read_snmp
from netmgr.platforms.junos.limits import SYSLOG_FACILITIES
from netmgr.platforms.junos.reader import Data, Reader, leaves, plain
from netmgr.platforms.junos.text import Path
from netmgr.platforms.junos.tree import Node

#: Junos' severities → RFC 5424's.
_SEVERITIES = {
    **{word: word for word in ("emergency", "alert", "critical", "error", "warning", "notice")},
    "info": "informational",
    "any": "debug",
}


def read_system(reader: Reader, vrfs: Collection[str]) -> Data:
    """``system`` of the device data; ``vrfs`` are those in which servers can be said to be reached."""
    data: Data = {}
    _names(reader, data)
    _resolvers(reader, data, vrfs)
    _ntp(reader, data, vrfs)
    _syslog(reader, data, vrfs)
    _users(reader, data)
    read_aaa(reader, data, vrfs)
    read_snmp(reader, data)
    # What netmgr renders for itself: it comes in by NETCONF.
    reader.take("", "system", "services", "netconf", "ssh")
    return data


def _names(reader: Reader, data: Data) -> None:
    system = reader.root.at("system")
    for word, key, feature in (
        ("host-name", "hostname", "hostname"),
        ("domain-name", "domain", "domain"),
        ("time-zone", "timezone", "timezone"),
    ):
        value = plain(system.at(word))
        if value is not None and fits(System, {key: value}):
            data[key] = value
            reader.take(feature, "system", word, value)
    for word, key, feature in (("message", "banner", "banner"), ("announcement", "motd", "motd")):
        text = plain(system.at("login", word))
        if text is not None and (said := _unquoted(text)) is not None:
            data[key] = said
            reader.take(feature, "system", "login", word, text)


def _resolvers(reader: Reader, data: Data, vrfs: Collection[str]) -> None:
    servers = []
    for address, node in reader.root.items("system", "name-server"):
        within = plain(node.at("routing-instance"))
        if within in vrfs and len(node.children) == 1:
            server: object = {"address": address, "vrf": within}
            path: Path = (address, "routing-instance", str(within))
        elif not node.children:
            server, path = address, (address,)
        else:
            break  # the order counts: what follows cannot be said without it
        if not fits(System, {"dns": [server]}):
            break
        servers.append(server)
        reader.take("dns", "system", "name-server", *path)
    if servers:
        data["dns"] = servers


def _unquoted(text: str) -> str | None:
    """A text as its lines; None where it would not be written the same again."""
    said = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)
    written = said.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return said if written == text and said == said.strip("\n") and fits(System, {"banner": said}) else None


def _ntp(reader: Reader, data: Data, vrfs: Collection[str]) -> None:
    ntp = reader.root.at("system", "ntp")
    servers, keys = [], {}
    for number, node in ntp.items("authentication-key"):
        algorithm, value = plain(node.at("type")), plain(node.at("value"))
        here = ("system", "ntp", "authentication-key", number)
        if algorithm not in ("md5", "sha1", "sha256") or value is None or len(node.children) != 2:
            continue
        if not number.isdecimal() or number not in ntp.at("trusted-key").children:
            continue
        keys[int(number)] = {"key": reader.secret(value, "ntp", number), "algorithm": algorithm}
        reader.take("ntp_keys", *here, "type", algorithm)
        reader.take("ntp_keys", *here, "value", value)
        reader.take("ntp_keys", "system", "ntp", "trusted-key", number)
    for address, node in ntp.items("server"):
        server: Data = {"address": address}
        taken: list[Path] = []
        for word, key in (("key", "key"), ("routing-instance", "vrf")):
            said = plain(node.at(word))
            if said is not None and (said.isdecimal() if key == "key" else said in vrfs):
                server[key] = int(said) if key == "key" else said
                taken.append((word, said))
        if "prefer" in node.children and not node.at("prefer").children:
            server["prefer"] = True
            taken.append(("prefer",))
        if fits(System, {"ntp": [server]}) and server.get("key") in (None, *keys):
            servers.append(server if len(server) > 1 else address)
            for path in taken or [()]:
                reader.take("ntp", "system", "ntp", "server", address, *path)
    if servers:
        data["ntp"] = servers
    if keys:
        data["ntp_keys"] = keys


def _syslog(reader: Reader, data: Data, vrfs: Collection[str]) -> None:
    syslog: Data = {}
    here = ("system", "syslog")
    level = plain(reader.root.at(*here, "file", "messages", "any"))
    if level in _SEVERITIES:
        syslog["level"] = _SEVERITIES[level]
        reader.take("syslog_level", *here, "file", "messages", "any", level)
    servers: list[object] = []
    for address, node in reader.root.items(*here, "host"):
        said = plain(node.at("any"))
        if said is None or said != (level if level in _SEVERITIES else "info"):
            continue
        server: Data = {"address": address}
        within = plain(node.at("routing-instance"))
        if within in vrfs:
            server["vrf"] = within
        if fits(System, {"syslog": {"servers": [server]}}):
            servers.append(server if len(server) > 1 else address)
            reader.take("syslog_servers", *here, "host", address, "any", said)
            if within in vrfs:
                reader.take("syslog_servers", *here, "host", address, "routing-instance", str(within))
    if servers:
        syslog["servers"] = servers
    for kind in ("file", "user"):
        if targets := _syslog_targets(reader, kind):
            syslog[f"{kind}s"] = targets
    if syslog:
        data["syslog"] = syslog


def _syslog_targets(reader: Reader, kind: str) -> Data:
    """The files or users to whom facilities are logged; ``any`` of ``messages`` is the level of all."""
    found: Data = {}
    for name, node in reader.root.items("system", "syslog", kind):
        for facility in node.children:
            level = _SEVERITIES.get(plain(node.at(facility)) or "")
            if level is None or (kind, name, facility) == ("file", "messages", "any"):
                continue
            if fits(Syslog, {f"{kind}s": {name: {facility: level}}}) and facility in SYSLOG_FACILITIES:
                found.setdefault(name, {})[facility] = level
                said = str(plain(node.at(facility)))
                reader.take(f"syslog_{kind}s", "system", "syslog", kind, name, facility, said)
    return found


def _users(reader: Reader, data: Data) -> None:
    users = {}
    here = ("system", "root-authentication")
    root = _login(reader, "root", here, reader.root.at(*here))
    if root:
        users["root"] = root
    for name, node in reader.root.items("system", "login", "user"):
        role = plain(node.at("class"))
        if role is None or name == "root" or not fits(User, {"role": role}):
            continue
        if not fits(System, {"users": {name: {}}}):
            continue
        path = ("system", "login", "user", name)
        reader.take("users", *path, "class", role)
        users[name] = {
            "role": role,
            **_login(reader, name, (*path, "authentication"), node.at("authentication")),
        }
    if users:
        data["users"] = users


def _login(reader: Reader, name: str, here: tuple[str, ...], node: Node) -> Data:
    """How somebody proves who he is: a password's hash, and the first of his keys."""
    found: Data = {}
    password = plain(node.at("encrypted-password"))
    if password is not None:
        found["password"] = reader.secret(password, "login", name)
        reader.take("users", *here, "encrypted-password", password)
    for word in ("ssh-rsa", "ssh-ecdsa", "ssh-ed25519"):
        key = next(iter(leaves(node.at(word)) or ()), None)
        kind = "ecdsa-" if word == "ssh-ecdsa" else f"{word} "
        if (
            key is not None
            and "ssh_key" not in found
            and key.startswith(kind)
            and fits(User, {"ssh_key": key})
        ):
            found["ssh_key"] = key
            reader.take("users", *here, word, key)
    return found
