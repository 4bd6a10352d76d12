"""Comparing configurations beside their peer and floor: `python benchmarks/drift.py [LINES]`.

Peer: difflib.unified_diff over the same lines, what NAPALM's drivers and most tools of this kind use; it hides no
secret. Floor: comparing two lists of lines. Runs are interleaved, so that all see the same machine; the best counts.
"""

import difflib
import sys
import time
from collections.abc import Callable
from pathlib import Path

from netmgr.adapters.audit_policies_yaml import YamlAuditPolicies
from netmgr.audit.judgement import judge
from netmgr.model.difference import difference
from netmgr.model.intended import Intended
from netmgr.model.state import Observation, Reading
from netmgr.platforms import FORMS

ROUNDS = 200
LINES = 1000
EDITS = 100
REDACT = FORMS["frr"].redact


def configuration(lines: int) -> list[str]:
    """A router with that many lines: interfaces, a BGP speaker, prefix lists."""
    third = lines // 3
    interfaces = [
        line
        for n in range(third // 7)
        for line in (
            f"interface eth{n}",
            f" description link {n} to the next router",
            f" ip address 10.{n // 250}.{n % 250}.1/31",
            " ip ospf area 0",
            f" ip ospf cost {10 + n % 7}",
            " ip ospf dead-interval 40",
            " ip ospf network point-to-point",
        )
    ]
    neighbors = [
        line
        for n in range(third // 4)
        for line in (
            f" neighbor 10.9.{n // 250}.{n % 250} remote-as {65001 + n % 5}",
            f" neighbor 10.9.{n // 250}.{n % 250} description customer {n}",
            f" neighbor 10.9.{n // 250}.{n % 250} password s3cret-{n}",
            f" neighbor 10.9.{n // 250}.{n % 250} timers 10 30",
        )
    ]
    rest = lines - len(interfaces) - len(neighbors) - 1
    lists = [f"ip prefix-list CUSTOMERS seq {5 * n} permit 198.18.{n % 250}.0/24" for n in range(1, rest + 1)]
    return [*interfaces, "router bgp 65001", *neighbors, *lists]


def edited(lines: list[str], edits: int) -> list[str]:
    """A third each of the edits changes, removes and adds a line; evenly spread."""
    result = list(lines)
    step = len(lines) / edits
    for number in reversed(range(edits)):
        at = int(number * step + step / 2)
        if number % 3 == 0:
            result[at] += " changed"
        elif number % 3 == 1 and result[at].startswith(" "):
            del result[at]
        else:
            result.insert(
                at + 1,
                f" added {number}"
                if result[at].startswith(" ")
                else f"ip route 192.0.{number}.0/24 blackhole",
            )
    return result


def milliseconds(work: Callable[[], object]) -> float:
    start = time.process_time_ns()
    work()
    return (time.process_time_ns() - start) / 1e6


def measured(lines: int = LINES) -> dict[str, tuple[float, float, float]]:
    """Work → milliseconds of CPU: (netmgr, difflib, comparing lists)."""
    old = configuration(lines)
    pairs = {"equal": list(old), f"{EDITS} edits": edited(old, EDITS)}
    result = {}
    for name, new in pairs.items():
        running, intended = "\n".join(old) + "\n", "\n".join(new) + "\n"
        works: tuple[Callable[[], object], ...] = (
            lambda a=running, b=intended: difference(a, b, secrets={}, redact=REDACT),
            lambda a=running, b=intended: list(
                difflib.unified_diff(a.splitlines(), b.splitlines(), lineterm="")
            ),
            lambda a=old, b=new: a == b,
        )
        rounds = [tuple(map(milliseconds, works)) for _ in range(ROUNDS)]
        result[f"compare {lines:,} lines, {name}"] = tuple(map(min, zip(*rounds, strict=True)))
    return result


def audited(devices: int, lines: int = LINES) -> tuple[float, float]:
    """Seconds of CPU of judging so many devices that run what is intended: without rules, with the starter set's."""
    config = FORMS["frr"].canonical("\n".join(configuration(lines)) + "\n")
    intended = Intended(device="r1", platform="frr", candidate=config, config=config)
    root = Path(__file__).parents[1]
    every = YamlAuditPolicies(root, lambda: ("acme", "northwind", "abilene"), FORMS).every().rules
    rules = [rule for rule in every if "frr" in rule.demands.platforms]
    figures = []
    for asked in ((), rules):
        # Equal by value and not the same text: as when both were read and rendered.
        seen = [
            Observation(reading=Reading(running=text, digest=""), startup=text)
            for text in ("".join([config[:1], config[1:]]) for _ in range(min(devices, 100)))
        ]
        start = time.process_time()
        for number in range(devices):
            judge(
                intended, seen[number % len(seen)], form=FORMS["frr"], secrets={}, unresolved={}, rules=asked
            )
        figures.append(time.process_time() - start)
    return figures[0], figures[1]


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    print(f"{'milliseconds of CPU':38} {'netmgr':>10} {'difflib':>10} {'floor':>10}")
    for name, figures in measured(lines).items():
        print(f"{name:38} " + " ".join(f"{figure:>10.4f}" for figure in figures))
    for name, figure in zip(("no rules", "the starter set's rules"), audited(10_000, lines), strict=True):
        print(f"10,000 equal devices judged, {name}: {figure:.2f} s of CPU")


if __name__ == "__main__":
    main()
