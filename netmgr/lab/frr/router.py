"""One router: its namespaces, its boot, and then its first process, which adopts and reaps orphans.

Runs in children of the supervisor. Everything it imports is imported before the root changes: afterwards the Python
installation may be out of sight.
"""

import gc
import os
import resource
import signal
import socket
import subprocess
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from netmgr.lab import SYSTEM_PATH
from netmgr.lab.frr import files
from netmgr.lab.frr.order import PREFIX_LENGTH, LabOrder, RouterOrder
from netmgr.lab.frr.own_root import enter_own_root
from netmgr.lab.frr.root import enter_router_root
from netmgr.lab.frr.syscalls import Namespace, unshare

#: As on a fresh installation; FRR's daemons allocate memory for each one they may open.
_DESCRIPTORS = 1024
_NAMESPACES = Namespace.PID | Namespace.NET | Namespace.MOUNT | Namespace.UTS | Namespace.IPC
_ENVIRONMENT = {
    "PATH": SYSTEM_PATH,
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "TERM": "dumb",
}
#: Below /proc/sys/net. Forwarding, and no reverse path filter, which drops traffic whose way back is another link.
_ROUTER_SYSCTL = {
    "ipv4/ip_forward": "1",
    "ipv4/conf/all/rp_filter": "0",
    "ipv4/conf/default/rp_filter": "0",
    "ipv6/conf/all/forwarding": "1",
}


class BootError(Exception):
    """The router cannot boot; the message says why, its log may say more."""


@dataclass(frozen=True, slots=True)
class RouterProcess:
    """A router's first process. ``pid`` is as the supervisor sees it; ``channel`` says go and hears how it went."""

    router: RouterOrder
    pid: int
    channel: socket.socket


def spawn(stage: Path, order: LabOrder, router: RouterOrder) -> RouterProcess:
    """Start ``router``'s first process in new namespaces. It waits for ``go`` on its channel before it boots."""
    ours, its = socket.socketpair()
    between = os.fork()  # a process cannot move itself into a new PID namespace, only its children
    if between == 0:
        try:
            ours.close()
            unshare(_NAMESPACES)
            first = os.fork()
            if first == 0:
                _first_process(stage, order, router, its)
            its.sendall(f"{first}\n".encode())
        except OSError:
            traceback.print_exc()
        finally:
            os._exit(0)
    its.close()
    pid = _line(ours)
    os.waitpid(between, 0)
    if not pid.isdigit():  # nothing, or what the first process failed with before it was announced
        raise RuntimeError(f"{router.device}: its namespaces cannot be made: {pid or 'see the log'}")
    return RouterProcess(router, int(pid), ours)


def _first_process(stage: Path, order: LabOrder, router: RouterOrder, channel: socket.socket) -> NoReturn:
    try:
        gc.freeze()  # collecting would copy every page that is shared with the supervisor
        socket.sethostname(router.device)
        _own_descriptors(Path(order.state, "log", router.device, "boot.log"), channel)
        if _line(channel) != "go":
            os._exit(0)
        started = time.monotonic()
        (enter_own_root if router.own_root else enter_router_root)(stage, order, router)
        _boot(router, order.boot_limit)
        channel.sendall(f"ready {time.monotonic() - started:.2f}\n".encode())
        channel.close()
    except BaseException as error:  # noqa: BLE001 - the boundary of a process: everything is reported, then it ends
        if not isinstance(error, BootError):
            traceback.print_exc()
        channel.sendall(f"failed {' '.join(str(error).split())}\n".encode())
        os._exit(1)
    _reap_forever()


def _own_descriptors(log: Path, channel: socket.socket) -> None:
    """Keep the channel only, output goes to the router's boot log; then lower the limit that the supervisor raised."""
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    keep = channel.fileno()
    os.closerange(3, keep)
    os.closerange(keep + 1, os.sysconf("SC_OPEN_MAX"))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(_DESCRIPTORS, most), most))


def _boot(router: RouterOrder, limit: float) -> None:
    deadline = time.monotonic() + limit
    _run(["ip", "-batch", "-"], _addressing(router), limit)
    _run(["/usr/sbin/sshd", "-E", "/var/log/sshd.log"], "", limit)
    if router.lldp:
        _run(["/usr/sbin/lldpd"], "", limit)
    if router.routing:
        _start_routing(router, limit, deadline)


def _start_routing(router: RouterOrder, limit: float, deadline: float) -> None:
    for name, value in _ROUTER_SYSCTL.items():
        path = Path("/proc/sys/net", name)
        if path.exists():  # a kernel without IPv6 has no ipv6 directory
            path.write_text(value, "ascii")
    for name in router.daemons:
        if not Path("/usr/lib/frr", name).exists():
            raise BootError(f"this machine's FRR has no daemon {name}")
    _run(["/usr/lib/frr/frrinit.sh", "start"], "", limit)
    _wait_for_daemons({*files.ALWAYS, *router.daemons}, deadline)
    if router.startup:
        _load_again(limit)


def _addressing(router: RouterOrder) -> str:
    """The ``ip`` commands that an operating system gives before FRR starts."""
    lines = ["link set lo up", f"address add {router.address}/{PREFIX_LENGTH} dev eth0", "link set eth0 up"]
    for interface in router.interfaces:
        mtu = f" mtu {interface.mtu}" if interface.mtu else ""
        lines.append(f"link set {interface.name}{mtu} up")
    return "\n".join((*lines, *router.addressing)) + "\n"


def _run(argv: list[str], text: str, limit: float) -> None:
    """Run a command of the boot; its output is in the boot log. Raises BootError if it fails."""
    try:
        done = subprocess.run(argv, input=text.encode(), timeout=limit, env=_ENVIRONMENT, check=False)
    except subprocess.TimeoutExpired:
        raise BootError(f"{' '.join(argv)} has not ended after {limit:g} s") from None
    if done.returncode:
        raise BootError(f"{' '.join(argv)} ended with code {done.returncode}")


def _load_again(limit: float) -> None:
    """Load the startup configuration once more: FRR says nowhere whether it took every line at its start."""
    argv = ["vtysh", "-b"]
    done = subprocess.run(
        argv, capture_output=True, text=True, errors="replace", timeout=limit, env=_ENVIRONMENT, check=False
    )
    if done.returncode:
        raise BootError(
            f"FRR refuses its startup configuration: {' '.join((done.stdout + done.stderr).split())}"
        )


def _connected_daemons() -> set[str]:
    """The daemons that vtysh reaches."""
    argv = ["vtysh", "-c", "show daemons"]
    done = subprocess.run(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=10, env=_ENVIRONMENT, check=False
    )
    return set(done.stdout.decode("ascii", "replace").split())


def _wait_for_daemons(expected: set[str], deadline: float) -> None:
    """Until vtysh is connected to every expected daemon: what ``show daemons`` lists."""
    while True:
        sockets = {path.stem for path in Path("/run/frr").glob("*.vty")}
        connected = _connected_daemons() if expected <= sockets else sockets
        if expected <= connected:
            return
        if time.monotonic() > deadline:
            raise BootError(f"daemons that do not answer: {', '.join(sorted(expected - connected))}")
        time.sleep(0.02)


def _line(channel: socket.socket) -> str:
    """One line, or what came before the other end closed."""
    received = b""
    while not received.endswith(b"\n") and (chunk := channel.recv(1)):
        received += chunk
    return received.decode().rstrip("\n")


def _reap_forever() -> NoReturn:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:  # everything has ended; the next orphan announces itself
            signal.sigwait({signal.SIGCHLD})
