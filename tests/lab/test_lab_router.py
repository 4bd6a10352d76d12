"""What one router of a lab is: a fresh FRR with its interfaces, reached over SSH and on its console."""

import json
import re
import stat
import subprocess
from pathlib import Path

import pytest

from tests.lab.bench import LIMIT

pytestmark = pytest.mark.lab

FRESH = """\
Building configuration...

Current configuration:
!
frr version X
frr defaults traditional
hostname r1
service integrated-vtysh-config
!
end
"""


def test_every_device_is_ready_and_named_in_order(square):
    found = [(d.device, d.platform, d.kind, d.address, d.user, d.ready) for d in square.status.devices]
    assert found == [(f"r{n}", "frr", "real", "127.0.0.1", "admin", True) for n in (1, 2, 3, 4)]
    assert square.lab.status("square") == square.status


def test_files_are_private(square):
    directory = square.state_dir / "square"
    assert stat.S_IMODE(square.state_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir() if path.is_file()}
    assert files == dict.fromkeys(
        ("identity", "known_hosts", "lab.json", "supervisor.json", "supervisor.log"), 0o600
    )


@pytest.mark.parametrize("device", ["r1", "r2", "r3", "r4"])
def test_daemons(square, device):
    daemons = square.console(device, "vtysh", "-c", "show daemons").split()
    assert sorted(daemons) == ["bgpd", "ospf6d", "ospfd", "staticd", "watchfrr", "zebra"]


def test_configuration_is_that_of_a_fresh_installation(square):
    running = square.console("r1", "vtysh", "-c", "show running-config")
    assert re.sub(r"(?m)^frr version .*$", "frr version X", running) == FRESH


def test_host_name(square):
    assert square.console("r3", "hostname") == "r3\n"
    assert square.console("r3", "cat", "/etc/hostname") == "r3\n"


def test_interfaces_and_their_mtu(square):
    links = json.loads(square.console("r1", "ip", "-json", "link"))
    found = {link["ifname"]: (link["mtu"], link["operstate"]) for link in links}
    assert found == {
        "lo": (65536, "UNKNOWN"),
        "eth0": (1500, "UP"),
        "eth1": (9000, "UP"),
        "eth2": (1500, "UP"),
        "wan0": (1500, "UP"),
    }


def test_management_address_comes_from_outside_frr(square):
    addresses = json.loads(square.console("r2", "ip", "-json", "-4", "address", "show", "eth0"))
    assert [(a["local"], a["prefixlen"]) for a in addresses[0]["addr_info"]] == [("172.30.0.11", 16)]
    assert "172.30" not in square.console("r2", "vtysh", "-c", "show running-config")


@pytest.mark.parametrize("name", ["ipv4/ip_forward", "ipv6/conf/all/forwarding"])
def test_forwarding_is_on(square, name):
    assert square.console("r1", "cat", f"/proc/sys/net/{name}") == "1\n"


def test_links_carry_packets_of_their_mtu(square):
    for device, address in (("r1", "10.0.0.0/31"), ("r2", "10.0.0.1/31")):
        square.console(device, "ip", "address", "add", address, "dev", "eth1")
    fits = "8972"  # 9000 less the headers of IP and ICMP
    answer = square.console("r1", "ping", "-c", "1", "-W", "10", "-M", "do", "-s", fits, "10.0.0.1")
    assert "1 packets transmitted, 1 received" in answer
    for device in ("r1", "r2"):
        square.console(device, "ip", "-4", "address", "flush", "dev", "eth1")


def test_ssh_with_strict_host_keys(square):
    for device in ("r1", "r4"):
        answer = square.ssh(device, "hostname; id -u; vtysh -c 'show daemons' | wc -w")
        assert (answer.returncode, answer.stdout, answer.stderr) == (0, f"{device}\n0\n6\n", "")


def test_every_router_has_its_own_host_key(square):
    lines = Path(square.device("r1").known_hosts).read_text().splitlines()
    ports, keys = zip(*(line.split(" ", 1) for line in lines), strict=True)
    assert ports == tuple(f"[127.0.0.1]:{device.port}" for device in square.status.devices)
    assert len(set(keys)) == 4


def test_a_wrong_host_key_is_refused(square, tmp_path):
    lines = Path(square.device("r1").known_hosts).read_text().splitlines()
    wrong = tmp_path / "known_hosts"
    wrong.write_text(f"{lines[0].split()[0]} {lines[1].split(' ', 1)[1]}\n")
    answer = square.ssh("r1", "hostname", known_hosts=str(wrong))
    assert (answer.returncode, answer.stdout) == (255, "")
    assert "Host key verification failed." in answer.stderr


def test_an_interactive_login_has_a_terminal(square):
    answer = square.ssh("r2", options=["-tt"], text="tty\nvtysh\nshow daemons\nexit\nexit\n")
    assert answer.returncode == 0
    assert "/dev/pts/0" in answer.stdout
    assert "watchfrr" in answer.stdout
    assert "admin@r2:~# " in answer.stdout


def test_configuration_can_be_saved(square):
    before = square.console("r4", "cat", "/etc/frr/frr.conf")
    square.console("r4", "vtysh", "-c", "configure", "-c", "ip route 192.0.2.0/24 blackhole")
    square.console("r4", "vtysh", "-c", "write memory")
    assert "ip route 192.0.2.0/24 blackhole\n" in square.console("r4", "cat", "/etc/frr/frr.conf")
    square.console("r4", "vtysh", "-c", "configure", "-c", "no ip route 192.0.2.0/24 blackhole")
    square.console("r4", "sh", "-c", f"cat > /etc/frr/frr.conf <<'X'\n{before}X")


def test_the_host_is_out_of_sight(square):
    seen = set(square.console("r1", "ls", "-A", "/").split())
    optional = {"lib32", "lib64", "libx32"}
    own = "bin dev etc home lib media mnt opt proc root run sbin srv sys tmp usr var"
    assert seen - optional == {*own.split()}
    assert (
        square.console("r1", "ls", "-A", "/home", "/opt", "/srv", "/mnt")
        == "/home:\n\n/mnt:\n\n/opt:\n\n/srv:\n"
    )
    history = {".history_frr"}  # of vtysh, once it was used interactively
    assert {*square.console("r1", "ls", "-A", "/root").split()} - history == {".ssh"}


@pytest.mark.parametrize("directory", ["/usr", "/etc", "/bin"])
def test_the_host_cannot_be_changed(square, directory):
    argv = square.lab.console("square", "r1", ["touch", f"{directory}/new"])
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=LIMIT)
    assert done.stderr == f"touch: cannot touch '{directory}/new': Read-only file system\n"


def test_a_console_gives_the_command_s_exit_code(square):
    argv = square.lab.console("square", "r1", ["sh", "-c", "exit 7"])
    assert subprocess.run(argv, check=False, timeout=LIMIT).returncode == 7
