"""The daemons' own sockets: what is asked, what is understood, and when vtysh is asked instead."""

import socket
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from napalm_frr.device import daemons, frr
from napalm_frr.device.frr import read_running
from napalm_frr.device.system import Finished, RouterError

END = b"\0\0\0"


class Daemon:
    """A daemon's socket: answers each command with what it was given, in the pieces that it was given."""

    def __init__(self, place: Path, answers: dict[str, list[bytes]]) -> None:
        self.answers, self.asked = answers, []
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(place))
        self._listening.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                end, _ = self._listening.accept()
            except OSError:
                return
            with end:
                while command := self._command(end):
                    self.asked.append(command)
                    for piece in self.answers.get(command, [b"% Unknown command.\n" + END + b"\2"]):
                        end.sendall(piece)

    @staticmethod
    def _command(end: socket.socket) -> str:
        text = b""
        while not text.endswith(b"\0"):
            piece = end.recv(1)
            if not piece:
                return ""
            text += piece
        return text[:-1].decode()

    def stop(self) -> None:
        """It no longer runs; its socket's name stays, as that of a killed daemon does."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@pytest.fixture
def start(tmp_path, monkeypatch):
    monkeypatch.setattr(daemons, "PIDS", str(tmp_path))
    with ExitStack() as stack:

        def begin(name, **answers):
            spoken = {command.replace("_", " "): pieces for command, pieces in answers.items()}
            daemon = Daemon(tmp_path / f"{name}.vty", {"enable": [END + b"\0"], **spoken})
            stack.callback(daemon._listening.close)
            return daemon

        yield begin


def says(text: str) -> list[bytes]:
    return [text.encode() + END + b"\0"]


def test_an_answer_in_pieces_is_one(start):
    start("ospfd", show_ip_ospf_route=[b"one\ntw", b"o\n\0", b"\0", b"\0\0"])
    assert daemons.ask_daemon("ospfd", "show ip ospf route") == "one\ntwo\n"


def test_a_refused_command_is_no_answer(start):
    start("ospfd")
    assert daemons.ask_daemon("ospfd", "show ip ospf nonsense") is None


def test_a_daemon_that_does_not_run_is_no_answer(start):
    assert daemons.ask_daemon("ospfd", "show ip ospf route") is None
    start("ospfd", show_ip_ospf_route=says("x")).stop()
    assert daemons.ask_daemon("ospfd", "show ip ospf route") is None


def test_a_frozen_daemon_is_not_waited_for_for_ever(start, monkeypatch):
    monkeypatch.setattr(daemons, "ANSWER_LIMIT", 0.1)
    start("ospfd", show_ip_ospf_route=[b"half an answ"])
    with pytest.raises(RouterError, match=r"^ospfd does not answer within 0\.1 s$"):
        daemons.ask_daemon("ospfd", "show ip ospf route")


@pytest.mark.parametrize(
    ("command", "owner"),
    [
        ("show ip ospf neighbor json", "ospfd"),
        ("show ipv6 ospf6 neighbor json", "ospf6d"),
        ("show bgp vrf all summary json", "bgpd"),
        ("show ip bgp", None),
        ("show ip bgp summary", "bgpd"),
        ("show interface vrf all json", "zebra"),
        ("show version", None),
        ("show ip route", None),
        ("show bgp summary | include 10", None),
    ],
)
def test_who_is_asked(start, command, owner):
    known = {}
    for name in ("ospfd", "ospf6d", "bgpd", "zebra"):
        known[name] = start(name)
        known[name].answers[command] = says(name)
    assert daemons.ask_owners([command]) == (None if owner is None else [owner])
    assert {name for name, daemon in known.items() if command in daemon.asked} == (
        {owner} if owner else set()
    )


def test_several_commands_are_answered_in_their_order_or_not_at_all(start):
    start("bgpd").answers["show bgp summary"] = says("b")
    start("ospfd").answers["show ip ospf neighbor"] = says("o")
    both = ["show bgp summary", "show ip ospf neighbor"]
    assert daemons.ask_owners(both) == ["b", "o"]
    assert daemons.ask_owners([*both, "show version"]) is None


class TestReadRunning:
    """vtysh puts a configuration together again only when its sources have changed."""

    @pytest.fixture(autouse=True)
    def vtysh(self, monkeypatch, tmp_path):
        """vtysh, counted; it shows a description that the test sets."""
        shown = {"count": 0, "text": "interface lo\n description a\n"}

        def ask():
            shown["count"] += 1
            return frr.Running(shown["text"], [])

        monkeypatch.setattr(frr, "_ask_vtysh", ask)
        monkeypatch.setattr(frr._Known, "running", None)
        monkeypatch.setattr(frr._Known, "made_of", None)
        conf = tmp_path / "vtysh.conf"
        conf.write_text("service integrated-vtysh-config\n")
        monkeypatch.setattr(daemons, "_OF_VTYSH", (str(conf),))
        return shown | {
            "conf": conf,
            "set": lambda text: shown.update(text=text),
            "asked": lambda: shown["count"],
        }

    @pytest.fixture
    def zebra(self, start):
        return start("zebra", do_write_terminal=says("description a"))

    def test_unchanged_sources(self, vtysh, zebra):
        first = read_running()
        assert read_running() is first
        assert vtysh["asked"]() == 1
        assert zebra.asked.count("do write terminal") == 3

    def test_a_changed_source(self, vtysh, zebra):
        first = read_running()
        zebra.answers["do write terminal"] = says("description b")
        vtysh["set"]("interface lo\n description b\n")
        assert read_running().text == "interface lo\n description b\n"
        assert read_running().digest != first.digest
        assert vtysh["asked"]() == 2

    def test_another_daemon(self, vtysh, zebra, start):
        read_running()
        start("bgpd", do_write_terminal=says(""))
        read_running()
        assert vtysh["asked"]() == 2

    def test_vtyshs_own_file(self, vtysh, zebra):
        read_running()
        vtysh["conf"].write_text("no service integrated-vtysh-config\n")
        read_running()
        assert vtysh["asked"]() == 2

    def test_a_daemon_that_died_or_refuses(self, vtysh, zebra, start):
        read_running()
        bgpd = start("bgpd")
        read_running()
        read_running()
        assert vtysh["asked"]() == 3
        bgpd.stop()
        read_running()
        assert vtysh["asked"]() == 4

    def test_what_another_process_read_is_known_again(self, vtysh, zebra):
        memory = frr.memory_of(read_running())
        frr._Known.running = None
        frr.recall(memory)
        assert read_running().text == memory["text"]
        assert vtysh["asked"]() == 1
        zebra.answers["do write terminal"] = says("description b")
        read_running()
        assert vtysh["asked"]() == 2

    def test_what_cannot_be_known_again_leaves_no_memory(self, vtysh, zebra, start):
        start("bgpd")
        assert frr.memory_of(read_running()) is None

    def test_a_change_while_vtysh_reads_is_not_remembered(self, vtysh, zebra, monkeypatch):
        def ask():
            zebra.answers["do write terminal"] = says("description b")
            return frr.Running("interface lo\n description a\n", [])

        monkeypatch.setattr(frr, "_ask_vtysh", ask)
        read_running()
        assert frr._Known.running is None


class TestPush:
    """One vtysh changes FRR and shows what runs then; the daemons confirm that they say the same."""

    LO = ("interface lo", "description b")
    SHOWN = " zebra staticd\nBuilding configuration...\n\nfrr version 8.4.4\ninterface lo\n description b\nexit\nend\n"

    @pytest.fixture(autouse=True)
    def vtysh(self, start, monkeypatch, tmp_path):
        """A vtysh that answers what the test sets: to a push, and to the question for what runs."""
        answers = {"push": Finished(0, self.SHOWN, ""), "show": Finished(0, self.SHOWN, "")}

        def run(command, limit, stdin=""):
            return answers["push" if "copy /proc/self/fd/0 running-config" in command else "show"]

        monkeypatch.setattr(frr, "run", run)
        monkeypatch.setattr(frr, "DAEMONS", str(tmp_path / "daemons"))
        monkeypatch.setattr(daemons, "_OF_VTYSH", ())
        monkeypatch.setattr(frr._Known, "running", None)
        monkeypatch.setattr(frr._Known, "made_of", None)
        return answers

    def test_what_the_daemons_confirm_is_known(self, start):
        start("ospfd", do_write_terminal=says("frr version 8.4.4\n!\ninterface lo\nexit\n!\nend\n"))
        start("zebra", do_write_terminal=says("interface lo\n description b\nexit\n"))
        complaints, now = frr.push_changes([self.LO])
        assert (complaints, now.dead, now.tree) == ([], [], {"interface lo": {"description b": {}}})
        assert read_running() is now

    @pytest.mark.parametrize(
        "other", ["interface lo\n description c\n", "", "interface lo\n description b\nrouter bgp 1\n"]
    )
    def test_what_somebody_changed_right_afterwards_is_not(self, start, other):
        start("zebra", do_write_terminal=says(other))
        now = frr.push_changes([self.LO])[1]
        assert now.tree == {"interface lo": {"description b": {}}}
        assert frr.memory_of(now) is None
        assert read_running() is not now

    def test_a_daemon_that_does_not_say_leaves_it_unknown(self, start):
        start("zebra", do_write_terminal=says("interface lo\n description b\n"))
        start("bgpd")
        assert frr.memory_of(frr.push_changes([self.LO])[1]) is None

    def test_a_daemon_that_died_is_told(self, vtysh):
        vtysh["push"] = Finished(0, self.SHOWN.replace(" staticd", ""), "")
        assert frr.push_changes([self.LO])[1].dead == ["staticd"]

    def test_after_a_complaint_another_vtysh_shows_what_runs(self, vtysh):
        vtysh["push"] = Finished(
            1,
            "% BGP says no\n% Unknown command: copy /proc/self/fd/0 running-config\n",
            "line 2: % Unknown command[4]:  description b\n",
        )
        complaints, now = frr.push_changes([self.LO])
        assert complaints == [(self.LO, "Unknown command"), ((), "% BGP says no")]
        assert now.tree == {"interface lo": {"description b": {}}}

    def test_what_daemons_say_to_a_push_is_no_daemon(self, vtysh):
        vtysh["push"] = Finished(0, "% staticd may complain\n" + self.SHOWN.replace(" staticd", ""), "")
        complaints, now = frr.push_changes([self.LO])
        assert (complaints, now.dead) == ([((), "% staticd may complain")], ["staticd"])
