"""config/policies/*.yaml → ChangePolicies."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Literal

from netmgr.adapters.inventory_files import read_file
from netmgr.adapters.schema_problems import validated
from netmgr.adapters.yaml_lines import parse
from netmgr.errors import InputError
from netmgr.model.change_policy import ChangePolicies, ChangePolicy, Named
from netmgr.model.origins import LocatedDict, Origin, Problem, locate
from netmgr.model.people import EVERY_CLIENT
from netmgr.model.suggest import did_you_mean

DIRECTORY = "config/policies"
_VERSIONS = "versions.yaml"


def policy_files(root: Path) -> dict[str, bytes | Problem]:
    """The content of every policy file of the workspace at ``root``, or why it cannot be had.

    Files lie directly in the directory; what lies below is of other kinds, and so is versions.yaml. Raises InputError.
    """
    directory = root / DIRECTORY
    try:
        names = sorted(
            entry.name
            for entry in directory.iterdir()
            if not entry.name.startswith(".") and entry.name != _VERSIONS
        )
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(
            [f"{DIRECTORY}:1: the directory cannot be read ({error.strerror}); make it readable"]
        ) from None
    files: dict[str, bytes | Problem] = {}
    for name in names:
        shown = f"{DIRECTORY}/{name}"
        if name.endswith(".yaml"):
            content = read_file(directory / name, shown, inside=root)
            if content is not None:
                files[shown] = content
        elif name.endswith(".yml"):
            files[shown] = Problem(Origin(shown, 1), f"the file would not be read; name it {name[:-3]}yaml")
    return files


def read_policies(files: Mapping[str, bytes | Problem], *, clients: Collection[str]) -> ChangePolicies:
    """What the files say. ``clients`` are those that a policy may name. Raises InputError with every problem."""
    problems: list[Problem] = []
    written: dict[str, LocatedDict] = {}
    policies: dict[str, ChangePolicy] = {}
    for name, content in files.items():
        if isinstance(content, Problem):
            problems.append(content)
        elif (raw := parse(content, name, problems)) is not None:
            policy = validated(ChangePolicy, raw, problems, Origin(name, 1))
            if policy is not None:
                written[name], policies[name] = raw, policy
                problems += _unknown_clients(raw, policy, clients)
    named = tuple(each for name, raw in written.items() for each in _named(raw, policies[name]))
    every = ChangePolicies(files=policies, named=named)
    problems += _contradictions(every, written, clients)
    if problems:
        raise InputError([str(problem) for problem in sorted(set(problems))])
    return every


def _unknown_clients(raw: LocatedDict, policy: ChangePolicy, clients: Collection[str]) -> Iterator[Problem]:
    for index, client in enumerate(policy.clients):
        if client != EVERY_CLIENT and client not in clients:
            yield Problem(
                locate(raw, ("clients", index), raw.origin),
                f"no client {client}; {did_you_mean(client, clients)}",
            )


def _named(raw: LocatedDict, policy: ChangePolicy) -> Iterator[Named]:
    """The devices, roles and sites that a policy names: one that fits nothing protects nothing."""

    def at(kind: Literal["device", "role", "site"], name: str, *path: str | int) -> Named:
        return Named(place=str(locate(raw, path, raw.origin)), clients=policy.clients, kind=kind, name=name)

    for index, glob in enumerate(policy.approval.touching):
        yield at("device", glob, "approval", "touching", index)
    for index, role in enumerate(policy.approval.roles):
        yield at("role", role, "approval", "roles", index)
    for number, rule in enumerate(policy.protected):
        for index, glob in enumerate(rule.devices):
            yield at("device", glob, "protected", number, "devices", index)
    for index, name in enumerate(policy.waves.order if policy.waves.by != "topology" else ()):
        yield at("role" if policy.waves.by == "role" else "site", name, "waves", "order", index)


def _contradictions(
    policies: ChangePolicies, written: Mapping[str, LocatedDict], clients: Collection[str]
) -> Iterator[Problem]:
    for client in clients:
        for key, first, other in policies.contradictions(client):
            here, there = (locate(written[name], ("waves", key), Origin(name, 1)) for name in (other, first))
            yield Problem(
                here,
                f"waves.{key} of {client} is another at {there}, and neither is stricter; say one of them",
            )
