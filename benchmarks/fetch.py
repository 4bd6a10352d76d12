"""Configurations of IOS devices, fetched and compared: `python -m benchmarks.fetch [DEVICES [LATE [ROUNDS]]]`.

The devices are emulated (``benchmarks.ios_farm``), 1,000 lines each, in a process of their own. DEVICES of them answer
at once, LATE of them 200 ms after each command. Peers that are not installed are left out: `uv sync --group bench`.
"""

import asyncio
import difflib
import importlib.util
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figures import Contender, Work, here, spend
from benchmarks.ios_farm import LINES, PASSWORD, USER, Farm, configuration, farm
from netmgr.adapters.nornir_fleet import NornirFleet
from netmgr.model.difference import difference
from netmgr.model.endpoint import Endpoint
from netmgr.platforms import FORMS
from netmgr.ports.progress import Silent

FORM = FORMS["ios"]
MILLISECONDS = 200
SHOW = "show running-config"
WORKERS = 50
BIN = Path(sys.executable).parent


def names(devices: Farm) -> Iterator[tuple[str, int]]:
    """Each device's name and port."""
    return ((f"sw{number:05d}", port) for number, port in enumerate(devices.ports))


def intended(devices: Farm) -> dict[str, str]:
    """What each device is to run, in canonical form: what it does run, with one line changed."""
    found = {}
    for number, (name, _) in enumerate(names(devices)):
        text = configuration(number).replace("ntp server 192.0.2.1\n", "ntp server 192.0.2.3\n")
        found[name] = FORM.canonical(text)
    return found


def by_netmgr(devices: Farm, wanted: Mapping[str, str], workers: int) -> None:
    """One connection to each: the running configuration, whether a change is pending there; canonical form, diff."""
    endpoints = [
        Endpoint(
            device=name,
            platform="ios",
            hostname="127.0.0.1",
            port=port,
            username=USER,
            password=PASSWORD,
            known_hosts=str(devices.known_hosts),
        )
        for name, port in names(devices)
    ]
    fleet = NornirFleet(FORMS, workers=workers, timeout=60, step=Silent().step)
    with fleet.session(endpoints) as session:
        failed = {name: e for name, e in session.connect(wanted).items() if e is not None}
        readings = session.read(wanted)
    failed |= {name: e for name, e in readings.items() if isinstance(e, Exception)}
    if failed:
        raise SystemExit(f"netmgr: {failed}")
    for name, reading in readings.items():
        found = difference(reading.running, wanted[name], secrets={}, redact=FORM.redact)
        if (found.added, found.removed) != (1, 1):
            raise SystemExit(f"netmgr: {name}: {found}")


def by_fetching(devices: Farm, workers: int) -> None:
    """netmgr's own driver, the login and the text alone."""
    from netmgr.adapters.jump_hosts import JumpHosts
    from netmgr.adapters.napalm_session import NapalmSession
    from netmgr.adapters.nornir_fleet import in_parallel

    ports = dict(names(devices))

    def fetch(name: str) -> None:
        endpoint = Endpoint(
            device=name, platform="ios", hostname="127.0.0.1", port=ports[name], username=USER,
            password=PASSWORD, known_hosts=str(devices.known_hosts),
        )  # fmt: skip
        session = NapalmSession(endpoint, FORM, 60, JumpHosts(60))
        session.open()
        text = session._driver.get_config(retrieve="running")["running"]
        session.close()
        if text.count("\n") < LINES:
            raise SystemExit(f"{name}: {text[-200:]}")

    in_parallel(ports, fetch, workers=workers)


def by_nornir_napalm(devices: Farm, workers: int) -> None:
    """`napalm_get` of the running configuration with the host keys verified, then difflib with a text at hand."""
    from nornir.core import Nornir
    from nornir.core.configuration import Config
    from nornir.core.inventory import ConnectionOptions, Host, Hosts, Inventory
    from nornir.core.plugins.connections import ConnectionPluginRegister
    from nornir.plugins.runners import ThreadedRunner
    from nornir_napalm.plugins.connections import Napalm
    from nornir_napalm.plugins.tasks import napalm_get

    ConnectionPluginRegister.register("napalm", Napalm)
    options = {"ssh_strict": True, "alt_host_keys": True, "alt_key_file": str(devices.known_hosts)}
    hosts = Hosts({
        name: Host(
            name=name, hostname="127.0.0.1", port=port, username=USER, password=PASSWORD, platform="ios",
            connection_options={"napalm": ConnectionOptions(extras={"timeout": 60, "optional_args": options})},
        )
        for name, port in names(devices)
    })  # fmt: skip
    nornir = Nornir(
        inventory=Inventory(hosts=hosts), config=Config(), runner=ThreadedRunner(num_workers=workers)
    )
    results = nornir.run(
        task=napalm_get, getters=["config"], getters_options={"config": {"retrieve": "running"}}
    )
    if results.failed:
        raise SystemExit(f"nornir_napalm: {results.failed_hosts}")
    for number, result in enumerate(results.values()):
        running = result[0].result["config"]["running"]
        list(difflib.unified_diff(configuration(number).splitlines(), running.splitlines()))
    nornir.close_connections()


def by_asyncssh(devices: Farm, workers: int) -> None:
    """The least: a login, one command without a terminal, the text."""
    import asyncssh

    async def fetch(gate: asyncio.Semaphore, port: int) -> None:
        async with gate, asyncssh.connect(
            "127.0.0.1", port, username=USER, password=PASSWORD, known_hosts=str(devices.known_hosts), config=[],
            client_keys=None,
        ) as connection:  # fmt: skip
            text = str((await connection.run(SHOW)).stdout)
            if text.count("\n") < LINES:
                raise SystemExit(f"asyncssh: {text[-200:]}")

    async def all_of_them() -> None:
        gate = asyncio.Semaphore(workers)
        await asyncio.gather(*(fetch(gate, port) for _, port in names(devices)))

    asyncio.run(all_of_them())


def by_ansible(devices: Farm, workers: int) -> tuple[float, float]:
    """Wall and CPU seconds of an ad-hoc `cisco.ios.ios_command`."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        variables = (
            f"ansible_host=127.0.0.1 ansible_user={USER} ansible_password={PASSWORD} ansible_connection=network_cli "
            "ansible_network_os=cisco.ios.ios ansible_network_cli_ssh_type=paramiko"
        )
        lines = (f"{device} ansible_port={port} {variables}\n" for device, port in names(devices))
        (directory / "hosts").write_text("".join(lines))
        (directory / "ansible.cfg").write_text("")
        (directory / ".ssh").mkdir(mode=0o700)
        (directory / ".ssh" / "known_hosts").write_bytes(devices.known_hosts.read_bytes())
        env = {
            "HOME": name,
            "ANSIBLE_FORKS": str(workers),
            "ANSIBLE_HOST_KEY_CHECKING": "True",
            "ANSIBLE_PARAMIKO_LOOK_FOR_KEYS": "False",
            "ANSIBLE_CONFIG": str(directory / "ansible.cfg"),
        }
        words = [
            "all",
            "-i",
            str(directory / "hosts"),
            "-m",
            "cisco.ios.ios_command",
            "-a",
            f"commands='{SHOW}'",
        ]
        spent = spend([str(BIN / "ansible"), *words], cwd=directory, env=env)
    return spent.wall, spent.cpu


@contextmanager
def devices(count: int, milliseconds: int) -> Iterator[Farm]:
    """A farm in a directory of its own."""
    with tempfile.TemporaryDirectory() as name, farm(Path(name), count, milliseconds) as found:
        yield found


def _installed(*modules: str) -> bool:
    try:
        return all(importlib.util.find_spec(module) is not None for module in modules)
    except ModuleNotFoundError:
        return False


def measured(count: int = 50, late: int = 200, rounds: int = 5) -> list[Work]:
    """Rounds of every contender, one after the other on the same devices."""
    return [_at_once(count, rounds), _late(late, rounds)]


def _at_once(count: int, rounds: int) -> Work:
    netmgr = Contender(
        "netmgr",
        "host keys verified; running configuration, pending change; canonical form, diff with what is intended",
    )
    fetch = Contender("of it, the fetch", "login and text; this is compared with 6.5 ms")
    nornir = Contender(
        "nornir_napalm", "host keys verified; running configuration; difflib with a text at hand"
    )
    ansible = Contender(
        "Ansible `cisco.ios.ios_command`", "fetch only, nothing compared; Python's start included"
    )
    floor = Contender("asyncssh", "floor: fetch only, no terminal")
    work = Work(
        f"Fetch and compare {count} running configurations of {LINES:,} lines (emulated IOS, no latency)",
        "wall s",
        "≤ 6.5 ms CPU a device in the fetch, at most half the CPU of nornir_napalm, a thirtieth of Ansible's",
        [netmgr, fetch, nornir, ansible, floor],
        devices=count,
        note=f"{WORKERS} workers. The devices run on the same cores; CPU is the station's.",
    )
    with devices(count, 0) as found:
        wanted = intended(found)
        ways: list[tuple[Contender, Callable[[], object]]] = [
            (netmgr, lambda: by_netmgr(found, wanted, WORKERS)),
            (fetch, lambda: by_fetching(found, WORKERS)),
            (floor, lambda: by_asyncssh(found, WORKERS)),
        ]
        if _installed("nornir_napalm"):
            ways.append((nornir, lambda: by_nornir_napalm(found, WORKERS)))
        for _, way in ways:
            way()  # imports
        for _ in range(rounds):
            for contender, way in ways:
                contender.add(*here(way))
        if _installed("ansible_collections.cisco.ios"):
            ansible.add(*by_ansible(found, WORKERS))
    return work


def _late(count: int, rounds: int) -> Work:
    netmgr = Contender(
        f"netmgr, {count} workers",
        "host keys verified; running configuration, pending change; canonical form, diff",
    )
    nornir = Contender(
        f"nornir_napalm, {count} workers", "host keys verified; running configuration; difflib"
    )
    floor = Contender(f"asyncssh, {count} at a time", "floor: fetch only, no terminal, one command")
    work = Work(
        f"The same from {count} devices that answer {MILLISECONDS} ms after each command",
        "wall s",
        "≤ 2 s",
        [netmgr, nornir, floor],
        devices=count,
        note="Three commands of netmgr's: no pages, the configuration, the rollback timer.",
    )
    with devices(count, MILLISECONDS) as found:
        wanted = intended(found)
        ways: list[tuple[Contender, Callable[[], object]]] = [
            (netmgr, lambda: by_netmgr(found, wanted, count)),
            (floor, lambda: by_asyncssh(found, count)),
        ]
        if _installed("nornir_napalm"):
            ways.append((nornir, lambda: by_nornir_napalm(found, count)))
        for _, way in ways:
            way()
        for _ in range(rounds):
            for contender, way in ways:
                contender.add(*here(way))
    return work


if __name__ == "__main__":
    for each in measured(*map(int, sys.argv[1:])):
        print(each.table())
