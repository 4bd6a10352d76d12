"""Record from real routers what the conformance tests run over: python -m tests.unit.napalm_frr.conformance.record

Boots the two routers of tests/lab/frr_driver/dual.py, asks the first one what NAPALM's tests ask, and writes its
answers below mocked_data/<test>/<case>/, with the result that the driver makes of them: read it before committing it.
"""

import inspect
import json
import shutil
import sys
import tempfile
from pathlib import Path

from napalm.base.test import getters

from napalm_frr.driver import FRRDriver
from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit
from netmgr.ports.progress import Silent
from tests.lab.frr_driver.dual import CLIENT, NETWORK, settled
from tests.unit.napalm_frr.conformance.double import file_name
from tests.unit.napalm_frr.conformance.test_conformance import ABSENT

DATA = Path(__file__).with_name("mocked_data")
CASE = "frr_8_4_4"
#: Linux without VRFs cannot be asked for them; this case is written by hand.
BY_HAND = ("test_get_arp_table_with_vrf",)


class Recorder:
    """Passes requests on and keeps each answer; a question that is asked again has the same one."""

    def __init__(self, session):
        self._session = session
        self.answers = {}

    def request(self, operation, limit, **parameters):
        name = file_name(operation, parameters)
        if name not in self.answers:
            self.answers[name] = self._session.request(operation, limit, **parameters)
        return self.answers[name]

    def alive(self):
        return self.request("ping", 10) == {}

    def close(self):
        self._session.close()


def record(driver):
    """Run each of NAPALM's tests once against the router."""
    session = driver._session
    for name, test in inspect.getmembers(getters.BaseTestGetters, inspect.isfunction):
        if "build_test_cases" not in test.__dict__ or name in BY_HAND or name[5:] in ABSENT:
            continue
        driver._session = recorder = Recorder(session)
        case = type("Case", (getters.BaseTestGetters,), {"device": driver})()
        result = test.__wrapped__(case, CASE)
        place = DATA / name / CASE
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        for file, content in {**recorder.answers, "expected_result.json": result}.items():
            (place / file).write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")
        print(f"{name}: {len(recorder.answers)} answers")
    driver._session = session


def main():
    """Boot, wait until all sessions are up, record."""
    with tempfile.TemporaryDirectory() as directory:
        lab = FrrLab(Path(directory), LabKit())
        status = lab.up(NETWORK, Silent())
        try:
            device = status.devices[0]
            options = {"port": device.port, "key_file": device.identity, "known_hosts": device.known_hosts}
            with FRRDriver(device.address, device.user, "", 30, options) as driver:
                settled(lab, driver)
                record(driver)
        finally:
            lab.down(CLIENT)


if __name__ == "__main__":
    sys.exit(main())
