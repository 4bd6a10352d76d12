"""Plain Nornir with the inventory plug-in, on real SSH servers."""

import re

import pytest
from netmiko import ConnectHandler
from nornir import InitNornir
from nornir.core.task import Result

pytestmark = pytest.mark.lab


def nornir(office):
    return InitNornir(
        inventory={
            "plugin": "netmgr",
            "options": {"workspace": str(office.root), "client": "office", "lab": True},
        },
        runner={"plugin": "threaded", "options": {"num_workers": 2}},
        logging={"enabled": False},
    )


def netmiko_hostname(task):
    """What nornir_netmiko does: the host's parameters and the connection's extras."""
    options = task.host.get_connection_parameters("netmiko")
    connection = ConnectHandler(
        device_type=options.platform,
        host=options.hostname,
        port=options.port,
        username=options.username,
        password=options.password,
        **options.extras,
    )
    try:
        return Result(host=task.host, result=connection.send_command("hostname").strip())
    finally:
        # Netmiko's own goodbye takes a prompt that ends in # for an enable mode, and waits ten seconds to leave it.
        connection.remote_conn_pre.close()


def napalm_facts(task):
    """What nornir_napalm does."""
    from napalm import get_network_driver

    options = task.host.get_connection_parameters("napalm")
    driver = get_network_driver(options.platform)(
        options.hostname, options.username, options.password, **options.extras
    )
    with driver:
        return Result(host=task.host, result=driver.get_facts()["hostname"])


def test_netmiko_reaches_every_host(office):
    results = nornir(office).run(task=netmiko_hostname)
    assert {name: result.result for name, result in results.items()} == {"r1": "r1", "linuxhost": "linuxhost"}


def test_napalm_reaches_the_router(office):
    results = nornir(office).filter(platform="frr").run(task=napalm_facts)
    assert {name: result.result for name, result in results.items()} == {"r1": "r1"}


@pytest.mark.parametrize("task", [netmiko_hostname, napalm_facts])
def test_a_host_key_that_is_not_on_record_is_refused(office, task, tmp_path):
    fleet = nornir(office).filter(name="r1")
    extras = fleet.inventory.hosts["r1"].connection_options
    (tmp_path / "known_hosts").write_text("")
    extras["netmiko"].extras["alt_key_file"] = str(tmp_path / "known_hosts")
    extras["napalm"].extras["optional_args"]["known_hosts"] = str(tmp_path / "known_hosts")
    failed = fleet.run(task=task)["r1"]
    assert failed.failed
    assert re.search("unknown host key|not found in known_hosts", str(failed.exception))


def test_the_lab_has_its_overlay_and_no_password(office):
    host = nornir(office).inventory.hosts["r1"]
    assert host["ospf"]["hello_interval"] == 1
    assert host.password is None
