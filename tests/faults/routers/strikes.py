"""What is done to r1: each fault, what shows from outside that it fired, and how it is taken back."""

import signal

from tests.faults.routers.pair import KEYS, RC, SSHD, Router

FRR = "/usr/lib/frr/frrinit.sh"


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
