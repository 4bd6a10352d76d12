"""The command line's own promises: options before and after, environment twins, one line and a code for each error."""

import json

import click
import pytest

from netmgr.cli import main
from netmgr.cli.context import Context
from netmgr.cli.options import Command, GlobalOption, option
from netmgr.errors import InputError, Refused, Unreachable


@pytest.fixture
def seen(monkeypatch):
    """Two commands that only tell what they were given: ``look`` reads, ``push`` writes to devices."""
    given = {}

    def body(context: Context, speed: int | None) -> int:
        given.update(
            client=context.client_or_none,
            output=context.output,
            target=context.target,
            names=context.selection.names,
            speed=speed,
        )
        return 0

    def make(name: str, writes: bool) -> click.Command:
        function = option("--speed", type=int)(click.pass_obj(body))
        return click.command(name, cls=Command, writes_devices=writes)(function)

    monkeypatch.setattr(main.cli, "lazy", {"look": ("x:look", "Look."), "push": ("x:push", "Push.")})
    commands = {"look": make("look", False), "push": make("push", True)}
    monkeypatch.setattr(main.cli, "get_command", lambda _ctx, name: commands.get(name))
    for name in ("NETMGR_CLIENT", "NETMGR_LAB", "NETMGR_OUTPUT", "NETMGR_LIMIT", "NETMGR_SPEED"):
        monkeypatch.delenv(name, raising=False)
    return given


@pytest.mark.parametrize(
    "arguments",
    [
        ["-c", "acme", "-o", "json", "--lab", "-l", "core*,edge1", "look", "--speed", "3"],
        ["look", "--speed", "3", "-c", "acme", "-o", "json", "--lab", "-l", "core*,edge1"],
        ["-c", "other", "--lab", "look", "-c", "acme", "-l", "core*,edge1", "-o", "json", "--speed=3"],
    ],
)
def test_global_options_work_before_and_after_the_command_and_the_nearer_wins(seen, arguments):
    assert main.run(arguments) == 0
    assert seen == {
        "client": "acme",
        "output": "json",
        "target": "lab",
        "names": ("core*", "edge1"),
        "speed": 3,
    }


def test_options_have_environment_twins_and_the_command_line_wins(seen, monkeypatch):
    monkeypatch.setenv("NETMGR_CLIENT", "acme")
    monkeypatch.setenv("NETMGR_LAB", "1")
    monkeypatch.setenv("NETMGR_SPEED", "7")
    assert main.run(["look"]) == 0
    assert (seen["client"], seen["target"], seen["speed"]) == ("acme", "lab", 7)
    assert main.run(["look", "-c", "globex", "--network", "--speed", "8"]) == 0
    assert (seen["client"], seen["target"], seen["speed"]) == ("globex", "network", 8)
    assert main.run(["-c", "globex", "--network", "look"]) == 0
    assert (seen["client"], seen["target"]) == ("globex", "network")


#: Options without a twin: what must never linger in a shell, and what only a program gives (Ansible calls its
#: inventory script with these two; the request to look for is not the request that this command is).
WITHOUT_TWIN = {
    "--yes",
    "--takeover",
    "--at",
    "--break-glass",
    "adopt --from-file",
    "backup run --accept",
    "ticket intake --accept",
    "ticket intake --drop",
    "backup show --out",
    "rollback --plan",
    "restore --plan",
    "doctor --enrol",
    "inventory ansible --list",
    "inventory ansible --host",
    "payment record --keep",
    "payment record --refund",
    "log list --request",
    "lab setup --hosts",
    "playbook run --check",
    "playbook run --extra-vars",
}


def every_option(command, path=()):
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from every_option(command.get_command(context, name), (*path, name))
        return
    for param in command.params:
        if isinstance(param, click.Option) and not isinstance(param, GlobalOption):
            yield " ".join(path), param.opts[-1], param.envvar


def test_every_option_has_its_twin_but_those_that_must_not_linger():
    wanted = {}
    found = {}
    for path, name, twin in every_option(main.cli):
        free = name in WITHOUT_TWIN or f"{path} {name}" in WITHOUT_TWIN
        wanted[path, name] = None if free else "NETMGR_" + name.strip("-").replace("-", "_").upper()
        found[path, name] = twin
    assert found == wanted
    assert ("plan", "--out") in found


def test_a_client_left_in_the_environment_decides_nothing_that_is_written(seen, monkeypatch, capsys):
    monkeypatch.setenv("NETMGR_CLIENT", "acme")
    assert main.run(["push"]) == 64
    assert capsys.readouterr().err == (
        "error: NETMGR_CLIENT is not used by commands that write to devices; name the client with -c\n"
    )
    assert main.run(["push", "-c", "globex"]) == 0
    assert seen["client"] == "globex"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["look", "--zzz"], "error: No such option '--zzz'. (see `netmgr look --help`)\n"),
        (["nonsense"], "error: No such command 'nonsense'. (see `netmgr --help`)\n"),
        (
            ["-o", "xml", "look"],
            "error: Invalid value for '-o' / '--output': 'xml' is not one of 'table', 'json'. (see `netmgr --help`)\n",
        ),
    ],
)
def test_a_wrong_command_line_is_one_line_and_64(seen, capsys, arguments, line):
    assert main.run(arguments) == 64
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", line)


ERRORS = [
    (
        InputError(["a.yaml:1: wrong; mend it", "b.yaml:2: too"]),
        1,
        "error: a.yaml:1: wrong; mend it\nerror: b.yaml:2: too\n",
    ),
    (Refused("lock", "held", "wait"), 5, "error: refused (lock): held; wait\n"),
    (Unreachable("r1", "connect", "timed out"), 3, "error: r1: connect: timed out\n"),
    (RuntimeError("a\nb"), 1, "error: internal: RuntimeError: a b; run again with --debug to see where\n"),
]


@pytest.mark.parametrize(("error", "code", "text"), ERRORS)
def test_an_error_is_a_line_and_its_code(seen, monkeypatch, capsys, error, code, text):
    def fail(_context, _speed):
        raise error

    monkeypatch.setattr(Context, "selection", property(lambda _self: fail(None, None)))
    assert main.run(["look"]) == code
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", text)
    if code != 1 or isinstance(error, InputError):
        assert main.run(["look", "-o", "json"]) == code
        document = json.loads(capsys.readouterr().out)
        assert (document["schema"], document["code"]) == ("netmgr.error/1", code)
    with pytest.raises(type(error)):
        main.run(["--debug", "look"])


def test_a_device_s_words_cannot_drive_the_terminal(seen, monkeypatch, capsys):
    evil = Unreachable("r1", "read", "\x1b]0;owned\x07\x9b2J")
    monkeypatch.setattr(Context, "selection", property(lambda _self: (_ for _ in ()).throw(evil)))
    assert main.run(["look"]) == 3
    assert capsys.readouterr().err == "error: r1: read: \\x1b]0;owned\\x07\\x9b2J\n"


def test_without_a_workspace_the_error_says_how_to_make_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NETMGR_WORKSPACE", raising=False)
    assert main.run(["validate"]) == 64
    assert capsys.readouterr().err == (
        f"error: no workspace at or above {tmp_path} (no config/netmgr.yaml); "
        "run `netmgr init DIR` or name one with -w DIR\n"
    )
    assert main.run(["-w", "nowhere", "validate"]) == 64
    assert capsys.readouterr().err == (
        f"error: {tmp_path}/nowhere is not a workspace (no config/netmgr.yaml); "
        "run `netmgr init DIR` or name one with -w DIR\n"
    )
