"""Real mail and real webhooks: what arrives, what does not, and what happens while the receivers are down."""

import json
from base64 import b64decode, b64encode

import pytest

from netmgr.cli.main import run
from netmgr.model.entry import rfc3339
from netmgr.workflows.notify import send_due
from tests.integration.notify.conftest import PASSWORD
from tests.integration.notify.receivers import SECRET, certificates
from tests.unit.log.drafts import result

MAIL, HOOK = "mail:noc@acme.example", "webhook:chat"


def test_a_problem_is_told_by_mail_and_by_webhook(office):
    office.audit("r-1", core1="drifted", core2="compliant")
    done = office.send()
    assert (done.made, done.sent, done.deferred, done.failed, done.problems) == (2, 2, 0, 0, [])
    (mail,), (post,) = office.mail.mails, office.hook.documents
    assert (mail["From"], mail["To"]) == ("netmgr@msp.example", "noc@acme.example")
    assert mail["Subject"] == "warning: acme: audit core1 drifted"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert office.mail.users == ["netmgr"]
    assert mail.get_content().splitlines() == [
        "Acme {{ 7*7 }} (acme), network: warning",
        "",
        "problem: audit.drifted on core1",
        "    when      2026-11-23 09:00:00 CET",
        "    look      netmgr log show -c acme 1",
        "",
        "-- ",
        f"netmgr, notification {office.mail.ids[0]}",
    ]
    assert post == {
        "type": "audit.drifted",
        "timestamp": rfc3339(office.clock.now()),
        "data": {
            "id": office.hook.posts[0][0],
            "client": "acme",
            "target": "network",
            "request": "r-1",
            "time": rfc3339(office.clock.now()),
            "severity": "warning",
            "recovered": False,
            "omitted": 0,
            "items": [
                {
                    "event": "audit.drifted",
                    "severity": "warning",
                    "state": "problem",
                    "outcome": "drifted",
                    "action": "audit",
                    "device": "core1",
                    "time": rfc3339(office.clock.now()),
                    "stream": "main",
                    "seq": 1,
                }
            ],
        },
    }
    assert office.told() == []


def test_the_same_problem_is_told_once_and_its_end_too(office):
    for number, state in enumerate(["drifted", "drifted", "compliant", "compliant"]):
        office.audit(f"r-{number}", core1=state)
        office.send()
        office.wait(3600)
    assert [mail["Subject"] for mail in office.mail.mails] == [
        "warning: acme: audit core1 drifted",
        "well again: acme: audit core1 compliant",
    ]
    assert [post["data"]["items"][0]["state"] for post in office.hook.documents] == ["problem", "recovered"]
    assert office.hook.documents[1]["data"]["items"][0]["since"] == "2026-11-23T08:00:00.000000Z"


def test_down_and_up_again_nothing_is_lost_and_nothing_doubled(office):
    """In their order, each once on the wire; the log says that telling was late, and that it came about."""
    office.send()
    office.mail.down()
    office.hook.down()
    for number in range(3):
        office.change(f"c-{number}", "rolled_back")
        assert office.send().outcome in ("deferred", "nothing")
    assert office.mail.mails == []
    assert office.told() == [("deferred", "mail", 1), ("deferred", "webhook", 1)]
    office.wait(3600)
    assert office.send().deferred == 2
    office.mail.up()
    office.hook.up()
    office.wait(3600)
    done = office.send()
    assert (done.sent, done.deferred, done.failed) == (6, 0, 0)
    made = [(n.recipient, n.id) for n in reversed(office.outbox.notifications("acme", limit=99))]
    assert office.mail.ids == [identity for recipient, identity in made if recipient == MAIL]
    assert [identity for identity, _ in office.hook.posts] == [
        i for recipient, i in made if recipient == HOOK
    ]
    assert {state for _, state in office.states()} == {"sent"}
    assert office.told()[2:] == [("sent", "mail", 3), ("sent", "webhook", 3)]
    office.wait(3600)
    assert office.send().sent == 0


def test_one_receiver_that_is_down_keeps_no_other_waiting(office):
    office.mail.down()
    office.change("c-1", "failed")
    done = office.send()
    assert (done.sent, done.deferred) == (1, 1)
    assert len(office.hook.posts) == 1
    assert done.problems == [f"{MAIL}: localhost: port {office.mail.port}: Connection refused"]


def test_what_is_refused_for_good_is_given_up_and_the_next_one_goes(office):
    office.mail.refused["noc@acme.example"] = "550 5.1.1 no such mailbox"
    office.hook.answers.append((422, {}))
    office.change("c-1", "failed")
    office.change("c-2", "failed")
    done = office.send()
    assert (done.sent, done.failed) == (1, 3)
    assert office.states() == [(MAIL, "failed"), (HOOK, "failed"), (MAIL, "failed"), (HOOK, "sent")]
    assert office.told() == [("failed", "mail", 1), ("failed", "webhook", 1), ("failed", "mail", 1)]
    bodies = [
        office.wiring.service_log.body("acme", entry.body.digest).decode().splitlines()
        for entry in office.wiring.service_log.entries("acme", kind="notify")
    ]
    assert bodies[:2] == [
        [MAIL, "the server answered 550 5.1.1 no such mailbox"],
        [HOOK, "webhook chat: the receiver answered 422"],
    ]


@pytest.mark.parametrize(
    ("answer", "wait"),
    [("451 4.7.1 come again", 30.0), ("421 4.3.0 too busy", 30.0)],
)
def test_a_server_that_asks_to_come_again_is_asked_again(office, answer, wait):
    office.rewrite("config/notify.yaml", (", webhook:chat", ""))
    office.mail.answers.append(answer)
    office.change("c-1", "failed")
    assert office.send().deferred == 1
    office.wait(wait - 1)
    assert office.send().sent == 0
    office.wait(10)
    assert office.send().sent == 1
    assert len(office.mail.mails) == 1


def test_a_webhook_that_asks_for_rest_is_given_it(office):
    office.rewrite("config/notify.yaml", ("role:technical, ", ""))
    office.hook.answers.append((429, {"Retry-After": "600"}))
    office.change("c-1", "failed")
    assert office.send().deferred == 1
    office.wait(599)
    assert office.send().sent == 0
    office.wait(2)
    assert office.send().sent == 1


def test_a_redirect_is_not_followed(office):
    office.rewrite("config/notify.yaml", ("role:technical, ", ""))
    office.hook.answers.append((302, {"Location": f"https://localhost:{office.hook.port}/elsewhere"}))
    office.change("c-1", "failed")
    assert office.send().problems == [f"{HOOK}: webhook chat: the receiver answered 302"]
    assert office.hook.posts == []


def test_it_is_given_up_after_three_days(office):
    office.rewrite("config/notify.yaml", (", webhook:chat", ""))
    office.mail.down()
    office.change("c-1", "failed")
    outcomes = []
    for _ in range(9):
        outcomes.append(office.send().outcome)
        office.wait(12 * 3600)
    assert outcomes == ["deferred"] * 6 + ["failed"] + ["nothing"] * 2
    (told, given_up) = office.told()
    assert (told, given_up[:2]) == (("deferred", "mail", 1), ("failed", "mail"))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            ("  ca: ca.pem\n", ""),
            "localhost: the certificate is not accepted: unable to get local issuer certificate",
        ),
        (("password: secret://file/smtp", "password: secret://file/chat"), "the server answered 535"),
        (
            ("allow: [127.0.0.0/8]\n", ""),
            "127.0.0.1, which is no public address; if it is meant to be contacted, ",
        ),
        (("secret://file/smtp", "secret://file/none"), "_workspace: secret://file/none: "),
        (("port:", "security: tls\n  port:"), "localhost: "),
        (("user: netmgr\n  password: secret://file/smtp", "security: none"), "the server answered 530"),
    ],
    ids=["unknown authority", "wrong password", "not allowed", "no such secret", "no TLS there", "in clear"],
)
def test_mail_that_cannot_be_sent_waits_and_says_why(office, change, problem):
    office.rewrite("config/notify.yaml", change, (", webhook:chat", ""))
    office.change("c-1", "failed")
    done = office.send()
    assert done.deferred == 1
    assert done.problems[0].startswith(f"{MAIL}: ")
    assert problem in done.problems[0]
    assert office.mail.mails == []


def test_a_certificate_for_another_name_is_not_accepted(office, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    office.mail.down()
    office.hook.down()
    office.mail.certificates = office.hook.certificates = certificates(other, "mail.elsewhere.example")
    (office.workspace / "ca.pem").write_bytes(office.mail.certificates.ca.read_bytes())
    office.mail.up()
    office.hook.up()
    office.change("c-1", "failed")
    said = "the certificate is not accepted: Hostname mismatch, certificate is not valid for 'localhost'."
    assert office.send().problems == [f"{MAIL}: localhost: {said}", f"{HOOK}: localhost: {said}"]


def test_a_server_without_tls_is_told_nothing(office):
    """Neither the message nor the password: STARTTLS that somebody took away must not go unnoticed."""
    office.mail.down()
    office.mail.tls = False
    office.mail.up()
    office.change("c-1", "failed")
    assert office.send().problems == [f"{MAIL}: localhost: STARTTLS extension not supported by server."]
    assert (office.mail.users, office.mail.mails) == ([], [])


def test_secrets_are_nowhere(office):
    office.hook.answers.append((500, {}))
    office.change("c-1", "failed")
    office.mail.logins["netmgr"] = "another"
    done = office.send()
    assert done.deferred == 2
    kept = b"".join(path.read_bytes() for path in (office.workspace / ".netmgr").rglob("*") if path.is_file())
    said = json.dumps([office.said, done.problems]).encode()
    secrets = (PASSWORD.encode(), SECRET.removeprefix("whsec_").encode())
    every = {
        form for secret in secrets for form in (secret, b64encode(secret), b64encode(b"\0netmgr\0" + secret))
    }
    every |= {b64decode(secrets[1])}
    assert len(kept) > 10_000
    assert [form for form in every if form in kept or form in said] == []


def test_what_was_given_up_is_sent_once_more_if_somebody_asks(office, capsys):
    office.rewrite("config/notify.yaml", (", webhook:chat", ""))
    office.mail.refused["noc@acme.example"] = "550 5.1.1 no such mailbox"
    office.change("c-1", "failed")
    assert office.send().failed == 1
    (given_up,) = office.outbox.notifications("acme", state="failed", limit=9)
    office.mail.refused.clear()
    netmgr = ["-w", str(office.workspace), "notify", "retry", "-c", "acme"]
    office.wait(10 * 24 * 3600)  # the command asks the machine's own clock
    assert run([*netmgr, given_up.id]) == 0
    assert office.send().sent == 1
    assert office.mail.ids == [given_up.id]
    assert run([*netmgr, given_up.id]) == 64
    assert f"error: acme: no notification {given_up.id} was given up" in capsys.readouterr().err


def test_no_client_s_news_reaches_another_client(office):
    """Law 7: a rule for every client means each client's own contacts, and its own news."""
    other = office.workspace / "inventory/globex"
    other.mkdir()
    (other / "client.yaml").write_text(
        "id: globex\ncontacts: [{name: X, email: noc@globex.example, roles: [technical]}]\n"
    )
    (other / "hosts.yaml").write_text("edge9: {platform: frr}\n")
    office.change("c-acme", "failed")
    office.wiring.service_log.append("globex", [result("c-globex", client="globex", outcome="failed")])
    assert office.send().sent == 2
    assert send_due(office.sender, "globex").sent == 2
    assert [(mail["To"], "c-acme" in str(mail), "globex" in str(mail)) for mail in office.mail.mails] == [
        ("noc@acme.example", True, False),
        ("noc@globex.example", False, True),
    ]
    assert [
        (post["data"]["client"], post["data"]["items"][0]["change"]) for post in office.hook.documents
    ] == [
        ("acme", "c-acme"),
        ("globex", "c-globex"),
    ]
    assert len(office.outbox.notifications("acme", limit=9)) == 2


def test_the_list_shows_what_waits_what_was_given_up_and_why(office, capsys):
    office.rewrite("config/notify.yaml", (", webhook:chat", ""))
    office.mail.refused["noc@acme.example"] = "550 5.1.1 no such mailbox"
    office.change("c-1", "failed")
    office.send()
    office.mail.down()
    office.change("c-2", "in_doubt")
    office.send()
    (given_up,) = office.outbox.notifications("acme", state="failed", limit=9)
    capsys.readouterr()
    netmgr = ["-w", str(office.workspace), "notify", "list", "-c", "acme"]
    assert run(netmgr) == 0
    shown, said = capsys.readouterr()
    assert said == f"to send it once more: netmgr notify retry -c acme {given_up.id}\n"
    assert max(map(len, shown.splitlines())) <= 100
    words = " ".join(shown.split())
    for word in ("critical", "error", MAIL, "change.in_doubt", "pending", "failed", "550 5.1.1"):
        assert word in words
    assert run([*netmgr, "-o", "json", "--state", "failed"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)["notifications"]
    assert (listed["id"], listed["state"], listed["due"], listed["attempts"]) == (
        given_up.id,
        "failed",
        None,
        1,
    )
    assert listed["told"]["items"][0]["change"] == "c-1"
