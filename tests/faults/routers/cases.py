"""The table of faults on real routers. One line each; how a case is played is in ``case``."""

import random
import signal

from tests.faults.routers.case import Case, Elsewhere, End, Play
from tests.faults.routers.pair import KEYS, RC, SSHD, Router
from tests.faults.routers.plays import (
    a_dead_daemon_is_no_deletion,
    a_frozen_daemon_is_no_deletion,
    a_normalised_line,
    a_salted_line,
    an_ignored_line,
    drift_between_plan_and_deploy,
    write_memory_lies,
)

SEED = 20261123
_random = random.Random(SEED)

FRR = "/usr/lib/frr/frrinit.sh"

APPLIED = End(0, "applied", "applied")
BACK = End(4, "rolled_back", "rolled_back")


def unreached(error: str = "r1: connect: localhost:") -> End:
    """Nothing was touched anywhere."""
    return End(1, "failed", "refused", error)


# -- what is done to r1 ----------------------------------------------------------------------------------------------


def kill_sshd(r1: Router) -> object:
    return r1.signal("sshd", signal.SIGKILL)


def start_sshd(r1: Router, *options: str) -> object:
    r1.start(*SSHD, *options)
    return r1.processes("sshd")


def no_sshd(r1: Router) -> bool:
    return not r1.processes("sshd")


def freeze(name: str):
    def strike(r1: Router) -> object:
        return r1.signal(name, signal.SIGSTOP)

    return strike


def thaw(name: str):
    def cure(r1: Router) -> object:
        return r1.signal(name, signal.SIGCONT)

    return cure


def is_stopped(name: str):
    def fired(r1: Router) -> bool:
        return name in r1.stopped()

    return fired


def kill(*names: str):
    def strike(r1: Router) -> object:
        return all(r1.signal(name, signal.SIGKILL) for name in names)

    return strike


def restart_frr(r1: Router) -> object:
    before = r1.processes("zebra")
    r1.start(FRR, "restart")
    return r1.processes("zebra") != before


def reboot(r1: Router) -> object:
    """As a reboot: every process but the first is another one, and /run is empty."""
    kill_sshd(r1)
    r1.signal("python3", signal.SIGKILL)
    r1.console("rm", "-r", "/run/netmgr-frr")
    return restart_frr(r1) and start_sshd(r1)


def cut_link(r1: Router) -> object:
    r1.console("ip", "link", "set", "eth0", "down")
    return "DOWN" in r1.console("ip", "-br", "link", "show", "eth0")


def mend_link(r1: Router) -> object:
    return r1.console("ip", "link", "set", "eth0", "up")


def packets(incoming: str = "", outgoing: str = ""):
    def strike(r1: Router) -> bool:
        r1.packets.rule(incoming=incoming, outgoing=outgoing)
        return r1.packets.filtered()

    return strike


def hits(r1: Router) -> int:
    return r1.packets.hits()


def pass_all(r1: Router) -> None:
    r1.packets.clear()


def slow(r1: Router) -> bool:
    """128 kbit/s, by the kernel where it has tbf, else by the proxy."""
    if not r1.packets.slow("128kbit"):
        r1.proxy.weather.rate = 16_000
    return True


def was_slow(r1: Router) -> object:
    return r1.packets.queued() or r1.proxy.counts.held


def full_speed(r1: Router) -> None:
    if r1.proxy.weather.rate:
        r1.proxy.calm()
    else:
        r1.packets.full_speed()


def delay(seconds: float):
    def strike(r1: Router) -> bool:
        r1.proxy.weather.delay = seconds
        return True

    return strike


def held(r1: Router) -> float:
    return r1.proxy.counts.held


def calm(r1: Router) -> None:
    r1.proxy.weather.delay = 0


def reset_after(count: int):
    def strike(r1: Router) -> bool:
        r1.proxy.weather.reset_after = count
        return True

    return strike


def was_reset(r1: Router) -> object:
    return r1.proxy.counts.resets


def somebody_else(r1: Router) -> bool:
    """r2's device answers at r1's address."""
    r1.proxy.weather.to = r1.site.routers["r2"].proxy.behind
    return True


def redirected(r1: Router) -> int:
    return r1.proxy.counts.redirected


def itself(r1: Router) -> None:
    r1.proxy.weather.to = None


def no_sessions(r1: Router) -> object:
    kill_sshd(r1)
    return start_sshd(r1, "-o", "MaxSessions=0")


def session_refused(r1: Router) -> bool:
    return "no more sessions" in (r1.root / "var/log/sshd.log").read_text()


def usual_sshd(r1: Router) -> object:
    kill_sshd(r1)
    return start_sshd(r1)


def change_key(r1: Router) -> object:
    r1.shell(f"mv /{KEYS} /{KEYS}.old; : > /{KEYS}")
    return not (r1.root / KEYS).read_text()


def old_key(r1: Router) -> None:
    r1.console("mv", f"/{KEYS}.old", f"/{KEYS}")


def slow_login(seconds: int):
    def strike(r1: Router) -> bool:
        r1.shell(f"echo 'echo x >> /run/slow; sleep {seconds}' > /{RC}")
        return True

    return strike


def logged_in_slowly(r1: Router) -> bool:
    return (r1.root / "run/slow").exists()


def quick_login(r1: Router) -> None:
    r1.shell(f"rm -f /{RC} /run/slow; pkill -x sleep; true")


def fill(r1: Router) -> bool:
    r1.shell("cat /dev/zero > /etc/frr/filler 2>/dev/null; true")
    return " 100% " in r1.console("df", "/etc/frr")


def empty(r1: Router) -> None:
    r1.console("rm", "/etc/frr/filler")


def read_only(r1: Router) -> bool:
    r1.console("mount", "-o", "remount,bind,ro,nodev", "/etc/frr")
    return r1.shell("touch /etc/frr/x 2>/dev/null || echo cannot") == "cannot\n"


def writable(r1: Router) -> None:
    r1.console("mount", "-o", "remount,bind,rw,nodev", "/etc/frr")


def meddle(r1: Router) -> bool:
    r1.vtysh("configure terminal", "ip route 198.51.100.0/24 blackhole")
    return "ip route 198.51.100.0/24 blackhole" in r1.vtysh("show running-config")


def meddle_no_more(r1: Router) -> None:
    if "198.51.100.0/24" in r1.vtysh("show running-config"):
        r1.vtysh("configure terminal", "no ip route 198.51.100.0/24 blackhole")


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
