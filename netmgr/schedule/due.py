"""What is due now, what was missed, and when the next run is."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice, takewhile
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from cronsim import CronSim

from netmgr.model.schedule import Planned

#: The name space of the ids that scheduled runs go by in the log (RFC 9562, 5.5).
_RUNS = UUID("5d4c2f0e-6d0b-5a52-9a0e-8f1f6c1c7f5b")

#: More missed runs than that are not counted one by one: after a year of silence nobody needs the exact number.
COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Due:
    """What stands to be done of one job: the run that is due, if any, and those that will not be made up for.

    Times are in UTC and nominal, without jitter. ``missed`` are at most ``COUNTED``, oldest first.
    """

    run: datetime | None
    missed: tuple[datetime, ...]


def occurrences(planned: Planned, after: datetime) -> Iterator[datetime]:
    """The nominal times after ``after``, in UTC, each once also when clocks are set back, none lost when they are set
    forward (as Debian's cron does).
    """
    zone = ZoneInfo(planned.zone)
    for time in CronSim(planned.job.cron, after.astimezone(zone)):
        yield time.astimezone(UTC)


def jitter(planned: Planned, at: datetime) -> timedelta:
    """How long after it was due a run begins: the same for the same run, whoever asks."""
    if not planned.job.jitter:
        return timedelta()
    name = f"{planned.client}/{planned.name}/{at.isoformat()}"
    drawn = int.from_bytes(sha256(name.encode()).digest()[:8])
    return timedelta(seconds=drawn % (planned.job.jitter + 1))


def due(planned: Planned, *, last: datetime, now: datetime) -> Due:
    """What is to be done at ``now``, where runs up to the nominal time ``last`` are accounted for.

    The newest run whose time has come, unless that is longer ago than ``catch_up``; all others since ``last`` were
    missed.
    """
    come = deque[datetime](maxlen=COUNTED + 1)
    # In the order in which they are due: a later run never overtakes one that waits for a longer jitter.
    come.extend(takewhile(lambda at: at + jitter(planned, at) <= now, occurrences(planned, last)))
    late = timedelta(seconds=planned.job.catch_up)
    if come and now - come[-1] <= late + jitter(planned, come[-1]):
        return Due(run=come[-1], missed=tuple(come)[:-1])
    return Due(run=None, missed=tuple(come)[-COUNTED:])


def upcoming(planned: Planned, after: datetime, count: int) -> tuple[datetime, ...]:
    """When the next runs begin, jitter included; none where the time never comes again."""
    return tuple(at + jitter(planned, at) for at in islice(occurrences(planned, after), count))


def request_id(client: str, name: str, at: datetime) -> str:
    """The id that the log entries of one run carry: a run that is repeated after a crash finds them."""
    return str(uuid5(_RUNS, f"{client}/{name}/{at.isoformat()}"))
