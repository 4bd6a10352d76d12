"""A rehearsal of the example client of several makers: its devices are emulated, which the verdict says."""

from collections.abc import Iterator

import pytest

from netmgr.adapters.workspace_files import make_workspace
from tests.lab.site import Site

pytestmark = pytest.mark.lab

DEVICES = ("core1", "core2", "edge1", "portland1", "spokane1")
HOSTS = "inventory/northwind/hosts.yaml"
OFFICE = "      Vlan120: {description: guests, ipv4: 10.3.120.1/24"
UPLINKS = "".join(f"      GigabitEthernet0/0/{n}: {{enabled: false}}\n" for n in (0, 1))


@pytest.fixture(scope="module")
def northwind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    workspace = tmp_path_factory.mktemp("northwind") / "work"
    make_workspace(workspace, examples=True)
    secrets = workspace / "secrets/northwind"
    secrets.mkdir(parents=True, mode=0o700)
    for name in ("netops", "netops-sha512", "ntp", "snmp", "tacacs"):
        (secrets / name).touch(0o600)
        (secrets / name).write_text(
            "$6$abcdefgh$" + "x" * 86 if name.endswith("sha512") else f"Secret-{name}-1"
        )
    site = Site(workspace, client="northwind")
    site.run("lab", "up", "--from", "intended")
    yield site
    site.run("lab", "down")


@pytest.mark.faults  # takes long
def test_a_branch_that_is_cut_off_is_found_among_emulated_devices(northwind):
    assert [device["action"] for device in northwind.document("plan")["devices"]] == ["none"] * len(DEVICES)
    with northwind.edited(OFFICE, UPLINKS + OFFICE, HOSTS):
        made = northwind.document("rehearse", code=1)
        plan = northwind.run("plan")
    assert (made["outcome"], made["change"]) == ("failed", "applied")
    kinds = {device["device"]: device["kind"] for device in made["devices"]}
    assert kinds == dict.fromkeys(DEVICES, "emulated") | {"isp-a": "real", "isp-b": "real"}
    assert (
        "emulated: core1, core2, edge1, portland1, spokane1: adjacencies, routes and connectivity as configurations"
        " have it, without a packet"
    ) in made["warnings"]
    families = ("ipv4", "ipv6")
    others = [name for name in DEVICES if name != "portland1"]
    cut = {(*sorted((name, "portland1")), family) for name in others for family in families}
    assert {(pair["source"], pair["destination"], pair["family"]) for pair in made["partitions"]} == cut
    assert (made["pairs"], made["probed"], made["outages"]) == (20, 0, [])
    lost = {(one["device"], one["protocol"]) for one in made["adjacencies_lost"]}
    assert lost == {(name, word) for name in ("core1", "core2", "portland1") for word in ("ospf", "ospf3")}
    assert "failed: 8 pairs of loopbacks lost each other, 5 devices EMULATED" in plan
    # The network itself was only read.
    assert [device["action"] for device in northwind.document("plan")["devices"]] == ["none"] * len(DEVICES)
    assert list((northwind.workspace / ".netmgr/twins").iterdir()) == []
