"""Asking a driver that has nothing beyond NAPALM, and one whose connection breaks."""

import dataclasses
from contextlib import contextmanager

import pytest

from netmgr.adapters.napalm_look import look
from netmgr.errors import DeviceError, Unreachable
from netmgr.model.check_state import Getter, LldpNeighbor, Ping, Question
from netmgr.platforms import FORMS

PLAIN = dataclasses.replace(FORMS["frr"], name="plain", routes=None, interfaces=None)
NEAR, FAR, NOWHERE = (Ping(destination=f"192.0.2.{n}", source="192.0.2.9") for n in (1, 2, 3))
EVERYTHING = Question(
    routes=True,
    interfaces=True,
    lldp=True,
    pings=(NEAR, FAR, NOWHERE),
    wait=3,
    getters=(Getter(name="get_facts"), Getter(name="get_optics"), Getter(name="get_vlans")),
)


class Driver:
    """NAPALM's own interface: one ping at a time, and not every getter."""

    def __init__(self):
        self.asked = []

    def ping(self, destination, source, timeout, count):
        self.asked.append((destination, source, timeout))
        if destination == NOWHERE.destination:
            return {"error": "network is unreachable"}
        return {
            "success": {"probes_sent": count, "packet_loss": 1 if destination == NEAR.destination else count}
        }

    def get_lldp_neighbors(self):
        return {"eth1": [{"hostname": "r2", "port": "eth3"}]}

    def get_facts(self):
        return {"hostname": "r1", "uptime": 7.5}

    def get_optics(self):
        raise NotImplementedError

    def get_vlans(self):
        raise ValueError("no such table")


def speaking(driver):
    @contextmanager
    def speak():
        try:
            yield driver
        except EOFError:
            raise Unreachable("r1", "state", "the connection broke") from None
        except Exception as error:
            raise DeviceError("r1", "state", str(error)) from error

    return speak


def test_each_part_is_answered_by_itself():
    driver = Driver()
    seen = look(speaking(driver), PLAIN, EVERYTHING)
    assert driver.asked == [(f"192.0.2.{n}", "192.0.2.9", 3) for n in (1, 2, 3)]
    assert seen.replied == {NEAR}
    assert seen.lldp == (LldpNeighbor(interface="eth1", device="r2", port="eth3"),)
    assert seen.getters == {"get_facts": {"hostname": "r1", "uptime": 7.5}}
    assert seen.unanswered == {
        "routes": "plain has no way to count routes",
        "interfaces": "plain has no way to tell of its interfaces",
        "get_optics": "the driver has no get_optics",
        "get_vlans": "no such table",
    }


def test_a_broken_connection_is_the_device_s_whole_answer():
    driver = Driver()
    driver.get_facts = lambda: (_ for _ in ()).throw(EOFError())
    with pytest.raises(Unreachable, match="the connection broke"):
        look(speaking(driver), PLAIN, EVERYTHING)
