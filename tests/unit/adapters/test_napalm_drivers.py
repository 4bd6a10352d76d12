"""NAPALM's own drivers are there, and are run only when somebody uses one. In processes of their own: imports last."""

import subprocess
import sys

import pytest

BEGIN = "from netmgr.adapters.napalm_drivers import load_drivers_on_demand; load_drivers_on_demand()\n"


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + program], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("name", "kind"), [("frr", "FRRDriver"), ("eos", "EOSDriver"), ("junos", "JunOSDriver")]
)
def test_every_driver_can_be_had(name, kind):
    assert run(f"import napalm; print(napalm.get_network_driver({name!r}).__name__)") == kind


def test_the_vendors_libraries_are_left_alone():
    vendors = ("pyeapi", "jnpr.junos", "ncclient")
    program = f"import napalm, sys; napalm.get_network_driver('frr'); print([v for v in {vendors} if v in sys.modules])"
    assert run(program) == "[]"
