"""Reaching a router: each thing that can be in the way has its own exception, and nothing is ever trusted unseen."""

import hashlib
import socket
import subprocess
import threading

import pytest
from napalm.base.exceptions import (
    ConnectAuthError,
    ConnectionClosedException,
    ConnectionException,
    ConnectTimeoutError,
)

from napalm_frr.bundle import bundle
from napalm_frr.driver import FRRDriver
from napalm_frr.errors import HostKeyError, NotFrrError, PrivilegeError
from tests.waiting import wait_until

pytestmark = pytest.mark.lab
PROGRAM = "/var/lib/netmgr-frr"


@pytest.fixture
def forced(r1):
    """Make a login run a command of ours instead of what the client asked for; that is in $SSH_ORIGINAL_COMMAND."""
    keys = r1.console("cat", "/root/.ssh/authorized_keys")

    def force(command):
        r1.console("sh", "-c", "cat > /root/.ssh/authorized_keys", text=f'command="{command}" {keys}')

    yield force
    r1.console("sh", "-c", "cat > /root/.ssh/authorized_keys", text=keys)


def new_key(path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return path


def fingerprint(known_hosts):
    shown = subprocess.run(
        ["ssh-keygen", "-l", "-f", known_hosts], capture_output=True, text=True, check=True
    )
    return shown.stdout.split()[1]


def test_wrong_host_key(r1, tmp_path):
    other = new_key(tmp_path / "other").with_suffix(".pub").read_text()
    known = tmp_path / "known_hosts"
    known.write_text(f"[{r1.device.address}]:{r1.device.port} {other}")
    with pytest.raises(HostKeyError) as error:
        r1.open(known_hosts=known)
    assert f"wrong host key: it offers ssh-ed25519 {fingerprint(r1.device.known_hosts)}" in str(error.value)
    assert f"on record is ssh-ed25519 {fingerprint(known)}" in str(error.value)


def test_unknown_host_key(r1, tmp_path):
    known = tmp_path / "known_hosts"
    known.touch()
    with pytest.raises(HostKeyError) as error:
        r1.open(known_hosts=[str(known)])
    assert "unknown host key" in str(error.value)
    assert fingerprint(r1.device.known_hosts) in str(error.value)


def test_missing_known_hosts(r1, tmp_path):
    with pytest.raises(ConnectionException, match=r"cannot connect: .*nowhere"):
        r1.open(known_hosts=tmp_path / "nowhere")


def test_wrong_key(r1, tmp_path):
    with pytest.raises(ConnectAuthError, match="login as admin refused"):
        r1.open(key_file=str(new_key(tmp_path / "other")))


def test_wrong_user(r1):
    with pytest.raises(ConnectAuthError, match="login as nobody refused"):
        r1.open(user="nobody")


def test_missing_key_file(r1):
    with pytest.raises(ConnectionException, match="No such file"):
        r1.open(key_file="/nowhere/key")


def test_closed_port(r1):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(ConnectionException, match=f"127.0.0.1:{port}: cannot connect"):
        r1.open(port=port)


def test_somebody_else_answers(r1):
    def greet():
        with server.accept()[0] as client:
            client.sendall(b"220 mail\r\n" * 200)

    with socket.create_server(("127.0.0.1", 0)) as server:
        greeter = threading.Thread(target=greet)
        greeter.start()
        with pytest.raises(ConnectionException, match="cannot connect"):
            r1.open(port=server.getsockname()[1], timeout=2)
        greeter.join()


def test_nobody_answers(r1):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        queued = [socket.create_connection(server.getsockname(), 1)]
        with pytest.raises(ConnectionException, match=r"cannot connect|no answer within 1 s") as error:
            r1.open(port=server.getsockname()[1], timeout=1)
        assert isinstance(error.value, ConnectionException | ConnectTimeoutError)
        queued[0].close()


def test_a_host_without_frr(bench, r1):
    host = bench.host
    with pytest.raises(NotFrrError, match="not an FRR router: no /etc/frr/daemons"):
        r1.open(port=host.port, known_hosts=host.known_hosts, key_file=host.identity)


def test_a_login_that_gives_no_shell(r1, forced):
    forced("/usr/bin/vtysh")
    with pytest.raises(ConnectTimeoutError, match="no program starts within 3 s; the login printed 'r1#'"):
        r1.open(timeout=3)


def test_a_login_that_prints_something_first(r1, forced):
    forced('echo welcome; echo; echo to r1; eval \\"$SSH_ORIGINAL_COMMAND\\"')
    assert r1.open().get_facts()["hostname"] == "r1"


def test_a_login_that_prints_for_ever(r1, forced):
    forced("yes")
    with pytest.raises(NotFrrError, match="prints more than 200 lines"):
        r1.open()


def test_a_login_that_says_nothing(r1, forced):
    forced("sleep 60")
    with pytest.raises(ConnectTimeoutError, match="no program starts within 3 s"):
        r1.open(timeout=3)


def test_no_python(r1):
    python = r1.console("readlink", "-f", "/usr/bin/python3").strip()
    r1.console("mount", "--bind", "/dev/null", python)
    try:
        with pytest.raises(NotFrrError, match="python3"):
            r1.open()
    finally:
        r1.console("umount", python)


def test_not_root(r1, forced):
    forced('unshare --user --map-user=1000 sh -c \\"$SSH_ORIGINAL_COMMAND\\"')
    with pytest.raises(PrivilegeError, match="admin is not root: set optional_args sudo"):
        r1.open()


SUDO = '#!/bin/sh\ntest "$1" = -n || exit 3\nshift\necho "$1" >> /run/sudone\nexec "$@"\n'
NO_SUDO = "#!/bin/sh\necho 'sudo: a password is required' >&2\nexit 1\n"


@pytest.fixture
def sudo(r1):
    """Stand-ins for sudo, which the lab's routers do not have."""
    r1.console("mount", "-t", "tmpfs", "sudo", "/usr/local/bin")
    yield lambda script: r1.console(
        "sh", "-c", "cat > /usr/local/bin/sudo; chmod 755 /usr/local/bin/sudo", text=script
    )
    r1.console("umount", "/usr/local/bin")


def test_sudo(r1, sudo):
    sudo(SUDO)
    assert r1.open(sudo=True).get_facts()["hostname"] == "r1"
    assert r1.console("cat", "/run/sudone") == "/usr/bin/python3\n"


def test_sudo_refuses(r1, sudo):
    sudo(NO_SUDO)
    with pytest.raises(PrivilegeError, match="sudo refuses: sudo: a password is required"):
        r1.open(sudo=True)


def program(router):
    return router.console("readlink", "-f", f"{PROGRAM}/netmgr-frr").strip()


def test_the_program_is_there_once_and_unchanged(r1):
    r1.console("rm", "-rf", PROGRAM)
    r1.open()
    path = program(r1)
    assert path == f"{PROGRAM}/netmgr_frr_{bundle().digest[:16]}.py"
    written = r1.console("stat", "-c", "%i %a", path)
    assert written.endswith(" 700\n")
    r1.open()
    assert r1.console("stat", "-c", "%i %a", path) == written
    assert r1.console("stat", "-c", "%a", PROGRAM) == "700\n"


@pytest.mark.parametrize("damage", ["echo '#' >> {}", ": > {}", "rm {}"], ids=["changed", "emptied", "gone"])
def test_a_program_that_is_not_as_sent_is_sent_again(r1, damage):
    r1.open()
    path = program(r1)
    r1.console("sh", "-c", damage.format(path))
    assert r1.open().is_alive() == {"is_alive": True}
    assert hashlib.sha256(r1.console("cat", path).encode()).hexdigest() == bundle().digest


def test_another_version_replaces_the_last(r1):
    r1.open()
    path = program(r1)
    r1.console(
        "sh",
        "-c",
        f"cd {PROGRAM}; touch netmgr_frr_0123456789abcdef.py; ln -sf netmgr_frr_0123456789abcdef.py netmgr-frr",
    )
    r1.open()
    assert program(r1) == path
    assert r1.console("sh", "-c", f"ls {PROGRAM}/*.py") == f"{path}\n"


def test_a_program_directory_of_its_own(r1):
    r1.open(program_dir="/root/commit program")
    assert r1.console("ls", "/root/commit program").split()[0] == "__pycache__"


def test_a_program_directory_that_others_can_write(r1):
    r1.console("install", "-d", "-m", "777", "/run/shared")
    with pytest.raises(NotFrrError, match="/run/shared is writable by others"):
        r1.open(program_dir="/run/shared")


def test_a_program_directory_that_cannot_be_written(r1):
    with pytest.raises(NotFrrError, match=r"cannot install the program: .*Read-only file system"):
        r1.open(program_dir="/usr/share/netmgr-frr")


def test_a_broken_session_stays_broken(r1):
    driver = r1.open()
    assert driver.is_alive() == {"is_alive": True}
    for pid in r1.console("pgrep", "-f", "sshd: admin").split():
        r1.console("kill", "-KILL", pid, check=False)
    with pytest.raises(ConnectionClosedException):
        driver.get_facts()
    assert driver.is_alive() == {"is_alive": False}
    with pytest.raises(ConnectionClosedException):
        driver.get_config()
    driver.open()
    assert driver.is_alive() == {"is_alive": True}
    driver.close()
    assert driver.is_alive() == {"is_alive": False}
    with pytest.raises(ConnectionClosedException, match=r"not connected: call open\(\) first"):
        driver.has_pending_commit()


def test_the_end_of_a_session_ends_the_program(r1):
    def processes():
        return set(r1.console("pgrep", "python3", check=False).split())

    others = processes()  # timers of earlier tests, perhaps
    driver = r1.open()
    mine = processes() - others
    assert mine
    driver.close()
    wait_until(lambda: not mine & processes(), seconds=5)


def test_a_connected_channel_of_the_caller(r1):
    with socket.create_connection((r1.device.address, r1.device.port)) as channel:
        driver = r1.open(sock=channel)
        assert driver.get_facts()["hostname"] == "r1"
        driver.close()


def test_a_candidate_of_megabytes(r1):
    lines = [
        f"ip prefix-list LONG seq {n} permit 10.{n >> 8 & 255}.{n & 255}.0/24\n" for n in range(1, 60_000)
    ]
    text = r1.running() + "".join(lines)
    assert len(text) > 2_500_000
    driver = r1.open()
    driver.load_replace_candidate(config=text)
    assert driver.get_config("candidate")["candidate"] == text
    assert len(driver.compare_config().splitlines()) > 59_999


def test_a_file_as_candidate(r1, tmp_path):
    file = tmp_path / "candidate.conf"
    file.write_text(r1.running())
    driver = r1.open()
    driver.load_replace_candidate(filename=str(file), config="not this")
    assert driver.compare_config() == ""


def test_context_manager(r1):
    with r1.driver() as driver:
        assert isinstance(driver, FRRDriver)
        assert driver.is_alive() == {"is_alive": True}
    assert driver.is_alive() == {"is_alive": False}
