"""What topology.yaml must fulfil: ends that exist, interfaces used once, subnets apart, groups of known devices."""

from collections.abc import Collection, Iterator

from netmgr.intent.addressing import overlaps
from netmgr.model.inventory import Inventory
from netmgr.model.origins import Origin, Problem
from netmgr.model.suggest import did_you_mean


def link_problems(inventory: Inventory, known: Collection[str]) -> Iterator[Problem]:
    """Ends that name no device, and interfaces that two links use."""
    used: dict[str, Origin] = {}
    for index, link in enumerate(inventory.links):
        for side, end in enumerate(link.endpoints):
            origin = inventory.origins.at("links", index, "endpoints", side)
            if end.device not in known:
                yield Problem(
                    origin, f"the link's end {end} names no device; {did_you_mean(end.device, known)}"
                )
            elif str(end) in used:
                yield Problem(
                    origin, f"{end} is already an end of the link at {used[str(end)]}; use another interface"
                )
            else:
                used[str(end)] = inventory.origins.at("links", index)


def subnet_problems(inventory: Inventory) -> Iterator[Problem]:
    """Links whose subnets overlap."""
    at = inventory.origins.at
    subnets = [
        (subnet, (index, position))
        for index, link in enumerate(inventory.links)
        for position, subnet in enumerate(link.subnet)
    ]
    for (first, i), (second, j) in overlaps(subnets):
        here, there = inventory.links[second].subnet[j], inventory.links[first].subnet[i]
        place = at("links", first, "subnet", i)
        yield Problem(
            at("links", second, "subnet", j),
            f"subnet {here} overlaps {there} of the link at {place}; give each link its own",
        )


def membership_problems(inventory: Inventory, known: Collection[str]) -> Iterator[Problem]:
    """Redundancy groups and entry points that name unknown devices, or one twice."""
    at = inventory.origins.at
    for index, group in enumerate(inventory.redundancy):
        if len(set(group)) < 2:
            yield Problem(
                at("redundancy", index),
                "a redundancy group needs two devices or more; name them or remove it",
            )
    named = [
        *(
            (("redundancy", i, p), "redundancy", group[:p], d)
            for i, group in enumerate(inventory.redundancy)
            for p, d in enumerate(group)
        ),
        *((("entry", p), "entry", inventory.entry[:p], d) for p, d in enumerate(inventory.entry)),
    ]
    for path, what, before, device in named:
        if device not in known:
            yield Problem(
                at(*path), f"{what} names {device!r}, which is no device; {did_you_mean(device, known)}"
            )
        elif device in before:
            yield Problem(at(*path), f"{what} names {device} twice; name it once")
