"""What emulated IOS answers at its command line: words of its own, `configure replace`, archive, timer, files."""

import asyncio

import pytest

from tests.unit.lab.emulated.ios_device import BASE, boot, events

INVALID = "% Invalid input detected at '^' marker.\n\n"


def said(engine, *lines: str) -> str:
    """The answers to some lines of one login."""
    session = engine.session("admin")
    return "".join(session.command(line) for line in lines)


def shown(engine) -> list[str]:
    return [line for line in engine.device.running.text().splitlines() if line.strip() != "!"]


def test_errors_have_the_words_of_ios(tmp_path):
    engine = boot(tmp_path)
    assert said(engine, "show frobnicate") == f"{' ' * 8}^\n{INVALID[:-1]}"
    assert said(engine, "configure terminal", "ip prefix-list") == (
        "Enter configuration commands, one per line.  End with CNTL/Z.\n% Incomplete command.\n"
    )
    assert said(engine, "co") == '% Ambiguous command:  "co"\n'
    assert said(engine, "conf t", "frobnicate").splitlines()[1:] == [" " * 11 + "^", INVALID.strip()]


def test_prompts_follow_the_modes(tmp_path):
    session = boot(tmp_path).session("admin")
    prompts = [session.prompt]
    for line in (
        "conf t",
        "int gi1",
        "exit",
        "hostname a-name-of-more-than-twenty-letters",
        "end",
        "tclsh",
        "tclquit",
    ):
        session.command(line)
        prompts.append(session.prompt)
    long = "a-name-of-more-than-twenty-letters"
    assert prompts == [
        *("r1#", "r1(config)#", "r1(config-if)#", "r1(config)#", f"{long[:20]}(config)#"),
        *(f"{long}#", f"{long}(tcl)#", f"{long}#"),
    ]


def test_replace_takes_omitted_lines_away(tmp_path):
    engine = boot(tmp_path)
    engine.write("flash:new", BASE.replace("ntp server 192.0.2.1\n", "").replace("uplink", "new") + "end\n")
    assert said(engine, "configure replace flash:/new force") == "Total number of passes: 1\nRollback Done\n"
    assert "ntp server 192.0.2.1" not in shown(engine)
    assert " description new" in shown(engine)
    assert events(tmp_path) == ["boot", "replaced"]


def test_a_candidate_that_is_what_runs_changes_nothing(tmp_path):
    engine = boot(tmp_path)
    before = engine.device.running.text()
    engine.write("flash:same", engine.read("running-config") or "")
    assert said(engine, "show archive config differences system:running-config flash:same") == (
        "!Contextual Config Diffs:\n!No changes were found\n"
    )
    assert said(engine, "configure replace flash:same force") == "Total number of passes: 1\nRollback Done\n"
    assert engine.device.running.text() == before


NOT_DONE = {
    "no end": ("", "", "%The input file is not a valid config file.\n"),
    "a line that is refused": (
        "frobnicate\nend\n",
        " revert trigger error",
        "Failed to apply command frobnicate\nAborting Rollback.\n\nRollback failed.Reverting back to the original "
        "configuration: ",
    ),
    "the same without a trigger": (
        "frobnicate\nend\n",
        "",
        "The rollback configlet from the last pass is listed below:\n********\n!List of Rollback Commands:\n"
        "frobnicate\nend\n********\n\n\nRollback aborted after 5 passes\nThe following commands are failed to apply to "
        "the IOS image.\n********\nfrobnicate\n********\n",
    ),
    "a secret that is kept otherwise": (
        "username a secret geheim1\nend\n",
        " revert trigger error",
        "The rollback configlet from the last pass is listed below:\n",
    ),
}


@pytest.mark.parametrize(("more", "options", "answer"), NOT_DONE.values(), ids=NOT_DONE)
def test_a_replace_that_does_not_come_to_its_end(tmp_path, more, options, answer):
    engine = boot(tmp_path)
    engine.write("flash:new", BASE + more)
    assert said(engine, f"configure replace flash:new force{options}").startswith(answer)


def test_refused_with_a_trigger_leaves_what_was(tmp_path):
    engine = boot(tmp_path)
    before = engine.device.running.text()
    engine.write("flash:new", BASE.replace("uplink", "new") + "frobnicate\nend\n")
    said(engine, "configure replace flash:new force revert trigger error")
    assert engine.device.running.text() == before
    assert events(tmp_path) == ["boot", "refused"]


def test_physical_interfaces_cannot_be_left_out(tmp_path):
    engine = boot(tmp_path)
    text = BASE.replace("interface GigabitEthernet2\n no ip address\n shutdown\n", "")
    engine.write("flash:new", text + "end\n")
    assert said(engine, "configure replace flash:new force revert trigger error").startswith(
        "Failed to apply command no interface GigabitEthernet2\n"
    )


def test_a_timer_needs_an_archive(tmp_path):
    engine = boot(tmp_path, BASE.replace("archive\n path flash:bk\n", ""))
    engine.write("flash:new", engine.read("running-config") or "")
    assert said(engine, "show archive") == "Archive feature not enabled\n"
    assert (
        said(engine, "configure replace flash:new force revert trigger error timer 1")
        == "%Please turn config archive on\n"
    )
    assert said(engine, "configure terminal revert timer 1") == "%Please turn config archive on\n"


async def replaced_for_a_minute(engine) -> str:
    engine.write("flash:new", BASE.replace("uplink", "new") + "end\n")
    return said(engine, "configure replace flash:new force revert trigger error timer 1")


def test_without_a_confirmation_the_timer_brings_back(tmp_path):
    engine = boot(tmp_path, scale=600)
    before = engine.device.running.text()

    async def run() -> None:
        answer = await replaced_for_a_minute(engine)
        assert answer.startswith("Rollback Confirmed Change: Backing up current running config to flash:bk-")
        assert answer.endswith("Total number of passes: 1\nRollback Done\n")
        assert " description new" in shown(engine)
        assert said(engine, "show archive config rollback timer").splitlines()[1:] == [
            *("Timer type: absolute timer", "Timer value: 1 min", "User: admin"),
        ]
        for _ in range(200):
            if not engine.device.pending:
                break
            await asyncio.sleep(0.01)

    asyncio.run(run())
    assert engine.device.running.text() == before
    assert events(tmp_path) == ["boot", "armed", "replaced", "reverted"]
    assert said(engine, "configure confirm") == "%No Rollback Confirmed Change pending\n"


@pytest.mark.parametrize(("command", "kept"), [("configure confirm", True), ("configure revert now", False)])
def test_a_decision_ends_the_timer(tmp_path, command, kept):
    engine = boot(tmp_path)

    async def run() -> None:
        await replaced_for_a_minute(engine)
        said(engine, command)

    asyncio.run(run())
    assert (" description new" in shown(engine)) is kept
    assert engine.device.pending is None
    assert said(engine, "show archive config rollback timer") == "%No Rollback Confirmed Change pending\n"


def test_a_second_change_waits_for_the_first(tmp_path):
    engine = boot(tmp_path)

    async def run() -> str:
        await replaced_for_a_minute(engine)
        return await replaced_for_a_minute(engine)

    assert asyncio.run(run()) == "%A Rollback Confirmed Change is already pending\n"


def test_a_merge_keeps_what_is_taken_and_says_what_is_not(tmp_path):
    engine = boot(tmp_path)
    engine.write("flash:more", "ntp server 192.0.2.2\nip prefix-list\nfrobnicate\nend\n")
    answer = said(engine, "copy flash:more running-config")
    assert answer.startswith(f"ip prefix-list\n% Incomplete command.\n\nfrobnicate\n^\n{INVALID}")
    assert "ntp server 192.0.2.2" in shown(engine)


def test_removing_users_is_asked_about(tmp_path):
    engine = boot(tmp_path, f"{BASE}username a secret 9 $9$abcdefgh$ij\n")
    engine.write("flash:new", BASE + "end\n")
    session = engine.session("admin")
    assert session.command("configure replace flash:new force") == ""
    assert session.prompt.endswith("Do you want to continue? [confirm]")
    assert session.command("") == "Total number of passes: 1\nRollback Done\n"
    assert not [line for line in shown(engine) if line.startswith("username")]


def test_files(tmp_path):
    engine = boot(tmp_path)
    assert said(engine, "dir flash:/new") == "%Error opening flash:/new (No such file or directory)\n"
    engine.write("flash:new", "abc\n")
    assert said(engine, "dir flash:/new").startswith("Directory of flash:/new\n\n    1  -rw-             4 ")
    assert said(engine, "verify /md5 flash:/new").endswith("= 0bee89b07a248e27c83fc3d5951213c1\n")
    assert said(engine, "rename flash:/new flash:/old", "more flash:/old") == "abc\n"
    assert (
        said(engine, "delete /force flash:/old", "more flash:/old")
        == "%Error opening flash:/old (No such file or directory)\n"
    )


def test_file_commands_ask_unless_told_not_to(tmp_path):
    engine = boot(tmp_path, BASE.replace("file prompt quiet\n", ""))
    session = engine.session("admin")
    session.command("copy running-config flash:/copy")
    assert session.prompt == "Destination filename [copy]? "
    assert " bytes copied in " in session.command("")
    assert engine.read("flash:/copy") == engine.read("running-config")


def test_a_file_is_written_with_tcl(tmp_path):
    engine = boot(tmp_path)
    session = engine.session("admin")
    session.command("tclsh")
    for line in ('puts [open "flash:/new" w+] {hostname x', "end", "}"):
        session.command(line)
    assert engine.read("flash:/new") is None
    session.command("tclquit")
    assert engine.read("flash:/new") == "hostname x\nend\n\n"


def test_pipes(tmp_path):
    engine = boot(tmp_path)
    assert (
        said(engine, "show running-config | include ntp|scp")
        == "ip scp server enable\nntp server 192.0.2.1\n"
    )
    assert said(engine, "show run | section interface GigabitEthernet2") == (
        "interface GigabitEthernet2\n no ip address\n shutdown\n"
    )


def test_what_is_typed_runs_at_once_and_is_saved_when_told(tmp_path):
    engine = boot(tmp_path)
    said(engine, "conf t", "hostname x", "end")
    assert engine.device.startup.text() != engine.device.running.text()
    assert said(engine, "write mem") == "Building configuration...\n[OK]\n"
    assert engine.device.startup.text() == engine.device.running.text()
    assert events(tmp_path) == ["boot", "typed", "saved"]


def test_two_logins_configure_at_once(tmp_path):
    engine = boot(tmp_path)
    one, other = engine.session("a"), engine.session("b")
    for session in (one, other):
        session.command("conf t")
    one.command("interface Gi1")
    other.command("ntp server 192.0.2.9")
    one.command("mtu 9000")
    assert {"ntp server 192.0.2.9", " mtu 9000"} <= set(shown(engine))


def test_management_that_is_cut_admits_nobody(tmp_path):
    engine = boot(tmp_path, f"{BASE}line vty 0 4\n transport input ssh\n")
    assert engine.admits()
    engine.drift("line vty 0 4\n transport input none\n")
    assert not engine.admits()
