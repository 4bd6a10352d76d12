"""Loading inventories beside the peer and the floor: `python benchmarks/inventory.py [CLIENTS]`.

CLIENTS (default 100) clients of 100 devices and 150 links, 4.9 KB of YAML a device. The peer is Nornir's
SimpleInventory on the same hosts, groups and defaults: it merges on access and checks nothing. The floor is
PyYAML's CSafeLoader over every file, without positions, merging or checks. Rounds are interleaved, each in a process
of its own, so that all see the same machine; the best of each counts. Times are CPU seconds of the process, imports
left out. Nornir reads with ruamel's pure-Python loader, so it takes one client and is multiplied.
"""

import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from netmgr.adapters.inventory_cache import InventoryCache
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.platforms import FORMS
from netmgr.workflows.inventory import validate

ROUNDS = 3
DEVICES = 100


def interfaces(device: int) -> Iterator[str]:
    for port in range(20):
        yield f"      eth{port + 10}:"
        yield f"        description: access port {port} of rack {device}, row {port % 7}"
        yield f"        ipv4: 10.{device}.{port}.1/24"
        yield f"        enabled: {'true' if port % 9 else 'false'}"


def hosts() -> str:
    """hosts.yaml: routers with access ports, passive OSPF on them, customers' sessions and static routes."""
    lines = []
    for device in range(DEVICES):
        lines += [f"r{device}:", f"  groups: [{'core' if device < 10 else 'access'}]", "  data:"]
        lines += [
            f"    uid: {device:06}-r{device}".replace(": ", ': "') + '"',
            f"    site: site-{device % 10}",
        ]
        lines += [f"    loopback: 10.255.0.{device + 1}", "    interfaces:", *interfaces(device)]
        lines += ["    ospf:", "      areas:", "        0:", "          interfaces:"]
        for port in range(20):
            lines += [f"            eth{port + 10}: {{passive: true, cost: {10 + port}}}"]
        lines += ["    bgp:", "      neighbors:"]
        for port in range(6):
            lines += [f"        10.{device}.{port}.2:", f"          peer_as: {64512 + port}"]
            lines += [f"          description: customer {device}-{port}", "          hold_time: 30"]
        lines += ["    static_routes:"]
        for route in range(8):
            lines += [f"      - prefix: 192.168.{route * 8}.0/24", f"        next_hop: 10.{device}.{route}.9"]
            lines += [f"        preference: {20 + route}"]
    return "\n".join(lines) + "\n"


def topology() -> str:
    """topology.yaml: a ring, and a chord from every second device."""
    ends = [(device, (device + 1) % DEVICES) for device in range(DEVICES)]
    ends += [(device, (device + DEVICES // 2 + 1) % DEVICES) for device in range(0, DEVICES, 2)]
    used = dict.fromkeys(range(DEVICES), 0)
    lines = ["links:"]
    for number, pair in enumerate(ends):
        names = []
        for device in pair:
            used[device] += 1
            names.append(f'"r{device}:ge{used[device]}"')
        lines += [f"  - endpoints: [{', '.join(names)}]"]
        lines += [
            f"    subnet: 172.16.{number // 128}.{number % 128 * 2}/31",
            "    ospf: {area: 0, cost: 10}",
        ]
    return "\n".join(lines) + "\n"


def make_client(root: Path, client: str) -> int:
    """Write one client's files; gives their size in bytes."""
    sites = "".join(f"  site-{n}: {{name: Site {n}}}\n" for n in range(10))
    files = {
        "client.yaml": f"id: {client}\nsites:\n{sites}",
        "defaults.yaml": "platform: frr\ndata: {bgp: {ebgp_requires_policy: false}}\n",
        "groups.yaml": "".join(
            f"{role}: {{data: {{role: {role}, bgp: {{asn: {asn}}}}}}}\n"
            for role, asn in (("core", 64500), ("access", 64501))
        ),
        "hosts.yaml": hosts(),
        "topology.yaml": topology(),
    }
    directory = root / "inventory" / client
    directory.mkdir(parents=True)
    for name, text in files.items():
        (directory / name).write_text(text)
    return sum(map(len, files.values()))


def names(count: int) -> list[str]:
    return [f"client-{number:03}" for number in range(count)]


def load(root: Path, clients: list[str]) -> None:
    inventories = YamlInventories(root, FORMS)
    for client in clients:
        if len(inventories.load(client).devices) != DEVICES:
            raise SystemExit("the benchmark's own inventory does not load")


def check(root: Path, clients: list[str]) -> None:
    inventories = YamlInventories(root, FORMS, InventoryCache(root / ".netmgr" / "cache"))
    if len(validate(inventories, None)) != len(clients):
        raise SystemExit("the benchmark's own inventories do not validate")


def nornir(root: Path, clients: list[str]) -> None:
    from nornir.plugins.inventory import SimpleInventory

    for client in clients:
        directory = root / "inventory" / client
        files = (str(directory / f"{name}.yaml") for name in ("hosts", "groups", "defaults"))
        if len(SimpleInventory(*files).load().hosts) != DEVICES:
            raise SystemExit("Nornir does not load the benchmark's inventory")


def floor(root: Path, clients: list[str]) -> None:
    import yaml

    for client in clients:
        for file in (root / "inventory" / client).glob("*.yaml"):
            yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)


WORKS: dict[str, tuple[Callable[[Path, list[str]], None], bool]] = {
    # name → (work, whether it is done on one client and multiplied)
    "netmgr, one client, cold": (load, True),
    "netmgr, all clients, cold": (load, False),
    "netmgr, validate all, warm": (check, False),
    "Nornir SimpleInventory": (nornir, True),
    "PyYAML CSafeLoader": (floor, False),
}


def measure(name: str, root: Path, count: int) -> float:
    """CPU seconds of one work, in a process of its own."""
    command = [sys.executable, __file__, "--one", name, str(root), str(count)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def one(name: str, root: Path, count: int) -> None:
    work, single = WORKS[name]
    if work is nornir:
        from nornir.plugins.inventory import SimpleInventory  # noqa: F401 - imported before the clock starts
    gc.set_threshold(100_000)  # as the netmgr command does; the peers have it too
    start = time.process_time()
    work(root, names(count)[: 1 if single else count])
    print(time.process_time() - start)


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        return one(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    best: dict[str, float] = {}
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as directory:
        root = Path(directory)
        size = sum(make_client(root, client) for client in names(count))
        check(root, names(count))
        for _ in range(ROUNDS):
            for name in WORKS:
                best[name] = min(best.get(name, float("inf")), measure(name, root, count))
    best["Nornir SimpleInventory"] *= count
    print(f"{count} clients, {count * DEVICES} devices, {size / 1e6:.1f} MB of YAML; CPU seconds")
    for name, seconds in best.items():
        print(f"{name:32} {seconds:>9.3f}")
    return None


if __name__ == "__main__":
    main()
