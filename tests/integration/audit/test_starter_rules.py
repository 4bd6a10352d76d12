"""The rules that come with a workspace: the example clients keep them, and each finds what it is there to find."""

import re
from pathlib import Path

import pytest

from netmgr.adapters.audit_policies_yaml import YamlAuditPolicies
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.audit.compliance import comply
from netmgr.model.selection import Selection
from netmgr.platforms import FORMS
from netmgr.workflows.render import rendered

ROOT = Path(__file__).parents[3]

#: Rule → lines that come into a configuration which keeps it, or a pattern of those that leave it.
BREAKS = {
    "frr-ebgp-needs-policy": "router bgp 64496\n no bgp ebgp-requires-policy\n",
    "frr-max-prefixes": re.compile(r" +neighbor \S+ maximum-prefix .*\n"),
    "frr-logging": re.compile(r"log .*\n"),
    "frr-no-vty-password": "password canary\n",
    "eos-no-cleartext-api": "management api http-commands\n   protocol http\n   no shutdown\n",
    "eos-no-telnet": "management telnet\n   no shutdown\n",
    "eos-no-login-without-password": "username guest privilege 1 nopassword\n",
    "eos-snmp-read-only": "snmp-server community canary rw\n",
    "eos-logging": re.compile(r"logging host .*\n"),
    "eos-time": re.compile(r"ntp authenticate\n"),
    "eos-banner": re.compile(r"banner login\n(?:.*\n)*?EOF\n"),
    "eos-ebgp-needs-policy": re.compile(r" +bgp missing-policy direction in .*\n"),
    "ios-no-http": "ip http server\n",
    "ios-no-telnet": "line vty 0 4\n transport input telnet ssh\n",
    "ios-no-weak-passwords": "username guest privilege 15 password 7 070C285F4D06\n",
    "ios-snmp-read-only": "snmp-server community canary RW 10\n",
    "ios-logging": re.compile(r"logging host .*\n"),
    "ios-time": re.compile(r"ntp server .*\n"),
    "ios-banner": re.compile(r"banner login \^C\n(?:.*\n)*?\^C\n"),
    "ios-central-logins": re.compile(r"aaa authentication login .*\n"),
    "junos-no-cleartext-services": "set system services telnet\n",
    "junos-no-root-login": "set system services ssh root-login allow\n",
    "junos-root-password": re.compile(r"set system root-authentication .*\n"),
    "junos-snmp-read-only": "set snmp community canary authorization read-write\n",
    "junos-logging": re.compile(r"set system syslog host .*\n"),
    "junos-time": re.compile(r"set system ntp trusted-key .*\n"),
    "junos-banner": re.compile(r"set system login message .*\n"),
    "junos-max-prefixes": re.compile(r"set protocols bgp group providers4 family .*\n"),
    "junos-ebgp-needs-policy": re.compile(r"set protocols bgp group providers4 import .*\n"),
}
#: Those that have nothing to look into where all is well.
SILENT = {"eos-no-telnet", "ios-no-telnet"}


class Network:
    """The example clients' rendered configurations, and the rules that concern each device."""

    def __init__(self):
        inventories = YamlInventories(ROOT, FORMS)
        policies = YamlAuditPolicies(ROOT, inventories.clients, FORMS)
        self.rules = policies.every().rules
        self.devices = {}
        for client in inventories.clients():
            inventory = inventories.load(client)
            texts = rendered(inventories, TemplateDirectory(ROOT), FORMS, client, Selection(), overlay=None)
            for device in inventory.devices:
                if device.lifecycle != "external":
                    rules = [rule for rule in policies.of(inventory).rules if rule.demands.concerns(device)]
                    self.devices[client, device.name] = (FORMS[device.platform], texts[device.name], rules)


@pytest.fixture(scope="module")
def network():
    return Network()


def said(form, text, rules):
    found = comply(form.paths(form.canonical(text)), rules, hide=form.redact)
    return {f.rule for f in found.findings}, {one.rule for one in found.passed}


def test_the_example_clients_keep_them(network):
    held = set()
    for where, (form, text, rules) in network.devices.items():
        broken, passed = said(form, text, rules)
        assert (where, broken) == (where, set())
        held |= passed
    assert held == set(BREAKS) - SILENT


def test_every_rule_has_its_case(network):
    assert [rule.name for rule in network.rules if rule.name not in BREAKS] == []


@pytest.mark.parametrize("name", BREAKS)
def test_what_it_finds(network, name):
    form, text, rules = next(
        (form, text, [rule for rule in rules if rule.name == name])
        for form, text, rules in network.devices.values()
        if (name in SILENT or name in said(form, text, rules)[1]) and name in [rule.name for rule in rules]
    )
    change = BREAKS[name]
    broken = text + change if isinstance(change, str) else change.sub("", text)
    assert said(form, broken, rules) == ({name}, set())
    assert "canary" not in str(comply(form.paths(form.canonical(broken)), rules, hide=form.redact).findings)
