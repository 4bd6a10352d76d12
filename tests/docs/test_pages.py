"""The pages agree with the code and with each other."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest
import yaml

from netmgr.cli.main import COMMANDS, run
from netmgr.cli.view_notify import notification_document, sent_document, tried_document
from netmgr.cli.view_oncall import called_document, duty_document
from netmgr.cli.view_schedule import coming_document, job_document, run_document
from netmgr.cli.view_time import draft_document, entry_document, used_document
from netmgr.model.adoption import AdoptedDevice, Adoption
from netmgr.model.agreement import Agreement
from netmgr.model.agreement_fees import Fees, HoursIncluded
from netmgr.model.agreement_levels import Promises
from netmgr.model.agreement_scope import Coverage
from netmgr.model.approval import Approved
from netmgr.model.asset import Asset
from netmgr.model.audit import Audit, AuditedDevice
from netmgr.model.backup import BackedUpDevice, BackupList, BackupRun, ListedVersion
from netmgr.model.backup_set import ConfigurationSet, DatabaseSet, FilesSet
from netmgr.model.change import DeployResult, Plan, PlannedDevice
from netmgr.model.checkup import Check, Checkup
from netmgr.model.client import Client
from netmgr.model.drill import Drill, DrilledDevice
from netmgr.model.notice import SentNotice
from netmgr.model.notification import Event, Notification
from netmgr.model.notify_settings import MailServer, Notifier, NotifySettings, Rule, Webhook
from netmgr.model.playbook import PlaybookRun, PlayedHost
from netmgr.model.probe import (
    CheckedDay,
    CheckedSamples,
    MeasuredClient,
    MeasuredDevice,
    ProbedDevice,
    ProbedHistory,
    ProbeRun,
    ProbeSettings,
    ProbeState,
    Transition,
)
from netmgr.model.provider import Bank, LegalEntity, Provider, Series
from netmgr.model.rehearsal import Rehearsal
from netmgr.model.schedule import KINDS, Planned, ScheduledJob
from netmgr.model.service_calendar import ServiceCalendar
from netmgr.model.shown import Shown, ShownDevice
from netmgr.model.status import DeviceStanding, Status
from netmgr.model.time_entry import TimeDraft, TimeEntry, TimeSource
from netmgr.notify.events import severity_of
from netmgr.notify.message import payload
from netmgr.notify.routing import Told, route
from netmgr.platforms import FORMS
from netmgr.service.escalation import Call
from netmgr.service.hours_used import Period, Used
from netmgr.workflows.notify_trial import Tried
from netmgr.workflows.oncall import Called
from netmgr.workflows.schedule import JobStanding, Ran
from netmgr.workflows.sender import Sent

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("kind", ["tutorial", "how-to", "reference"])
def test_the_readme_leads_to_every_page(kind):
    linked = set(re.findall(rf"\]\((docs/{kind}/[^)#]+\.md)", (ROOT / "README.md").read_text()))
    assert linked == {str(page.relative_to(ROOT)) for page in (ROOT / "docs" / kind).glob("*.md")}


def test_the_readme_s_platforms_are_those_that_there_are():
    text = (ROOT / "README.md").read_text().split("Supported today:")[1].split("\n\n")[0]
    makers = {"FRRouting": "frr", "Arista EOS": "eos", "Cisco IOS": "ios", "Juniper Junos": "junos"}
    assert [maker for maker in makers if maker in " ".join(text.split())] == [*makers]
    assert set(FORMS) == {*makers.values(), "linux"}


def test_the_readme_s_picture_is_what_the_command_draws(tmp_path):
    assert run(["-w", str(ROOT), "inventory", "graph", "-c", "acme", "--out", str(tmp_path)]) == 0
    assert (tmp_path / "acme.svg").read_text() == (ROOT / "docs/images/acme.svg").read_text()


def table_keys(section):
    rows = re.findall(r"^\| ((?:`\w+` ?)+)\|", section, re.MULTILINE)
    return {key for row in rows for key in re.findall(r"`(\w+)`", row)}


def test_the_json_reference_names_exactly_the_keys_of_the_documents():
    text = (ROOT / "docs/reference/json.md").read_text()
    plan, rest = text.split("## netmgr.plan/1")[1].split("A device of a plan:")
    device, deploy = rest.split("## netmgr.deploy/1")
    shown = {name for name, field in PlannedDevice.model_fields.items() if not field.exclude}
    assert table_keys(plan) == set(Plan.model_fields)
    assert table_keys(device) == shown
    deploy, rest = deploy.split("## netmgr.approval/1")
    approval, rest = rest.split("## netmgr.notice/1")
    notice, rest = rest.split("## netmgr.audit/1")
    audit, rest = rest.split("A device of an audit:")
    assert table_keys(deploy) == set(DeployResult.model_fields)
    assert table_keys(approval) == set(Approved.model_fields)
    assert table_keys(notice) == set(SentNotice.model_fields)
    assert table_keys(audit) == set(Audit.model_fields)
    assert table_keys(rest.split("| `check` | it")[0]) == set(AuditedDevice.model_fields)
    run, device = rest.split("## netmgr.backup/1")[1].split("A device of a backup:")
    device, listed = device.split("## netmgr.backups/1")
    listed, version = listed.split("A version of a backup:")
    version = version.split("`backup show` prints")[0]
    assert table_keys(run) == set(BackupRun.model_fields)
    assert table_keys(device) == set(BackedUpDevice.model_fields)
    assert table_keys(listed) == set(BackupList.model_fields)
    assert table_keys(version) == set(ListedVersion.model_fields)
    status, standing = rest.split("## netmgr.status/1")[1].split("A device of a status:")
    assert table_keys(status) == set(Status.model_fields)
    assert table_keys(standing.split("`status` without `-c`")[0]) == set(DeviceStanding.model_fields)


def test_the_json_reference_names_the_keys_of_a_playbook_s_run():
    text = (ROOT / "docs/reference/json.md").read_text().split("## netmgr.playbook/1")[1].split("\n## ")[0]
    run, host = text.split("A device of a playbook's run:")
    assert table_keys(run) == set(PlaybookRun.model_fields)
    assert table_keys(host) == set(PlayedHost.model_fields)


def test_the_inventory_reference_names_what_can_be_owned():
    text = (ROOT / "docs/reference/inventory.md").read_text()
    rows = re.findall(
        r"^\| ((?:`\w+` ?)+)\| ([a-z, ]+?) \|",
        text.split("| can be owned |")[1].split("\n\n")[0],
        re.MULTILINE,
    )
    ours = {name: form.ownable for name, form in FORMS.items() if form.ownable}
    said = {name: set() for name in ours}
    for features, platforms in rows:
        for name in ours if platforms == "all" else platforms.split(", "):
            said[name] |= set(re.findall(r"`(\w+)`", features))
    assert said == ours


def test_the_documents_of_looking_at_devices():
    text = (ROOT / "docs/reference/json.md").read_text()
    shown, device = text.split("## netmgr.show/1")[1].split("\n## ")[0].split("A device that was selected:")
    assert table_keys(shown) == set(Shown.model_fields)
    assert table_keys(device) == set(ShownDevice.model_fields)
    checkup, check = text.split("## netmgr.doctor/1")[1].split("\n## ")[0].split("A check of a self-test:")
    assert table_keys(checkup) == set(Checkup.model_fields)
    assert table_keys(check) == set(Check.model_fields)


def test_the_document_of_an_adoption():
    text = (ROOT / "docs/reference/json.md").read_text()
    made, device = text.split("## netmgr.adopt/1")[1].split("\n## ")[0].split("A device that was selected:")
    assert table_keys(made) == set(Adoption.model_fields)
    assert table_keys(device) == set(AdoptedDevice.model_fields)


def test_the_document_of_a_rehearsal():
    text = (ROOT / "docs/reference/json.md").read_text()
    section = text.split("## netmgr.rehearsal/1")[1].split("\n## ")[0]
    assert table_keys(section) == set(Rehearsal.model_fields)


def test_the_reference_of_backups_names_every_key_of_a_set():
    """And its example is one that netmgr reads."""
    text = (ROOT / "docs/reference/backups.md").read_text().split("## Backup sets")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", text, re.MULTILINE)
    named = {key for row in rows for key in re.findall(r"\w+", row)}
    models = (ConfigurationSet, FilesSet, DatabaseSet)
    assert named == {key for model in models for key in model.model_fields}
    example = yaml.safe_load(re.search(r"```yaml\n(.*?)```", text, re.DOTALL)[1])
    client = Client.model_validate({"id": "acme", **example})
    assert {each.kind for each in client.backup_sets.values()} == {"configuration", "files", "database"}


def test_the_document_of_a_drill():
    text = (ROOT / "docs/reference/json.md").read_text()
    made, device = text.split("## netmgr.drill/1")[1].split("\n## ")[0].split("A device of a drill:")
    assert table_keys(made) == set(Drill.model_fields)
    assert table_keys(device) == set(DrilledDevice.model_fields)


def test_the_documents_of_availability():
    text = (ROOT / "docs/reference/json.md").read_text()
    text = text.split("## Availability documents")[1].split("\n## ")[0]
    ran, rest = text.split("`netmgr.availability/1`")
    client, device = rest.split("A device's availability:")
    device, history = device.split("`netmgr.availability-device/1`")
    history, checked = history.split("`netmgr.probe-check/1`")
    assert table_keys(ran) == set(ProbeRun.model_fields)
    assert set(re.findall(r"`(\w+)`", ran.split("| `devices` |")[1].split("\n")[0])) == {
        *ProbedDevice.model_fields,
        *get_args(ProbeState),
    }
    assert table_keys(client) == set(MeasuredClient.model_fields)
    assert table_keys(device) == set(MeasuredDevice.model_fields)
    transition = {field.serialization_alias or name for name, field in Transition.model_fields.items()}
    named = set(re.findall(r"`(\w+)`", history))
    assert named == set(ProbedHistory.model_fields) | transition
    assert set(re.findall(r"`(\w+)`", checked)) >= {*CheckedSamples.model_fields, *CheckedDay.model_fields}


def test_the_inventory_reference_names_every_key_of_probes():
    text = (ROOT / "docs/reference/inventory.md").read_text().split("### probe\n")[1].split("\n### ")[0]
    assert table_keys(text) == set(ProbeSettings.model_fields)


def test_every_document_that_a_command_prints_is_in_the_reference():
    sources = "".join(path.read_text() for path in (ROOT / "netmgr/cli").glob("*.py"))
    printed = set(re.findall(r'print_json\(\s*"([a-z-]+)"', sources))
    described = set(re.findall(r"netmgr\.([a-z-]+)/1", (ROOT / "docs/reference/json.md").read_text()))
    assert printed
    assert printed - described == set()


def test_the_agreement_reference_names_every_key():
    text = (ROOT / "docs/reference/agreement.md").read_text()

    def keys(model):
        return {field.alias or name for name, field in model.model_fields.items()}

    for heading, model in (
        ("\n## agreement.yaml\n", Agreement),
        ("\n### coverage\n", Coverage),
        ("\n### calendar\n", ServiceCalendar),
        ("\n### promises\n", Promises),
        ("\n### fees\n", Fees),
        ("\n## assets.yaml\n", Asset),
    ):
        section = re.split(r"\n##", text.split(heading)[1])[0]
        assert table_keys(section) == keys(model), heading


def test_the_provider_reference_names_every_key_and_its_example_is_read():
    text = (ROOT / "docs/reference/provider.md").read_text()
    models = {
        "# config/provider.yaml": Provider,
        "## An entity": LegalEntity,
        "## A bank": Bank,
        "## A series": Series,
    }
    for heading, model in models.items():
        section = re.split(r"\n##", text.split(f"{heading}\n")[1])[0]
        assert table_keys(section) == set(model.model_fields), heading
    example = Provider.model_validate(yaml.safe_load(re.search(r"```yaml\n(.*?)```", text, re.DOTALL)[1]))
    assert {client: example.of(client)[0] for client in ("haichuan", "acme")} == {
        "haichuan": "shanghai",
        "acme": "berlin",
    }


def test_every_command_is_in_the_changelog():
    text = (ROOT / "CHANGELOG.md").read_text()
    assert [name for name in COMMANDS if not re.search(rf"\b{name}\b", text)] == []


def test_the_schedule_reference_names_every_key_of_every_job():
    """And its example is one that netmgr reads."""
    text = (ROOT / "docs/reference/schedule.md").read_text()
    own = {kind: set(model.model_fields) - set(ScheduledJob.model_fields) for kind, model in KINDS.items()}
    tables = {kind: text.split(f"\n## {kind}\n")[1].split("\n## ")[0] for kind in KINDS}
    every = text.split("## What every job has")[1].split("\n## ")[0]
    rows = r"^\| ((?:`\w+`(?:, )?)+) \|"

    def keys(section):
        return {key for row in re.findall(rows, section, re.MULTILINE) for key in re.findall(r"\w+", row)}

    assert keys(every) == set(ScheduledJob.model_fields)
    assert {kind: keys(section) for kind, section in tables.items()} == own
    example = yaml.safe_load(re.search(r"```yaml\n(.*?)```", text, re.DOTALL)[1])
    assert {entry["job"] for entry in example.values()} == {"audit", "report"}
    for entry in example.values():
        KINDS[entry["job"]].model_validate(entry)


def test_the_documents_of_a_schedule():
    """Of the rows that the view makes: there is no model of them."""
    text = (ROOT / "docs/reference/json.md").read_text().split("## Schedule documents")[1].split("\n## ")[0]
    listed, ran = text.split("`netmgr.schedule-next/1`")
    at = datetime(2026, 11, 23, tzinfo=UTC)
    job = KINDS["audit"](job="audit", cron="0 0 * * *")
    planned = Planned(client="acme", name="nightly", zone="UTC", job=job, place="x:1")
    assert table_keys(listed) == set(job_document(JobStanding(planned, at, None)))
    assert table_keys(ran) == set(run_document(Ran("acme", "nightly", at, "done", "compliant")))
    shown = re.search(r"`runs`: (.*)\.", ran)[1]
    assert set(re.findall(r"`(\w+)`", shown)) == set(coming_document(at, planned))


def test_the_notify_reference_names_every_key_and_its_example_is_read():
    text = (ROOT / "docs/reference/notify.md").read_text()

    def section(title):
        return text.split(f"\n## {title}\n")[1].split("\n## ")[0]

    def keys(model):
        return {field.alias or name for name, field in model.model_fields.items()}

    models = {"The file": NotifySettings, "A mail server": MailServer, "A webhook": Webhook, "A rule": Rule}
    models["Ways of your own"] = Notifier
    assert {title: table_keys(section(title)) for title in models} == {t: keys(m) for t, m in models.items()}
    settings = NotifySettings.model_validate(
        yaml.safe_load(re.search(r"```yaml\n(.*?)```", text, re.DOTALL)[1])
    )
    assert len(settings.rules) == 3
    for row in re.findall(r"^\| `(critical|error|warning)` \| (.*) \|$", text, re.MULTILINE):
        assert {severity_of(outcome) for outcome in re.findall(r"`(\w+)`", row[1])} == {row[0]}


def test_the_notify_reference_describes_what_a_webhook_is_sent():
    text = (ROOT / "docs/reference/notify.md").read_text().split("## What a webhook is sent")[1]
    body, rest = text.split("`data`:")
    data, item = rest.split("An item, of which")
    event = Event(
        *("audit.drifted", "warning", "once", "x", "network", "r-1", "audit", "drifted", "2026", "main", 1),
        device="core1",
        change="c-1",
        ticket="T-1",
        devices={"applied": ("core1",)},
    )
    settings = NotifySettings.model_validate(
        {"webhooks": {"x": {"url": "https://x", "secret": "secret://file/x"}}, "rules": [{"to": "webhook:x"}]}
    )
    at = datetime(2026, 11, 23, tzinfo=UTC)
    (made,) = route("acme", [event], {}, settings=settings, contacts=(), now=at).notifications
    sent = json.loads(payload(json.loads(made.document)))
    assert table_keys(body) == set(sent)
    assert table_keys(data) == set(sent["data"])
    assert table_keys(item.split("\n## ")[0]) == set(Told(event, "problem", "2026").document())


def test_the_documents_of_notifications():
    text = (
        (ROOT / "docs/reference/json.md").read_text().split("## Notification documents")[1].split("\n## ")[0]
    )
    sent, rest = text.split("`netmgr.notify-list/1`")
    listed, tried = rest.split("`netmgr.notify-test/1`")
    note = Notification("n-1", "acme", "webhook:x", "info", "2026", b"{}")
    assert table_keys(sent) == set(sent_document(Sent("acme")))
    assert table_keys(listed) == set(notification_document(note))
    assert table_keys(tried) == set(tried_document(Tried("webhook:x", None)))


def test_the_json_reference_names_the_keys_of_duties_and_time():
    entry = TimeEntry(id="H-1", person="p-1", service="network", begin=0, end=60, entry="e")
    line = Used(0, HoursIncluded(hours="1"), Period(date(2026, 1, 1), date(2026, 1, 31), 0, 1), 3600, 0, 0)
    draft = TimeDraft(TimeSource(kind="change", ref="c-1"), "p-1", 0, 60, None, "deploy")
    text = (ROOT / "docs/reference/json.md").read_text()
    for name, found in (
        ("oncall", duty_document("acme", None)),
        ("oncall-escalation", called_document("acme", Called("T-1", Call("p-1", 1, 6), told=True))),
        ("time", {"client": "acme", **entry_document(entry)}),
        ("time-list", {"client": "acme", "entries": [], "used": [], **used_document(line)}),
        ("time-drafts", {"client": "acme", "drafts": [], **draft_document(draft)}),
    ):
        said = text.split(f"`netmgr.{name}/1`:")[1].split("`netmgr.")[0]
        assert found.keys() <= set(re.findall(r"`(\w+)`", said)), name
