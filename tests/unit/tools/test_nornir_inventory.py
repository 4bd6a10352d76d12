"""The Nornir plug-in's hosts: merged data, links, secrets only when asked; and SimpleInventory on the same files."""

import shutil
from pathlib import Path

import pytest
from nornir import InitNornir
from nornir.plugins.inventory import SimpleInventory

from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.errors import InputError, LabError, SecretError
from netmgr.nornir_plugin import NetmgrInventory
from netmgr.platforms import FORMS

ROOT = Path(__file__).parents[3]
HOSTS = """
r1:
  groups: [core, edge]
  username: ops
  password: secret://file/r1
  connection_options:
    napalm:
      password: secret://file/other
      extras: {timeout: 7, optional_args: {program_dir: /opt, known_hosts: /dev/null}}
    netmiko: {platform: cisco_ios, extras: {ssh_strict: false, global_delay_factor: 2}}
    paramiko: {extras: {passphrase: secret://file/other}}
  data: {loopback: 10.255.0.1, bgp: {asn: 64500}, interfaces: {eth1: {description: here}}}
r2: {data: {loopback: 10.255.0.2}}
isp: {data: {lifecycle: external}}
"""
GROUPS = """
routers: {data: {role: router, bgp: {connect_retry: 5}, interfaces: {eth1: {enabled: true}}}}
core: {groups: [routers], data: {bgp: {asn: 64499}}}
edge: {data: {role: edge, system: {domain: acme.example}}}
"""
FILES = {
    "config/netmgr.yaml": "",
    "inventory/acme/client.yaml": "id: acme\naccess: {user: netops}\n",
    "inventory/acme/hosts.yaml": HOSTS,
    "inventory/acme/groups.yaml": GROUPS,
    "inventory/acme/defaults.yaml": "platform: frr\ndata: {role: any, system: {domain: example}}\n",
    "inventory/acme/topology.yaml": 'links: [{endpoints: ["r1:eth1", "r2:eth1"], subnet: 10.0.0.0/31}]\n',
    "secrets/acme/r1": "hunter2\n",
    "secrets/acme/other": "hunter3\n",
}


@pytest.fixture
def workspace(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o600)
    return tmp_path


def hosts(workspace, **options):
    options = {"workspace": str(workspace), "client": "acme", **options}
    return InitNornir(
        inventory={"plugin": "netmgr", "options": options}, logging={"enabled": False}
    ).inventory.hosts


def test_hosts_are_those_that_may_be_contacted(workspace):
    assert list(hosts(workspace)) == ["r1", "r2"]


def test_values_are_merged_as_netmgr_merges_them(workspace):
    host = hosts(workspace)["r1"]
    assert host["bgp"] == {"connect_retry": 5, "asn": 64500}
    assert host["interfaces"] == {"eth1": {"enabled": True, "description": "here"}}
    assert (host["role"], host["system"], host["client"]) == ("router", {"domain": "acme.example"}, "acme")
    assert [group.name for group in host.groups] == ["core", "routers", "edge"]
    assert host.has_parent_group("routers")


def test_links_come_with_the_host(workspace):
    (link,) = hosts(workspace)["r2"]["links"]
    assert (link["interface"], link["peer"], link["addresses"]) == ("eth1", "r1", ["10.0.0.1/31"])


def test_a_secret_is_resolved_when_it_is_asked_for(workspace):
    for name in ("r1", "other"):
        (workspace / "secrets/acme" / name).rename(workspace / name)
    with pytest.raises(SecretError):
        hosts(workspace)  # connection_options' own secrets are needed at once
    (workspace / "other").rename(workspace / "secrets/acme/other")
    host = hosts(workspace)["r1"]
    assert host.dict()["password"] == "secret://file/r1"
    with pytest.raises(SecretError):
        host.password  # noqa: B018 - asking is what is tested
    (workspace / "r1").rename(workspace / "secrets/acme/r1")
    assert host.password == "hunter2"
    assert host.get_connection_parameters("netmiko").password == "hunter2"
    assert "hunter2" not in repr(host) + str(host.dict())
    host.password = "typed"
    assert host.password == "typed"


def test_connections_verify_host_keys_whatever_the_inventory_says(workspace):
    options = hosts(workspace)["r1"].connection_options
    known = f"{workspace}/.netmgr/known_hosts/acme"
    assert options["napalm"].extras == {
        "timeout": 7,
        "optional_args": {
            "program_dir": "/opt",
            "known_hosts": known,
            "key_file": None,
            "allow_agent": False,
            "port": 22,
        },
    }
    assert options["napalm"].password == "hunter3"
    netmiko = options["netmiko"]
    assert netmiko.platform == "cisco_ios"
    assert netmiko.extras["global_delay_factor"] == 2
    assert (netmiko.extras["ssh_strict"], netmiko.extras["alt_key_file"]) == (True, known)
    assert options["paramiko"].extras == {"passphrase": "hunter3"}
    r2 = hosts(workspace)["r2"]
    assert r2.get_connection_parameters("netmiko").username == "netops"
    assert r2.connection_options["napalm"].extras["optional_args"]["allow_agent"] is True


def test_problems_of_the_inventory_are_told(workspace):
    (workspace / "inventory/acme/hosts.yaml").write_text("r1: {colour: red}\n")
    with pytest.raises(InputError, match=r"hosts\.yaml:1: unknown key 'colour'"):
        NetmgrInventory(workspace=str(workspace), client="acme").load()


def test_the_lab_must_be_up(workspace):
    with pytest.raises(LabError, match="the lab of acme is not up"):
        NetmgrInventory(workspace=str(workspace), client="acme", lab=True).load()


@pytest.mark.parametrize("client", ["acme", "abilene", "northwind"])
def test_simple_inventory_reads_the_same_inherited_keys(client):
    """Top-level keys of ``data`` that one layer alone gives: Nornir inherits whole keys, netmgr merges within them."""
    directory = ROOT / "inventory" / client
    names = [str(directory / f"{name}.yaml") for name in ("hosts", "groups", "defaults")]
    simple = SimpleInventory(*names).load()
    inventory = YamlInventories(ROOT, FORMS).load(client)
    compared = 0
    for device in inventory.devices:
        theirs = simple.hosts[device.name]
        layers = [theirs.data, *(group.data for group in theirs.extended_groups()), simple.defaults.data]
        merged = inventory.origins.tree("devices", device.name, "data")
        for key in merged:
            if sum(key in layer for layer in layers) == 1:
                assert theirs[key] == merged[key]
                compared += 1
        assert set(merged) == {key for layer in layers for key in layer}
    assert compared > 10


def test_the_example_s_hosts_are_plain_nornir_s(tmp_path):
    for part in ("inventory", "config"):
        shutil.copytree(ROOT / part, tmp_path / part)
    assert list(hosts(tmp_path)) == ["edge1", "edge2", "core1", "core2", "north1", "south1"]
