"""The lab's first process: makes the namespaces, boots the routers, forwards ports, and takes all with it when it ends.

Started as ``python -S -P -m netmgr.lab.frr.supervisor CONTROL LOCK PORT…`` with numbers of inherited descriptors: the
caller's end of a conversation, the lab's lock, and one listening socket for each router; the order is on standard
input. Only the standard library is imported, so that a lab starts at once.

The conversation, one JSON object on each line: ``{"event": "wired", "pids"}``, ``{"event": "ready", "device",
"seconds"}`` per router, or ``{"event": "failed", "device", "reason"}``; where the machine allows no namespaces only
``{"event": "namespaces", "reason"}``. The caller answers ``stay``; if it ends before, so does the lab.
"""

import asyncio
import contextlib
import json
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from netmgr.lab.frr.forwarder import forward
from netmgr.lab.frr.order import LabOrder
from netmgr.lab.frr.process import Process
from netmgr.lab.frr.root import build_stage
from netmgr.lab.frr.router import RouterProcess, spawn
from netmgr.lab.frr.syscalls import Namespace, enter_user_namespace, ignore_setgroups
from netmgr.lab.frr.wiring import wire

#: A boot spends about half of its time waiting for daemons; more at once only makes each one later.
_BOOTS_PER_CPU = 2
#: Seconds between two looks at whether the lab's directory is still there.
_LOOK_EVERY = 2.0
_OTHERS = Namespace.NET | Namespace.MOUNT | Namespace.PID | Namespace.UTS | Namespace.IPC


def main(arguments: Sequence[str]) -> None:
    """Make the namespaces, leave the lab's first process running in them, record it and return."""
    control_fd, lock_fd, *port_fds = map(int, arguments)
    control = socket.socket(fileno=control_fd)
    order = LabOrder.from_json(sys.stdin.read())
    os.umask(0o022)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    try:
        enter_user_namespace(_OTHERS)
    except OSError as error:
        _tell(control, event="namespaces", reason=str(error))
        return
    gate_out, gate_in = os.pipe()
    first = os.fork()
    if first:
        # Whoever cleans up waits for the lock, which this process holds: no lab is ever without its record.
        Process.of(first).write(Path(order.state, "supervisor.json"))
        os.write(gate_in, b"go")
        return
    os.close(lock_fd)
    os.close(gate_in)
    if not os.read(gate_out, 2):
        os._exit(1)
    os.close(gate_out)
    _first_process(order, control, [socket.socket(fileno=fd) for fd in port_fds])


def _first_process(order: LabOrder, control: socket.socket, ports: Sequence[socket.socket]) -> NoReturn:
    code = 1
    try:
        ignore_setgroups()
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65536), most))
        stage = build_stage(order)
        processes = [spawn(stage, order, router) for router in order.routers]
        wire(order, processes)
        _tell(control, event="wired", pids={process.router.device: process.pid for process in processes})
        asyncio.run(_serve(order, control, ports, processes))
        code = 0
    except BaseException as error:  # noqa: BLE001 - the boundary of a process: everything is reported, then it ends
        traceback.print_exc()
        _tell(control, event="failed", device="", reason=str(error) or type(error).__name__)
    os._exit(code)  # the kernel ends every process of the lab with its first one


async def _serve(
    order: LabOrder,
    control: socket.socket,
    ports: Sequence[socket.socket],
    processes: Sequence[RouterProcess],
) -> None:
    """Boot all routers and forward their ports; returns when the caller gives up or the lab's directory is deleted."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(
        signal.SIGCHLD, _reap, {process.pid: process.router.device for process in processes}
    )
    for port, router in zip(ports, order.routers, strict=True):
        await forward(port, router.address)
    reader, writer = await asyncio.open_connection(sock=control)
    answer = asyncio.create_task(reader.readline())
    turns = asyncio.Semaphore(_BOOTS_PER_CPU * len(os.sched_getaffinity(0)))
    boots = [asyncio.create_task(_boot(process, turns, writer)) for process in processes]
    if await answer != b"stay\n":
        return
    await asyncio.gather(*boots)
    writer.close()
    await _deleted(Path(order.state, "supervisor.json"))


async def _boot(process: RouterProcess, turns: asyncio.Semaphore, control: asyncio.StreamWriter) -> None:
    """Let one router boot when it is its turn, and tell the caller how it went."""
    async with turns:
        reader, writer = await asyncio.open_connection(sock=process.channel)
        writer.write(b"go\n")
        outcome, _, detail = (await reader.read()).decode("utf-8", "replace").strip().partition(" ")
        writer.close()
    device = process.router.device
    if outcome == "ready":
        message = {"event": "ready", "device": device, "seconds": float(detail)}
    else:
        message = {"event": "failed", "device": device, "reason": detail or "its first process ended"}
    control.write(json.dumps(message).encode() + b"\n")
    await control.drain()


async def _deleted(record: Path) -> None:
    """Until the lab's record has no name any more: without it, no command could find the lab and end it."""
    descriptor = os.open(record, os.O_PATH)
    while os.fstat(descriptor).st_nlink:
        await asyncio.sleep(_LOOK_EVERY)


def _reap(devices: dict[int, str]) -> None:
    """Collect ended processes; a router whose first process ended is gone with all its processes."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        if device := devices.pop(pid, None):
            print(f"{device}: its first process ended with status {status}", file=sys.stderr, flush=True)


def _tell(control: socket.socket, **message: object) -> None:
    with contextlib.suppress(BrokenPipeError):  # the caller was killed, which will end the lab too
        control.sendall(json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1:])
