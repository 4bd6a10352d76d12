"""``python -m netmgr.lab.frr.alone COMMAND…``: run it as root of namespaces of its own, for an ordinary user too.

What it mounts is gone afterwards, and nothing that it started goes on. Files can be given to any owner, without effect.
"""

import os
import sys

from netmgr.lab.frr.syscalls import (
    Mount,
    Namespace,
    enter_user_namespace,
    ignore_owners,
    ignore_setgroups,
    mount,
)


def main(command: list[str]) -> int:
    """The command's exit code."""
    enter_user_namespace(Namespace.MOUNT | Namespace.PID | Namespace.IPC | Namespace.UTS)
    ignore_setgroups()
    ignore_owners()
    child = os.fork()
    if child == 0:
        mount("none", "/", flags=Mount.RECURSIVE | Mount.SLAVE)
        mount("proc", "/proc", "proc", Mount.NO_SUID | Mount.NO_DEVICES | Mount.NO_EXEC)
        os.execvp(command[0], command)  # noqa: S606 - no shell: the program that was asked for
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
