"""What the program's answers mean to a user of the driver: values, and exceptions that tell what happened."""

import pytest
from napalm.base.exceptions import CommandErrorException, CommitConfirmException, CommitError

from napalm_frr import answers
from napalm_frr.errors import (
    CommitRefusedError,
    CommitRolledBackError,
    NotConfirmedError,
    RollbackFailedError,
)

PATH = ["router bgp 65001", "neighbor 10.0.0.1 password s3cret"]


def test_values():
    assert answers.value("r1", "facts", {"frr": "8.4.4"}) == {"frr": "8.4.4"}
    assert answers.committed("r1", {"state": "pending", "after": "d1"}) == "d1"
    assert answers.committed("r1", {"state": "confirmed", "after": "d1"}) == "d1"
    assert answers.confirmed("r1", {"state": "confirmed", "after": "d2"}) == "d2"
    assert answers.aborted("r1", {"state": "rolled_back"}) is None
    assert answers.aborted("r1", {"state": "rolled_back_hard"}) is None


FAILURES = [
    (answers.committed, {"failed": "why"}, CommitError, "r1: why; ask commit_status what became of it"),
    (
        answers.committed,
        {"refused": "pending", "reason": "commit c1 is pending", "lines": []},
        CommitRefusedError,
        "r1: commit refused (pending): commit c1 is pending",
    ),
    (
        answers.committed,
        {"refused": "invalid", "reason": "FRR rejects", "lines": [[3, PATH[1], "unknown command"]]},
        CommitRefusedError,
        "r1: commit refused (invalid): FRR rejects; line 3: neighbor 10.0.0.1 password <removed>: unknown command",
    ),
    (
        answers.committed,
        {
            "state": "rolled_back",
            "reason": "not as it should",
            "missing": [PATH],
            "unexpected": [["ip route 10.0.0.0/8 blackhole"]],
            "complaints": [[PATH, "Unknown command"], [[], "% Configuration failed."]],
        },
        CommitRolledBackError,
        "r1: rolled back: not as it should"
        "; missing: router bgp 65001 / neighbor 10.0.0.1 password <removed>"
        "; unexpected: ip route 10.0.0.0/8 blackhole"
        "; router bgp 65001 / neighbor 10.0.0.1 password <removed>: Unknown command"
        "; % Configuration failed.",
    ),
    (
        answers.committed,
        {"state": "rolled_back_hard", "reason": "daemon down: bgpd"},
        CommitRolledBackError,
        "r1: rolled back: daemon down: bgpd",
    ),
    (
        answers.committed,
        {"state": "failed", "reason": "daemon down: bgpd", "trouble": ["eth2 lacks 10.0.0.1/24"]},
        RollbackFailedError,
        "r1: rollback failed: daemon down: bgpd; eth2 lacks 10.0.0.1/24",
    ),
    (
        answers.aborted,
        {"refused": "not_pending", "reason": "it is confirmed"},
        CommitError,
        "r1: rollback refused (not_pending): it is confirmed",
    ),
    (answers.aborted, {"failed": "why"}, CommitError, "r1: why; ask commit_status what became of it"),
    (
        answers.aborted,
        {"state": "failed", "reason": "x", "trouble": ["y"]},
        RollbackFailedError,
        "r1: rollback failed: x; y",
    ),
    (
        answers.confirmed,
        {"refused": "expired", "reason": "its timer has expired"},
        NotConfirmedError,
        "r1: not confirmed (expired): its timer has expired",
    ),
    (answers.confirmed, {"failed": "disk full"}, NotConfirmedError, "r1: not confirmed (failed): disk full"),
]


@pytest.mark.parametrize(("judge", "answer", "kind", "message"), FAILURES)
def test_failures(judge, answer, kind, message):
    with pytest.raises(kind) as error:
        judge("r1", answer)
    assert type(error.value) is kind
    assert str(error.value) == message


def test_a_question_that_failed():
    with pytest.raises(CommandErrorException, match="r1: facts: vtysh did not end"):
        answers.value("r1", "facts", {"failed": "vtysh did not end"})


def test_kinds():
    assert issubclass(NotConfirmedError, CommitConfirmException)
    assert issubclass(CommitRolledBackError, CommitError)
    assert not issubclass(CommitRolledBackError, CommitRefusedError)
