"""A twin is beside the client's own lab, and ends with whoever booted it, however that ends."""

import subprocess
import sys
from pathlib import Path

import pytest

from netmgr.lab.frr.process import Process
from netmgr.lab.twins import LabTwins
from netmgr.model.lab import LabNetwork, LabNode
from tests.lab.bench import LIMIT, descendants, ignore, living, network
from tests.waiting import wait_until

pytestmark = pytest.mark.lab

KEY = "n0t-in-any-file"
KILLED = """
import os, sys
from pathlib import Path
from netmgr.lab.twins import LabTwins
from netmgr.lab.kit import LabKit
from netmgr.model.lab import LabNetwork
from netmgr.ports.progress import Silent
with LabTwins(Path(sys.argv[1]), LabKit()).boot(LabNetwork.model_validate_json(sys.argv[2]), Silent()) as twin:
    print(twin.directory, flush=True)
    sys.stdin.read()
"""


def with_a_key(client: str) -> LabNetwork:
    startup = f"interface lo\n ip address 10.0.0.1/32\n ip ospf message-digest-key 1 md5 {KEY}\n"
    node = LabNode(device="a", platform="frr", startup=startup)
    return network(client, "a").model_copy(update={"nodes": (node,)})


def test_a_twin_beside_the_clients_own_lab(boot, kit, tmp_path):
    own = boot(network("both", "a"))
    with LabTwins(tmp_path / "twins", kit).boot(with_a_key("both"), ignore) as twin:
        (device,) = twin.lab.status("both").devices
        assert (device.device, device.ready) == ("a", True)
        assert device.port != own.device("a").port
        assert own.lab.status("both") == own.status
        directory = twin.directory
        files = [path for path in directory.rglob("*") if path.is_file()]
        assert files
        # What devices boot with holds secrets: no file of the twin has it, and nobody else may look.
        assert not [path for path in files if KEY in path.read_text("utf-8", "replace")]
        assert directory.stat().st_mode & 0o777 == 0o700
    assert list((tmp_path / "twins").iterdir()) == []
    own.becomes({"a": True})


def test_a_killed_rehearsal_s_twin_is_gone_and_its_files_with_the_next(kit, tmp_path):
    base = tmp_path / "twins"
    wanted = network("dead", "a")
    wanted = wanted.model_copy(update={"nodes": (*wanted.nodes, LabNode(device="b", platform="eos"))})
    argv = [sys.executable, "-c", KILLED, str(base), wanted.model_dump_json()]
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    directory = Path(process.stdout.readline().strip())
    supervisor = Process.read(directory / "lab" / "dead" / "supervisor.json")
    assert supervisor
    emulated = Process.read(directory / "emulated" / "dead" / "emulated.json")
    assert emulated
    processes = descendants(supervisor.pid) | descendants(emulated.pid)
    assert len(processes) > 6
    with LabTwins(base, kit).boot(
        network("other", "a"), ignore
    ) as twin:  # a twin that is wanted is no leftover
        assert directory.is_dir()
        process.kill()
        process.communicate()
        wait_until(lambda: not processes.keys() & living().keys(), seconds=LIMIT)
        assert twin.lab.status("other").devices[0].ready
    assert list(base.iterdir()) == [directory]
    with LabTwins(base, kit).boot(network("dead", "a"), ignore) as twin:
        assert list(base.iterdir()) == [twin.directory]
    assert list(base.iterdir()) == []
