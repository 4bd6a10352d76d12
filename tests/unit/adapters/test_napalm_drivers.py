"""NAPALM's own drivers are there, and are run only when somebody uses one. In processes of their own: imports last."""

import subprocess
import sys

import pytest

BEGIN = "from netmgr.adapters.napalm_drivers import load_drivers_on_demand; load_drivers_on_demand()\n"


VENDORS = {"eos": "pyeapi", "ios": "napalm.ios.ios", "junos": "jnpr.junos"}

#: A device's session as the fleet makes it, before it logs in.
SESSION = """
import sys
from netmgr.adapters.jump_hosts import JumpHosts
from netmgr.adapters.napalm_session import NapalmSession
from netmgr.model.endpoint import Endpoint
from netmgr.platforms import FORMS
platform, vendors = sys.argv[1], sys.argv[2:]
end = Endpoint(device="r1", platform=platform, hostname="192.0.2.1", port=22, username="u", known_hosts="none")
NapalmSession(end, FORMS[platform], 5, JumpHosts(5))
print([vendor for vendor in vendors if vendor in sys.modules])
"""


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


@pytest.mark.parametrize("platform", ["frr", *VENDORS])
def test_a_session_brings_its_own_vendor_s_library_alone(platform):
    done = subprocess.run(
        [sys.executable, "-c", SESSION, platform, *VENDORS.values()],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == str([VENDORS[platform]] if platform in VENDORS else [])
