"""The table of faults on real routers. One line each; how a case is played is in ``case``."""

import random

from tests.faults.routers.case import Case, Elsewhere, End, Play
from tests.faults.routers.plays import (
    a_dead_daemon_is_no_deletion,
    a_frozen_daemon_is_no_deletion,
    a_normalised_line,
    a_salted_line,
    an_ignored_line,
    drift_between_plan_and_deploy,
    write_memory_lies,
)
from tests.faults.routers.strikes import (
    calm,
    change_key,
    cut_link,
    delay,
    empty,
    fill,
    freeze,
    full_speed,
    held,
    hits,
    is_stopped,
    itself,
    kill,
    kill_sshd,
    logged_in_slowly,
    meddle,
    meddle_no_more,
    mend_link,
    no_sessions,
    no_sshd,
    old_key,
    packets,
    pass_all,
    quick_login,
    read_only,
    reboot,
    redirected,
    reset_after,
    restart_frr,
    session_refused,
    slow,
    slow_login,
    somebody_else,
    start_sshd,
    thaw,
    usual_sshd,
    was_reset,
    was_slow,
    writable,
)

SEED = 20261123
_random = random.Random(SEED)

FRR = "/usr/lib/frr/frrinit.sh"

APPLIED = End(0, "applied", "applied")
BACK = End(4, "rolled_back", "rolled_back")


def unreached(error: str = "r1: connect: localhost:") -> End:
    """Nothing was touched anywhere."""
    return End(1, "failed", "refused", error)


def _loss() -> str:
    """Three packets of ten, the same ones each time."""
    lost = _random.sample(range(10), 3)
    return f"numgen inc mod 10 {{ {', '.join(map(str, sorted(lost)))} }} COUNT drop"


ANY = (unreached(""), BACK, APPLIED, End(4, "failed", "rolled_back"))

CASES: tuple[Case | Play | Elsewhere, ...] = (
    # processes
    Case(
        "sshd killed before the push", kill_sshd, (unreached(),), fired=no_sshd, cure=start_sshd, quick=True
    ),
    Case(
        "sshd killed while the change is applied, away for 3 s",
        kill_sshd,
        (APPLIED,),
        at="armed",
        fired=no_sshd,
        cure=start_sshd,
        until=3.0,
        quick=True,
    ),
    Case(
        "sshd killed while the change is applied, away for good",
        kill_sshd,
        (End(6, "in_doubt", "rolled_back", "r1: "),),
        at="armed",
        fired=no_sshd,
        cure=start_sshd,
        timer=12,
        timeout=5,
        then=BACK,
    ),
    Case(
        "sshd killed after the commit, away for 3 s",
        kill_sshd,
        (APPLIED,),
        at="pending",
        fired=no_sshd,
        cure=start_sshd,
        until=3.0,
    ),
    Case(
        "sshd killed after the decision, away for 3 s",
        kill_sshd,
        (APPLIED,),
        at="decision:",
        fired=no_sshd,
        cure=start_sshd,
        until=3.0,
    ),
    Case(
        "sshd frozen before the push",
        freeze("sshd"),
        (unreached(),),
        fired=is_stopped("sshd"),
        cure=thaw("sshd"),
        timeout=4,
    ),
    Case(
        "sshd frozen in the confirm window",
        freeze("sshd"),
        (BACK,),
        at="pending",
        fired=is_stopped("sshd"),
        cure=thaw("sshd"),
        until="back",
        timer=12,
        timeout=5,
    ),
    Play(
        "bgpd frozen: audit, plan and deploy",
        a_frozen_daemon_is_no_deletion,
        "audit unreachable (3), plan without r1 (3), deploy: r1 failed, r2 refused (1)",
    ),
    Case(
        "bgpd frozen while the change is applied",
        freeze("bgpd"),
        (BACK,),
        at="armed",
        timer=15,
        timeout=8,
        fired=lambda r1: r1.commit() == "rolled_back",
    ),
    Case(
        "ospfd frozen in the confirm window",
        freeze("ospfd"),
        (BACK,),
        at="pending",
        timer=15,
        timeout=8,
        fired=lambda r1: r1.commit() == "rolled_back",
    ),
    Play(
        "bgpd dead: audit, plan and deploy",
        a_dead_daemon_is_no_deletion,
        "audit error (1), plan without r1 (3), deploy: r1 failed, r2 refused (1)",
        quick=True,
    ),
    Case(
        "bgpd killed for good in the confirm window",
        kill("watchfrr", "bgpd"),
        (BACK,),
        at="pending",
        timer=15,
        fired=lambda r1: r1.commit() == "rolled_back_hard",
    ),
    Case(
        "bgpd killed in the confirm window, and started again by watchfrr",
        kill("bgpd"),
        (APPLIED,),
        at="pending",
        fired=lambda r1: r1.processes("bgpd"),
    ),
    Case("FRR restarted in the confirm window", restart_frr, (BACK,), at="pending", timer=25),
    Case("everything restarted in the confirm window", reboot, (BACK,), at="pending", timer=25),
    # network
    Case(
        "management link down while the change is applied, for 4 s",
        cut_link,
        (APPLIED,),
        at="armed",
        until=4.0,
        cure=mend_link,
    ),
    Case(
        "management link down until the timer has ended",
        cut_link,
        (BACK,),
        at="pending",
        until="back",
        cure=mend_link,
        timer=12,
        timeout=5,
    ),
    Case(
        "replies dropped until the timer has ended",
        packets(outgoing="COUNT drop"),
        (BACK,),
        at="pending",
        fired=hits,
        until="back",
        cure=pass_all,
        timer=12,
        timeout=5,
    ),
    Case(
        "black hole before the push",
        packets("COUNT drop", "COUNT drop"),
        (unreached(),),
        fired=hits,
        cure=pass_all,
        timeout=4,
    ),
    Case(
        "black hole from the commit on",
        packets("COUNT drop", "COUNT drop"),
        (End(6, "in_doubt", "rolled_back"),),
        at="pending",
        fired=hits,
        cure=pass_all,
        then=BACK,
        timer=12,
        timeout=5,
    ),
    Case(
        "30 % loss", packets(_loss(), _loss()), (APPLIED,), fired=hits, cure=pass_all, timer=200, timeout=60
    ),
    Case(
        "MTU hole before the push",
        packets("meta length > 600 COUNT drop", "meta length > 600 COUNT drop"),
        (unreached(),),
        fired=hits,
        cure=pass_all,
        timeout=5,
    ),
    Case(
        "MTU hole from the commit on",
        packets("meta length > 600 COUNT drop", "meta length > 600 COUNT drop"),
        (BACK,),
        at="pending",
        fired=hits,
        until="back",
        cure=pass_all,
        timer=12,
        timeout=5,
    ),
    Case("slow link", slow, (APPLIED,), fired=was_slow, cure=full_speed, timer=120),
    Case("answers 2 s late", delay(2.0), (APPLIED,), fired=held, cure=calm, timer=200, timeout=30),
    Case("answers 60 s late", delay(60.0), (unreached(),), fired=held, cure=calm, timeout=4),
    Case(
        "answers later than the timer from the commit on",
        delay(_random.uniform(20, 40)),
        (BACK,),
        at="pending",
        fired=held,
        until="back",
        cure=calm,
        timer=12,
        timeout=5,
    ),
    *(
        Case(f"reset after {count} bytes", reset_after(count), ANY, fired=was_reset)
        for count in (
            _random.randint(*part)
            for part in ((100, 2_500), (2_500, 6_000), (6_000, 11_000), (11_000, 16_000))
        )
    ),
    # identity and sessions
    Elsewhere(
        "a push that shuts or black-holes its own management",
        "tests/lab/change/test_transaction.py::test_a_router_that_cuts_its_own_management_comes_back_by_itself",
    ),
    Case(
        "another device on the address",
        somebody_else,
        (unreached("wrong host key"),),
        fired=redirected,
        cure=itself,
        quick=True,
    ),
    Case(
        "another device on the address in the confirm window",
        somebody_else,
        (BACK,),
        at="pending",
        fired=redirected,
        cure=itself,
        until="back",
        timer=12,
        timeout=5,
    ),
    Elsewhere("another host key", "tests/lab/change/test_bad_device.py::test_a_wrong_host_key"),
    Case(
        "sessions exhausted before the push",
        no_sessions,
        (unreached(),),
        fired=session_refused,
        cure=usual_sshd,
    ),
    Case(
        "sessions exhausted in the confirm window",
        no_sessions,
        (BACK,),
        at="pending",
        fired=session_refused,
        cure=usual_sshd,
        until="back",
        timer=12,
        timeout=5,
    ),
    Elsewhere("another key before the push", "tests/lab/change/test_bad_device.py::test_wrong_credentials"),
    Case(
        "key changed in the confirm window",
        change_key,
        (BACK,),
        at="pending",
        cure=old_key,
        until="back",
        timer=12,
        timeout=5,
    ),
    Case("slow login", slow_login(3), (APPLIED,), fired=logged_in_slowly, cure=quick_login),
    Case(
        "login slower than the limit",
        slow_login(30),
        (unreached(),),
        fired=logged_in_slowly,
        cure=quick_login,
        timeout=4,
    ),
    # the device itself
    Case(
        "disk full before the push",
        fill,
        (End(4, "rolled_back", "rolled_back", "No space left on device"),),
        cure=empty,
        timer=20,
        quick=True,
    ),
    Case("disk full in the confirm window", fill, (APPLIED,), at="pending", cure=empty, timer=20),
    Play(
        "disk full: write memory says [OK] and leaves nothing",
        write_memory_lies,
        "audit warns (0): a reboot would lose it",
    ),
    Case(
        "configuration directory read-only before the push",
        read_only,
        (End(4, "rolled_back", "rolled_back", "Read-only file system"),),
        cure=writable,
        timer=20,
    ),
    Case(
        "configuration directory read-only in the confirm window",
        read_only,
        (End(4, "rolled_back", "rolled_back", "Read-only file system"),),
        at="pending",
        cure=writable,
        timer=12,
    ),
    Play("a line that the device normalises", a_normalised_line, "rolled_back (4), both lines named"),
    Play("a line that the device salts", a_salted_line, "rolled_back (4), the line named"),
    Play("a line that the device ignores", an_ignored_line, "rolled_back (4), the line named"),
    Elsewhere(
        "a bad line in the middle",
        "tests/lab/change/test_transaction.py::test_a_rejected_line_stops_the_change_on_every_device",
    ),
    # others at work
    Play(
        "drift between plan and deploy",
        drift_between_plan_and_deploy,
        "stale plan refused (5), nothing touched",
        quick=True,
    ),
    Case(
        "drift between reading and commit",
        meddle,
        (End(6, "in_doubt", "rolled_back", "commit refused (drift)"),),
        then=End(4, "failed", "rolled_back"),
        at="load:",
        cure=meddle_no_more,
    ),
    Case("drift in the confirm window", meddle, (BACK,), at="pending", cure=meddle_no_more, timer=15),
    Elsewhere(
        "two deploys at once",
        "tests/lab/change/test_interrupted.py::test_a_second_deploy_is_refused_while_one_runs",
    ),
)
