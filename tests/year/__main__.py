"""``make year``: a year of Acme in minutes, on the lab's routers; what it came to, and what was checked."""

import argparse
import shutil
import sys
import time
from pathlib import Path

from tests import pango
from tests.year.checks import checked
from tests.year.ledger import rows, table
from tests.year.story import play, year


def main() -> int:
    """Play, check, tell. Exit 1 where a check does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "out", nargs="?", type=Path, default=Path("build/year"), help="a directory; what is in it goes"
    )
    out: Path = parser.parse_args().out.absolute()
    pango.use()
    shutil.rmtree(out, ignore_errors=True)
    wall, cpu = time.monotonic(), time.process_time()
    made = year(out)
    play(made)
    failed = False
    try:
        for name, counted in checked(made):
            print(f"ok      {name}: {counted}", flush=True)
    except AssertionError as error:
        failed = True
        print(f"FAILED  {error}")
    (out / "year.txt").write_text("\n".join(table(rows(made))) + "\n")
    print((out / "year.txt").read_text())
    print(f"{out}: {time.monotonic() - wall:.0f} s, {time.process_time() - cpu:.0f} s of CPU here")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
