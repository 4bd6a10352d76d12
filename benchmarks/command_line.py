"""What starting the command costs: `python -m benchmarks.command_line [ROUNDS]`."""

import sys

from benchmarks.figures import Contender, Work, spend
from benchmarks.routers import NETMGR

ARGPARSE = "import argparse; argparse.ArgumentParser().parse_args(['--help'])"


def measured(rounds: int = 15) -> list[Work]:
    """CPU milliseconds of a process."""
    netmgr = Contender(
        "`netmgr --help`", "the whole command table; a command's own modules are imported by the command"
    )
    napalm = Contender(
        "`import napalm`", "what a command would take that imports NAPALM and its drivers at its start"
    )
    floor = Contender("argparse", "floor: Python and an empty parser's help")
    for _ in range(rounds):
        netmgr.add(spend([NETMGR, "--help"]).cpu * 1000)
        napalm.add(spend([sys.executable, "-c", "import napalm"]).cpu * 1000)
        floor.add(spend([sys.executable, "-c", ARGPARSE]).cpu * 1000)
    return [Work("Start of the command line", "CPU ms", "≤ 130 ms", [netmgr, napalm, floor])]


if __name__ == "__main__":
    for each in measured(*map(int, sys.argv[1:])):
        print(each.table())
