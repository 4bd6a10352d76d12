"""Entries of access lists, as IOS keeps and shows them: padded, hosts of a standard list alone and before the others.

Source: Cisco Networking Academy, CCNA Routing and Switching, 9.2.2.6 "Order of ACEs"; captures of IOS 15.2.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address

from netmgr.lab.emulated.ios.grammar import Accepted

#: How an entry of an access list begins behind its number, which 16.4 keeps and does not show.
ENTRY = ("permit", "deny", "remark")
#: Modes whose entries have `deny` written as wide as `permit`.
WIDE = ("acl-standard", "acl-extended")


def unnumbered(words: tuple[str, ...]) -> tuple[str, ...]:
    """An access list's entry without its number; any other line as it is."""
    rest = words[2:] if words[0] == "sequence" else words[1:]
    return rest if rest[:1] and rest[0] in ENTRY and words[-len(rest) - 1].isdigit() else words


def wide(text: str) -> str:
    """An entry as IOS prints it in lists of IPv4."""
    return f"deny   {text.removeprefix('deny ')}" if text.startswith("deny ") else text


def as_kept(accepted: Accepted) -> Accepted:
    """An entry of a standard list: hosts without a word before them, networks without what the mask leaves out."""
    words = accepted.words
    at = next((index for index, word in enumerate(words) if word in ENTRY[:2]), None)
    if at is None or words[at + 1] == "any":
        return accepted
    start, rest = words[: at + 1], words[at + 1 :]
    if rest[0] == "host":
        rest = rest[1:]
    elif len(rest) > 1 and rest[1] != "log":
        address, free = int(IPv4Address(rest[0])), int(IPv4Address(rest[1]))
        network = str(IPv4Address(address & ~free & 0xFFFFFFFF))
        rest = ("any", *rest[2:]) if free == 0xFFFFFFFF else (network, *(rest[1:] if free else rest[2:]))
    return Accepted(
        accepted.command, (*start, *rest), accepted.key, accepted.group, complete=accepted.complete
    )


def host(words: tuple[str, ...]) -> int | None:
    """The host that an entry of a standard list is about."""
    source = unnumbered(words)[1:]
    if source[:1] and source[0].count(".") == 3 and source[1:2] in ((), ("log",)):
        return int(IPv4Address(source[0]))
    return None


def covering(lines: Iterable[Sequence[str]], address: int) -> str | None:
    """The number of an entry that covers the host."""
    for words in lines:
        source = unnumbered(tuple(words))[1:]
        if host(tuple(words)) is not None or not source:
            continue
        bits, free = (
            (0, 0xFFFFFFFF) if source[0] == "any" else tuple(int(IPv4Address(word)) for word in source[:2])
        )
        if not (address ^ bits) & ~free & 0xFFFFFFFF:
            return words[0]
    return None


def place(words: tuple[str, ...]) -> tuple[int, int]:
    """Hosts come in the order of their table, which is none of theirs; then the others by number."""
    address = host(words)
    return (1, int(words[0])) if address is None else (0, address * 2654435761 % 4093)
