"""The tables of docs/explanation/sla-clock.md are what the clock computes."""

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from netmgr.model.service_calendar import ServiceCalendar
from netmgr.model.ticket_clock import Event
from netmgr.service.calendar import ALWAYS, ServiceHours
from netmgr.service.clock import ticket_clock
from netmgr.service.course import Level

PAGE = (Path(__file__).parents[2] / "docs/explanation/sla-clock.md").read_text()
BERLIN = ZoneInfo("Europe/Berlin")
CALENDAR = ServiceCalendar.model_validate(yaml.safe_load(PAGE.split("```yaml\n")[1].split("```")[0]))
HOURS = {"service": ServiceHours(CALENDAR), "always": ALWAYS}
#: What a row says happened → (the event, whether a human of ours did it).
WORDS = {
    "answers": "acted",
    "pauses": "paused",
    "resumes": "resumed",
    "resolves": "resolved",
    "closes": "closed",
}


def rows(text):
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()[2:]]


TABLES = re.findall(r"^\|.*\n(?:\|.*\n)+", PAGE, re.MULTILINE)
(LEVEL_TABLE,) = (table for table in TABLES if table.startswith("| Priority |"))
TICKETS = [table for table in TABLES if table.startswith("| Recorded |")]
(SPELLS,) = (table for table in TABLES if table.startswith("| Sunday's spell |"))


def seconds(text):
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


LEVELS = {
    name: Level(seconds(response), seconds(resolution), HOURS[hours])
    for name, response, resolution, hours in rows(LEVEL_TABLE)
}


def moment(text):
    return int(datetime.strptime(text, "%d %b %H:%M").replace(year=2026, tzinfo=BERLIN).timestamp())


def shown(at):
    return datetime.fromtimestamp(at, BERLIN).strftime("%a %d %b %H:%M")


def lasted(count):
    return f"{count // 3600}:{count % 3600 // 60:02}"


def event(recorded, words):
    """What one row says: "engineer resolves, at 01 Dec 10:00, accepted"."""
    what, *more = words.split(", ")
    who, verb, *rest = what.split()
    claimed = next((moment(one.removeprefix("at ")) for one in more if one.startswith("at ")), recorded)
    word = ""
    if verb in ("opens", "makes"):
        verb, word = ("opened" if verb == "opens" else "prioritised"), rest[-1]
    elif verb == "reopens":
        verb = "reopened"
    else:
        verb = WORDS[verb]
    return Event(verb, claimed, recorded, word, who == "engineer", "accepted" in more)


def clock_words(clock):
    due = f", due {shown(clock.due)}" if clock.due is not None else ""
    met = {None: "", True: ", met", False: ", missed"}[clock.met]
    return f"{lasted(clock.used)} of {lasted(clock.target)}{due}{met}"


def computed(table):
    """The rows as they should be."""
    events, found = [], []
    for recorded, words, *_ in rows(table):
        now = moment(recorded[4:])
        if words:
            events.append(event(now, words))
        said = ticket_clock(events, LEVELS, now)
        found.append(
            [shown(now), words, said.state, clock_words(said.response), clock_words(said.resolution)]
        )
    return found


def spells(table):
    found = []
    for spell, *_ in rows(table):
        hours = ServiceHours(ServiceCalendar(timezone="Europe/Berlin", hours={"sunday": [spell]}))
        cells = []
        for day in ("29 Mar", "25 Oct"):
            begin = moment(f"{day} 00:00")
            total, _, _ = hours.counted([(begin, begin + 90_000)], 0)
            cells.append(lasted(total))
        found.append([spell, *cells])
    return found


@pytest.mark.parametrize("number", range(7))
def test_each_ticket_s_clocks_are_as_the_page_says(number):
    assert computed(TICKETS[number]) == rows(TICKETS[number])


def test_there_is_no_other_ticket():
    assert len(TICKETS) == 7


def test_spells_last_as_long_as_the_page_says():
    assert spells(SPELLS) == rows(SPELLS)
