"""config/provider.yaml → Provider."""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from netmgr.adapters.inventory_files import read_file
from netmgr.adapters.schema_problems import validated
from netmgr.adapters.yaml_lines import parse
from netmgr.errors import InputError
from netmgr.model.origins import LocatedDict, Origin, Problem, locate
from netmgr.model.provider import Provider
from netmgr.model.suggest import did_you_mean

PROVIDER = "config/provider.yaml"


class YamlProvider:
    """See ``netmgr.ports.provider.ProviderFile``; ``clients`` gives everybody who may be billed."""

    def __init__(self, root: Path, clients: Callable[[], Collection[str]]) -> None:
        self._root, self._clients = root, clients

    def provider(self) -> Provider | None:
        """Typed; None where there is no file. Raises InputError with every problem at its line."""
        content = read_file(self._root / PROVIDER, PROVIDER, inside=self._root)
        if content is None:
            return None
        problems: list[Problem] = []
        raw = None
        if isinstance(content, Problem):
            problems.append(content)
        else:
            raw = parse(content, PROVIDER, problems)
        known = None if raw is None else validated(Provider, raw, problems, Origin(PROVIDER, 1))
        if known is not None and raw is not None:
            problems += _unknown(raw, known, self._clients())
        if problems or known is None:
            raise InputError([str(problem) for problem in sorted(set(problems))])
        return known


def _unknown(raw: LocatedDict, known: Provider, clients: Collection[str]) -> Iterator[Problem]:
    for client, entity in known.clients.items():
        origin = locate(raw, ("clients", client), raw.origin)
        if client not in clients:
            yield Problem(origin, f"clients: no client {client}; {did_you_mean(client, clients)}")
        if entity not in known.entities:
            yield Problem(
                origin, f"clients.{client}: no entity {entity}; {did_you_mean(entity, known.entities)}"
            )
