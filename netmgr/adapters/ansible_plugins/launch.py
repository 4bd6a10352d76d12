"""``python launch.py MEMORY PROGRAM ARGUMENT…``: become Ansible, with what only this process shall see open as a file.

MEMORY names a file in the memory of the process that started this one (memfd_create(2), by way of /proc). Ansible is
ended with that process: nothing shall go on that nobody watches.
"""

import ctypes
import os
import signal
import sys

HANDOVER = "NETMGR_HANDOVER"
_PR_SET_PDEATHSIG = 1  # prctl(2)


def main() -> None:
    """Never returns."""
    memory, *command = sys.argv[1:]
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(1)  # it was ended before this one would have heard of it
    descriptor = os.open(memory, os.O_RDONLY)
    os.set_inheritable(descriptor, True)
    os.environ[HANDOVER] = str(descriptor)
    os.execv(command[0], command)  # noqa: S606 - no shell: the program that was asked for


if __name__ == "__main__":
    main()
