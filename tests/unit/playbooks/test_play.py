"""The workflow of a run: what Ansible is given, what is refused before it begins, what is logged."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from netmgr.adapters.inventory_memory import MemoryInventories
from netmgr.adapters.playbook_files import PlaybookFiles
from netmgr.adapters.store_memory import MemoryServiceLog
from netmgr.errors import PlaybookError, Refused, SecretError, StoreError, UsageError
from netmgr.model.access import Actor
from netmgr.model.endpoint import Endpoint
from netmgr.model.playbook import PlayedHost
from netmgr.model.reach import Reach
from netmgr.model.schedule import PlaybookJob
from netmgr.model.selection import Selection
from netmgr.ports.playbooks import PlaybookDesk, Played, PlayOrder
from netmgr.ports.progress import Silent
from netmgr.workflows.jobs import JOBS
from netmgr.workflows.playbook import play
from netmgr.workflows.runtime import Runtime
from tests.clock import ManualClock
from tests.unit.inventory.samples import FORMS

HOSTS = """
web: {platform: linux, data: {site: hq}}
db: {platform: linux, data: {role: database}}
worn: {platform: linux, data: {lifecycle: maintenance}}
later: {platform: linux, data: {lifecycle: planned}}
theirs: {platform: linux, data: {lifecycle: external}}
"""
CLIENT = """
id: acme
sites: {hq: {}}
backup_sets:
  shop: {kind: database, devices: [db], database: shop, playbook: do, rpo: 24h}
  etc: {kind: files, paths: [/etc/app], playbook: do, rpo: 24h}
"""
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAA\n-----END OPENSSH PRIVATE KEY-----\n"
SECRETS = {"secret://file/token": "t0ken-value", "secret://file/key": KEY}


class Secrets:
    def credential(self, client: str, reference: str) -> str:
        if client != "acme" or reference not in SECRETS:
            raise SecretError(f"{client}: {reference}: not here")
        return SECRETS[reference]

    resolve = credential


@dataclass
class Player:
    """Plays nothing, and answers what it was told to."""

    hosts: tuple[PlayedHost, ...] = ()
    error: str | None = None
    orders: list[PlayOrder] = field(default_factory=list)

    def play(self, order: PlayOrder, *_: Any) -> Played:
        self.orders.append(order)
        if self.error == "cannot":
            raise PlaybookError("no ansible-playbook")
        return Played(self.hosts, self.error)


@dataclass
class Workshop:
    runtime: Runtime
    player: Player
    log: MemoryServiceLog

    def entries(self) -> list[Any]:
        return list(self.log.entries("acme"))

    def play(self, name: str = "do", **options: Any) -> Any:
        selection = options.pop("selection", Selection())
        return play(self.runtime, name, selection, **options)

    def variables(self, device: str) -> dict[str, Any]:
        return self.player.orders[-1].inventory["_meta"]["hostvars"][device]


@pytest.fixture
def shop(tmp_path):
    for name, text in {
        "playbooks/do.yaml": "- {name: Do it, hosts: all}\n",
        "playbooks/here.yaml": "- {name: Here, hosts: localhost}\n",
        "inventory/acme/playbooks.yaml": "do: {variables: {a: 1, token: secret://file/token}, hosts: {db: {a: 2}}}\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    clock = ManualClock()
    log, player, idle = MemoryServiceLog(clock), Player(), None
    files = {"client.yaml": CLIENT, "hosts.yaml": HOSTS}

    def reach(_: Any, devices: Any) -> tuple[Reach, ...]:
        return tuple(
            Reach(device=d.name, hostname=f"{d.name}.example", port=22, username="ops", known_hosts="known")
            for d in devices
        )

    def endpoints(devices: Any) -> tuple[Endpoint, ...]:
        return tuple(
            Endpoint(
                device=d.name, platform="linux", hostname=d.name, port=22, username="ops", known_hosts="known",
                password="l0gin-word" if d.name == "web" else None, private_key=KEY if d.name == "db" else None,
            )
            for d in devices
        )  # fmt: skip

    def runtime() -> Runtime:
        missing: Any = idle
        return Runtime(
            client="acme", target="network", actor=Actor(id="p-17", auth="os", on="ops1"), request="r-1", clock=clock,
            log=log, fleet=missing, inventories=MemoryInventories({"acme": files}, FORMS), templates=missing,
            revision=missing, secrets=Secrets(), locks=missing, snapshots=missing, plans=missing, forms=FORMS,
            endpoints=endpoints, overlay=None, fingerprint_key=b"", progress=Silent(),
            permitted=lambda action: action == "change", interrupted=lambda: False,
            open_playbooks=lambda: PlaybookDesk(PlaybookFiles(tmp_path), player, reach, frozenset()),
        )  # fmt: skip

    return Workshop(runtime(), player, log)


def test_ansible_is_given_what_may_be_spoken_to_with_its_variables_and_nothing_else(shop):
    shop.player.hosts = (PlayedHost(device="web", status="ok"),)
    shop.play(selection=Selection(names=("web",)), extra={"b": "{{ x }}"})
    (order,) = shop.player.orders
    assert (order.devices, order.check, order.local, order.keys_in_memory) == (("web",), False, False, True)
    assert sorted(order.inventory["_meta"]["hostvars"]) == ["db", "web"]
    assert order.inventory["platform_linux"] == {"hosts": ["web", "db"]}
    given = shop.variables("web")
    assert {name: given[name] for name in ("a", "b", "token", "backup_paths", "ansible_password")} == {
        "a": 1,
        "b": "{{ x }}",
        "token": "t0ken-value",
        "backup_paths": ["/etc/app"],
        "ansible_password": "l0gin-word",
    }
    assert "postgresql_databases" not in given
    there = shop.variables("db")
    assert (there["a"], there["postgresql_databases"], there["ansible_ssh_private_key"]) == (2, ["shop"], KEY)
    assert order.secrets == {"token": "t0ken-value", "login-web": "l0gin-word", "login-db": KEY}
    assert "l0gin-word" not in repr(order)


def test_the_log_says_what_was_begun_then_each_host_then_the_run(shop):
    shop.player.hosts = (
        PlayedHost(device="web", status="changed", ok=2, changed=1, diff="--- a\n+++ b\n"),
        PlayedHost(device="db", status="failed", failed=1, error="db: Do: no"),
    )
    run = shop.play()
    assert (run.outcome, [host.status for host in run.devices]) == ("failed", ["changed", "failed"])
    begun, web, db, end = shop.entries()
    assert [(e.kind, e.action, e.phase, e.device, e.outcome) for e in (begun, web, db, end)] == [
        ("playbook", "run", "intent", None, None),
        ("playbook", "run", "result", "web", "changed"),
        ("playbook", "run", "result", "db", "failed"),
        ("playbook", "run", "result", None, "failed"),
    ]
    assert begun.facts["devices"] == ["web", "db"]
    assert (web.body.type, shop.log.body("acme", web.body.digest)) == ("text/x-diff", b"--- a\n+++ b\n")
    assert shop.log.body("acme", db.body.digest) == b"db: Do: no"
    assert {key: end.facts[key] for key in ("devices", "changed", "failed", "ok")} == {
        "devices": 2,
        "changed": 1,
        "failed": 1,
        "ok": 0,
    }


@pytest.mark.parametrize("error", ["cannot", "the playbook is wrong"])
def test_a_run_that_ends_as_a_whole_has_failed_and_is_closed_in_the_log(shop, error):
    shop.player.error = error
    run = shop.play()
    assert run.outcome == "failed"
    assert run.error == ("no ansible-playbook" if error == "cannot" else error)
    assert [entry.outcome for entry in shop.entries()] == [None, "failed"]


def test_under_maintenance_is_checked_and_not_changed(shop):
    shop.player.hosts = (PlayedHost(device="worn", status="ok"),)
    assert [host.device for host in shop.play(check=True).devices] == ["web", "db", "worn"]
    with pytest.raises(UsageError, match="no device of acme to work on: only active ones are"):
        shop.play(selection=Selection(names=("worn",)))


def test_what_is_refused_begins_nothing(shop, monkeypatch):
    with pytest.raises(Refused, match=r"playbooks/here.yaml:1: hosts: localhost"):
        shop.play("here")
    with pytest.raises(Refused, match="may not change acme"):
        play(replace(shop.runtime, permitted=lambda _: False), "do", Selection())
    with pytest.raises(SecretError):
        shop.play(extra={"b": "secret://file/none"})
    assert (shop.entries(), shop.player.orders) == ([], [])

    def full(*_: Any) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(shop.log, "append", full)
    with pytest.raises(Refused, match="the disk is full"):
        shop.play()
    assert shop.player.orders == []


def test_a_playbook_for_none_of_the_hosts_is_a_mistake_and_logged(shop):
    with pytest.raises(
        UsageError, match=r"playbooks/do\.yaml is for all: none of the 2 devices; nothing was done"
    ):
        shop.play()
    assert [entry.outcome for entry in shop.entries()] == [None, "skipped"]


def test_it_is_a_job(shop):
    shop.player.hosts = (PlayedHost(device="db", status="changed", changed=1),)
    job = PlaybookJob(job="playbook", cron="0 3 * * *", playbook="do", role="database")
    assert JOBS["playbook"].run(shop.runtime, job, datetime(2026, 11, 29, tzinfo=UTC)) == "changed"
    assert shop.player.orders[-1].devices == ("db",)
