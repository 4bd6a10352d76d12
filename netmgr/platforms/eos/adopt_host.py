"""The device as a host: names, time, logging, SNMP, who may log in."""

import re

from netmgr.model.names import SECRET_REFERENCE
from netmgr.model.system import Aaa, AaaServer, Snmp, System
from netmgr.platforms.adopting import fits
from netmgr.platforms.cli_tree import Line
from netmgr.platforms.eos.adopt_lines import Data, Lines, compact
from netmgr.platforms.eos.number_lists import ranges

_SEVERITIES = {
    "emergencies": "emergency",
    "alerts": "alert",
    "critical": "critical",
    "errors": "error",
    "warnings": "warning",
    "notifications": "notice",
    "informational": "informational",
    "debugging": "debug",
}


def read_host(lines: Lines, data: Data, tree: list[Line]) -> None:
    """``system``."""
    host = _Host(lines, data)
    host.names()
    host.time()
    host.logging()
    host.users()
    host.snmp()
    host.aaa()
    host.banners(tree)
    data["system"] = compact(host.system)


class _Host:
    def __init__(self, lines: Lines, data: Data) -> None:
        self.lines, self.vrfs = lines, data["vrfs"]
        self.system: Data = {}
        self.sources: Data = {}

    def say(self, feature: str, line: str, **values: object) -> None:
        """Take a line of the top level as ``values``, if the model takes them."""
        if fits(System, {**self.system, **values}):
            self.system |= values
            self.lines.take(feature, (line,))

    def source(self, service: str, pattern: str) -> None:
        """An interface whose address the device's own requests have; the VRF is the interface's."""
        for line, match in self.lines.matching(pattern):
            if service not in self.sources and self.lines.source(match["interface"], match["vrf"]):
                self.sources[service] = match["interface"]
                self.system["source_interfaces"] = self.sources
                self.lines.take("source_interfaces", (line,))

    def known(self, vrf: str | None) -> bool:
        return vrf is None or vrf in self.vrfs

    def servers(self, feature: str, pattern: str, key: str) -> list[object]:
        """One server for each line of this form; one of which only the address is said stands for itself."""
        found: list[object] = []
        asked_in_order = key == "dns"
        matching = (
            self.lines.leading("ip name-server ", pattern) if asked_in_order else self.lines.matching(pattern)
        )
        for line, match in matching:
            said = compact(match.groupdict())
            for name in ("port", "key"):
                if name in said:
                    said[name] = int(said[name])
            if "prefer" in said:
                said["prefer"] = True
            item = said["address"] if said.keys() == {"address"} else said
            where = {"dns": item, "ntp": item}
            value = {"servers": [item]} if key == "syslog" else [where[key]]
            if self.known(said.get("vrf")) and fits(System, {key: value}):
                found.append(item)
                self.lines.take(feature, (line,))
            elif asked_in_order:
                break
        return found

    def names(self) -> None:
        for line, match in self.lines.matching(r"hostname (\S+)"):
            self.say("hostname", line, hostname=match[1])
        for line, match in self.lines.matching(r"dns domain (\S+)"):
            self.say("domain", line, domain=match[1])
        self.system["dns"] = self.servers(
            "dns", r"ip name-server (?:vrf (?P<vrf>\S+) )?(?P<address>\S+)", "dns"
        )
        self.source("dns", r"ip domain lookup (?:vrf (?P<vrf>\S+) )?source-interface (?P<interface>\S+)")

    def time(self) -> None:
        for line, match in self.lines.matching(r"clock timezone (\S+)"):
            self.say("timezone", line, timezone=match[1])
        self._keys()
        form = r"ntp server (?:vrf (?P<vrf>\S+) )?(?P<address>\S+)(?P<prefer> prefer)?"
        if "ntp_keys" in self.system:
            form += r"(?: key (?P<key>\d+))?"
        self.system["ntp"] = self.servers("ntp", form, "ntp")
        self.source("ntp", r"ntp local-interface (?:vrf (?P<vrf>\S+) )?(?P<interface>\S+)")

    def _keys(self) -> None:
        """All keys, where all of them are trusted, or none."""
        found = list(
            self.lines.matching(r"ntp authentication-key (?P<id>\d+) (?P<algorithm>md5|sha1) 0 (?P<key>\S+)")
        )
        trusted = f"ntp trusted-key {ranges(int(match['id']) for _, match in found)}"
        if not found or not {"ntp authenticate", trusted} <= {*self.lines.top}:
            return
        keys: Data = {}
        for line, match in found:
            keys[int(match["id"])] = {
                "key": self.lines.reading.secret(match["key"], "ntp", match["id"]),
                **({} if match["algorithm"] == "md5" else {"algorithm": match["algorithm"]}),
            }
            self.lines.take("ntp_keys", (line,))
        self.system["ntp_keys"] = keys
        self.lines.take("ntp_keys", ("ntp authenticate",), (trusted,))

    def logging(self) -> None:
        syslog: Data = {}
        for line, match in self.lines.matching(r"logging trap (\S+)"):
            if match[1] in _SEVERITIES and "level" not in syslog:
                syslog["level"] = _SEVERITIES[match[1]]
                self.lines.take("syslog_level", (line,))
        syslog["servers"] = self.servers(
            "syslog_servers",
            r"logging (?:vrf (?P<vrf>\S+) )?host (?P<address>\S+)(?: (?P<port>\d+))?(?: protocol (?P<protocol>tcp))?",
            "syslog",
        )
        self.system["syslog"] = compact(syslog)
        self.source("syslog", r"logging (?:vrf (?P<vrf>\S+) )?source-interface (?P<interface>\S+)")

    def users(self) -> None:
        users: Data = {}
        form = (
            r"username (?P<name>\S+)(?: privilege (?P<privilege>\d+))?(?: role (?P<role>\S+))?"
            r" secret (?:(?:sha512 (?=\$6\$)|5 (?=\$1\$))?(?P<password>(?!\*)\S+)|\*)"
        )
        for line, match in self.lines.matching(form):
            name, password = match["name"], match["password"]
            user = compact(
                {
                    "password": password and self.lines.reading.secret(password, "user", name),
                    "role": match["role"],
                    "privilege": match["privilege"] and int(match["privilege"]),
                }
            )
            keys = list(self.lines.matching(rf"username {re.escape(name)} ssh-key (?!secondary )(.+)"))
            if len(keys) == 1 and fits(System, {"users": {name: {"ssh_key": keys[0][1][1]}}}):
                user["ssh_key"] = keys[0][1][1]
                self.lines.take("user_ssh_keys", (keys[0][0],))
            if name not in users and fits(System, {"users": {name: user}}):
                users[name] = user
                self.lines.take("users", (line,))
        self.system["users"] = users

    def snmp(self) -> None:
        snmp: Data = {}
        for key in ("location", "contact"):
            for line, match in self.lines.matching(rf"snmp-server {key} (.+)"):
                if fits(Snmp, {key: match[1]}):
                    snmp[key] = match[1]
                    self.lines.take("snmp", (line,))
        communities: Data = {}
        for line, match in self.lines.matching(r"snmp-server community (\S+) (ro|rw)(?: (\S+))?"):
            if match[3] is not None and match[3] not in self.lines.acls:
                continue
            said = {"community": self.lines.reading.secret(match[1], "snmp", "community")}
            if match[2] == "ro" and match[3] is None and "community" not in snmp:
                snmp |= said
            else:
                said |= compact({"access": None if match[2] == "ro" else "rw", "acl": match[3]})
                if not fits(Snmp, {"communities": {"a": said}}):
                    continue
                communities[f"community-{len(communities) + 1}"] = said
            self.lines.take("snmp_communities", (line,))
        snmp["communities"] = communities
        snmp["hosts"] = self._traps()
        if compact(snmp):
            self.system["snmp"] = compact(snmp)
        self.source("snmp", r"snmp-server (?:vrf (?P<vrf>\S+) )?local-interface (?P<interface>\S+)")

    def _traps(self) -> list[Data]:
        found = []
        form = (
            r"snmp-server host (?P<address>\S+)(?: vrf (?P<vrf>\S+))?(?P<informs> informs)? version 2c"
            r" (?P<community>\S+)(?: udp-port (?P<port>\d+))?"
        )
        for line, match in self.lines.matching(form):
            said = compact(
                {
                    "address": match["address"],
                    "vrf": match["vrf"],
                    "informs": bool(match["informs"]) or None,
                    "port": match["port"] and int(match["port"]),
                    "community": "secret://age/a",
                }
            )
            if self.known(match["vrf"]) and fits(Snmp, {"hosts": [said]}):
                said["community"] = self.lines.reading.secret(match["community"], "snmp", "community")
                found.append(said)
                self.lines.take("snmp_hosts", (line,))
        return found

    def aaa(self) -> None:
        aaa: Data = {}
        kinds = {"tacacs-server": ("tacacs+", "port"), "radius-server": ("radius", "auth-port")}
        servers = []
        for command, (protocol, port) in kinds.items():
            form = (
                rf"{command} host (?P<address>\S+)(?: vrf (?P<vrf>\S+))?(?: {port} (?P<port>\d+))?"
                r"(?: timeout (?P<timeout>\d+))? key 0 (?P<key>\S+)"
            )
            for line, match in self.lines.leading(f"{command} host ", form):
                said = compact(
                    {
                        "address": match["address"],
                        "protocol": protocol,
                        "key": "secret://age/a",
                        "vrf": match["vrf"],
                        "port": match["port"] and int(match["port"]),
                        "timeout": match["timeout"] and int(match["timeout"]),
                    }
                )
                if not self.known(match["vrf"]) or not fits(AaaServer, said):
                    break
                said["key"] = self.lines.reading.secret(match["key"], protocol, "key")
                servers.append(said)
                self.lines.take("aaa", (line,))
        aaa["servers"] = servers
        self._methods(aaa)
        if compact(aaa):
            self.system["aaa"] = compact(aaa)
        protocols = {server["protocol"].rstrip("+") for server in servers}
        sources = list(self.lines.matching(r"ip (tacacs|radius) (?:vrf (\S+) )?source-interface (\S+)"))
        places = {(match[2], match[3]) for _, match in sources}
        if len(places) == 1 and {match[1] for _, match in sources} == protocols:
            vrf, interface = places.pop()
            if self.lines.source(interface, vrf):
                self.sources["aaa"] = interface
                self.system["source_interfaces"] = self.sources
                self.lines.take("source_interfaces", *((line,) for line, _ in sources))

    def _methods(self, aaa: Data) -> None:
        commands = {
            "authentication": "aaa authentication login default",
            "authorization": "aaa authorization exec default",
            "accounting": "aaa accounting exec default start-stop",
        }
        for key, command in commands.items():
            for line, match in self.lines.matching(rf"{command}((?: (?:local|group (?:tacacs\+|radius)))+)"):
                names = match[1].replace(" group ", " ").split()
                if fits(Aaa, {key: names}):
                    aaa[key] = names
                    self.lines.take("aaa", (line,))

    def banners(self, tree: list[Line]) -> None:
        for line in tree:
            key = {"banner login": "banner", "banner motd": "motd"}.get(line.text)
            text = "\n".join(line.block[:-1])
            whole = text and text.strip("\n") == text and not SECRET_REFERENCE.search(text)
            if key and whole and fits(System, {key: text}):
                self.system[key] = text
                self.lines.take(key, (line.text,))
