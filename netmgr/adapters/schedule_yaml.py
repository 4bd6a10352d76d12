"""config/schedule.yaml and each client's `schedule` → what is planned, every mistake with its file and line."""

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from netmgr.adapters.inventory_files import read_file
from netmgr.adapters.schema_problems import validated
from netmgr.adapters.yaml_lines import parse
from netmgr.errors import InputError
from netmgr.model.client import Client
from netmgr.model.fields import ID_FORM, shown
from netmgr.model.names import ID_PATTERN
from netmgr.model.origins import Doubtful, LocatedDict, Origin, Problem, locate
from netmgr.model.schedule import EVERY_CLIENT, KINDS, Planned, ScheduledJob
from netmgr.model.suggest import did_you_mean

SCHEDULE = "config/schedule.yaml"


class YamlSchedule:
    """``Schedule`` of the workspace at ``root``; ``clients`` gives everybody whom jobs may be for."""

    def __init__(self, root: Path, clients: Callable[[], Collection[str]]) -> None:
        self._root, self._clients = root, clients

    def check(self) -> None:
        """Raises InputError with every problem of config/schedule.yaml; a client's own are its inventory's."""
        self._workspace_jobs()

    def planned(self, client: str) -> tuple[Planned, ...]:
        """The client's jobs by name. Reads client.yaml and nothing else of the client, as this is done often.

        Raises InputError with every problem of the two files.
        """
        jobs = self._workspace_jobs()
        path = f"inventory/{client}/client.yaml"
        problems: list[Problem] = []
        written = self._parsed(path, problems)
        known = validated(Client, written, problems, written.origin) if written is not None else None
        if known is None:
            missing = [] if problems else [Problem(Origin(path, 1), "the file is missing; write it")]
            raise InputError([str(problem) for problem in sorted({*problems, *missing})])
        found = {
            name: (job, origin)
            for name, (job, origin) in jobs.items()
            if client in job.clients or EVERY_CLIENT in job.clients
        }
        for name, own in known.schedule.items():
            found.pop(name, None)
            if own:
                found[name] = own, locate(written, ("schedule", name), Origin(path, 1))
        return tuple(
            Planned(client=client, name=name, zone=job.timezone or known.timezone, job=job, place=str(origin))
            for name, (job, origin) in sorted(found.items())
        )

    def _workspace_jobs(self) -> dict[str, tuple[ScheduledJob, Origin]]:
        problems: list[Problem] = []
        jobs: dict[str, tuple[ScheduledJob, Origin]] = {}
        for key, entry in (self._parsed(SCHEDULE, problems) or {}).items():
            origin = entry.origin if isinstance(entry, LocatedDict) else Origin(SCHEDULE, 1)
            if isinstance(entry, Doubtful):
                continue
            job = self._job(str(key), entry, origin, problems)
            if job is not None:
                jobs[str(key)] = job, origin
        if problems:
            raise InputError([str(problem) for problem in sorted(set(problems))])
        return jobs

    def _job(self, name: str, entry: object, origin: Origin, problems: list[Problem]) -> ScheduledJob | None:
        if len(name) > 63 or not re.fullmatch(ID_PATTERN, name):
            problems.append(Problem(origin, f"{shown(name)} is no job's name; {ID_FORM}"))
            return None
        kind = entry.get("job") if isinstance(entry, LocatedDict) else None
        if not isinstance(entry, LocatedDict) or not isinstance(kind, str) or kind not in KINDS:
            at = locate(entry, ("job",), origin)
            problems.append(Problem(at, f"{name}: needs job, the kind of job: {', '.join(KINDS)}"))
            return None
        found: list[Problem] = []
        job = validated(KINDS[kind], entry, found, origin)
        problems += [problem._replace(message=f"{name}: {problem.message}") for problem in found]
        if job is not None:
            problems += self._unknown_clients(name, job, entry)
        return job

    def _unknown_clients(self, name: str, job: ScheduledJob, entry: LocatedDict) -> Iterator[Problem]:
        known = self._clients()
        for index, client in enumerate(job.clients):
            if client != EVERY_CLIENT and client not in known:
                origin = locate(entry, ("clients", index), entry.origin)
                yield Problem(origin, f"{name}: no client {client}; {did_you_mean(client, known)}")

    def _parsed(self, path: str, problems: list[Problem]) -> LocatedDict | None:
        content = read_file(self._root / path, path, inside=self._root)
        if isinstance(content, bytes):
            return parse(content, path, problems)
        if content is not None:
            problems.append(content)
        return None
