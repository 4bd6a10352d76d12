"""Ansible's dynamic inventory: what it says, and what it never says."""

import json
import shlex

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.reach import network_reach
from netmgr.cli.main import run
from netmgr.errors import InputError, UsageError
from netmgr.model.reach import Reach
from netmgr.workflows.ansible import ansible_host, ansible_list, contacted
from tests.unit.inventory.samples import FORMS, GOOD

HOSTS = """
r1:
  groups: [core]
  password: secret://file/r1
  data: {site: hq, role: core, loopback: 10.255.0.1, system: {banner: "{{ lookup('pipe','id') }}"}}
r2: {port: 2222, username: ops, hostname: r2.acme.example, data: {loopback: 10.255.0.2}}
isp: {data: {lifecycle: external}}
"""
GROUPS = "routers: {}\ncore: {groups: [routers]}\n"
ACCESS = "access: {user: netops, jump: ['a@one:2201', '[2001:db8::2]'], ssh_config: config/ssh, known_hosts: keys}\n"


def load(hosts=HOSTS, access="", groups=GROUPS):
    files = {**GOOD, "hosts.yaml": hosts, "groups.yaml": groups, "client.yaml": GOOD["client.yaml"] + access}
    return MemoryInventories({"acme": files}, FORMS).load("acme")


def reach(inventory, tmp_path):
    return {r.device: r for r in network_reach(inventory, contacted(inventory), workspace=tmp_path)}


def plain(value):
    """The document as Ansible sees it: no text but as unsafe."""
    if isinstance(value, dict):
        if value.keys() == {"__ansible_unsafe"}:
            return value["__ansible_unsafe"]
        return {key: plain(item) for key, item in value.items()}
    assert not isinstance(value, str)
    return [plain(item) for item in value] if isinstance(value, list) else value


def test_groups_and_hosts(tmp_path):
    inventory = load()
    document = ansible_list(inventory, reach(inventory, tmp_path))
    hostvars = document.pop("_meta")["hostvars"]
    assert document == {
        "all": {
            "children": [
                *("ungrouped", "group_core", "group_routers", "lifecycle_active", "platform_frr"),
                *("role_core", "site_hq"),
            ]
        },
        "group_core": {"hosts": ["r1"]},
        "group_routers": {"hosts": ["r1"]},
        "lifecycle_active": {"hosts": ["r1", "r2"]},
        "platform_frr": {"hosts": ["r1", "r2"]},
        "role_core": {"hosts": ["r1"]},
        "site_hq": {"hosts": ["r1"]},
    }
    assert list(hostvars) == ["r1", "r2"]
    assert plain(hostvars["r2"]) == {
        "ansible_host": "r2.acme.example",
        "ansible_port": 2222,
        "ansible_user": "ops",
        "ansible_host_key_checking": True,
        "ansible_ssh_common_args": (
            "-o StrictHostKeyChecking=yes -o GlobalKnownHostsFile=none -o UpdateHostKeys=no "
            f"-o 'UserKnownHostsFile=\"{tmp_path}/.netmgr/known_hosts/acme\"'"
        ),
        "ansible_python_interpreter": "auto_silent",
        "netmgr": {
            "client": "acme",
            "device": "r2",
            "uid": "r2",
            "platform": "frr",
            "role": None,
            "site": None,
            "lifecycle": "active",
            "groups": [],
            "password": None,
            "data": {"loopback": "10.255.0.2"},
            "links": [
                {
                    "interface": "eth1",
                    "peer": "r1",
                    "peer_interface": "eth1",
                    "peer_asn": None,
                    "addresses": ["10.0.0.1/31"],
                    "peer_addresses": ["10.0.0.0"],
                    "mtu": None,
                    "description": None,
                }
            ],
        },
    }


def test_a_host_alone_is_the_same(tmp_path):
    inventory = load()
    where = reach(inventory, tmp_path)
    hostvars = ansible_list(inventory, where)["_meta"]["hostvars"]
    assert {name: ansible_host(inventory, where, name) for name in ("r1", "r2")} == hostvars
    with pytest.raises(UsageError, match="no device 'isp' that may be contacted"):
        ansible_host(inventory, where, "isp")


def test_a_password_is_its_reference(tmp_path):
    inventory = load()
    text = json.dumps(ansible_list(inventory, reach(inventory, tmp_path)))
    assert '"password": {"__ansible_unsafe": "secret://file/r1"}' in text
    assert "ansible_password" not in text


def test_the_lab_s_key_and_a_path_with_everything_in_it():
    path = "/a b/100%/'x'/known_hosts"
    known = Reach("r1", "127.0.0.1", 4001, "admin", path, key_file="/a b/100%/id")
    found = plain(ansible_host(load(), {"r1": known}, "r1"))
    assert found["ansible_ssh_private_key_file"] == "/a b/100%%/id"
    words = shlex.split(found["ansible_ssh_common_args"])
    assert "UserKnownHostsFile=\"/a b/100%%/'x'/known_hosts\"" in words
    assert "IdentitiesOnly=yes" in words


def test_jump_hosts_are_verified_against_the_same_file(tmp_path):
    inventory = load(access=ACCESS)
    words = shlex.split(
        plain(ansible_host(inventory, reach(inventory, tmp_path), "r1"))["ansible_ssh_common_args"]
    )
    assert words[:2] == ["-F", f"{tmp_path}/config/ssh"]
    outer = next(w for w in words if w.startswith("ProxyCommand=")).removeprefix("ProxyCommand=")
    # What ssh makes of it: %h and %p of the device, %% one percent sign.
    last = shlex.split(outer.replace("%%", "\0").replace("%h", "r1").replace("%p", "22").replace("\0", "%"))
    assert last[-3:] == ["-W", "[r1]:22", "2001:db8::2"]
    assert f'UserKnownHostsFile="{tmp_path}/keys"' in last
    first = shlex.split(next(w for w in last if w.startswith("ProxyCommand=")).removeprefix("ProxyCommand="))
    assert first[-7:] == ["-l", "a", "-p", "2201", "-W", "[%h]:%p", "one"]
    assert f'UserKnownHostsFile="{tmp_path}/keys"' in first


def test_two_groups_that_ansible_cannot_tell_apart_are_refused(tmp_path):
    inventory = load("r1: {groups: [a.b, a-b]}\nr2: {}\n", groups="a.b: {}\na-b: {}\n")
    with pytest.raises(InputError) as refused:
        ansible_list(inventory, reach(inventory, tmp_path))
    assert refused.value.problems == (
        "group_a.b and group_a-b have one name for Ansible, group_a_b; rename one of them",
    )


@pytest.mark.parametrize("arguments", [[], ["--list", "--host", "edge1"]])
def test_one_of_list_and_host(arguments, capsys):
    assert run(["inventory", "ansible", "-c", "acme", *arguments]) == 64
    assert capsys.readouterr().err.startswith("error: give one of --list and --host NAME")
