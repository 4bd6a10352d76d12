"""The self-test: each thing that can be wrong, one at a time, and the whole that is well."""

from dataclasses import dataclass, field, replace

import pytest

from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.locks_file import FileLocks
from netmgr.adapters.secrets_local import LocalSecrets
from netmgr.adapters.store_memory import MemoryServiceLog
from netmgr.errors import FormError, InputError, LabError, StoreError
from netmgr.model.entry import Draft
from netmgr.platforms import FORMS
from netmgr.ports.machine import Exposed, Requirement
from netmgr.workflows.doctor import Instruments, examine
from tests.clock import ManualClock

FILES = {
    "config/netmgr.yaml": "",
    "inventory/acme/client.yaml": "id: acme\naccess: {credentials: secret://env/ssh}\n",
    "inventory/acme/hosts.yaml": "r1: {platform: frr, password: secret://env/r1}\n",
}
ENVIRONMENT = {"NETMGR_SECRET_ACME__SSH": "x", "NETMGR_SECRET_ACME__R1": "y"}


@dataclass
class HealthyMachine:
    """Each field is an answer."""

    version: str = "3.11.2"
    needed: tuple[Requirement, ...] = (Requirement(name="click", wanted=">=8.2", installed="8.3", fits=True),)
    programs: dict[str, str] = field(
        default_factory=lambda: {"git": "git 2", "ansible-playbook": "ansible 2"}
    )
    kit: str | Exception = "FRR 8.4.4"
    space: str | Exception | None = None
    open_files: tuple[Exposed, ...] = ()
    bytes_free: int = 1 << 40
    ntp: bool | None = True
    keys: int | None = 1
    labs: tuple[str, ...] = ()

    def python(self):
        return self.version

    def requirements(self):
        return self.needed

    def program(self, name):
        return self.programs.get(name)

    def lab_kit(self):
        return _given(self.kit)

    def namespaces(self):
        return _given(self.space)

    def exposed(self):
        return self.open_files

    def free(self):
        return self.bytes_free

    def synchronised(self):
        return self.ntp

    def agent_keys(self):
        return self.keys

    def stale_labs(self):
        return self.labs


def _given(answer):
    if isinstance(answer, Exception):
        raise answer
    return answer


@pytest.fixture
def instruments(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    clock = ManualClock()
    log = MemoryServiceLog(clock)
    return Instruments(
        machine=HealthyMachine(),
        inventories=YamlInventories(tmp_path, FORMS),
        forms=FORMS,
        secrets=LocalSecrets(tmp_path / "secrets", ENVIRONMENT),
        locks=FileLocks(tmp_path / "locks", clock),
        clock=clock,
        store=lambda: log,
    )


UNPROTECTED = "config/netmgr.yaml:1: backups.recipients: names nobody; run `netmgr backup key FILE`"


@pytest.mark.parametrize(
    ("sets", "status"), [("", "warning"), ("x: {kind: configuration, rpo: 1d}", "failed")]
)
def test_backups_that_nobody_could_read_after_this_machine(instruments, tmp_path, sets, status):
    """A warning; where a client is promised backups, a failure."""
    text = f"{FILES['inventory/acme/client.yaml']}backup_sets: {{{sets}}}\n"
    (tmp_path / "inventory/acme/client.yaml").write_text(text)

    def recipients():
        raise InputError([UNPROTECTED])

    found = wrong(replace(instruments, backups=recipients))
    said = "config/netmgr.yaml:1: backups.recipients: names nobody"
    assert found == [("store", "backups", status, said, "run `netmgr backup key FILE`")]
    assert wrong(replace(instruments, backups=lambda: ("age1",))) == []


def draft(phase="result", **fields):
    return Draft(
        client="acme", target="network", kind="change", action="deploy", phase=phase, actor="p-1", auth="os",
        request="q", on="ops1", **fields,
    )  # fmt: skip


def wrong(instruments, clients=("acme",)):
    return [
        (check.area, check.name, check.status, check.detail, check.remedy)
        for check in examine(instruments, clients)
        if check.status != "ok"
    ]


def test_all_is_well(instruments):
    instruments.store().append("acme", [draft(outcome="applied", change="c1")])
    found = {(check.area, check.name): check for check in examine(instruments, ("acme",))}
    assert {check.status for check in found.values()} == {"ok"}
    assert {check.remedy for check in found.values()} == {""}
    assert list(found) == [
        ("installation", "python"),
        ("installation", "packages"),
        ("installation", "git"),
        ("installation", "ansible-playbook"),
        ("installation", "platforms"),
        ("lab", "kit"),
        ("lab", "namespaces"),
        ("workspace", "acme"),
        ("workspace", "people"),
        ("workspace", "file modes"),
        ("secrets", "acme: secret://env/r1"),
        ("secrets", "acme: secret://env/ssh"),
        ("store", "free space"),
        ("store", "service log"),
        ("store", "acme"),
        ("clock", "order"),
        ("clock", "NTP"),
    ]
    assert found["store", "acme"].detail == "the newest 1 of 1 entries hold"
    assert found["installation", "platforms"].detail == "eos, frr, ios, junos, linux"


class OneBroken(dict):
    def __getitem__(self, name):
        if name == "oak":
            raise FormError(
                "platform oak: oak:OAK of netmgr-oak 1.2 cannot be loaded: ImportError: no; mend it"
            )
        return super().__getitem__(name)


def test_a_platform_of_another_package_that_cannot_be_used_is_told_of(instruments):
    assert wrong(replace(instruments, forms=OneBroken(FORMS, oak=None))) == [
        (
            "installation",
            "platform oak",
            "failed",
            "platform oak: oak:OAK of netmgr-oak 1.2 cannot be loaded: ImportError: no",
            "mend it",
        )
    ]


MACHINES = {
    "old python": (
        {"version": "3.10.4"},
        ("installation", "python", "failed", "3.10.4", "netmgr needs Python 3.11 or later"),
    ),
    "a package is missing": (
        {"needed": (Requirement(name="click", wanted=">=8.2", installed=None, fits=False),)},
        (
            "installation",
            "packages",
            "failed",
            "click missing (wanted >=8.2)",
            "install netmgr again: pip install .",
        ),
    ),
    "not a package": (
        {"needed": ()},
        ("installation", "packages", "not_measured", "netmgr is not installed as a package", ""),
    ),
    "no git": (
        {"programs": {"ansible-playbook": "2"}},
        (
            "installation",
            "git",
            "warning",
            "not found: plans are not bound to a commit of the inventory",
            "install git",
        ),
    ),
    "no kit": (
        {"kit": LabError("the lab needs frr, which this machine lacks; run `netmgr lab setup`")},
        ("lab", "kit", "warning", "the lab needs frr, which this machine lacks", "run `netmgr lab setup`"),
    ),
    "no namespaces": (
        {"space": LabError("no user namespace; allow them")},
        ("lab", "namespaces", "warning", "no user namespace", "allow them"),
    ),
    "a lab was killed": (
        {"labs": ("acme",)},
        ("lab", "acme", "warning", "files of a lab that does not run", "netmgr lab down -c acme"),
    ),
    "others can read": (
        {"open_files": (Exposed(path="secrets/acme/ssh", mode="600"),)},
        ("workspace", "secrets/acme/ssh", "failed", "can be read by others", "chmod 600 secrets/acme/ssh"),
    ),
    "little room": (
        {"bytes_free": 500 << 20},
        ("store", "free space", "warning", "500 MiB", "make room: the log must be writable"),
    ),
    "no room": (
        {"bytes_free": 1 << 20},
        ("store", "free space", "failed", "1 MiB", "make room: the log must be writable"),
    ),
    "a free clock": (
        {"ntp": False},
        (
            "clock",
            "NTP",
            "warning",
            "the kernel's clock is not synchronised",
            "run chrony or systemd-timesyncd",
        ),
    ),
    "no word of the clock": ({"ntp": None}, ("clock", "NTP", "not_measured", "the kernel does not say", "")),
}


@pytest.mark.parametrize("case", MACHINES)
def test_each_thing_that_is_wrong_with_the_machine(instruments, case):
    answers, expected = MACHINES[case]
    assert wrong(replace(instruments, machine=HealthyMachine(**answers))) == [expected]


def test_a_wrong_inventory(instruments, tmp_path):
    (tmp_path / "inventory/acme/hosts.yaml").write_text("r1: {platfrom: frr}\nr2: {}\n")
    ((area, name, status, detail, remedy),) = wrong(instruments)
    assert (area, name, status, remedy) == ("workspace", "acme", "failed", "netmgr validate -c acme")
    assert detail.startswith("inventory/acme/hosts.yaml:1: ")
    assert detail.endswith(" more)")


def test_a_secret_that_is_not_there_is_named_and_the_others_are_not_shown(instruments, tmp_path):
    broken = replace(instruments, secrets=LocalSecrets(tmp_path, {"NETMGR_SECRET_ACME__R1": "canary"}))
    assert wrong(broken) == [
        (
            "secrets",
            "acme: secret://env/ssh",
            "failed",
            "cannot be resolved",
            "set the environment variable NETMGR_SECRET_ACME__SSH",
        )
    ]
    assert "canary" not in repr(list(examine(broken, ("acme",))))


@pytest.mark.parametrize(("keys", "said"), [(None, "no SSH agent"), (0, "the SSH agent holds 0 keys")])
def test_an_agent_without_keys(instruments, tmp_path, keys, said):
    (tmp_path / "inventory/acme/client.yaml").write_text("id: acme\naccess: {credentials: agent}\n")
    found = wrong(replace(instruments, machine=HealthyMachine(keys=keys)))
    assert found == [("secrets", "acme: SSH agent", "warning", said, "start ssh-agent and ssh-add your key")]


def test_a_store_that_does_not_open(instruments):
    def store():
        raise StoreError("store.db: not a database")

    found = wrong(replace(instruments, store=store))
    assert found == [
        ("store", "service log", "failed", "store.db: not a database", "mend it, or restore it from a backup")
    ]


@pytest.mark.parametrize("field", ["prev", "outcome", "hash"])
def test_an_entry_that_was_altered(instruments, field):
    log = instruments.store()
    log.append("acme", [draft(outcome="applied", change=f"c{n}") for n in range(3)])

    class Altered:
        identity, durability = log.identity, "full"

        def open_intents(self, *_):
            return ()

        def entries(self, client, **wanted):
            for entry in log.entries(client, **wanted):
                yield replace(entry, **{field: "0" * 64}) if entry.seq == 2 else entry

    altered = replace(instruments, store=Altered)
    assert wrong(altered) == [
        ("store", "acme", "failed", "entry 2 does not hold", "netmgr log verify -c acme")
    ]


def test_what_was_left_open(instruments):
    instruments.store().append("acme", [draft("intent", change="c1")])
    (found,) = wrong(instruments)
    assert found[:3] == ("changes", "acme (network)", "warning")
    assert found[3].startswith("change c1 (deploy, ")
    assert found[4] == "netmgr recover -c acme"


def test_a_lock_that_is_held(instruments):
    with instruments.locks.hold("acme", "lab", "p-1 on ops1"):
        found = wrong(instruments)
    assert found == [
        (
            "changes",
            "acme (lab)",
            "warning",
            "p-1 on ops1 is changing it since 2026-11-23T08:00:00+00:00",
            "wait until that command ends",
        )
    ]
    with instruments.locks.hold("acme", "lab", "p-1 on ops1"):
        instruments.clock.sleep(75)
        (found,) = wrong(instruments)
    assert found[3:] == (
        "p-1 on ops1 is changing it since 2026-11-23T08:00:00+00:00 and silent for 15 s longer than its lease allows",
        "end that command; the next change takes over",
    )
    assert wrong(instruments) == []


def test_a_clock_that_went_back(instruments):
    instruments.clock.sleep(90)
    instruments.store().append("acme", [draft(outcome="applied", change="c1")])
    assert wrong(replace(instruments, clock=ManualClock())) == [
        (
            "clock",
            "order",
            "failed",
            "90 s behind the newest entry of the log",
            "set the clock; entries would carry a wrong time",
        )
    ]
