"""What is loaded to bring a device from one configuration to another, exactly."""

from collections.abc import Iterator

from netmgr.platforms.junos.canonical import canonical
from netmgr.platforms.junos.text import quoted, words
from netmgr.platforms.junos.tree import Node, parse


def candidate(intended: str, shown: str) -> str:
    """Commands after which a device that shows ``shown`` has ``intended``, a canonical text, and nothing besides.

    A stanza (``interfaces``, ``protocols`` …) that differs is deleted and set anew, in one candidate: no schema is
    needed to know which statement replaces which, and Junos, which compares the whole when it commits, restarts nothing
    that is as before. A stanza that does not differ is not touched. Users keep the numbers that Junos gave them.
    """
    root = parse(shown)
    before, after = _stanzas(canonical(shown)), _stanzas(intended)
    changed = [name for name in before if before[name] != after.get(name)]
    script = [
        *(f"un{line}" for name in changed for line in before[name] if line.startswith("protect ")),
        *(f"delete {quoted(name)}" for name in changed),
        *(line for name, own in after.items() if own != before.get(name) for line in own),
        *(_numbers(root, parse(intended)) if "system" in changed else ()),
    ]
    return "".join(f"{line}\n" for line in script)


def _stanzas(config: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in config.splitlines():
        found.setdefault(words(line)[1], []).append(line)
    return found


def _numbers(shown: Node, intended: Node) -> Iterator[str]:
    kept = intended.at("system", "login", "user").children
    for name, user in shown.at("system", "login", "user").children.items():
        if name in kept and (number := user.value("uid")) is not None:
            yield f"set system login user {quoted(name)} uid {number}"
