"""The device as a host, out of an IOS configuration: names, servers, SNMP, logins, banners."""

import re

from netmgr.model.fields import AddressValue, Description, Host
from netmgr.model.system import Banner
from netmgr.platforms.adopting import fits
from netmgr.platforms.cli_tree import Line
from netmgr.platforms.ios.adopt_lines import Data, Known, Section, compact

_SEVERITIES = {
    "emergencies": "emergency", "alerts": "alert", "critical": "critical", "errors": "error",
    "warnings": "warning", "notifications": "notice", "debugging": "debug",
}  # fmt: skip
_METHODS = {"local": "local", "group tacacs+": "tacacs+", "group radius": "radius"}


def read_system(top: Section, known: Known) -> Data:
    """What ``system`` would say."""
    sources: Data = {}
    return compact(
        {
            "hostname": _text(top, "hostname", r"hostname (\S+)", Host),
            "domain": _text(top, "domain", r"ip domain name (\S+)", Host),
            "dns": _dns(top, known, sources),
            "ntp_keys": (keys := _ntp_keys(top)),
            "ntp": _ntp(top, known, sources, keys),
            "syslog": compact({"level": _level(top), "servers": _syslog(top, known, sources)}),
            "snmp": _snmp(top, known, sources),
            "aaa": _aaa(top, known, sources),
            "users": _users(top),
            "banner": _banner(top, "login", "banner"),
            "motd": _banner(top, "exec", "motd"),
            "source_interfaces": sources,
        }
    )


def _text(top: Section, feature: str, pattern: str, kind: object) -> str | None:
    found = top.only(pattern)
    if found is None or not fits(kind, found[1][1]):
        return None
    top.take(feature, found[0])
    return found[1][1]


def _source(top: Section, known: Known, sources: Data, service: str, pattern: str) -> None:
    """The interface that requests come from, which must be one of the data's."""
    found = top.only(pattern)
    if found is None:
        return
    own = known.interfaces.get(found[1]["name"])
    if own is not None and own.get("vrf") == found[1].groupdict().get("vrf"):
        top.take("source_interfaces", found[0])
        sources[service] = found[1]["name"]


def _server(match: re.Match[str], known: Known, kind: object = Host) -> Data | None:
    """A server's address as the inventory spells it, and its VRF."""
    address, vrf = match["address"], match["vrf"]
    address = address.lower() if ":" in address else address
    if not fits(kind, address) or (vrf is not None and vrf not in known.vrfs):
        return None
    return compact({"address": address, "vrf": vrf})


def _plain(server: Data) -> object:
    return server["address"] if server.keys() == {"address"} else server


def _dns(top: Section, known: Known, sources: Data) -> list[object]:
    _source(top, known, sources, "dns", r"ip domain lookup source-interface (?P<name>\S+)")
    found = []
    for line, match in top.matching(r"ip name-server (?:vrf (?P<vrf>\S+) )?(?P<address>\S+)"):
        server = _server(match, known, AddressValue)
        if server:
            top.take("dns", line)
            found.append(_plain(server))
    return found


def _ntp_keys(top: Section) -> Data:
    """The keys, where every one is trusted and answers must be signed: else the lines say something else."""
    keys = {
        m["id"]: (line, m) for line, m in top.matching(r"ntp authentication-key (?P<id>\d+) md5 (?P<key>\S+)")
    }
    trusted = {m["id"]: line for line, m in top.matching(r"ntp trusted-key (?P<id>\d+)")}
    authenticate = top.only(r"ntp authenticate")
    if not keys or authenticate is None or keys.keys() != trusted.keys():
        return {}
    top.take("ntp_keys", authenticate[0], *trusted.values(), *(line for line, _ in keys.values()))
    return {
        int(number): {"key": top.reading.secret(match["key"], "ntp key", number)}
        for number, (_, match) in keys.items()
    }  # fmt: skip


def _ntp(top: Section, known: Known, sources: Data, keys: Data) -> list[object]:
    _source(top, known, sources, "ntp", r"ntp source (?P<name>\S+)")
    found = []
    pattern = r"ntp server (?:vrf (?P<vrf>\S+) )?(?P<address>\S+)(?: key (?P<key>\d+))?(?P<prefer> prefer)?"
    for line, match in top.matching(pattern):
        server, key = _server(match, known), int(match["key"]) if match["key"] else None
        if server and (key is None or key in keys):
            top.take("ntp", line)
            found.append(_plain(compact({**server, "key": key, "prefer": match["prefer"] and True})))
    return found


def _level(top: Section) -> str | None:
    found = top.only(r"logging trap (\S+)")
    if found is None or found[1][1] not in _SEVERITIES:
        return None
    top.take("syslog_level", found[0])
    return _SEVERITIES[found[1][1]]


def _syslog(top: Section, known: Known, sources: Data) -> list[object]:
    _source(top, known, sources, "syslog", r"logging source-interface (?P<name>\S+)(?: vrf (?P<vrf>\S+))?")
    found = []
    pattern = (
        r"logging host (?P<word>ipv6 )?(?P<address>\S+)(?: vrf (?P<vrf>\S+))?"
        r"(?: transport (?P<how>udp|tcp) port (?P<port>\d+))?"
    )
    for line, match in top.matching(pattern):
        server = _server(match, known)
        if server and (match["word"] is None) == (":" not in match["address"]):
            top.take("syslog_servers", line)
            more = {"protocol": match["how"], "port": int(match["port"])} if match["how"] else {}
            found.append(_plain({**server, **more}))
    return found


def _snmp(top: Section, known: Known, sources: Data) -> Data:
    secret, found = top.reading.secret, Data()
    communities: Data = {}
    for line, match in top.matching(
        r"snmp-server community (?P<word>\S+) (?P<access>RO|RW)(?: (?P<acl>[A-Za-z]\S*))?"
    ):
        access, acl = match["access"].lower(), match["acl"]
        if acl is not None and acl not in known.route_filters:
            continue
        top.take("snmp_communities", line)
        reference = secret(match["word"], "snmp", access)
        if access == "ro" and acl is None and "community" not in found:
            found["community"] = reference
        else:
            communities[f"{access}-{len(communities) + 1}"] = compact(
                {"community": reference, "access": access, "acl": acl}
            )
    for key in ("location", "contact"):
        word = _text(top, "snmp", rf"snmp-server {key} (.+)", Description)
        found.update({key: word} if word else {})
    hosts = []
    pattern = (
        r"snmp-server host (?P<address>\S+)(?: vrf (?P<vrf>\S+))?(?P<informs> informs)? version 2c (?P<word>\S+)"
        r"(?: udp-port (?P<port>\d+))?"
    )
    for line, match in top.matching(pattern):
        server = _server(match, known)
        if server:
            top.take("snmp_hosts", line)
            port = int(match["port"]) if match["port"] else None
            more = {
                "community": secret(match["word"], "snmp trap"),
                "informs": match["informs"] and True,
                "port": port,
            }
            hosts.append(compact({**server, **more}))
    _source(top, known, sources, "snmp", r"snmp-server source-interface traps (?P<name>\S+)")
    return compact({**found, "communities": communities, "hosts": hosts})


def _methods(top: Section, line: str, words: str, known: set[str]) -> list[str]:
    """Methods in order, none where one of them is another's or nobody answers it."""
    methods = [_METHODS.get(word) for word in re.findall(r"group \S+|\S+", words)]
    if not known.issuperset(map(str, methods)) or len({*methods}) < len(methods):
        return []
    top.take("aaa", line)
    return [method for method in methods if method]


def _aaa(top: Section, known: Known, sources: Data) -> Data:
    """Everything about it hangs on `aaa new-model`, beside which IOS shows `aaa session-id common`."""
    if top.only("aaa new-model") is None or top.only("aaa session-id common") is None:
        return {}
    top.take("aaa", "aaa new-model", "aaa session-id common")
    servers = [
        server
        for protocol, word in (("tacacs+", "tacacs"), ("radius", "radius"))
        for section in top.inner(f"{word} server ")
        if (server := _aaa_server(section, protocol))
    ]
    _aaa_source(top, {server["protocol"] for server in servers}, known, sources)
    answered = {"local", *(server["protocol"] for server in servers)}
    found: Data = {"servers": servers}
    for key, beginning in (
        ("authentication", "aaa authentication login default"),
        ("authorization", "aaa authorization exec default"),
        ("accounting", "aaa accounting exec default start-stop"),
    ):
        one = top.only(rf"{beginning} (.+)")
        if one and (key != "accounting" or "local" not in one[1][1]):
            found[key] = _methods(top, one[0], one[1][1], answered)
    return compact(found) or {"authentication": []}


def _aaa_source(top: Section, protocols: set[str], known: Known, sources: Data) -> None:
    """One interface, said for every protocol that has servers and no other."""
    words = {"tacacs+": "tacacs", "radius": "radius"}
    said = {word: top.only(rf"ip {word} source-interface (\S+)") for word in words.values()}
    names = {found[1][1] for found in said.values() if found}
    asked = {words[protocol] for protocol in protocols}
    if (
        len(names) == 1
        and names <= known.interfaces.keys()
        and {w for w, found in said.items() if found} == asked
    ):
        top.take("source_interfaces", *(found[0] for found in said.values() if found))
        sources["aaa"] = names.pop()


def _aaa_server(section: Section, protocol: str) -> Data | None:
    """A server that is named after its address: the name says nothing else."""
    name = section.words[-1]
    address = section.only(r"address ipv[46] (\S+)(?: auth-port (\d+) acct-port (\d+))?")
    key = section.only(r"key (\S+)")
    if address is None or key is None or address[1][1].lower() != name or not fits(Host, name):
        return None
    ports = address[1].groups()[1:]
    port = section.only(r"port (\d+)") if protocol == "tacacs+" else None
    timeout = section.only(r"timeout (\d+)")
    if protocol == "radius" and (None in ports or int(ports[0]) + 1 != int(ports[1])):
        return None
    given = int(ports[0]) if protocol == "radius" else int(port[1][1]) if port else None
    section.opened("aaa")
    section.take("aaa", address[0], key[0], *(found[0] for found in (port, timeout) if found))
    return compact(
        {
            "address": name,
            "protocol": protocol,
            "key": section.reading.secret(key[1][1], protocol, "key"),
            "port": None if given in (49, 1812) else given,
            "timeout": int(timeout[1][1]) if timeout else None,
        }
    )


def _users(top: Section) -> Data:
    found: Data = {}
    pattern = (
        r"username (?P<name>[A-Za-z0-9_][A-Za-z0-9._@+-]*)(?: privilege (?P<level>\d+))?"
        r"(?: secret (?P<word>[589] \S+))?"
    )
    for line, match in top.matching(pattern):
        if match["name"] not in found and (match["level"] is None or int(match["level"]) <= 15):
            top.take("users", line)
            secret = top.reading.secret(match["word"], "login", match["name"]) if match["word"] else None
            level = int(match["level"]) if match["level"] else None
            found[match["name"]] = compact({"privilege": level, "password": secret})
    return found


def _banner(top: Section, kind: str, key: str) -> str | None:
    for line in top.lines:
        text = banner_text(line)
        if text is not None and line.text.startswith(f"banner {kind} "):
            top.take(key, line.text)
            return text
    return None


def banner_text(line: Line) -> str | None:
    """The text of a banner that the model has, written as the templates write it; None for all others."""
    if line.text not in ("banner login ^C", "banner exec ^C") or line.block[-1:] != ("^C",):
        return None
    text = "\n".join(line.block[:-1])
    whole = bool(text) and text == text.strip("\n") and "^C" not in text
    return text if whole and fits(Banner, text) else None
