"""From ansible-runner's events to each host's result."""

from typing import Any

from netmgr.adapters.ansible_events import Events
from netmgr.model.playbook import Playbook
from netmgr.ports.playbooks import PlayOrder
from netmgr.ports.progress import Silent


def order(**more: Any) -> PlayOrder:
    book = Playbook(name="do", file="playbooks/do.yaml", plays=("Do",), hosts=("all",))
    said: dict[str, Any] = {
        "playbook": book,
        "client": "acme",
        "inventory": {},
        "secrets": {"token": "s3cr3t-value"},
        "devices": ("a", "b", "c", "d"),
        "check": False,
        "local": False,
    }
    return PlayOrder(**said | more)


def event(kind: str, host: str, task: str = "Do", *, ignore: bool = False, **res: Any) -> dict[str, Any]:
    return {
        "event": f"runner_on_{kind}",
        "event_data": {"host": host, "task": task, "res": res, "ignore_errors": ignore},
    }


def stats(**counts: dict[str, int]) -> dict[str, Any]:
    return {"event": "playbook_on_stats", "event_data": counts}


def played(*events: dict[str, Any], canceled: bool = False, code: int = 0):
    taker = Events(order(), Silent())
    assert {taker(each) for each in events} <= {False}, "nothing is written to a file"
    return taker.played(canceled=canceled, code=code)


def test_each_host_has_one_word_and_its_counts():
    done = played(
        event("ok", "a"),
        event("ok", "a", "Change", changed=True),
        event("skipped", "a"),
        event("failed", "b", msg="no s3cr3t-value", stderr="a\nb"),
        event("unreachable", "c", msg="Host key verification failed."),
        stats(ok={"a": 2}, changed={"a": 1}, failures={"b": 1}, dark={"c": 1}),
    )
    assert done.error is None
    assert [(h.device, h.status, h.ok, h.changed, h.failed, h.skipped, h.error) for h in done.hosts] == [
        ("a", "changed", 2, 1, 0, 1, None),
        ("b", "failed", 0, 0, 1, 0, "b: Do: no <secret:token>: a b"),
        ("c", "unreachable", 0, 0, 0, 0, "c: Do: Host key verification failed."),
    ]


def test_a_failure_that_the_playbook_ignores_is_told_and_is_none():
    done = played(event("failed", "a", msg="never mind", ignore=True), stats(ok={"a": 1}, failures={}))
    (host,) = done.hosts
    assert (host.status, host.tasks[0].status, host.tasks[0].message) == ("ok", "ignored", "never mind")


def test_diffs_of_tasks_and_of_loops_are_unified_and_hide_secrets():
    one = {"before": "a\n", "after": "a\ns3cr3t-value\n", "after_header": "/etc/x"}
    done = played(
        event("ok", "a", diff=[one], changed=True),
        event(
            "ok",
            "a",
            results=[{"diff": {"before": {"state": "absent"}, "after": {"state": "file"}}}],
            changed=True,
        ),
        event("ok", "a", diff=[{"prepared": "+ package\n"}]),
        stats(ok={"a": 3}),
    )
    assert done.hosts[0].diff == (
        "--- before\n+++ /etc/x\n@@ -1 +1,2 @@\n a\n+<secret:token>\n"
        '--- before\n+++ after\n@@ -1,3 +1,3 @@\n {\n-  "state": "absent"\n+  "state": "file"\n }\n'
        "+ package\n"
    )


def test_a_run_that_ansible_did_not_finish_has_failed_and_says_why():
    lines = [
        {"event": "verbose", "stdout": "[ERROR]: conflicting action statements"},
        {"event": "verbose", "stdout": ""},
    ]
    done = played(*lines, code=4)
    assert (done.hosts, done.error) == ((), "conflicting action statements")
    assert played(code=9).error == "Ansible ended with code 9 and said nothing"


def test_hosts_of_a_run_that_was_interrupted_have_failed():
    done = played(event("ok", "a"), canceled=True, code=254)
    assert [(host.device, host.status) for host in done.hosts] == [("a", "failed")]
    assert done.error == "interrupted; what was begun on a host may be half done"


def test_a_large_diff_is_cut():
    big = {"before": "", "after": "x\n" * 300_000}
    (host,) = played(event("ok", "a", diff=[big]), stats(ok={"a": 1})).hosts
    assert len(host.diff) < 201_000
    assert host.diff.endswith("\\ the rest is not kept\n")
