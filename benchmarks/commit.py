"""One line changed on real routers, with and without a safety net: `python -m benchmarks.commit [ROUTERS [ROUNDS]]`."""

import subprocess
import sys
import time

from benchmarks.figures import Contender, Work, here
from benchmarks.routers import CLIENT, NETMGR, Ring, new_description, routers


def deploy(ring: Ring) -> tuple[float, float, float]:
    """Wall seconds of a whole `netmgr deploy`, of it from the load on, and CPU seconds."""
    ring.intend(new_description())
    since_load = [0.0]

    def work() -> None:
        with subprocess.Popen(
            [NETMGR, "--lab", "deploy", "-c", CLIENT, "--yes"],
            cwd=ring.workspace,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            for line in process.stderr or ():
                if line.startswith("load:"):
                    since_load[0] = -time.perf_counter()
        since_load[0] += time.perf_counter()
        if process.returncode != 0:
            raise SystemExit(f"netmgr deploy: exit {process.returncode}")

    wall, cpu = here(work)
    return wall, since_load[0], cpu


def commands() -> list[str]:
    return ["configure terminal", "interface lo", f"description {new_description()}", "end", "write memory"]


def one_line() -> str:
    return "vtysh " + " ".join(f"-c '{command}'" for command in commands())


def by_netmiko(ring: Ring) -> None:
    """Push and save in one login each, in plain Nornir's threads."""
    devices = {device["device"]: device for device in ring.devices}

    def push(name: str) -> None:
        connection = ring.netmiko(devices[name])
        connection.send_command(one_line(), read_timeout=60)
        connection.disconnect()

    ring.by_nornir(push)


def measured(count: int = 25, rounds: int = 5) -> list[Work]:
    """Rounds of every contender, one after the other on the same routers."""
    whole = Contender(
        "netmgr deploy", "the whole command: start, inventory, render, read, plan, and all of the line below"
    )
    net = Contender(
        "of it, from the load on",
        "load and judge the candidate, arm each device's timer, commit, read back, log in anew, read back over that, "
        "every adjacency up and heard from since, decision durable, confirm, save, read back, outcomes logged",
    )
    command = Contender("Ansible `command`", "push and save; no net, nothing read back")
    raw = Contender("Ansible `raw`", "push and save; no net, nothing read back")
    nornir = Contender(
        "Nornir and netmiko", "push and save; no net, nothing read back; Python's start left out"
    )
    floor = Contender("OpenSSH, `vtysh -f`", "floor: push only, not saved, nothing read back")
    work = Work(
        f"Change one line on each of {count} real routers",
        "wall s",
        "≤ 3.5 s with its safety net",
        [whole, net, command, raw, nornir, floor],
        devices=count,
        note="The routers share the station's cores.",
    )
    with routers(count) as ring:
        by_netmiko(ring)  # imports
        for _ in range(rounds):
            wall, part, cpu = deploy(ring)
            whole.add(wall, cpu)
            net.add(part)
            for contender, module in ((command, "command"), (raw, "raw")):
                spent = ring.ansible(module, one_line())
                contender.add(spent.wall, spent.cpu)
            nornir.add(*here(lambda: by_netmiko(ring)))
            text = f"interface lo\n description {new_description()}\nexit\n"
            floor.add(*here(lambda text=text: ring.by_ssh("vtysh -f /dev/stdin", text)))
    return [work]


if __name__ == "__main__":
    for each in measured(*map(int, sys.argv[1:])):
        print(each.table())
