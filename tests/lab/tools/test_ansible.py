"""Plain Ansible through the inventory script, on real SSH servers."""

import json
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.lab

SCRIPT = ("-i", "playbooks/inventory.sh")


def ansible(office, *words, code=0, **environment):
    """Each host's result."""
    output = office.run(
        "ansible", *SCRIPT, *words, code=code, ANSIBLE_CALLBACK_RESULT_FORMAT="json", **environment
    )
    results = {}
    for host, word, answer in re.findall(r"^(\S+) \| (\S+) => (\{.*?^\})", output, re.MULTILINE | re.DOTALL):
        results[host] = (word, json.loads(answer))
    return results


def test_ping(office):
    results = ansible(office, "-m", "ping", "all")
    assert {name: (word, answer["ping"]) for name, (word, answer) in results.items()} == {
        "linuxhost": ("SUCCESS", "pong"),
        "r1": ("SUCCESS", "pong"),
    }


def test_groups_select(office):
    assert set(ansible(office, "-m", "ping", "role_server:&platform_linux")) == {"linuxhost"}


def test_text_of_the_inventory_is_no_template(office):
    name = "netmgr.data.interfaces.eth1.description"
    for argument in (("-a", f"var={name}"), ("-a", f"msg={{{{ {name} }}}}")):
        (_, answer) = ansible(office, "-m", "debug", *argument, "linuxhost")["linuxhost"]
        assert list(answer.values()) == ["{{ lookup('pipe','id') }}"]


def test_a_host_key_that_is_not_on_record_is_refused(office):
    status = office.document("netmgr", "lab", "status", "-o", "json")
    known = Path(next(d for d in status["devices"] if d["device"] == "linuxhost")["known_hosts"])
    kept = known.read_text()
    known.write_text(kept.replace("127.0.0.1", "127.0.0.9"))
    try:
        # Without the connection that an earlier test may have left open.
        found = ansible(
            office,
            "-m",
            "ping",
            "linuxhost",
            code=4,
            ANSIBLE_SSH_ARGS="-o ControlPath=none",
            ANSIBLE_HOST_KEY_CHECKING="False",
        )
    finally:
        known.write_text(kept)
    word, answer = found["linuxhost"]
    assert word == "UNREACHABLE!"
    assert "Host key verification failed" in answer["msg"]


def test_the_playbook_of_every_workspace_runs(office):
    output = office.run("ansible-playbook", *SCRIPT, "playbooks/ping.yaml")
    assert output.count("ok=1") == 2


def test_the_plug_in_gives_what_the_script_gives(office):
    named = office.root / "office.netmgr.yaml"
    named.write_text("plugin: netmgr.netmgr.inventory\nclient: office\nlab: true\n")
    script = office.document("ansible-inventory", *SCRIPT, "--list")
    assert office.document("ansible-inventory", "-i", str(named), "--list", NETMGR_LAB="0") == script
    assert set(script["_meta"]["hostvars"]) == {"linuxhost", "r1"}
    words = (
        "-i",
        str(named),
        "-m",
        "debug",
        "-a",
        "msg={{ netmgr.data.interfaces.eth1.description }}",
        "linuxhost",
    )
    assert "{{ lookup('pipe','id') }}" in office.run("ansible", *words)
