"""The parts of the on-device program that need no router: records, the timer and what it owns, the startup file."""

import json
import os
import stat
from pathlib import Path

import pytest

from napalm_frr.device import frr, rollback, system, timer
from napalm_frr.device.canonical import digest, parse
from napalm_frr.device.commit import RefusedError, confirm
from napalm_frr.device.program import Program
from napalm_frr.device.records import BusyError, Records
from napalm_frr.device.system import RouterError, write
from tests.waiting import wait_until


def _names(directory):
    return sorted(path.name for path in Path(directory).iterdir())


@pytest.fixture
def records(tmp_path):
    return Records(str(tmp_path / "lasting"), str(tmp_path / "runtime"))


def record(commit_id="c1", **fields):
    return {
        "commit": commit_id,
        "change": "x",
        "state": "pending",
        "deadline": system.boottime() + 60,
        **fields,
    }


class TestRecords:
    def test_directories_are_private(self, records):
        assert [stat.S_IMODE(Path(path).stat().st_mode) for path in (records.lasting, records.runtime)] == [
            0o700,
            0o700,
        ]

    def test_the_active_one(self, records):
        assert records.active() is None
        records.begin(record("c1"))
        assert records.active()["commit"] == "c1"
        records.save("c1", record("c1", state="confirmed"))
        assert (records.active(), records.load("c1")["state"]) == (None, "confirmed")
        records.begin(record("c2", state="applying"))
        assert records.active()["commit"] == "c2"

    def test_what_is_kept(self, records):
        for number in range(60):
            records.begin(record(f"c{number}", state="confirmed"))
            os.utime(records.path(f"c{number}", "record"), (number, number))
        write(records.path("c59", "before"), b"{}")
        records.forget("c59")
        names = _names(records.runtime)
        assert sorted(name for name in names if name.endswith(".record")) == sorted(
            f"c{n}.record" for n in range(10, 60)
        )
        assert "c59.before" not in names

    @pytest.mark.parametrize("commit_id", ["", "../etc", "a/b", ".hidden", "x" * 81, "a b", "a\n"])
    def test_names_that_are_no_commit(self, records, commit_id):
        with pytest.raises(RouterError, match="not a commit id"):
            records.load(commit_id)

    def test_the_epoch_only_rises(self, records):
        found = []
        for epoch in (3, 2, None, 7, 7):
            records.raise_epoch(epoch)
            found.append(records.epoch())
        assert found == [3, 3, 3, 7, 7]
        assert Records(records.lasting, records.runtime).epoch() == 7

    def test_the_lock_is_one(self, records):
        held = records.lock(1)
        with pytest.raises(BusyError):
            records.lock(0.1)
        os.close(held)
        os.close(records.lock(1))

    def test_the_journal_is_appended_to_and_moves_on(self, records, monkeypatch):
        records.journal("c1", "armed", seconds=5)
        records.journal("c1", "confirmed")
        lines = [json.loads(line) for line in Path(records.lasting, "journal").read_text().splitlines()]
        assert [(line["commit"], line["event"], line.get("seconds")) for line in lines] == [
            ("c1", "armed", 5),
            ("c1", "confirmed", None),
        ]
        monkeypatch.setattr("napalm_frr.device.records.JOURNAL_SIZE", 10)
        records.journal("c2", "armed")
        assert len(Path(records.lasting, "journal.old").read_text().splitlines()) == 3
        assert not Path(records.lasting, "journal").exists()

    def test_a_journal_and_a_record_that_cannot_be_written_stop_nothing(self, records):
        Path(records.lasting, "journal").mkdir()
        Path(records.path("c1", "record")).mkdir()
        records.journal("c1", "rolling_back")
        records.note(record("c1"))
        assert list(Path(records.lasting, "journal").iterdir()) == []
        assert list(Path(records.path("c1", "record")).iterdir()) == []


class TestTimer:
    """``roll_back`` is replaced here: whether it is called at all is what the timer has to decide."""

    @pytest.fixture
    def rolled_back(self, monkeypatch, tmp_path):
        marks = tmp_path / "rolled_back"

        def mark(records, found, cause):
            with marks.open("a") as file:
                file.write(f"{found['commit']} {cause}\n")
            records.save(found["commit"], dict(found, state="rolled_back"))

        monkeypatch.setattr(timer, "roll_back", mark)
        monkeypatch.setattr(timer, "SYSTEMD", str(tmp_path / "no systemd"))
        monkeypatch.setattr(timer, "_RETRY_AFTER", 0.01)
        return lambda: marks.read_text() if marks.exists() else ""

    @pytest.mark.parametrize("state", ["confirmed", "rolled_back", "rolled_back_hard", "failed"])
    def test_a_finished_commit_is_left_alone(self, records, rolled_back, state):
        records.begin(record(state=state))
        timer.expire(records, "c1")
        assert rolled_back() == ""

    def test_an_unknown_commit_is_left_alone(self, records, rolled_back):
        timer.expire(records, "c1")
        assert rolled_back() == ""

    def test_a_pending_commit_is_rolled_back_once(self, records, rolled_back):
        records.begin(record())
        timer.expire(records, "c1")
        timer.expire(records, "c1")
        assert rolled_back() == "c1 the timer expired\n"

    def test_a_later_commit_is_not_its_business(self, records, rolled_back):
        records.begin(record("c1", state="confirmed"))
        records.begin(record("c2"))
        timer.expire(records, "c1")
        assert (rolled_back(), records.active()["commit"]) == ("", "c2")

    def test_it_waits_for_whoever_holds_the_lock(self, records, rolled_back):
        deadline = system.boottime()
        records.begin(record(deadline=deadline))
        held = records.lock(1)
        timer.arm(records, records.load("c1"))
        wait_until(lambda: system.boottime() > deadline + 0.3, seconds=5)
        assert rolled_back() == ""
        records.save("c1", record(state="confirmed"))
        os.close(held)
        wait_until(lambda: not Path(records.path("c1", "timer")).exists(), seconds=10)
        assert rolled_back() == ""

    def test_it_expires_at_its_deadline(self, records, rolled_back):
        deadline = system.boottime() + 0.5
        records.begin(record(deadline=deadline))
        timer.arm(records, records.load("c1"))
        wait_until(rolled_back, seconds=10)
        assert system.boottime() >= deadline
        wait_until(lambda: not Path(records.path("c1", "timer")).exists(), seconds=10)

    def test_it_ends_when_it_is_disarmed(self, records, rolled_back):
        records.begin(record())
        timer.arm(records, records.load("c1"))
        records.save("c1", record(state="confirmed"))
        wait_until(lambda: _disarmed(records), seconds=10)
        assert rolled_back() == ""
        timer.disarm(records, "c1")

    def test_a_bell_without_an_end_does_not_end_it(self, records, rolled_back):
        records.begin(record(deadline=system.boottime() + 0.5))
        timer.arm(records, records.load("c1"))
        timer.disarm(records, "c1")
        wait_until(rolled_back, seconds=10)

    def test_it_tries_again_when_it_fails(self, records, rolled_back, monkeypatch, tmp_path):
        mark = timer.roll_back

        def fail_first(*arguments):
            if not (tmp_path / "tried").exists():
                (tmp_path / "tried").touch()
                raise MemoryError
            mark(*arguments)

        monkeypatch.setattr(timer, "roll_back", fail_first)
        records.begin(record(deadline=system.boottime()))
        timer.arm(records, records.load("c1"))
        wait_until(rolled_back, seconds=10)
        assert "rollback_to_be_tried_again" in Path(records.lasting, "journal").read_text()

    @pytest.mark.parametrize(("saved", "state"), [(True, "confirmed"), (False, "rolled_back")])
    def test_a_confirm_that_died_is_finished_if_it_had_saved(
        self, records, rolled_back, monkeypatch, tmp_path, saved, state
    ):
        startup = tmp_path / "frr.conf"
        startup.write_text("frr version 8.4.4\nlog syslog\n" if saved else "ip router-id 1.1.1.1\n")
        monkeypatch.setattr(timer, "STARTUP", str(startup))
        records.begin(record(confirming=True, after=digest(parse("log syslog\n"))))
        timer.expire(records, "c1")
        assert records.load("c1")["state"] == state

    def test_systemd_gets_a_unit_with_the_commits_name(self, records, monkeypatch, tmp_path):
        commands = []

        def note(command, _limit):
            commands.append(command)
            return system.Finished(0, "", "")

        monkeypatch.setattr(timer, "SYSTEMD", str(tmp_path))
        monkeypatch.setattr(timer, "run", note)
        found = record(deadline=system.boottime() + 30)
        timer.arm(records, found)
        timer.disarm(records, "c1")
        (start, stop) = commands
        assert start[:4] == ["systemd-run", "--quiet", "--collect", "--unit=netmgr-frr-c1"]
        assert 29 < float(start[4].removeprefix("--on-active=").removesuffix("s")) <= 30
        assert start[-5:] == ["-I", "-S", timer.__file__, "expire", "c1"]
        assert stop == ["systemctl", "stop", "netmgr-frr-c1.timer"]

    def test_systemd_that_refuses(self, records, monkeypatch, tmp_path):
        monkeypatch.setattr(timer, "SYSTEMD", str(tmp_path))
        monkeypatch.setattr(timer, "run", lambda *_: system.Finished(1, "", "Failed to start\n"))
        with pytest.raises(RouterError, match="systemd-run does not start the timer: Failed to start"):
            timer.arm(records, record())


def _disarmed(records):
    timer.disarm(records, "c1")
    return not Path(records.path("c1", "timer")).exists()


DAEMONS = [
    ("bgpd=yes\nospfd=no\n", ["zebra", "staticd", "bgpd"]),
    ("# bgpd=yes\nzebra=yes\nospf6d='yes'\nripd=\"no\"\n", ["zebra", "staticd", "ospf6d"]),
    (
        'bfdd=1\nisisd=0\nvtysh_enable=yes\nbgpd_options="-A 127.0.0.1"\nMAX_FDS=1024\n',
        ["zebra", "staticd", "bfdd"],
    ),
    ("staticd=yes\npimd=\nldpd=yes # labels\n", ["zebra", "staticd", "ldpd"]),
    ("", ["zebra", "staticd"]),
]


@pytest.mark.parametrize(("switches", "daemons"), DAEMONS)
def test_expected_daemons(tmp_path, monkeypatch, switches, daemons):
    (tmp_path / "daemons").write_text(switches)
    monkeypatch.setattr(frr, "DAEMONS", str(tmp_path / "daemons"))
    assert frr.expected_daemons() == daemons


@pytest.mark.parametrize(
    ("vtysh_conf", "startup", "integrated"),
    [
        ("service integrated-vtysh-config\n", False, True),
        ("no service integrated-vtysh-config\n", True, False),
        ("", True, True),
        ("", False, False),
        (None, True, True),
    ],
)
def test_integrated_configuration(tmp_path, monkeypatch, vtysh_conf, startup, integrated):
    if vtysh_conf is not None:
        (tmp_path / "vtysh.conf").write_text(vtysh_conf)
    if startup:
        (tmp_path / "frr.conf").touch()
    monkeypatch.setattr(frr, "ETC", str(tmp_path))
    monkeypatch.setattr(frr, "STARTUP", str(tmp_path / "frr.conf"))
    assert frr.boots_from_one_file() is integrated


class TestStartupFile:
    @pytest.fixture
    def startup(self, monkeypatch, tmp_path):
        place = tmp_path / "frr.conf"
        monkeypatch.setattr(frr, "ETC", str(tmp_path))
        monkeypatch.setattr(frr, "STARTUP", str(place))
        return place

    def test_it_keeps_its_mode(self, startup):
        startup.write_text("old")
        startup.chmod(0o604)
        frr.save_startup(b"new")
        assert (startup.read_text(), stat.S_IMODE(startup.stat().st_mode)) == ("new", 0o604)

    def test_a_first_one(self, startup):
        frr.save_startup(b"new")
        assert (startup.read_text(), stat.S_IMODE(startup.stat().st_mode)) == ("new", 0o640)

    def test_a_link_is_followed(self, startup, tmp_path):
        (tmp_path / "elsewhere").write_text("old")
        startup.symlink_to(tmp_path / "elsewhere")
        frr.save_startup(b"new")
        assert startup.is_symlink()
        assert (tmp_path / "elsewhere").read_text() == "new"

    def test_none(self, startup):
        startup.write_text("old")
        frr.save_startup(None)
        assert not startup.exists()

    def test_what_does_not_read_back(self, startup, monkeypatch):
        monkeypatch.setattr(frr, "read", lambda _path: b"")
        with pytest.raises(RouterError, match="does not read back as written"):
            frr.save_startup(b"new")


def test_a_commit_whose_deadline_is_over_is_not_confirmed(records):
    records.begin(record(deadline=system.boottime() - 1))
    with pytest.raises(RefusedError, match="its timer has expired"):
        confirm(records, {"commit": "c1", "change": "x", "epoch": None, "expected": None})
    assert records.load("c1")["state"] == "pending"


def test_a_commit_of_another_change_is_not_confirmed(records):
    records.begin(record())
    with pytest.raises(RefusedError, match="it belongs to change 'x'"):
        confirm(records, {"commit": "c1", "change": "y", "epoch": None, "expected": None})


def test_added_addresses():
    before = parse("interface eth1\n ip address 10.0.0.1/24\n")
    target = parse(
        "interface eth1\n ip address 10.0.0.1/24\n ip address 10.0.0.2/24\ninterface lo\n ipv6 address ::2/128\n"
    )
    assert rollback.added_addresses(before, target) == [("eth1", "10.0.0.2/24"), ("lo", "::2/128")]


def test_operations(records):
    program = Program(records)
    assert program.answer({"op": "reboot"}) == {"failed": "no such operation"}
    assert program.answer({"op": "ping"}) == {}
    assert program.answer({"op": "status"}) == {"state": "none", "left": None, "highest_epoch": 0}
    assert program.answer({"op": "status", "commit": "c1"})["state"] == "unknown"
    assert program.answer({"op": "status", "commit": "../c1"}) == {"failed": "not a commit id: '../c1'"}
