"""The network behind a bastion: every login goes through it, and every failure names who failed and where."""

import json
import os
import subprocess
from collections import Counter

import pytest

from netmgr.adapters.endpoints import NetworkAccess
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.nornir_fleet import NornirFleet
from netmgr.adapters.secrets_local import LocalSecrets
from netmgr.errors import Unreachable
from netmgr.lab.frr.keys import new_key
from netmgr.platforms import FORMS
from tests.lab.access.conftest import MANAGEMENT
from tests.waiting import wait_until

pytestmark = pytest.mark.lab

DESCRIPTION = ("eth2: {ipv4: 192.0.2.1/24}", "eth2: {ipv4: 192.0.2.1/24, description: %s}")


@pytest.fixture
def described(network):
    """Write another description for r1's eth2, so that there is something to deploy."""
    path = network.field.workspace / "inventory/field/hosts.yaml"
    before = path.read_text()

    def write(text):
        path.write_text(before.replace(DESCRIPTION[0], DESCRIPTION[1] % text))

    yield write
    path.write_text(before)


@pytest.fixture
def agent(tmp_path):
    """A real ssh-agent without keys: its socket, and a way to add one."""
    socket = tmp_path / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL)
    environment = {**os.environ, "SSH_AUTH_SOCK": str(socket)}
    # ssh-add ends with 1 where an agent has no keys, with 2 where there is no agent yet.
    listed = ["ssh-add", "-l"]
    wait_until(
        lambda: subprocess.run(listed, env=environment, capture_output=True, check=False).returncode == 1,
        seconds=20,
    )

    def add(key: str) -> str:
        subprocess.run(["ssh-add", "-q", "-"], input=key, text=True, check=True, env=environment, timeout=20)
        return str(socket)

    yield add
    process.terminate()
    process.wait(10)


def test_a_change_through_the_bastion(network, described):
    """Two routers, logged in to twice each: one connection to the bastion, and the routers have seen no other."""
    described("through the bastion")
    before = {name: len(network.logins(name)) for name in ("bastion", "r1", "r2")}
    document = network.document("deploy", "--yes", "-m", "over the bastion")
    assert {d["device"]: d["outcome"] for d in document["devices"]}["r1"] == "applied"
    assert " description through the bastion\n" in network.running()["r1"]
    assert len(network.logins("bastion")) - before["bastion"] == 1
    seen = network.logins("r1")[before["r1"] :]
    assert (len(seen) > 1, set(seen)) == (True, {MANAGEMENT["bastion"]})
    assert set(network.logins("r2")[before["r2"] :]) == {MANAGEMENT["bastion"]}
    document = network.document("status")
    reached = {d["device"]: d["reachable"] for d in document["devices"] if d["platform"] == "frr"}
    assert reached == {"r1": True, "r2": True}
    document = network.document("audit")
    assert [(d["device"], d["status"]) for d in document["devices"]] == [
        ("r1", "compliant"),
        ("r2", "compliant"),
    ]


def test_several_hops_in_their_order(network):
    network.access(jump=[f"127.0.0.1:{network.port}", f"admin@{MANAGEMENT['h1']}"])
    before = Counter(network.logins("r1")), Counter(network.logins("h1"))
    assert network.document("plan")["unreachable"] == {}
    assert Counter(network.logins("r1")) - before[0] == {MANAGEMENT["h1"]: 1}
    assert Counter(network.logins("h1")) - before[1] == {MANAGEMENT["bastion"]: 1}


def test_the_agent_s_keys_for_every_hop(network, agent):
    network.access(credentials="agent")
    socket = agent(network.key)
    assert network.document("plan", SSH_AUTH_SOCK=socket)["unreachable"] == {}


def test_the_key_in_a_private_file_and_the_client_s_ssh_config(network):
    """The jump host, its port and the user from ssh_config; the key is a secret of the engineer's own."""
    secrets = network.field.workspace / "secrets/field"
    for directory in (secrets.parent, secrets):  # doctor, which sees the same workspace, wants them private
        directory.mkdir(mode=0o700, exist_ok=True)
    (secrets / "key").touch(0o600)
    (secrets / "key").write_text(network.key)
    (network.field.workspace / "field.ssh").write_text(
        f"Host 172.30.*\n  ProxyJump door\nHost door\n  HostName 127.0.0.1\n  Port {network.port}\n  User admin\n"
    )
    network.access(credentials="secret://file/key", jump=None, ssh_config="field.ssh")
    before = len(network.logins("bastion"))
    assert network.document("plan")["unreachable"] == {}
    assert len(network.logins("bastion")) == before + 1


def test_without_the_bastion_there_is_no_way(network):
    """What the others prove: from here, the routers' addresses lead nowhere."""
    network.access(jump=None)
    errors = network.document("plan", code=3)["unreachable"]
    assert sorted(errors) == ["r1", "r2"]


REFUSALS = {
    "wrong bastion key": (
        {"trust": {"bastion": new_key().public}},
        "jump 127.0.0.1:{port}: wrong host key: it offers ssh-ed25519 SHA256:",
        "; find out why; if the new one is right, delete the old line of {known_hosts}",
    ),
    "unknown bastion key": (
        {"trust": {"bastion": ""}},
        "jump 127.0.0.1:{port}: unknown host key: it offers ssh-ed25519 SHA256:",
        "; compare it with the device's own, then run `netmgr doctor --enrol 127.0.0.1:{port}`",
    ),
    "wrong device key": (
        {"trust": {"r1": new_key().public, "r2": new_key().public}},
        "172.30.0.1{n}:22: wrong host key: it offers ssh-ed25519 SHA256:",
        "; find out why; if the new one is right, delete the old line of {known_hosts}",
    ),
    "wrong key": (
        {"key": new_key().private},
        "jump 127.0.0.1:{port}: login as admin refused: Authentication failed.",
        "",
    ),
    "no key": (
        {"key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"},
        "jump 127.0.0.1:{port}: credentials: the private key is none that can be read",
        "; OpenSSH's ed25519, ecdsa and rsa are",
    ),
    "a password where only keys are taken": (
        {"key": "not-a-key"},
        "jump 127.0.0.1:{port}: login as admin refused: ",
        "",
    ),
    "no agent": (
        {"access": {"credentials": "agent"}},
        "jump 127.0.0.1:{port}: login as admin: there is no credential to offer: the SSH agent holds no key",
        ", or does not run",
    ),
    "nobody listens": (
        {"access": {"jump": ["admin@127.0.0.1:1"]}, "trust": {}},
        "jump 127.0.0.1:1: cannot connect: ",
        "",
    ),
    "the device is down": (
        {"hosts": ("172.30.0.1", "172.30.9.1")},
        "jump 127.0.0.1:{port}: it cannot reach 172.30.9.1{n}:22",
        ":22",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_each_refusal_is_one_clear_line(network, described, case):
    """For each device, with its name and phase; the deploy stops with 1, and nothing is changed."""
    setting, start, end = REFUSALS[case]
    described(case)
    network.access(**setting.get("access", {}))
    network.trust(**setting.get("trust", {}))
    hosts = network.field.workspace / "inventory/field/hosts.yaml"
    if "hosts" in setting:
        hosts.write_text(hosts.read_text().replace(*setting["hosts"]))
    before = network.running()
    secret = setting.get("key", network.key)
    environment = {"NETMGR_SECRET_FIELD__SSH": secret}
    out, err = network.here("deploy", "--yes", "-m", "x", "-o", "json", code=1, **environment)
    errors = {d["device"]: d["error"] for d in json.loads(out)["devices"]}
    assert sorted(errors) == ["r1", "r2"]
    for n, name in enumerate(errors, start=1):
        text = errors[name]
        known = {"port": network.port, "known_hosts": network.known_hosts, "n": n}
        assert text.startswith(f"{name}: connect: " + start.format(**known)), text
        assert text.endswith(end.format(**known)), text
        assert "\n" not in text
    assert network.running() == before
    assert secret.strip() not in out + err


def test_a_bastion_that_does_not_forward(network):
    """A second sshd on h1, at another port, whose AllowTcpForwarding is off: reached through the first hop."""
    field = network.field
    # Started in a login: what is started on the console may not do without setgroups.
    field.ssh("h1", "/usr/sbin/sshd -p 2222 -o AllowTcpForwarding=no -o PidFile=/run/second.pid")
    try:
        network.access(jump=[f"127.0.0.1:{network.port}", f"{MANAGEMENT['h1']}:2222"])
        with network.known_hosts.open("a") as file:
            file.write(f"[{MANAGEMENT['h1']}]:2222 {network.keys['h1']}\n")
        errors = network.document("plan", code=3)["unreachable"]
    finally:
        field.console("h1", "sh", "-c", "kill $(cat /run/second.pid)")
    assert errors == {
        name: f"{name}: connect: jump {MANAGEMENT['h1']}:2222: it refuses to forward to {MANAGEMENT[name]}:22; "
        "AllowTcpForwarding and PermitOpen decide there"
        for name in ("r1", "r2")
    }


def test_a_bastion_that_is_cut_off(network):
    network.field.console("bastion", "ip", "link", "set", "eth0", "down")
    try:
        errors = network.document("plan", code=3)["unreachable"]
    finally:
        network.field.console("bastion", "ip", "link", "set", "eth0", "up")
    for name in ("r1", "r2"):
        assert errors[name].startswith(f"{name}: connect: jump 127.0.0.1:{network.port}: ")


def test_a_bastion_that_goes_away_and_comes_back(network):
    """What was open is lost, and says so; a new login opens the way again, once for all."""
    inventory = YamlInventories(network.field.workspace, FORMS).load("field")
    secrets = LocalSecrets(network.field.workspace / "secrets", {"NETMGR_SECRET_FIELD__SSH": network.key})
    way = NetworkAccess(secrets, inventory, workspace=network.field.workspace, login="nobody", forms=FORMS)
    routers = [device for device in inventory.devices if device.platform == "frr"]
    fleet = NornirFleet(FORMS, workers=4, timeout=5, step=lambda done, total: None)
    with fleet.session(way.endpoints(routers)) as session:
        assert session.connect(["r1", "r2"]) == {"r1": None, "r2": None}
        before = len(network.logins("bastion"))
        network.field.console("bastion", "sh", "-c", "kill $(pgrep -f '[s]shd: admin')")
        lost = session.read(["r1", "r2"])
        assert [type(answer) for answer in lost.values()] == [Unreachable, Unreachable]
        assert session.relogin(["r1", "r2"]) == {"r1": None, "r2": None}
        assert len(network.logins("bastion")) == before + 1
        assert {name: len(r.digest) for name, r in session.read(["r1", "r2"]).items()} == {"r1": 64, "r2": 64}


def test_the_key_is_nowhere(network, described):
    """In memory only: not in the log, the store, plans or any other file of the workspace."""
    described("no key anywhere")
    network.field.netmgr("deploy", "--yes", "-m", "x", NETMGR_SECRET_FIELD__SSH=network.key)
    inside, workspace = network.key.splitlines()[2], network.field.workspace
    # By another process: SQLite's locks of this one would be lost with the first descriptor of the store that closes.
    argv = ["grep", "-rlF", "--exclude-dir=lab", "--exclude-dir=secrets", "-e", inside, str(workspace)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
