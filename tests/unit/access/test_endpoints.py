"""From the inventory to how each device is reached: who logs in where, with what, and through which jump hosts."""

import pytest

from netmgr.adapters.endpoints import NetworkAccess
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.secrets_local import LocalSecrets
from netmgr.errors import InputError, SecretError
from netmgr.lab.frr.keys import new_key
from netmgr.platforms import FORMS

KEY = new_key().private
ENVIRONMENT = {"NETMGR_SECRET_ACME__SSH": KEY, "NETMGR_SECRET_ACME__R2": "r2-password"}
HOSTS = """\
r1: {platform: frr}
r2: {platform: frr, hostname: 192.0.2.2, port: 2222, username: r2, password: secret://env/r2}
r3:
  platform: frr
  hostname: 192.0.2.3
  connection_options:
    netmiko: {username: other}
    napalm:
      hostname: r3.acme.example
      port: 830
      username: r3
      extras: {timeout: 60, optional_args: {sudo: true, key_file: ~/.ssh/other, known_hosts: /dev/null}}
"""


def endpoints(tmp_path, access="{}", hosts=HOSTS, ssh_config=None):
    files = {
        "config/netmgr.yaml": "",
        "inventory/acme/client.yaml": f"id: acme\naccess: {access}\n",
        "inventory/acme/hosts.yaml": hosts,
        **({"acme.ssh": ssh_config} if ssh_config is not None else {}),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    inventory = YamlInventories(tmp_path, FORMS).load("acme")
    secrets = LocalSecrets(tmp_path / "secrets", ENVIRONMENT)
    access = NetworkAccess(secrets, inventory, workspace=tmp_path, login="engineer", forms=FORMS)
    return {end.device: end for end in access.endpoints(inventory.devices)}


def address(login):
    return login.username, login.hostname, login.port


def test_without_access_the_engineer_s_login_and_agent(tmp_path):
    r1 = endpoints(tmp_path)["r1"]
    assert (address(r1), r1.use_agent, r1.password, r1.private_key, r1.jump) == (
        ("engineer", "r1", 22),
        True,
        None,
        None,
        (),
    )
    assert r1.known_hosts == str(tmp_path / ".netmgr/known_hosts/acme")


def test_a_host_s_own_login_is_stronger_than_the_client_s(tmp_path):
    found = endpoints(tmp_path, "{user: netops, credentials: secret://env/ssh}")
    assert {name: address(end) for name, end in found.items()} == {
        "r1": ("netops", "r1", 22),
        "r2": ("r2", "192.0.2.2", 2222),
        "r3": ("r3", "r3.acme.example", 830),
    }
    assert (found["r1"].private_key, found["r1"].password, found["r1"].use_agent) == (KEY, None, False)
    assert (found["r2"].private_key, found["r2"].password, found["r2"].use_agent) == (
        None,
        "r2-password",
        False,
    )


def test_connection_options_of_napalm(tmp_path):
    """Its driver's options, but for those that would decide whom to trust and who logs in."""
    r3 = endpoints(tmp_path)["r3"]
    assert (r3.options, r3.timeout) == ({"sudo": True}, 60)


def test_jump_hosts_in_their_order(tmp_path):
    jump = "[bastion, ops@inner:2200, 'ops@[2001:db8::1]:22']"
    r1 = endpoints(tmp_path, f"{{user: netops, credentials: agent, jump: {jump}, known_hosts: keys/acme}}")[
        "r1"
    ]
    assert [(hop.name, *address(hop), hop.use_agent) for hop in r1.jump] == [
        ("bastion", "netops", "bastion", 22, True),
        ("inner:2200", "ops", "inner", 2200, True),
        ("[2001:db8::1]:22", "ops", "2001:db8::1", 22, True),
    ]
    assert {hop.known_hosts for hop in r1.jump} == {str(tmp_path / "keys/acme")}


SSH_CONFIG = """\
Host r1
  HostName 198.51.100.1
  Port 2022
Host r*
  User automation
  ProxyJump ops@inner
Host inner
  HostName 203.0.113.9
  IdentityFile {key}
  IdentityFile {missing}
  ProxyJump outer:2201
Host *
  ProxyJump outer:2201
  StrictHostKeyChecking no
"""


def test_the_client_s_ssh_config(tmp_path):
    key = tmp_path / "id"
    key.touch()
    text = SSH_CONFIG.format(key=key, missing=tmp_path / "none")
    found = endpoints(tmp_path, "{ssh_config: acme.ssh}", ssh_config=text)
    assert address(found["r1"]) == ("automation", "198.51.100.1", 2022)
    assert address(found["r2"]) == ("r2", "192.0.2.2", 2222)
    assert [(hop.name, *address(hop), hop.key_file) for hop in found["r1"].jump] == [
        ("outer:2201", "engineer", "outer", 2201, None),
        ("inner", "ops", "203.0.113.9", 22, str(key)),
    ]


def test_access_is_stronger_than_ssh_config(tmp_path):
    text = SSH_CONFIG.format(key="/none", missing="/none")
    r1 = endpoints(tmp_path, "{user: netops, jump: [inner], ssh_config: acme.ssh}", ssh_config=text)["r1"]
    assert address(r1) == ("netops", "198.51.100.1", 2022)
    assert [address(hop) for hop in r1.jump] == [("netops", "203.0.113.9", 22)]


BAD = {
    "Host r1\n  ProxyCommand nc %h %p\n": "acme.ssh:2: ProxyCommand of r1 is not run; write ProxyJump or access.jump",
    "Match exec 'touch /tmp/x'\n  User x\n": "acme.ssh:1: `Match exec` runs commands; write Host patterns",
    "Include other\n": "acme.ssh:1: Include is not followed; put its lines here",
    "Host r1\n  Port many\n": "acme.ssh:2: the port of r1 is not a number from 1 to 65535",
    "Host r1\n  ProxyJump -oProxyCommand=x\n": 'acme.ssh:2: ProxyJump of r1 is not like "user@bastion:22"',
    "Host r1\n  ProxyJump a\nHost a\n ProxyJump b\nHost b\n ProxyJump a\n": (
        "acme.ssh:1: the jump hosts to r1 lead in a circle, or are more than 8"
    ),
    "???\n": "acme.ssh:1: not a valid ssh_config: Unparsable line ???",
    None: "inventory/acme/client.yaml:2: there is no acme.ssh; write it, or remove ssh_config",
}


@pytest.mark.parametrize("text", BAD)
def test_an_ssh_config_that_cannot_be_honoured(tmp_path, text):
    with pytest.raises(InputError) as refused:
        endpoints(tmp_path, "{ssh_config: acme.ssh}", ssh_config=text)
    assert str(refused.value) == BAD[text]


def test_a_secret_that_is_not_there(tmp_path):
    with pytest.raises(SecretError) as refused:
        endpoints(tmp_path, "{credentials: secret://env/other}")
    assert str(refused.value) == (
        "acme: secret://env/other: set the environment variable NETMGR_SECRET_ACME__OTHER"
    )


def test_secrets_are_not_in_what_is_printed(tmp_path):
    found = endpoints(tmp_path, "{credentials: secret://env/ssh, jump: [bastion]}")
    printed = repr(found)
    assert "bastion" in printed
    assert "r2-password" not in printed
    assert KEY.splitlines()[1] not in printed
