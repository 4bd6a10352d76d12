"""What the self-test asks this machine, on this machine."""

import subprocess

from netmgr.adapters.machine_local import LocalMachine


class NoLab:
    def status(self, client):
        return None


def machine(workspace):
    return LocalMachine(workspace, NoLab(), kit=lambda: "kit", namespaces=lambda: None)


def test_private_files_that_others_can_read(tmp_path):
    state, secrets = tmp_path / ".netmgr", tmp_path / "secrets/acme"
    for directory in (state / "keys", state / "known_hosts", state / "lab/acme", secrets):
        directory.mkdir(parents=True)
    for path in (state, state / "keys", state / "known_hosts", tmp_path / "secrets", secrets):
        path.chmod(0o700)
    for name, mode in (("good", 0o600), ("bad", 0o640), ("worse", 0o604)):
        (secrets / name).touch()
        (secrets / name).chmod(mode)
    (secrets / "link").symlink_to("good")
    (state / "keys").chmod(0o750)
    (state / "store.db").touch(0o644)
    found = {(each.path, each.mode) for each in machine(tmp_path).exposed()}
    assert found == {
        (".netmgr/keys", "700"),
        (".netmgr/store.db", "600"),
        ("secrets/acme/bad", "600"),
        ("secrets/acme/worse", "600"),
    }


def test_a_new_workspace_exposes_nothing(tmp_path):
    assert list(machine(tmp_path).exposed()) == []
    assert list(machine(tmp_path).stale_labs()) == []
    assert machine(tmp_path).free() > 0


def test_a_lab_that_left_files(tmp_path):
    (tmp_path / ".netmgr/lab/acme").mkdir(parents=True)
    (tmp_path / ".netmgr/lab/acme.lock").touch()
    assert list(machine(tmp_path).stale_labs()) == ["acme"]


def test_packages_are_those_of_the_metadata(tmp_path):
    found = {r.name: r.fits for r in machine(tmp_path).requirements()}
    assert {"click", "napalm", "paramiko"} <= set(found)
    assert set(found.values()) == {True}


def test_programs(tmp_path):
    assert machine(tmp_path).program("git").startswith("git version ")
    assert machine(tmp_path).program("ansible-playbook").startswith("ansible-playbook ")
    assert machine(tmp_path).program("no-such-program") is None


def test_the_kernel_is_asked_about_its_clock(tmp_path):
    assert machine(tmp_path).synchronised() in (True, False)


def test_the_agent_s_keys(tmp_path, monkeypatch):
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    assert machine(tmp_path).agent_keys() is None
    socket = tmp_path / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.PIPE)
    try:
        process.stdout.readline()  # it says where it listens once it does
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        assert machine(tmp_path).agent_keys() == 0
        key = tmp_path / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True, timeout=20)
        subprocess.run(["ssh-add", "-q", key], check=True, timeout=20)
        assert machine(tmp_path).agent_keys() == 1
    finally:
        process.terminate()
        process.communicate(timeout=10)
