"""A deploy that is stopped past its lease, replaced and resumed: no router hears of it again, by its own journal."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from netmgr.adapters.store_sql import open_store
from netmgr.adapters.system_clock import SystemClock
from tests.faults.pair import DEPLOY, LIMIT, Engineer, commits
from tests.postgresql import PASSWORD
from tests.waiting import wait_until

pytestmark = [pytest.mark.lab, pytest.mark.tally("late writers")]

#: The line that the deploy says when it is stopped → how the change ends, by whoever took over.
MOMENTS = {
    "state before": {"nothing"},
    "load:": {"failed"},
    "commit:": {"failed", "rolled_back"},
    "check:": {"rolled_back"},
    "decision: confirm": {"applied"},
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engineer]:
    made = Engineer.make(tmp_path_factory.mktemp("pair") / "a", "p-a", settings="deploy: {lease: 1}\n")
    made.done("lab", "up")
    made.done(*DEPLOY)
    yield made
    made.done("lab", "down")


@pytest.fixture
def two(request: pytest.FixtureRequest, lab: Engineer, tmp_path: Path) -> tuple[Engineer, Engineer]:
    """Who is stopped and who takes over: in one workspace, or in two with one PostgreSQL store."""
    if request.param == "file":
        return lab, lab
    url = request.getfixturevalue("postgresql").database()
    open_store(url, SystemClock(), password=PASSWORD).close()
    settings = f"store: {url}\nstore_password: secret://env/store\ndeploy: {{lease: 1}}\n"
    return tuple(  # type: ignore[return-value]
        Engineer.make(tmp_path / person, person, lab=lab.lab, settings=settings, password=PASSWORD)
        for person in ("p-c", "p-d")
    )


QUICK = [("commit:", "postgresql")]
CASES = [
    pytest.param(moment, store, marks=[] if (moment, store) in QUICK else [pytest.mark.faults])
    for moment in MOMENTS
    for store in ("file", "postgresql")
]


@pytest.mark.parametrize(("moment", "two"), CASES, indirect=["two"])
def test_who_was_replaced_is_not_heard_of_again(
    moment: str, two: tuple[Engineer, Engineer], request: pytest.FixtureRequest
) -> None:
    old, new = two
    number = 1000 + 10 * list(MOMENTS).index(moment) + (old is not new)  # another one for each case
    for engineer in two:
        engineer.intends(number)
    before = old.running()
    process = old.start(*DEPLOY, "--confirm-in", "60", stop_at=moment)
    state = Path(f"/proc/{process.pid}/stat")
    try:
        wait_until(lambda: state.read_text().rpartition(")")[2].split()[0] in "TZ", seconds=LIMIT)
        assert process.poll() is None, process.communicate()
        ends: list[dict[str, object]] = []

        def taken_over() -> bool:
            code, out, err = new.run("recover", "-o", "json")
            if code == 5:
                assert "is changing pair (lab) since" in out + err
                return False
            assert "lease: taken over from p-" in err
            ends.extend(json.loads(out)["changes"])
            return True

        wait_until(taken_over, seconds=LIMIT)
        journal, running = new.journal(), new.running()
        process.send_signal(signal.SIGCONT)
        out, err = process.communicate(timeout=LIMIT)
    finally:
        process.kill()
        process.communicate()
    outcome = str(ends[0]["outcome"]) if ends else "nothing"
    assert outcome in MOMENTS[moment]
    assert process.returncode == (
        6 if "commit" in moment or moment in ("check:", "decision: confirm") else 5
    ), err
    assert [refusal["gate"] for refusal in json.loads(out)["refused"]] == ["lease"]
    assert (new.journal(), new.running()) == (journal, running), "the late one has written"
    assert (running == before) is (outcome != "applied")
    assert all(commits(lines) for lines in journal.values())
    code, out, err = new.run(*DEPLOY)
    assert (code, json.loads(out)["outcome"]) == (0, "unchanged" if outcome == "applied" else "applied"), err
