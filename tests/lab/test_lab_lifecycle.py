"""Labs come and go: twice, side by side, interrupted at any moment, and without leaving anything."""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from netmgr.errors import LabError
from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.frr.process import Process
from netmgr.model.lab import LabNetwork
from netmgr.ports.progress import Silent
from tests.lab.bench import LIMIT, Bench, descendants, ignore, living, network
from tests.lab.conftest import SQUARE
from tests.waiting import wait_until

pytestmark = pytest.mark.lab


def supervisor_of(bench: Bench) -> Process:
    process = Process.read(bench.state_dir / bench.client / "supervisor.json")
    assert process
    return process


UP = """
import os, sys
from pathlib import Path
from netmgr.lab.frr.lab import FrrLab
from netmgr.lab.kit import LabKit
from netmgr.model.lab import LabNetwork
from netmgr.ports.progress import Silent
class Deadly(Silent):
    def __call__(self, line):
        if sys.argv[3] in line:
            os.kill(os.getpid(), 9)
print(FrrLab(Path(sys.argv[1]), LabKit()).up(LabNetwork.model_validate_json(sys.argv[2]), Deadly()))
"""


def start_up(state_dir: Path, wanted: LabNetwork, kill_at: str = "never") -> subprocess.Popen[bytes]:
    """``lab up`` in a process of its own, which can be killed or kills itself at a step; it prints the lab's status."""
    argv = [sys.executable, "-c", UP, str(state_dir), wanted.model_dump_json(), kill_at]
    return subprocess.Popen(argv, stdout=subprocess.PIPE)


def test_up_again_changes_nothing(boot):
    bench = boot(network("once", "a"))
    assert bench.lab.up(network("once", "a"), ignore) == bench.status


def test_up_with_another_network_is_refused(boot):
    bench = boot(network("once", "a"))
    with pytest.raises(LabError) as refused:
        bench.lab.up(network("once", "a", "b"), ignore)
    assert str(refused.value) == (
        "the lab of once is up with another network; run `netmgr lab down -c once` first"
    )
    bench.becomes({"a": True})


def test_down_leaves_no_process_and_no_file(boot):
    bench = boot(network("gone", "a", "b"))
    processes = descendants(supervisor_of(bench).pid)
    assert len(processes) > 10
    device = bench.device("a")
    assert bench.lab.down("gone") is True
    assert processes.keys() & living().keys() == set()
    assert list(bench.state_dir.iterdir()) == []
    assert not bench.answers(device)
    assert bench.lab.down("gone") is False
    assert bench.lab.status("gone") is None


def test_what_is_not_up_cannot_be_entered(boot):
    bench = boot(network("here", "a"))
    with pytest.raises(LabError, match=r"^the lab of there is not up; run `netmgr lab up -c there`$"):
        bench.lab.console("there", "a", [])
    with pytest.raises(LabError, match=r"^the lab of here has no device b; it has a$"):
        bench.lab.console("here", "b", [])


def test_labs_side_by_side_do_not_meet(boot, kit, tmp_path):
    one, two = boot(network("one", "a", "b")), boot(network("two", "a"))
    elsewhere = FrrLab(tmp_path / "another workspace", kit)
    three = Bench(elsewhere, tmp_path / "another workspace", elsewhere.up(network("one", "c"), ignore))
    try:
        ports = [device.port for bench in (one, two, three) for device in bench.status.devices]
        assert len(set(ports)) == 4
        assert one.ssh("a", "hostname").stdout == "a\n"
        assert three.ssh("c", "hostname").stdout == "c\n"
        # b of the first lab has the second management address; in the other two labs nobody has it.
        reach = ["ping", "-c", "1", "-W", "1", "172.30.0.11"]
        wait_until(
            lambda: "1 received" in one.console("a", "sh", "-c", f"{' '.join(reach)} || true"), seconds=LIMIT
        )
        for bench, device in ((two, "a"), (three, "c")):
            argv = bench.lab.console(bench.client, device, reach)
            assert subprocess.run(argv, capture_output=True, check=False, timeout=LIMIT).returncode == 1
        assert two.lab.down("two") is True
        one.becomes({"a": True, "b": True})
        three.becomes({"c": True})
    finally:
        elsewhere.down("one")
    one.becomes({"a": True, "b": True})


def test_cables_are_plugged_in_before_the_lab_is_up(boot):
    """Some ends here have their peer's number: of those the kernel tells later than of others."""
    bench = boot(SQUARE.model_copy(update={"client": "plugged"}))
    found = {
        (node.device, link["ifname"]): link["operstate"]
        for node in SQUARE.nodes
        for link in json.loads(bench.console(node.device, "ip", "-json", "link"))
    }
    of_each = {"lo": "UNKNOWN", "eth0": "UP", "eth1": "UP", "eth2": "UP", "wan0": "UP"}
    assert found == {(node.device, name): of_each[name] for node in SQUARE.nodes for name in of_each}


def test_startup_lines_are_loaded_before_the_device_is_ready(boot):
    startup = (
        "router bgp 64500\n neighbor 10.0.0.1 remote-as 64501\nexit\nip route 198.51.100.0/24 blackhole\n"
    )
    bench = boot(network("provider", "isp1", startup=startup))
    running = bench.console("isp1", "vtysh", "-c", "show running-config").splitlines()
    assert [line for line in startup.splitlines() if line not in running] == []


def test_a_refused_startup_line_names_device_and_line_and_leaves_nothing(boot, kit, tmp_path):
    lab = FrrLab(tmp_path / "lab", kit)
    with pytest.raises(LabError) as refused:
        lab.up(network("provider", "isp1", startup="router bgp 64500\n nonsense\n"), ignore)
    assert str(refused.value).startswith("isp1: lab boot: FRR refuses its startup configuration: line 6: ")
    assert "nonsense" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert list((tmp_path / "lab").iterdir()) == []


def test_an_unknown_daemon_is_named(kit, tmp_path):
    wanted = network("odd", "a")
    node = wanted.nodes[0].model_copy(update={"daemons": ("food",)})
    with pytest.raises(LabError, match=r"^a: lab boot: this machine's FRR has no daemon food"):
        FrrLab(tmp_path / "lab", kit).up(wanted.model_copy(update={"nodes": (node,)}), ignore)
    assert list((tmp_path / "lab").iterdir()) == []


def test_a_killed_supervisor_takes_the_lab_along_and_up_starts_anew(boot):
    bench = boot(network("struck", "a"))
    supervisor = supervisor_of(bench)
    processes = descendants(supervisor.pid)
    os.kill(supervisor.pid, signal.SIGKILL)
    wait_until(lambda: not supervisor.alive(), seconds=LIMIT)
    assert processes.keys() & living().keys() == set()
    assert bench.lab.status("struck") is None
    again = boot(network("struck", "a"))
    again.becomes({"a": True})
    assert again.ssh("a", "hostname").stdout == "a\n"


@pytest.mark.parametrize(
    "moment", ["struck.lock", "struck/identity", "struck/supervisor.json", "struck/log/c/boot.log"]
)
@pytest.mark.parametrize("next_step", ["up", "down"])
def test_up_killed_at_any_moment_is_cleaned_by_the_next_command(boot, tmp_path, moment, next_step):
    wanted = network("struck", "a", "b", "c")
    state_dir = tmp_path / "lab"
    with start_up(state_dir, wanted) as caller:
        wait_until((state_dir / moment).exists, seconds=LIMIT, every=0.001)
        caller.kill()
    left = Process.read(state_dir / "struck" / "supervisor.json")
    if next_step == "up":
        boot(wanted).becomes({"a": True, "b": True, "c": True})
    else:
        boot(network("bystander", "a")).lab.down("struck")
        assert [path.name for path in state_dir.iterdir() if path.name.startswith("struck")] == []
    assert left is None or not left.alive()


@pytest.mark.parametrize("step", ["(1/5)", "(5/5)"])
def test_a_boot_whose_command_was_killed_ends_by_itself(tmp_path, kit, step):
    wanted, state = network("orphan", *"abcde"), tmp_path / "lab" / "orphan"
    with start_up(tmp_path / "lab", wanted, kill_at=step) as caller:
        assert caller.wait(LIMIT) == -signal.SIGKILL
    supervisor = Process.read(state / "supervisor.json")
    assert supervisor
    wait_until(lambda: not supervisor.alive(), seconds=LIMIT)
    assert FrrLab(tmp_path / "lab", kit).status("orphan") is None
    assert FrrLab(tmp_path / "lab", kit).down("orphan") is True


def test_a_lab_whose_directory_is_deleted_ends_by_itself(boot):
    bench = boot(network("lost", "a"))
    supervisor = supervisor_of(bench)
    processes = descendants(supervisor.pid)
    shutil.rmtree(bench.state_dir)
    wait_until(lambda: not supervisor.alive(), seconds=LIMIT)
    assert processes.keys() & living().keys() == set()


@pytest.mark.parametrize("ending", ["supervisor", "caller"])
def test_a_boot_that_breaks_off_leaves_nothing(kit, tmp_path, ending):
    state_dir = tmp_path / "lab"
    lab, wanted = FrrLab(state_dir, kit), network("broken", *"abcdefghi")
    started: set[int] = set()

    class BreakOff(Silent):
        """At the first router that is ready, while most have not even begun."""

        def __call__(self, message: str) -> None:
            supervisor = Process.read(state_dir / "broken" / "supervisor.json")
            assert supervisor
            started.update(descendants(supervisor.pid))
            if ending == "caller":
                raise KeyboardInterrupt
            os.kill(supervisor.pid, signal.SIGKILL)

    with pytest.raises(LabError if ending == "supervisor" else KeyboardInterrupt) as raised:
        lab.up(wanted, BreakOff())
    if ending == "supervisor":
        assert "the lab's first process says nothing any more" in str(raised.value)
    assert len(started) > 10
    assert started & living().keys() == set()
    assert list(state_dir.iterdir()) == []


def test_a_state_directory_that_cannot_be_written(kit, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(LabError) as refused:
        FrrLab(tmp_path / "file" / "lab", kit).up(network("x", "a"), ignore)
    assert str(refused.value) == (
        f"the lab of x: Not a directory: {tmp_path}/file/lab; "
        f"check the owner of {tmp_path}/file/lab and the space there"
    )


def test_a_recorded_number_that_another_process_has_now_is_not_killed(boot):
    bench = boot(network("old", "a"))
    supervisor = supervisor_of(bench)
    supervisor.kill(LIMIT)
    record = bench.state_dir / "old" / "supervisor.json"
    with subprocess.Popen(["sleep", "60"]) as innocent:
        record.write_text(
            json.dumps({"pid": innocent.pid, "started": supervisor.started, "boot": supervisor.boot})
        )
        assert bench.lab.status("old") is None
        assert bench.lab.down("old") is True
        assert innocent.poll() is None
        innocent.kill()


def test_two_commands_at_once_boot_one_lab(boot, tmp_path):
    wanted = network("twice", "a", "b")
    with start_up(tmp_path / "lab", wanted) as one, start_up(tmp_path / "lab", wanted) as two:
        answers = [process.communicate(timeout=LIMIT)[0].decode() for process in (one, two)]
    bench = boot(wanted)
    bench.becomes({"a": True, "b": True})
    assert answers == [f"{bench.status}\n"] * 2


def opened_by(pid):
    """What a process has open; what it closes meanwhile is not."""
    for path in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            yield str(path.readlink())


def test_the_lab_outlives_the_command_that_booted_it_and_holds_nothing_of_it(boot, tmp_path):
    wanted = network("stays", "a")
    with start_up(tmp_path / "lab", wanted) as caller:
        assert caller.wait(LIMIT) == 0
    bench = boot(wanted)
    pid = supervisor_of(bench).pid
    assert os.getsid(pid) != os.getsid(0)
    assert Path(f"/proc/{pid}/cwd").resolve() == Path("/")
    opened = set(opened_by(pid))
    own = {str(bench.state_dir / "stays" / name) for name in ("supervisor.log", "supervisor.json")}
    assert {name for name in opened if name.startswith("/")} == {"/dev/null", *own}
    assert bench.ssh("a", "hostname").stdout == "a\n"
