"""Completion as a shell asks for it: in a real bash, with the script that `netmgr completion bash` prints."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from netmgr.adapters.settings_yaml import load_settings
from netmgr.adapters.workspace_files import make_workspace
from netmgr.cli.main import COMMANDS
from netmgr.service.invoice_record import facts_of
from netmgr.wiring import Wiring
from tests.unit.log.drafts import draft, intent, result
from tests.unit.model.invoices import invoice

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    directory = tmp_path_factory.mktemp("completion") / "work"
    make_workspace(directory, examples=True)
    return directory


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    """What `netmgr completion bash` prints, in a file: each bash sources it, and need not have it printed anew."""
    done = subprocess.run(
        [BIN / "netmgr", "completion", "bash"], stdout=subprocess.PIPE, check=True, timeout=60
    )
    file = tmp_path_factory.mktemp("script") / "netmgr.bash"
    file.write_bytes(done.stdout)
    return file


@pytest.fixture
def completed(script):
    return partial(offered_by, script)


def offered_by(script, workspace, line):
    """What bash offers at the end of ``line``."""
    words = line.split(" ")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NETMGR_")}
    environment["PATH"] = f"{BIN}:{environment['PATH']}"
    program = (
        'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
        '_netmgr_completion netmgr; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", program, script, *words],
        cwd=workspace,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == ""
    return done.stdout.split()


CASES = [
    ("netmgr ro", ["rollback"]),
    ("netmgr de", [name for name in COMMANDS if name.startswith("de")]),
    ("netmgr plan --detailed", ["--detailed-exitcode"]),
    ("netmgr plan -c a", ["abilene", "acme"]),
    ("netmgr -c acme plan -l co", ["core1", "core2"]),
    ("netmgr plan -c acme -l da", []),
    ("netmgr plan -c acme -l edge1,co", ["edge1,core1", "edge1,core2"]),
    ("netmgr plan -c acme --role br", ["branch"]),
    ("netmgr plan -c acme --site h", ["hq"]),
    ("netmgr plan -c acme --group pro", ["provider"]),
    ("netmgr plan -c acme --platform f", ["frr"]),
    ("netmgr -c acme inventory show so", ["south1"]),
    ("netmgr -o j", ["json"]),
    ("netmgr schema inv", ["inventory"]),
    ("netmgr doctor -c acme --enrol co", ["core1", "core2"]),
    ("netmgr log list -c acme --device co", ["core1", "core2"]),
    ("netmgr lab st", ["status"]),
    ("netmgr plan -l co", []),
    ("netmgr plan -c nobody -l co", []),
]


@pytest.mark.parametrize(("line", "offered"), CASES, ids=[line for line, _ in CASES])
def test_bash_offers(completed, workspace, line, offered):
    assert sorted(completed(workspace, line)) == sorted(offered)


def test_changes_are_those_of_the_log_and_nothing_else_there(completed, workspace):
    log = Wiring(workspace, load_settings(workspace)).service_log
    log.append(
        "acme",
        [intent("c-1"), result("c-1"), intent("c-2"), intent("d-1"), draft(kind="audit", change="c-9")],
    )
    assert completed(workspace, "netmgr rollback -c acme c") == ["c-1", "c-2"]


def test_invoices_are_those_that_were_issued(completed, workspace):
    log = Wiring(workspace, load_settings(workspace)).service_log
    made = invoice()
    for count in (1, 2, 13):
        facts = facts_of(made, "R-", count) | {"number": f"R-{count:05}"}
        log.append("acme", [draft(kind="invoice", action="issue", outcome="issued", facts=facts)])
    assert sorted(completed(workspace, "netmgr invoice show -c acme R-0000")) == ["R-00001", "R-00002"]


def test_payments_are_those_that_were_taken_down(completed, workspace):
    log = Wiring(workspace, load_settings(workspace)).service_log
    log.append(
        "acme",
        [draft(kind="payment", action="record", outcome="recorded", facts={"id": "P-7", "amount": "1"})],
    )
    assert completed(workspace, "netmgr payment record R-1 -c acme --corrects P") == ["P-7"]


@pytest.mark.parametrize(
    "line",
    [
        "ticket show -c acme T-",
        "oncall ack -c acme T-",
        "log list -c acme --ticket T-",
        "time list -c acme --ticket T-",
    ],
)
def test_tickets_are_those_of_the_log(completed, workspace, line):
    log = Wiring(workspace, load_settings(workspace)).service_log
    acts = (("open", "T-1"), ("ack", "T-1"), ("open", "T-12"))
    log.append("acme", [draft(kind="ticket", action=act, ticket=one) for act, one in acts])
    log.append("acme", [draft(kind="change", change="c-t", ticket="T-3")])
    assert completed(workspace, f"netmgr {line}") == ["T-1", "T-12"]


def test_corrections_are_those_that_stand(completed, workspace):
    log = Wiring(workspace, load_settings(workspace)).service_log
    said = (("record", "A-1"), ("record", "A-2"), ("withdraw", "A-1"))
    log.append("acme", [draft(kind="adjustment", action=act, facts={"id": one}) for act, one in said])
    assert completed(workspace, "netmgr invoice adjust -c acme --withdraw A") == ["A-2"]


def test_outside_a_workspace_commands_still_complete(completed, tmp_path):
    assert completed(tmp_path, "netmgr validate -c a") == []
    assert completed(tmp_path, "netmgr vali") == ["validate"]


@pytest.mark.parametrize(
    ("shell", "mark"),
    [("bash", "complete -o nosort -F"), ("zsh", "#compdef netmgr"), ("fish", "complete --no-files")],
)
def test_each_shell_has_its_script(shell, mark):
    done = subprocess.run(
        [BIN / "netmgr", "completion", shell], capture_output=True, text=True, check=True, timeout=60
    )
    assert mark in done.stdout
