"""Intent to configuration, the whole tool: `python -m benchmarks.intent [DEVICES [ROUNDS]]`."""

import sys

from benchmarks.figures import Contender, Work
from benchmarks.routers import Ring, workspace


def rendered(ring: Ring, contender: Contender, memory: list[float]) -> float:
    """Render every device into a file of its own; CPU seconds."""
    spent = ring.netmgr("render", "--out", str(ring.workspace / "out"))
    memory.append(spent.memory)
    contender.add(spent.wall, spent.cpu)
    return spent.cpu


def measured(count: int = 1000, rounds: int = 3) -> list[Work]:
    """Wall seconds of `netmgr render --out` for one client, and what its start costs."""
    whole = Contender("netmgr render", "")
    start = Contender("of it, the start", "the same for a client of three devices")
    memory: list[float] = []
    with workspace(count) as ring, workspace(3) as small:
        for _ in range(rounds):
            rendered(ring, whole, memory)
            rendered(small, start, [])
    each = (min(whole.cpu) - min(start.cpu)) / (count - 3) * 1000
    whole.says = (
        f"YAML read, merged, checked, resolved, rendered, written: {each:.2f} ms of CPU a device after the start; "
        f"at most {max(memory):.0f} MiB"
    )
    return [
        Work(
            f"Intent to configuration for {count:,} devices",
            "wall s",
            "≤ 2 ms a device and the start, ≤ 200 MiB",
            [whole, start],
            note="Devices with two links, OSPF and BGP each.",
        )
    ]


if __name__ == "__main__":
    for each in measured(*map(int, sys.argv[1:])):
        print(each.table())
