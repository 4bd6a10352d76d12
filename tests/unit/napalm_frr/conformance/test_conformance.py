"""NAPALM's conformance tests for drivers, over what real routers answered.

With NAPALM_TEST_MOCK=0, NAPALM_HOSTNAME, NAPALM_USERNAME and NAPALM_OPTIONAL_ARGS in the environment they run against
a router instead.
"""

import pytest
from napalm.base import NetworkDriver
from napalm.base.test.getters import BaseTestGetters

from napalm_frr.driver import FRRDriver
from tests.unit.napalm_frr.conformance.double import RecordedDriver

# What FRR, or Linux for it, has no word for.
ABSENT = (
    "get_bgp_config",
    "get_firewall_policies",
    "get_mac_address_table",
    "get_ntp_peers",
    "get_ntp_servers",
    "get_ntp_stats",
    "get_optics",
    "get_probes_config",
    "get_probes_results",
    "get_snmp_information",
    "get_users",
    "get_vlans",
)
# For orchestrators, beyond NAPALM's interface.
BEYOND = ("adopt", "commit_status", "daemons", "fence", "running_parts", "shut_out", "sweep")


class AsNapalmDefinesIt(FRRDriver):
    """The driver without the methods that NAPALM does not define."""

    adopt = commit_status = fence = running_parts = shut_out = daemons = sweep = None


@pytest.mark.usefixtures("set_device_parameters")
class TestGetters(BaseTestGetters):
    """All of NAPALM's tests; those of getters that FRR cannot have are replaced by the last one below."""

    driver, patched_driver = FRRDriver, RecordedDriver

    def test_method_signatures(self):
        """Each method that NAPALM defines has its signature."""
        tested, self.driver = self.driver, AsNapalmDefinesIt
        try:
            super().test_method_signatures()
        finally:
            self.driver = tested

    @pytest.mark.parametrize("name", [name for name in ABSENT if hasattr(NetworkDriver, name)])
    def test_what_frr_has_not(self, name):
        with pytest.raises(NotImplementedError):
            getattr(self.device, name)()


for _name in ABSENT:
    if hasattr(BaseTestGetters, f"test_{_name}"):
        setattr(TestGetters, f"test_{_name}", None)


def test_every_getter_is_tested_or_absent():
    defined = {name for name in dir(NetworkDriver) if name.startswith("get_")} - {"get_napalm_commands"}
    implemented = {name for name in defined if getattr(FRRDriver, name) is not getattr(NetworkDriver, name)}
    tests = {name.removeprefix("test_") for name in dir(BaseTestGetters) if name.startswith("test_get_")}
    assert implemented | (set(ABSENT) & defined) == defined
    assert implemented & set(ABSENT) == set()
    assert implemented <= tests
    public = {name for name in dir(FRRDriver) if not name.startswith("_")}
    more = {name for name in public - set(dir(NetworkDriver)) if callable(getattr(FRRDriver, name))}
    assert more == {*BEYOND, "canonical", "digest"}
