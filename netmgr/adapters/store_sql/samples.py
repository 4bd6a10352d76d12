"""Samples as rows beside the service log: one for each span, not for each sample."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, func, insert, select, update

from netmgr.adapters.store_sql.database import Database
from netmgr.adapters.store_sql.schema import probed, samples
from netmgr.model.names import Target
from netmgr.model.probe import ProbeState, Span, Standing

_QUEUE: Final = "samples"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_s = samples.c
_PLACE = and_(_s.client == bindparam("of"), _s.target == bindparam("aim"))

#: Made once, and run for every device of a client together.
_LONGER: Final = (
    update(samples)
    .where(_PLACE, _s.device == bindparam("name"), _s.first == bindparam("since"))
    .values(last=bindparam("now"))
)


class SqlSamples:
    """See ``netmgr.ports.samples.Samples``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(
        self, client: str, target: Target, at: datetime, interval: int, states: Mapping[str, ProbeState]
    ) -> bool:
        """One transaction, one at a time for each client."""
        now, here = _seconds(at), _here(client, target)
        with self._database.writing(client, _QUEUE) as connection:
            newest = connection.execute(select(func.max(_s.last)).where(here)).scalar()
            if newest is not None and newest >= now:
                return False
            ending = select(_s.device, _s.first, _s.state).where(
                here, _s.last == now - interval, _s.interval == interval
            )
            firsts = {
                row.device: row.first
                for row in connection.execute(ending)
                if states.get(row.device) == row.state
            }
            if firsts:
                longer = [
                    {"of": client, "aim": target, "name": device, "since": first, "now": now}
                    for device, first in firsts.items()
                ]
                connection.execute(_LONGER, longer)
            fresh = [
                {
                    "client": client,
                    "target": target,
                    "device": device,
                    "first": now,
                    "last": now,
                    "interval": interval,
                    "state": state,
                }
                for device, state in states.items()
                if device not in firsts
            ]
            if fresh:
                connection.execute(insert(samples), fresh)
            return True

    def newest(self, client: str, target: Target) -> datetime | None:
        """By the index on ``last``."""
        with self._database.reading() as connection:
            found = connection.execute(select(func.max(_s.last)).where(_here(client, target))).scalar()
        return None if found is None else _moment(found)

    def spans(
        self, client: str, target: Target, start: datetime, end: datetime, *, device: str | None = None
    ) -> tuple[Span, ...]:
        """By the index on ``last``, which leads past what is older."""
        query = select(samples).where(
            _here(client, target), _s.last >= _seconds(start, up=True), _s.first < _seconds(end, up=True)
        )
        if device is not None:
            query = query.where(_s.device == device)
        with self._database.reading() as connection:
            found = [_span(row) for row in connection.execute(query)]
        # Here, as databases sort text each in its own way.
        return tuple(sorted(found, key=lambda span: (span.device, span.first)))

    def standings(self, client: str, target: Target) -> Mapping[str, Standing]:
        """A row for each device."""
        query = select(probed).where(probed.c.client == client, probed.c.target == target)
        with self._database.reading() as connection:
            rows = connection.execute(query)
            return {row.device: Standing(row.state, _moment(row.since)) for row in rows}

    def stand(self, client: str, target: Target, standings: Mapping[str, Standing]) -> None:
        """One transaction."""
        rows = [
            {
                "client": client,
                "target": target,
                "device": device,
                "state": standing.state,
                "since": _seconds(standing.since),
            }
            for device, standing in standings.items()
        ]
        with self._database.writing(client, _QUEUE) as connection:
            connection.execute(delete(probed).where(probed.c.client == client, probed.c.target == target))
            if rows:
                connection.execute(insert(probed), rows)

    def forget(self, client: str, target: Target, before: datetime) -> int:
        """One statement."""
        old = delete(samples).where(_here(client, target), _s.last < _seconds(before, up=True))
        with self._database.writing(client, _QUEUE) as connection:
            return connection.execute(old).rowcount


def _here(client: str, target: Target) -> ColumnElement[bool]:
    return and_(_s.client == client, _s.target == target)


def _seconds(moment: datetime, *, up: bool = False) -> int:
    """Since 1970; ``up``: the first whole second that is not before ``moment``."""
    return -int(-moment.timestamp() // 1) if up else int(moment.timestamp())


def _moment(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)


def _span(row: Row[Any]) -> Span:
    return Span(row.device, _moment(row.first), _moment(row.last), row.interval, row.state)
