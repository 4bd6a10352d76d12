"""What keeps a change from beginning, seen from the command line: one line, exit code 5 or 3, nothing touched."""

import json

from netmgr.cli import main


def command(world, *arguments):
    return main.run(["-w", str(world.workspace), "-c", "square", *arguments])


def test_a_store_that_is_damaged_refuses_every_change(world, capsys):
    state = world.workspace / ".netmgr"
    state.mkdir(mode=0o700)
    (state / "store.db").write_bytes(b"not a database, but long enough to be read as one" * 40)
    assert command(world, "deploy", "--yes") == 5
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 2)
    assert err.splitlines()[1].startswith(f"error: refused (log): {state}/store.db: service log: ")
    assert command(world, "deploy", "--yes", "-o", "json") == 5
    document = json.loads(capsys.readouterr().out)
    assert (document["code"], [refusal["gate"] for refusal in document["refused"]]) == (5, ["log"])


def test_without_host_keys_nothing_is_contacted(world, capsys):
    assert command(world, "plan", "-l", "r1") == 3
    out = capsys.readouterr().out
    known_hosts = world.workspace / ".netmgr/known_hosts/square"
    assert out.startswith(
        f"not planned: r1: connect: no host key on record: there is no {known_hosts}; "
        "`netmgr doctor` shows the key that is offered, `netmgr doctor --enrol r1` records it"
    )
    assert out.rstrip().endswith("no changes; 0 devices read as intended, 1 could not be read")


def test_people_yaml_decides_who_may_change(world, capsys):
    people = world.workspace / "config/people.yaml"
    people.write_text("p-9:\n  logins: [nobody-here]\n  roles: {square: [engineer]}\n")
    assert command(world, "deploy", "--yes") == 5
    err = capsys.readouterr().err
    assert err.splitlines()[-1].endswith(
        " may not change square; config/people.yaml says who may; ask somebody with the role"
    )
    assert err.splitlines()[-1].startswith("error: refused (access): uid-")


def test_what_shall_become_of_a_mixed_network_is_said_once(world, capsys):
    assert command(world, "recover", "--back", "--forward") == 64
    assert command(world, "recover", "0198") == 64
    assert capsys.readouterr().err.splitlines() == [
        "error: --back and --forward exclude each other",
        "error: what shall become of 0198? add --back or --forward",
    ]
