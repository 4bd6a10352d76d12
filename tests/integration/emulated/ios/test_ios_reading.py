"""What is read from an IOS device is what the device has, whatever its terminal makes of it."""

import pytest

from netmgr.errors import DeviceError, Unreachable
from tests.integration.emulated.ios.bench import config

BASE = config("edge1", "ntp server 192.0.2.1")


def described(words: str) -> str:
    return BASE.replace(" ip address 10.0.0.0 ", f" description {words}\n ip address 10.0.0.0 ")


ODD = {
    "letters of two bytes": described("Zürich, Genève, Пермь"),
    "long lines": described("x" * 230),
    "a banner with prompts in it": config(
        "edge1", "banner motd ^C", "edge1#", "Do not log in # here", "edge1(config)# --More-- ^C"
    ),
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_configurations(edge1, text):
    edge1.settle(BASE)
    edge1.ask("reset", text=text)
    with edge1.session() as session:
        for _ in range(3):
            assert session.read().running == edge1.running


def test_bytes_that_are_no_utf_8(edge1):
    edge1.settle(BASE)
    edge1.ask("drift", text="interface GigabitEthernet2\n description caf\udce9")
    with edge1.session() as session:
        assert " description café\n" in session.read().running


NOISE = {
    "zeros": "\x00\x00\n",
    "carriage returns": "!\r\r\n",
    "messages": "*Nov 28 10:00:00.123: %LINK-3-UPDOWN: Interface GigabitEthernet1, changed state to down\n",
    "messages with a sequence number": "000123: Nov 28 10:00:00.123: %SYS-5-CONFIG_I: Configured from console\n",
}


@pytest.mark.parametrize("text", NOISE.values(), ids=NOISE)
def test_noise(edge1, text):
    edge1.settle(BASE)
    with edge1.session() as session:
        edge1.fault("show running-config", "noise", text=text)
        assert session.read().running == BASE
        assert [e["what"] for e in edge1.journal if e["event"] == "fault"][-1] == "noise"


def test_a_configuration_without_its_end_is_none(edge1):
    edge1.settle(BASE)
    with edge1.session() as session:
        edge1.fault("show running-config", "answer", text="Building configuration...\n\n!\nhostname edge1\n")
        with pytest.raises(DeviceError, match="was not answered with a whole configuration"):
            session.read()
        assert session.read().running == BASE


@pytest.mark.parametrize("what", ["truncate", "cut", "lost", "hang", "drip"])
def test_a_connection_that_broke_is_no_answer(edge1, what):
    edge1.settle(BASE)
    edge1.fault("show running-config", what)
    with edge1.session(timeout=1) as session, pytest.raises(Unreachable, match=r"^edge1: read: "):
        session.read()
    with edge1.session() as session:
        assert session.read().running == BASE


def test_an_audit_s_reading_tells_drift(edge1):
    edge1.settle(BASE)
    edge1.ask("drift", text="no ntp server 192.0.2.1\ninterface GigabitEthernet1\n shutdown")
    session = edge1.connect()
    session.close()
    seen = session.observe()
    session.close()
    assert seen.reading.running == edge1.running
    assert set(BASE.splitlines()) - set(seen.reading.running.splitlines()) == {"ntp server 192.0.2.1"}
    assert seen.startup == BASE
    assert {i.name: (i.enabled, sorted(i.addresses)) for i in seen.interfaces or ()} == {
        "GigabitEthernet1": (False, ["10.0.0.0/31"]),
        "GigabitEthernet2": (False, []),
    }
