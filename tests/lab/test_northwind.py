"""The example client of several makers: EOS and Junos emulated, its providers real FRR; one change for all of them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from netmgr.cli.main import run
from netmgr.lab.emulated.control import Control
from netmgr.lab.emulated.faults import Fault

pytestmark = pytest.mark.lab

ROOT = Path(__file__).parents[2]
CLIENT = "northwind"
DEVICES = ("core1", "core2", "edge1")
TAKEOVERS = [word for name in DEVICES for word in ("--takeover", name)]
CHANGE = ("--lab", "deploy", "-c", CLIENT, "-l", ",".join(DEVICES), "--yes", *TAKEOVERS)
HASHED = "$6$abcdefgh$" + "x" * 86


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("northwind")
    for name in ("config", "templates"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copytree(ROOT / "inventory" / CLIENT, root / "inventory" / CLIENT)
    secrets = root / "secrets" / CLIENT
    secrets.mkdir(parents=True, mode=0o700)
    for name in ("login", "netops", "netops-sha512", "ntp", "snmp", "tacacs"):
        (secrets / name).touch(0o600)
        (secrets / name).write_text(HASHED if name.endswith("sha512") else f"Secret-{name}-1")
    assert run(["-w", str(root), "lab", "up", "-c", CLIENT]) == 0
    yield root
    assert run(["-w", str(root), "lab", "down", "-c", CLIENT]) == 0


@pytest.fixture
def control(workspace: Path) -> Iterator[Control]:
    control = Control(workspace / ".netmgr/emulated" / CLIENT)
    yield control
    control.close()


def running(control: Control) -> dict[str, str]:
    return {name: control.ask("running", name) for name in DEVICES}


@pytest.mark.parametrize("device", ["core1", "core2"])
def test_whoever_fails_all_of_them_stay_as_they_were(workspace, control, device):
    before = running(control)
    fault = Fault(r"configure session netmgr-\S+ commit timer \S+", "reject")
    control.ask("fault", device, fault=fault.to_json())
    assert run(["-w", str(workspace), *CHANGE]) in (1, 4)
    assert running(control) == before


def test_all_of_them_change_together_and_read_as_intended(workspace, control, capsys):
    assert run(["-w", str(workspace), *CHANGE]) == 0
    selected = ("-c", CLIENT, "-l", ",".join(DEVICES), "--detailed-exitcode")
    assert run(["-w", str(workspace), "--lab", "plan", *selected]) == 0
    assert run(["-w", str(workspace), "--lab", "audit", *selected]) == 0
    # Office networks over one cable of two, loopbacks over OSPF, providers that are real.
    shown = control.ask("execute", "core1", line="show ip bgp summary vrf all | json")
    assert shown.count('"Established"') == 2
    assert "Secret-" not in capsys.readouterr().out
