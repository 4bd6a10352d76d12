"""Verbatim lines hold references where the platform holds secrets: whatever it would hide is refused, unrepeated."""

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.errors import InputError
from netmgr.platforms import FORMS
from tests.unit.intent.test_ranges import everything

#: (platform, section, line with S where the secret stands).
LINES = [
    ("frr", "router bgp 64500", "neighbor 192.0.2.1 password S"),
    ("eos", "", "tacacs-server host 192.0.2.1 key 7 S"),
    ("eos", "", "snmp-server community S ro"),
    ("eos", "router bgp 64500", "neighbor 192.0.2.1 password 7 S"),
    ("ios", "", "tacacs-server host 192.0.2.1 key S"),
    ("ios", "", "snmp-server community S RO"),
    ("ios", "", "snmp-server user u g v3 auth sha S priv aes 128 S"),
    ("ios", "key chain k", "key-string S"),
    ("junos", "", "set snmp community S authorization read-only"),
    ("junos", "", "set system tacplus-server 192.0.2.1 secret S"),
    ("junos", "", "set protocols bgp group g authentication-key S"),
]
SECRET = "hunter2hunter2"


def problems(platform, section, line):
    stands = f"[{{section: {section}, lines: ['{line}']}}]" if section else f"['{line}']"
    files = {
        "client.yaml": "id: acme\n",
        "hosts.yaml": f"r1:\n  platform: {platform}\n  data:\n    extra_config: {stands}\n",
    }
    try:
        MemoryInventories({"acme": files}, {platform: everything(FORMS[platform])}).load("acme")
    except InputError as error:
        return [problem for problem in error.problems if "secret" in problem or SECRET in problem]
    return []


@pytest.mark.parametrize(("platform", "section", "line"), LINES)
def test_a_literal_secret_is_refused_and_a_reference_is_not(platform, section, line):
    assert problems(platform, section, line.replace("S", "secret://env/s")) == []
    found = problems(platform, section, line.replace("S", SECRET))
    assert found != []
    assert all(problem.startswith("inventory/acme/hosts.yaml:4: ") for problem in found)
    assert all("a literal secret is not allowed" in problem for problem in found)
    assert SECRET not in "\n".join(found)


def test_one_reference_does_not_excuse_the_other():
    line = f"snmp-server user u g v3 auth sha secret://env/s priv aes 128 {SECRET}"
    assert len(problems("ios", "", line)) == 1


@pytest.mark.parametrize("lifecycle", ["external", "planned"])
def test_it_holds_for_devices_that_nobody_configures(lifecycle):
    line = f"snmp-server community {SECRET} RO"
    hosts = f"r1:\n  platform: ios\n  data: {{lifecycle: {lifecycle}, extra_config: ['{line}']}}\n"
    files = {"client.yaml": "id: acme\n", "hosts.yaml": hosts}
    with pytest.raises(InputError) as refused:
        MemoryInventories({"acme": files}, {"ios": everything(FORMS["ios"])}).load("acme")
    assert SECRET not in "\n".join(refused.value.problems)
