"""config/notify.yaml → NotifySettings, and the templates in config/notify/."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from netmgr.adapters.carrier_plugins import installed, load
from netmgr.adapters.inventory_assembly import check_client_id
from netmgr.adapters.inventory_files import read_file
from netmgr.adapters.schema_problems import validated
from netmgr.adapters.yaml_lines import parse
from netmgr.errors import InputError
from netmgr.model.client import Client
from netmgr.model.notify_settings import NotifySettings
from netmgr.model.origins import LocatedDict, Origin, Problem, locate
from netmgr.model.people import EVERY_CLIENT
from netmgr.model.suggest import did_you_mean
from netmgr.notify.message import NAMES

NOTIFY = "config/notify.yaml"
TEMPLATES = "config/notify"


class YamlNotify:
    """See ``netmgr.ports.post.NotifyFiles``; ``clients`` gives everybody whom rules may be for."""

    def __init__(self, root: Path, clients: Callable[[], Collection[str]]) -> None:
        self._root, self._clients = root, clients

    def settings(self) -> NotifySettings:
        """Who is told of what; nobody where there is no file. Raises InputError with every problem."""
        problems: list[Problem] = []
        content = read_file(self._root / NOTIFY, NOTIFY, inside=self._root)
        if content is None:
            return NotifySettings()
        raw = None
        if isinstance(content, Problem):
            problems.append(content)
        else:
            raw = parse(content, NOTIFY, problems)
        settings = None if raw is None else validated(NotifySettings, raw, problems, Origin(NOTIFY, 1))
        if settings is not None and raw is not None:
            problems += _unknown_clients(raw, settings, self._clients())
            problems += _unusable(raw, settings)
        if problems or settings is None:
            raise InputError([str(problem) for problem in sorted(set(problems))])
        return settings

    def client(self, client: str) -> Client:
        """inventory/CLIENT/client.yaml. Raises InputError with every problem of it."""
        check_client_id(client, known=tuple(self._clients()))
        path = f"inventory/{client}/client.yaml"
        content = read_file(self._root / path, path, inside=self._root)
        problems: list[Problem] = []
        raw = None
        if isinstance(content, bytes):
            raw = parse(content, path, problems)
        else:
            problems.append(content or Problem(Origin(path, 1), "the file is missing; write it"))
        known = None if raw is None else validated(Client, raw, problems, Origin(path, 1))
        if problems or known is None:
            raise InputError([str(problem) for problem in sorted(set(problems))])
        return known

    def templates(self) -> Mapping[str, str]:
        """Those in config/notify/. Raises InputError with every problem."""
        found: dict[str, str] = {}
        problems: list[Problem] = []
        for path in sorted((self._root / TEMPLATES).glob("*")):
            shown = f"{TEMPLATES}/{path.name}"
            stem = path.name.partition(".")[0]
            if not path.name.endswith(".txt.j2") or f"{stem}.txt.j2" not in NAMES:
                problems.append(
                    Problem(Origin(shown, 1), f"the file would not be read; {did_you_mean(path.name, NAMES)}")
                )
                continue
            content = read_file(path, shown, inside=self._root, kind="template")
            if isinstance(content, bytes):
                found[path.name] = content.decode(errors="replace")
            elif content is not None:
                problems.append(content)
        if problems:
            raise InputError([str(problem) for problem in problems])
        return found

    @cached_property
    def own_templates(self) -> Mapping[str, str]:
        """The program's own."""
        directory = files("netmgr.notify") / "templates"
        return {file.name: file.read_text(encoding="utf-8") for file in directory.iterdir() if file.is_file()}


def _unusable(raw: LocatedDict, settings: NotifySettings) -> Iterator[Problem]:
    """Notifiers whose package is not there or does not take their options."""
    for name, notifier in settings.notifiers.items():
        origin = locate(raw, ("notifiers", name, "kind"), raw.origin)
        try:
            wrong = load(notifier.kind).problem(notifier.options)
        except ValueError as error:
            known = installed()
            hint = did_you_mean(notifier.kind, known) if known and notifier.kind not in known else "mend it"
            yield Problem(origin, f"notifiers.{name}: {error}; {hint}")
            continue
        if wrong:
            yield Problem(locate(raw, ("notifiers", name, "options"), origin), f"notifiers.{name}: {wrong}")


def _unknown_clients(raw: LocatedDict, settings: NotifySettings, known: Collection[str]) -> Iterator[Problem]:
    for number, rule in enumerate(settings.rules):
        for index, client in enumerate(rule.clients):
            if client != EVERY_CLIENT and client not in known:
                origin = locate(raw, ("rules", number, "clients", index), raw.origin)
                yield Problem(origin, f"no client {client}; {did_you_mean(client, known)}")
