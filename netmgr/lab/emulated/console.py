"""An emulated device's console: ``python -m netmgr.lab.emulated.console DIRECTORY DEVICE [LINE…]``.

Each argument is a line of the device's command line; without one, the lines are read from standard input. All are typed
in one visit, so that `configure` holds for those that follow.
"""

import sys
from pathlib import Path

from netmgr.lab.emulated.control import Control


def main(directory: str, device: str, *lines: str) -> int:
    """0, or 1 where a line was refused or nobody answers."""
    try:
        control = Control(Path(directory))
        print(control.ask("execute", device, line="\n".join(lines) if lines else sys.stdin.read()))
    except (OSError, LookupError) as error:
        print(f"{device}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
