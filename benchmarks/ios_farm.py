"""Many emulated IOS devices in a process of their own: `python -m benchmarks.ios_farm DIRECTORY DEVICES MILLISECONDS`.

Each has a configuration of 1,000 lines and answers every command after the latency given; logins are as fast as the
machine. When all listen, ``farm.json`` in the directory says where; the process ends with its standard input.
"""

import asyncio
import gc
import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from netmgr.lab.emulated.engine import Door, Place
from netmgr.lab.emulated.ios.engine import IosEngine
from netmgr.lab.emulated.journal import Journal
from netmgr.lab.emulated.ssh_cli import serve
from netmgr.lab.emulated.state import LabState
from netmgr.lab.frr.keys import new_key

USER, PASSWORD = "admin", "of-the-farm"
LINES = 1000
_BOOT_LIMIT = 900.0


def configuration(number: int) -> str:
    """As an access switch's: ports, VLANs, filters, routes; ``LINES`` lines, as the device counts them."""
    lines = [
        f"hostname sw{number:05d}",
        *("ip domain name example.net", "archive", " path flash:backup", " maximum 10"),
        *(f"vlan {vlan}\n name vlan-{vlan}" for vlan in range(10, 60)),
        "ip ssh version 2",
        "ip scp server enable",
        *(f"interface Loopback{n}\n ip address 10.{number % 250}.{n}.1 255.255.255.255" for n in range(4)),
    ]
    for port in range(1, 97):
        lines.append(
            f"interface GigabitEthernet1/0/{port}\n description port {port} of sw{number:05d}\n no ip address\n"
            f" switchport access vlan {10 + port % 50}\n switchport mode access\n spanning-tree portfast\n"
            " storm-control broadcast level 5.00"
        )
    lines += [f"ip route 172.16.{n}.0 255.255.255.0 10.0.0.1" for n in range(60)]
    lines += ["ip access-list extended users"]
    lines += [f" permit tcp 10.{n}.0.0 0.0.255.255 any eq 443" for n in range(60)]
    lines += [f"ntp server 192.0.2.{n}" for n in (1, 2)] + ["line vty 0 4", " transport input ssh"]
    have = sum(line.count("\n") + 1 for line in lines)
    lines += [f"ip prefix-list customers seq {5 * n + 5} permit 100.64.{n}.0/24" for n in range(LINES - have)]
    return "".join(f"{line}\n" for line in lines)


async def _serve(directory: Path, count: int, latency: float) -> None:
    key, ports = new_key(), []
    door = Door(USER, PASSWORD, key.private, "", ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
    state = LabState()
    for number in range(count):
        name = f"sw{number:05d}"
        files = directory / f"{name}.files"
        files.mkdir()
        place = Place(name, (), Journal(directory / f"{name}.journal"), state, 1.0, files)
        engine = IosEngine(place, configuration(number))
        if engine.refused_at_boot:
            raise SystemExit(f"{name}: {engine.refused_at_boot[0]}")
        state.views[name] = engine.view
        ports.append(await serve(engine, door, latency=latency))
    gc.collect()
    gc.freeze()
    known = "".join(f"[127.0.0.1]:{port} {key.public}\n" for port in ports)
    (directory / "known_hosts").write_text(known)
    (directory / "farm.new").write_text(json.dumps(ports))
    (directory / "farm.new").rename(directory / "farm.json")
    await asyncio.to_thread(sys.stdin.read)


@dataclass(frozen=True)
class Farm:
    """A running farm. ``ports`` of loopback, one a device; ``known_hosts`` has all their keys."""

    ports: tuple[int, ...]
    known_hosts: Path
    pid: int

    @property
    def cpu(self) -> float:
        """Seconds that the devices took."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def farm(directory: Path, count: int, milliseconds: int) -> Iterator[Farm]:
    """The devices, as long as the context lasts."""
    command = [sys.executable, "-m", "benchmarks.ios_farm", str(directory), str(count), str(milliseconds)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, cwd=Path(__file__).parent.parent) as process:
        try:
            limit = time.monotonic() + _BOOT_LIMIT
            while not (directory / "farm.json").exists():
                if process.poll() is not None or time.monotonic() > limit:
                    raise SystemExit("the farm did not boot")
                time.sleep(0.1)
            ports = json.loads((directory / "farm.json").read_text())
            yield Farm(tuple(ports), directory / "known_hosts", process.pid)
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 1000))
