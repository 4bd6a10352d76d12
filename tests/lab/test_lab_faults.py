"""A router that is cut off or broken: the lab says so, and its console still works."""

import os
import signal
import subprocess

import pytest

from netmgr.errors import LabError
from tests.lab.bench import LIMIT, network
from tests.waiting import wait_until

pytestmark = pytest.mark.lab

ALL_READY = {"r1": True, "r2": True, "r3": True, "r4": True}


@pytest.mark.parametrize(
    ("cut", "mend"),
    [
        ("ip link set eth0 down", "ip link set eth0 up"),
        ("ip address flush dev eth0 scope global", "ip address add 172.30.0.12/16 dev eth0"),
        ("ip route add blackhole 172.30.0.1", "ip route delete blackhole 172.30.0.1"),
        (
            "vtysh -c configure -c 'interface eth0' -c shutdown",
            "vtysh -c configure -c 'interface eth0' -c 'no shutdown'",
        ),
    ],
)
def test_a_router_without_management_has_a_console_and_no_login(square, cut, mend):
    square.console("r3", "sh", "-c", cut)
    try:
        square.becomes({**ALL_READY, "r3": False})
        assert square.ssh("r3", "hostname").returncode == 255
        assert square.console("r3", "vtysh", "-c", "show daemons").split() != []
    finally:
        square.console("r3", "sh", "-c", mend)
    square.becomes(ALL_READY)
    assert square.ssh("r3", "hostname").stdout == "r3\n"


def test_a_session_freezes_with_its_router_s_management_and_goes_on_with_it(square):
    device = square.device("r2")
    argv = [
        "ssh",
        "-F",
        "none",
        "-o",
        "BatchMode=yes",
        "-o",
        f'UserKnownHostsFile="{device.known_hosts}"',
        "-i",
    ]
    argv += [device.identity, "-p", str(device.port), "admin@127.0.0.1", "cat"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as session:
        assert session.stdin
        assert session.stdout
        session.stdin.write(b"before\n")
        session.stdin.flush()
        assert session.stdout.readline() == b"before\n"
        square.console("r2", "ip", "link", "set", "eth0", "down")
        session.stdin.write(b"meanwhile\n")
        session.stdin.flush()
        square.console("r2", "ip", "link", "set", "eth0", "up")
        assert session.stdout.readline() == b"meanwhile\n"
        session.stdin.close()
        assert session.wait(LIMIT) == 0


def test_a_daemon_that_hangs_is_not_ready(square):
    pid = int(square.console("r1", "cat", "/run/frr/ospfd.pid"))
    square.console("r1", "kill", "-STOP", str(pid))
    try:
        square.becomes({**ALL_READY, "r1": False})
    finally:
        square.console("r1", "kill", "-CONT", str(pid))
    square.becomes(ALL_READY)


def test_a_killed_daemon_is_restarted(square):
    before = square.console("r1", "cat", "/run/frr/bgpd.pid")
    square.console("r1", "pkill", "-KILL", "-x", "bgpd")
    wait_until(lambda: square.console("r1", "cat", "/run/frr/bgpd.pid") != before, seconds=LIMIT)
    square.becomes(ALL_READY)


def test_a_full_startup_disk_spares_the_rest(square):
    script = "head -c 100M /dev/zero >/etc/frr/fill; echo x >/tmp/x && cat /tmp/x; rm /tmp/x /etc/frr/fill"
    argv = square.lab.console("square", "r4", ["sh", "-c", script])
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=LIMIT)
    assert (done.stdout, done.stderr) == (
        "x\n",
        "head: error writing 'standard output': No space left on device\n",
    )


def test_a_router_whose_first_process_is_killed_is_gone_alone(boot):
    bench = boot(network("two", "a", "b"))
    os.kill(bench.lab.namespace_pid("two", "a"), signal.SIGKILL)
    bench.becomes({"a": False, "b": True})

    def refused() -> str:
        try:
            bench.lab.console("two", "a", [])
        except LabError as error:
            return str(error)
        return ""

    # The first process of a namespace ends after all others there.
    wait_until(refused, seconds=LIMIT)
    assert refused().startswith("a: its first process has ended; run `netmgr lab down -c two`")
    assert bench.console("b", "hostname") == "b\n"
