"""Metrics as Prometheus reads them: its own parser is the judge."""

import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from netmgr.cli.main import run
from netmgr.errors import UsageError
from netmgr.ports.runs import Run, Standing
from tests.unit.log.drafts import draft, intent

ROOT = Path(__file__).parents[3]
SCHEDULE = 'nightly: {job: audit, cron: "0 2 * * *"}\n'


def read(text):
    """(name, labels but the client, value) of every number."""
    return {
        (
            sample.name,
            *(value for name, value in sorted(sample.labels.items()) if name != "client"),
        ): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def busy(office, capsys):
    """A client with something of everything."""
    (office.workspace / "config/schedule.yaml").write_text(SCHEDULE)
    totals = {"devices": 3, "compliant": 2, "drifted": 1, "unreachable": 0, "error": 0}
    office.log(
        draft(kind="audit", action="audit", device="core1", outcome="drifted"),
        draft(kind="audit", action="audit", outcome="drifted", facts=totals),
    )
    office.mail.down()
    office.send()
    office.log(intent("c-2"), draft(kind="report", action="report", outcome="draft"))
    due = office.clock.now()
    office.wiring.runs.account("acme", "nightly", Standing("x", due), [Run("acme", "nightly", due, "failed")])
    states = {"core1": "up", "core2": "down", "core3": "unknown", "core4": "exempt"}
    office.wiring.samples.take("acme", "network", due, 60, states)
    return office


def test_how_a_client_stands(busy, capsys):
    assert run(["-w", str(busy.workspace), "metrics", "-c", "acme"]) == 0
    known = read(capsys.readouterr().out)
    at = busy.clock.now().timestamp()
    waited = known.pop(("netmgr_outbox_oldest_seconds",))
    following = known.pop(("netmgr_schedule_next_timestamp_seconds", "nightly"))
    assert waited > 0
    assert following % 86_400 == 3600  # 02:00 in Berlin, in winter
    assert {key: value for key, value in known.items() if key[0] != "netmgr_info"} == {
        ("netmgr_log_entries_total",): 5,
        ("netmgr_open_changes", "network"): 1,
        ("netmgr_open_changes", "lab"): 0,
        ("netmgr_last_end_timestamp_seconds", "audit"): at,
        ("netmgr_last_end_well", "audit"): 0,
        ("netmgr_last_end_timestamp_seconds", "report"): at,
        ("netmgr_last_end_well", "report"): 1,
        ("netmgr_audited_devices", "compliant"): 2,
        ("netmgr_audited_devices", "drifted"): 1,
        ("netmgr_audited_devices", "unreachable"): 0,
        ("netmgr_audited_devices", "error"): 0,
        ("netmgr_notify_rules",): 1,
        ("netmgr_notifications", "pending"): 1,
        ("netmgr_notifications", "sending"): 0,
        ("netmgr_notifications", "sent"): 1,
        ("netmgr_notifications", "failed"): 0,
        ("netmgr_outbox_batches",): 1,
        ("netmgr_schedule_readable",): 1,
        ("netmgr_schedule_last_due_timestamp_seconds", "nightly"): at,
        ("netmgr_schedule_last_well", "nightly"): 0,
        ("netmgr_probe_timestamp_seconds",): at,
        ("netmgr_device_up", "core1"): 1,
        ("netmgr_device_up", "core2"): 0,
    }


def test_the_reference_names_every_metric_with_its_labels(busy, capsys):
    assert run(["-w", str(busy.workspace), "metrics"]) == 0
    measured = {
        sample.name: set(sample.labels)
        for family in text_string_to_metric_families(capsys.readouterr().out)
        for sample in family.samples
    }
    text = (ROOT / "docs/reference/metrics.md").read_text()
    rows = re.findall(r"^\| `(netmgr_\w+)` \| (.*?) \|", text, re.MULTILINE)
    assert {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows} == measured


def test_a_file_for_node_exporter_is_replaced_at_once(busy, capsys):
    path = busy.workspace / "netmgr.prom"
    for _ in range(2):
        assert run(["-w", str(busy.workspace), "metrics", "--textfile", str(path)]) == 0
    assert ("netmgr_open_changes", "network") in read(path.read_text())
    assert [each.name for each in busy.workspace.iterdir() if "prom" in each.name] == ["netmgr.prom"]
    assert run(["-w", str(busy.workspace), "metrics", "--textfile", str(path.with_suffix(".txt"))]) == 64
    assert run(["-w", str(busy.workspace), "metrics", "--textfile", str(path / "x.prom")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_they_are_served_on_loopback_to_who_names_this_machine(busy):
    arguments = ["-w", str(busy.workspace), "metrics", "--listen", "127.0.0.1:0"]
    program = "from netmgr.cli.main import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stderr=subprocess.PIPE, text=True
    ) as child:
        try:
            url = child.stderr.readline().removeprefix("serving ").strip()
            before = read(urllib.request.urlopen(url, timeout=30).read().decode())
            busy.change("c-9", "applied")
            after = read(urllib.request.urlopen(url, timeout=30).read().decode())
            entries = ("netmgr_log_entries_total",)
            assert after[entries] == before[entries] + 1
            elsewhere = urllib.request.Request(url, headers={"Host": "evil.example"})
            for wrong in (url.replace("/metrics", "/"), elsewhere):
                with pytest.raises(urllib.error.HTTPError) as refused:
                    urllib.request.urlopen(wrong, timeout=30)
                assert refused.value.code == 404
                refused.value.close()
            child.terminate()
            assert child.wait(timeout=30) == 0
        finally:
            child.kill()


#: Asked to stop while it measures.
STOPPED = """\
import os, signal
from netmgr.workflows import metrics
measured = metrics.metrics
def stopped(gauges):
    os.kill(os.getpid(), signal.%s)
    return measured(gauges)
metrics.metrics = stopped
from netmgr.cli.main import main
main()
"""


@pytest.mark.parametrize("asked", ["SIGTERM", "SIGINT"])
def test_a_request_that_is_under_way_is_answered_before_the_server_ends(busy, asked):
    arguments = ["-w", str(busy.workspace), "metrics", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(
        [sys.executable, "-c", STOPPED % asked, *arguments], stderr=subprocess.PIPE, text=True
    ) as child:
        try:
            url = child.stderr.readline().removeprefix("serving ").strip()
            known = read(urllib.request.urlopen(url, timeout=30).read().decode())
            assert known["netmgr_log_entries_total",] == 5
            assert child.wait(timeout=30) == 0
        finally:
            child.kill()


@pytest.mark.parametrize(
    "listen", ["0.0.0.0:9469", "192.0.2.1:9469", "[::]:9469", "localhost:9469", "9469", "127.0.0.1:x"]
)
def test_they_are_served_nowhere_else(busy, capsys, listen):
    assert run(["-w", str(busy.workspace), "metrics", "--listen", listen]) == UsageError.code
    assert f"error: --listen {listen.rpartition(':')[0].strip('[]') or listen}" in capsys.readouterr().err


def test_where_nobody_is_told_nothing_waits(busy, capsys):
    numbers = []
    for text in ("rules: []\n", "rules: {}\n"):
        (busy.workspace / "config/notify.yaml").write_text(text)
        assert run(["-w", str(busy.workspace), "metrics"]) == 0
        known = read(capsys.readouterr().out)
        numbers.append((known["netmgr_notify_rules",], ("netmgr_outbox_oldest_seconds",) in known))
    assert numbers == [(0, False), (-1, True)]


def test_a_client_whose_schedule_is_wrong_has_the_other_numbers(busy, capsys):
    (busy.workspace / "config/schedule.yaml").write_text("nightly: {job: sleep}\n")
    assert run(["-w", str(busy.workspace), "metrics"]) == 0
    known = read(capsys.readouterr().out)
    assert known["netmgr_schedule_readable",] == 0
    assert known["netmgr_open_changes", "network"] == 1
