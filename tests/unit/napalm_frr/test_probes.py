"""Ping and traceroute: what is asked, and what the answers mean."""

import re

import pytest
from napalm.base.exceptions import CommandErrorException

from napalm_frr.getters import probes

PING = {"destination": "10.0.0.1", "source": "", "ttl": 255, "timeout": 2, "size": 100, "count": 5, "vrf": ""}
SENSELESS = [
    ({"destination": "-f"}, "destination '-f' is neither"),
    ({"destination": ""}, "destination '' is neither"),
    ({"destination": "a;reboot"}, "destination 'a;reboot' is neither"),
    ({"destination": "$(id)"}, "is neither"),
    ({"destination": "a b"}, "is neither"),
    ({"source": "eth0"}, "source 'eth0' is not an address"),
    ({"source": "10.0.0.1 -f"}, "is not an address"),
    ({"vrf": "-x"}, "vrf '-x' cannot be"),
    ({"source_interface": "a/b"}, "source_interface 'a/b' cannot be"),
    ({"source_interface": "sixteen-letters-"}, "cannot be"),
    ({"count": 0}, "count is 0; it must be a whole number from 1 to 10000"),
    ({"count": "5"}, "count is '5'"),
    ({"count": True}, "count is True"),
    ({"ttl": 256}, "ttl is 256"),
    ({"size": 15}, "size is 15; it must be a whole number from 16 to 65507"),
    ({"timeout": 0.5}, "timeout is 0.5"),
]


@pytest.mark.parametrize(("wrong", "message"), SENSELESS)
def test_a_senseless_ping_is_never_sent(wrong, message):
    with pytest.raises(CommandErrorException, match=re.escape(message)):
        probes.ping_request(**{**PING, "source_interface": "", **wrong})


def test_where_a_probe_comes_from():
    request = probes.ping_request(**{**PING, "source": "10.0.0.9", "vrf": "red"}, source_interface="")
    assert (request["origins"], request["seconds"]) == (["red", "10.0.0.9"], 3.0)
    request = probes.ping_request(**{**PING, "vrf": "red"}, source_interface="eth9")
    assert request["origins"] == ["eth9"]
    request = probes.traceroute_request("fe80::1%eth1", "2001:db8::1", 16, 2, "global")
    assert (request["origins"], request["seconds"]) == ([("address", "2001:db8::1")], 8.0)


TRACE = """\
traceroute to 10.9.9.9 (10.9.9.9), 30 hops max, 60 byte packets
 1  10.0.0.1  0.5 ms  0.25 ms *
 2  10.1.0.1  1.5 ms 10.1.0.2  2 ms 10.1.0.1  2.5 ms
 3  2001:db8::1  3 ms !H * 2001:db8::2  4 ms !X
"""


def test_a_trace_over_several_paths():
    found = probes.traceroute_result({"status": 0, "out": TRACE, "err": ""}, 2)["success"]
    assert [
        [(probe["ip_address"], probe["rtt"]) for probe in hop["probes"].values()] for hop in found.values()
    ] == [
        [("10.0.0.1", 0.5), ("10.0.0.1", 0.25), ("*", 2000.0)],
        [("10.1.0.1", 1.5), ("10.1.0.2", 2.0), ("10.1.0.1", 2.5)],
        [("2001:db8::1", 3.0), ("*", 2000.0), ("2001:db8::2", 4.0)],
    ]
    assert found[3]["probes"][2]["host_name"] == "*"


def test_a_ping_that_is_answered_twice_or_by_somebody_else():
    out = (
        "PING 10.0.0.1 (10.0.0.1) 100(128) bytes of data.\n"
        "108 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.5 ms\n"
        "108 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.75 ms (DUP!)\n"
        "From 10.0.0.9 icmp_seq=2 Destination Host Unreachable\n"
        "\n--- 10.0.0.1 ping statistics ---\n"
        "2 packets transmitted, 1 received, +1 duplicates, +1 errors, 50% packet loss, time 200ms\n"
        "rtt min/avg/max/mdev = 0.500/0.625/0.750/0.125 ms\n"
    )
    found = probes.ping_result({"status": 0, "out": out, "err": ""})["success"]
    assert found == {
        "probes_sent": 2,
        "packet_loss": 1,
        "rtt_min": 0.5,
        "rtt_max": 0.75,
        "rtt_avg": 0.625,
        "rtt_stddev": 0.125,
        "results": [{"ip_address": "10.0.0.1", "rtt": 0.5}],
    }
