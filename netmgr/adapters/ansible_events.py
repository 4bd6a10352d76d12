"""ansible-runner's events → what a run came to, host by host; and how far it is."""

import difflib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from netmgr.model.playbook import HostStatus, PlayedHost, PlayedTask
from netmgr.model.redaction import Redactor
from netmgr.ports.playbooks import Played, PlayOrder
from netmgr.ports.progress import Progress

TaskStatus = Literal["ok", "changed", "skipped", "unreachable", "failed", "ignored"]

#: Characters of one host's diffs that are kept, and of one message.
_LONGEST_DIFF, _LONGEST = 200_000, 500
_STATUS: dict[str, TaskStatus] = {
    "runner_on_ok": "ok",
    "runner_on_failed": "failed",
    "runner_on_skipped": "skipped",
    "runner_on_unreachable": "unreachable",
}
_LONGEST_SAID = 2_000
_SAYING = ("debug", "ansible.builtin.debug")
_TRUNCATED = "\\ the rest is not kept\n"


class Events:
    """Takes each event of one run; called by ansible-runner."""

    def __init__(self, order: PlayOrder, progress: Progress) -> None:
        self._order, self._progress = order, progress
        self._redact = Redactor(order.secrets)
        self._tasks: dict[str, list[PlayedTask]] = defaultdict(list)
        self._diffs: dict[str, str] = defaultdict(str)
        self._stats: dict[str, Mapping[str, int]] | None = None
        self._complaints: list[str] = []
        self._done = 0

    def __call__(self, event: Mapping[str, Any]) -> bool:
        """False: ansible-runner shall not write the event into a file."""
        kind, data = event.get("event", ""), self._redact.deep(event.get("event_data") or {})
        if kind in ("playbook_on_task_start", "playbook_on_handler_task_start"):
            self._done = 0
            self._progress(f"{self._order.playbook.name}: {data.get('name') or data.get('task')}")
        elif kind in _STATUS:
            self._result(kind, data)
        elif kind == "playbook_on_stats":
            self._stats = {name: data.get(name) or {} for name in _COUNTS}
        elif kind in ("verbose", "error", "warning", "system_warning") and (line := event.get("stdout")):
            self._complaints.append(self._redact.text(line.strip()))
        return False

    def _result(self, kind: str, data: Mapping[str, Any]) -> None:
        host, result = str(data.get("host")), data.get("res") or {}
        status = _STATUS[kind]
        if status == "ok" and result.get("changed"):
            status = "changed"
        if status == "failed" and data.get("ignore_errors"):
            status = "ignored"
        message = _message(result) if status in ("failed", "unreachable", "ignored") else None
        if status == "ok" and data.get("task_action") in _SAYING and "msg" in result:
            message = _said(result["msg"])
        self._tasks[host].append(PlayedTask(task=str(data.get("task")), status=status, message=message))
        for diff in _diffs(result):
            if len(self._diffs[host]) < _LONGEST_DIFF:
                self._diffs[host] += diff[:_LONGEST_DIFF] + (_TRUNCATED if len(diff) > _LONGEST_DIFF else "")
        self._done += 1
        self._progress.step(min(self._done, len(self._order.devices)), len(self._order.devices))

    def played(self, *, canceled: bool, code: int) -> Played:
        """What it came to. ``code`` is Ansible's exit code."""
        error = None
        if canceled:
            error = "interrupted; what was begun on a host may be half done"
        elif self._stats is None:
            error = self._complaint() or f"Ansible ended with code {code} and said nothing"
        known = [*self._order.devices, *sorted(self._tasks.keys() - set(self._order.devices))]
        met = {*self._tasks, *(host for counts in (self._stats or {}).values() for host in counts)}
        return Played(
            hosts=tuple(
                self._host(name, error) for name in known if name in met and name in self._order.devices
            ),
            error=error,
        )

    def _host(self, name: str, error: str | None) -> PlayedHost:
        tasks = self._tasks[name]
        stats = {key: counts.get(name, 0) for key, counts in (self._stats or {}).items()}
        worst = [task for task in tasks if task.status in ("failed", "unreachable")]
        status: HostStatus = "ok"
        if stats.get("dark") or any(task.status == "unreachable" for task in worst[-1:]):
            status = "unreachable"
        elif stats.get("failures") or error:
            status = "failed"
        elif any(task.status == "changed" for task in tasks):
            status = "changed"
        said = worst[-1] if worst else None
        reason = f"{said.task}: {said.message}" if said else error
        return PlayedHost(
            device=name,
            status=status,
            ok=sum(task.status in ("ok", "changed", "ignored") for task in tasks),
            changed=sum(task.status == "changed" for task in tasks),
            failed=sum(task.status == "failed" for task in tasks),
            skipped=sum(task.status == "skipped" for task in tasks),
            tasks=tuple(tasks),
            diff=self._diffs[name],
            error=f"{name}: {reason}" if status in ("unreachable", "failed") else None,
        )

    def _complaint(self) -> str:
        """The first line that names the mistake, with those that say where."""
        lines = [line for line in self._complaints if line]
        marked = [line for line in lines if line.startswith(("[ERROR]", "ERROR!"))]
        return " ".join((marked or lines)[:3])[:_LONGEST].removeprefix("[ERROR]: ").removeprefix("ERROR! ")


_COUNTS = ("ok", "changed", "failures", "dark", "skipped")


def _said(value: Any) -> str:
    """What a playbook wants told."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return " ".join(text.split())[:_LONGEST_SAID]


def _message(result: Mapping[str, Any]) -> str:
    """One line: what the module says, else what its program did; of a loop, the first item that failed."""
    results = result.get("results")
    if isinstance(results, list):
        for item in results:
            if isinstance(item, Mapping) and item.get("failed"):
                return _message(item)
    for key in ("msg", "message", "stderr", "module_stderr", "exception", "censored"):
        if (said := result.get(key)) and isinstance(said, str) and said.strip():
            text = " ".join(said.split())
            if (
                key == "msg"
                and (detail := result.get("stderr"))
                and isinstance(detail, str)
                and detail.strip()
            ):
                text += f": {' '.join(detail.split())}"
            return text[:_LONGEST]
    return "no reason given"


def _diffs(result: Mapping[str, Any]) -> Iterator[str]:
    """Every diff of a task, or of its loop's items, as unified text."""
    items = result.get("results")
    for one in [result, *(items if isinstance(items, list) else ())]:
        if not isinstance(one, Mapping) or not one.get("diff"):
            continue
        found = one["diff"]
        for diff in found if isinstance(found, list) else [found]:
            if isinstance(diff, Mapping) and (text := _unified(diff)):
                yield text


def _unified(diff: Mapping[str, Any]) -> str:
    if isinstance(diff.get("prepared"), str):
        return f"{diff['prepared'].rstrip()}\n" if diff["prepared"].strip() else ""
    before, after = (_lines(diff.get(key)) for key in ("before", "after"))
    header = (str(diff.get("before_header") or "before"), str(diff.get("after_header") or "after"))
    lines = difflib.unified_diff(before, after, *header, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def _lines(value: Any) -> list[str]:
    if value is None:
        return []
    text = (
        value if isinstance(value, str) else json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)
    )
    return text.splitlines()
