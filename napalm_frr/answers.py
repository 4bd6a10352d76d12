"""What the program answers to orders, judged: a value, or the exception that says what happened. No secret in any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from napalm.base.exceptions import CommandErrorException, CommitError

from napalm_frr.errors import (
    CommitRefusedError,
    CommitRolledBackError,
    NotConfirmedError,
    RollbackFailedError,
)
from napalm_frr.sanitize import sanitized

Answer = dict[str, Any]


class Running(NamedTuple):
    """A running configuration as it was read: FRR's text and the digest of its canonical form."""

    text: str
    digest: str


def value(host: str, operation: str, answer: Answer) -> Answer:
    """The answer to a question. Raises ``CommandErrorException``."""
    if "failed" in answer:
        raise CommandErrorException(f"{host}: {operation}: {answer['failed']}")
    return answer


def rejected(problems: Sequence[tuple[int, str, str]]) -> list[str]:
    """Rejected lines as text: number, line, what FRR says."""
    return [f"line {number}: {sanitized(line)}: {message}" for number, line, message in problems]


def committed(host: str, answer: Answer) -> str:
    """The digest that was read back after a commit. Raises ``CommitError`` or one of its kinds."""
    if "refused" in answer:
        raise CommitRefusedError(host, answer["refused"], answer["reason"], rejected(answer["lines"]))
    _judge_end(host, answer)
    if answer["state"] in ("pending", "confirmed"):
        return str(answer["after"])
    missing = [f"missing: {_text(path)}" for path in answer.get("missing", ())]
    unexpected = [f"unexpected: {_text(path)}" for path in answer.get("unexpected", ())]
    complaints = [f"{_text(path)}: {said}".lstrip(": ") for path, said in answer.get("complaints", ())]
    raise CommitRolledBackError(host, answer["reason"], missing + unexpected, complaints)


def confirmed(host: str, answer: Answer) -> str:
    """The digest that was read back and saved. Raises ``NotConfirmedError``."""
    if "failed" in answer:
        raise NotConfirmedError(host, "failed", answer["failed"])
    if "refused" in answer:
        raise NotConfirmedError(host, answer["refused"], answer["reason"])
    return str(answer["after"])


def aborted(host: str, answer: Answer) -> None:
    """Nothing, if the device reads as before again. Raises ``CommitError`` or ``RollbackFailedError``."""
    if answer.get("refused") == "epoch":
        raise CommitRefusedError(host, "epoch", answer["reason"], [])
    if "refused" in answer:
        raise CommitError(f"{host}: rollback refused ({answer['refused']}): {answer['reason']}")
    _judge_end(host, answer)


def _judge_end(host: str, answer: Answer) -> None:
    if "failed" in answer:
        raise CommitError(f"{host}: {answer['failed']}; ask commit_status what became of it")
    if answer["state"] == "failed":
        raise RollbackFailedError(host, answer["reason"], answer["trouble"])


def _text(path: Sequence[str]) -> str:
    return " / ".join(map(sanitized, path))
