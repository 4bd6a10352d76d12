"""The driver without a router: what it refuses by itself, and how it behaves where nothing answers."""

import socket
import subprocess
import sys
import threading

import pytest
from napalm.base.exceptions import (
    CommandErrorException,
    CommitError,
    ConnectionClosedException,
)

from napalm_frr.driver import FRRDriver
from napalm_frr.errors import NotConfirmedError


@pytest.fixture
def driver():
    return FRRDriver("192.0.2.1", "admin", "")


QUESTIONS = {
    "get_facts": (),
    "get_config": (),
    "get_interfaces": (),
    "get_bgp_neighbors": (),
    "get_arp_table": (),
    "get_environment": (),
    "get_interfaces_counters": (),
    "get_interfaces_ip": (),
    "get_ipv6_neighbors_table": (),
    "get_lldp_neighbors": (),
    "get_lldp_neighbors_detail": (),
    "get_network_instances": (),
    "ping": ("10.0.0.1",),
    "traceroute": ("10.0.0.1",),
    "get_bgp_neighbors_detail": (),
    "get_route_to": ("10.0.0.0/8",),
    "has_pending_commit": (),
    "commit_status": ("c1",),
    "daemons": (),
    "cli": (["show version"],),
    "adopt": ("c1",),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_nothing_is_asked_before_open(driver, name):
    with pytest.raises(ConnectionClosedException, match=r"192\.0\.2\.1: not connected: call open\(\) first"):
        getattr(driver, name)(*QUESTIONS[name])


def test_what_needs_no_device(driver):
    assert driver.is_alive() == {"is_alive": False}
    assert driver.compare_config() == ""
    assert driver.cli.__doc__
    driver.discard_config()
    driver.close()
    with pytest.raises(CommitError, match="no candidate is loaded"):
        driver.commit_config()
    with pytest.raises(NotConfirmedError, match=r"\(none\)"):
        driver.confirm_commit()
    with pytest.raises(CommandErrorException, match="nothing to roll back"):
        driver.rollback()
    with pytest.raises(CommandErrorException, match="text, not xml"):
        driver.get_config(format="xml")
    with pytest.raises(CommandErrorException, match="neither text nor json"):
        driver.cli(["show version"], encoding="xml")
    with pytest.raises(TypeError, match="list"):
        driver.cli("show version")


def test_canonical_and_digest():
    text = "router bgp 1\n!\n neighbor  10.0.0.1 remote-as 2\nexit\n"
    assert FRRDriver.canonical(text) == "router bgp 1\n neighbor 10.0.0.1 remote-as 2\n"
    assert FRRDriver.digest(text) == FRRDriver.digest(FRRDriver.canonical(text))
    assert len(FRRDriver.digest(text)) == 64


LOGINS = [
    ({}, {"port": 22, "allow_agent": True, "key_file": None, "known_hosts": (), "sudo": False}),
    ({"key_file": "/k", "port": "2222"}, {"port": 2222, "allow_agent": False, "key_file": "/k"}),
    ({"known_hosts": "/a"}, {"known_hosts": ("/a",)}),
    ({"known_hosts": ["/a", "/b"]}, {"known_hosts": ("/a", "/b")}),
    ({"sudo": True, "program_dir": "/opt/p"}, {"sudo": True, "program_dir": "/opt/p"}),
    ({"allow_agent": True, "key_file": "/k", "use_keys": True}, {"allow_agent": True, "use_keys": True}),
]


@pytest.mark.parametrize(("options", "fields"), LOGINS)
def test_optional_args(options, fields):
    login = FRRDriver("r1", "admin", "", 7, options)._login
    assert {name: getattr(login, name) for name in fields} == fields
    assert (login.host, login.username, login.timeout, login.where) == (
        "r1",
        "admin",
        7.0,
        f"r1:{login.port}",
    )


def test_a_password_is_not_in_what_is_printed():
    assert "s3cret" not in repr(FRRDriver("r1", "admin", "s3cret")._login)


def test_a_failed_login_prints_nothing():
    def greet():
        with server.accept()[0] as client:
            client.sendall(b"220 mail\r\n" * 200)

    code = (
        "import sys; from napalm_frr.driver import FRRDriver\n"
        "try: FRRDriver('127.0.0.1', 'admin', 'x', 2, {'port': int(sys.argv[1])}).open()\n"
        "except Exception as error: print(type(error).__name__)\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        greeter = threading.Thread(target=greet)
        greeter.start()
        command = [sys.executable, "-c", code, str(server.getsockname()[1])]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        greeter.join()
    assert (done.stdout, done.stderr) == ("ConnectionException\n", "")
