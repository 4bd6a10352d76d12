"""A client of two routers in a workspace of its own, its commands, and what must be so after any of them died."""

import io
import json
import os
import re
import shutil
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from netmgr.adapters.blobs_dir import EncryptedBlobs, PlanFiles
from netmgr.adapters.fleet_memory import MemoryDevice
from netmgr.adapters.signing_key import SigningKey
from netmgr.adapters.store_sql import open_sqlite
from netmgr.adapters.system_clock import SystemClock
from netmgr.model.change import IntentFacts
from netmgr.model.digest import sha256_hex
from netmgr.model.entry import Entry
from netmgr.workflows import log as log_workflow
from netmgr.workflows.deploy import parse_plan
from tests.faults import netmgr_on_files
from tests.faults.forked import Forks

ROOT = Path(__file__).parents[2]
NAMES = ("r1", "r2")
HOSTS = "inventory/pair/hosts.yaml"

FILES = {
    "config/netmgr.yaml": "deploy: {workers: 2}\n",
    "inventory/pair/client.yaml": "id: pair\n",
    "inventory/pair/defaults.yaml": "platform: frr\n",
    "inventory/pair/groups.yaml": "{}\n",
    HOSTS: "".join(
        f"r{n}:\n  data:\n    loopback: 10.255.0.{n}\n    bgp: {{asn: {65000 + n}, ebgp_requires_policy: false}}\n"
        for n in (1, 2)
    ),
    "inventory/pair/topology.yaml": (
        'links:\n  - endpoints: ["r1:eth1", "r2:eth1"]\n    subnet: 10.0.0.0/31\n    bgp: true\nentry: [r1]\n'
    ),
}
#: A change on both routers that leaves their link alone: two waves.
EDIT = ("loopback: 10.255.0.", "loopback: 10.255.1.")
KINDS = ("change", "erasure")
REQUEST = "019ac000-0000-7000-8000-000000000001"


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended, however."""

    code: int
    out: str
    err: str
    acknowledged: tuple[str, ...]
    """What netmgr had every right to call done: a line for each entry, plan and snapshot."""

    @property
    def errors(self) -> list[str]:
        """The lines of standard error that say what went wrong."""
        return [line for line in self.err.splitlines() if line.startswith("error:")]


class Workspace:
    """The workspace and its two routers below ``directory``, which may be made anew from ``template``."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.root, self.devices = directory / "workspace", directory / "devices"
        self.state = self.root / ".netmgr"

    def create(self) -> None:
        """A client that was never deployed, and two empty routers."""
        for name, text in FILES.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        shutil.copytree(ROOT / "templates", self.root / "templates")

    def restore(self, saved: Path) -> None:
        """As it was when ``save`` was called, at the same place."""
        shutil.rmtree(self.directory, ignore_errors=True)
        shutil.copytree(saved, self.directory)

    def save(self, to: Path) -> None:
        """Keep a copy."""
        shutil.copytree(self.directory, to)

    def edit(self, before: str = EDIT[0], after: str = EDIT[1]) -> None:
        """Change what is intended."""
        path = self.root / HOSTS
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after))

    # -- commands ---------------------------------------------------------------------------------------------------

    def words(self, *arguments: str) -> list[str]:
        """The arguments of a command for this client."""
        return ["-w", str(self.root), "-c", "pair", *arguments]

    def environment(self, **faults: str) -> dict[str, str]:
        """The caller's, without its own settings of netmgr."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("NETMGR_", "FAULTS_"))
        }
        return {
            **kept,
            "FAULTS_DEVICES": str(self.devices),
            **faults,
        }

    def run(
        self,
        forks: Forks,
        *arguments: str,
        trace: Path | None = None,
        options: Sequence[str] = (),
        **faults: str,
    ) -> Done:
        """A command in a process of its own, traced where there is a file for it."""
        files = {
            name: self.directory.with_name(f"{self.directory.name}.{name}")
            for name in ("out", "err", "heard")
        }
        code = forks.run(
            self.words(*arguments),
            self.environment(**faults),
            **files,
            strace_options=["-o", str(trace), "-y", "-s", "0", *options] if trace else None,
        )
        lines = files["heard"].read_text().splitlines(keepends=True)
        acknowledged = tuple(line.rstrip("\n") for line in lines if line.endswith("\n"))
        return Done(code, files["out"].read_text(), files["err"].read_text(), acknowledged)

    def here(self, *arguments: str, **faults: str) -> Done:
        """The same in this process, which is quicker; for commands that are to succeed."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = netmgr_on_files.on_files(self.environment(**faults), self.words(*arguments))
        return Done(code, out.getvalue(), err.getvalue(), ())

    # -- what is so -------------------------------------------------------------------------------------------------

    def device(self, name: str) -> MemoryDevice:
        """A router as it is."""
        return netmgr_on_files.fleet_in(self.devices, SystemClock()).device(name)

    def running(self) -> dict[str, str]:
        """What each router runs."""
        return {name: self.device(name).running for name in NAMES}

    def taken_back(self) -> dict[str, str]:
        """What each router would run without a change that is pending."""
        devices = map(self.device, NAMES)
        return {d.name: d.running if d.pending is None else d.before for d in devices}

    def entries(self) -> list[Entry]:
        """The whole log; none where there is no store yet."""
        if not (self.state / "store.db").exists():
            return []
        with open_sqlite(self.state / "store.db", SystemClock()) as log:
            return list(log.entries("pair"))

    def open_changes(self) -> list[str]:
        """Changes without an end."""
        ended = {e.change for e in self.entries() if e.phase == "result" and e.device is None}
        return [str(e.change) for e in self.entries() if e.phase == "intent" and e.change not in ended]

    def saved_plan(self) -> str:
        """The id of the newest plan."""
        return max(path.stem for path in (self.state / "plans/pair").glob("*.json"))


def check_log(site: Workspace, acknowledged: Sequence[str]) -> list[Entry]:
    """The store opens, its chain holds, and what was acknowledged is there once; snapshots and plans as well."""
    entries = site.entries()
    words = [line.split() for line in acknowledged]
    if entries:
        with open_sqlite(site.state / "store.db", SystemClock()) as log:
            found = log_workflow.verify(log, SigningKey(site.state / "keys/log-ed25519"), "pair")
        assert (found.holds, found.entries) == (True, len(entries))
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert len({entry.id for entry in entries}) == len(entries)
    hashes = {str(entry.seq): entry.hash for entry in entries}
    known = {seq: digest for kind, seq, digest in (w for w in words if w[0] == "entry")}
    assert {seq: hashes.get(seq) for seq in known} == known, "an acknowledged entry is lost"
    once = [(e.request, e.kind, e.action, e.phase, e.change, e.device) for e in entries if e.kind in KINDS]
    doubled = [key for key in once if once.count(key) > 1 and key[3] != "decision"]
    assert doubled == [], "an entry is there twice"
    plans = PlanFiles(site.state / "plans")
    for kind, name in (w for w in words if w[0] in ("plan", "snapshot")):
        if kind == "plan":
            assert parse_plan(plans.load("pair", name) or b"", name).id == name
        else:
            _snapshot(site, name)
    for path in (site.state / "plans").glob("pair/*.json"):
        parse_plan(path.read_bytes(), path.name)
    return entries


def check_devices(site: Workspace, entries: Sequence[Entry]) -> None:
    """Nothing was sent before it was logged, nothing confirmed before it was decided, nothing committed twice."""
    intents = {str(e.change): IntentFacts.parse(e.facts) for e in entries if e.phase == "intent"}
    commits = {item.commit: change for change, facts in intents.items() for item in facts.devices}
    confirmed = {
        str(e.change) for e in entries if e.phase == "decision" and e.facts.get("decision") == "confirm"
    }
    for name in NAMES:
        journal = site.device(name).journal
        for word, commit in journal:
            assert commit in commits, f"{name}: a commit that no intent speaks of"
            assert word != "confirmed" or commits[commit] in confirmed, (
                f"{name}: confirmed before the decision"
            )
        pushed = [intents[commits[commit]].plan for word, commit in journal if word == "committed"]
        assert len(set(pushed)) == len(pushed), f"{name}: a plan was pushed twice"
    for facts in intents.values():
        for item in facts.devices:
            _snapshot(site, item.snapshot)


def check_ends(site: Workspace, entries: Sequence[Entry]) -> None:
    """Every change has one outcome for each of its devices, and it is what a reader of the device says."""
    for intent in (e for e in entries if e.phase == "intent"):
        ends = [e for e in entries if e.phase == "result" and e.change == intent.change]
        planned = IntentFacts.parse(intent.facts).devices
        outcomes = {e.device: e.outcome for e in ends if e.device}
        assert sorted(e.device for e in ends if e.device) == sorted(item.device for item in planned)
        assert len([e for e in ends if not e.device]) == 1
        assert "in_doubt" not in outcomes.values()
        later = any(e.phase == "intent" and e.seq > intent.seq for e in entries)
        for item in planned:
            if not later:
                runs = sha256_hex(site.device(item.device).running)
                assert runs == (item.after if outcomes[item.device] == "applied" else item.before)
    for name in NAMES:
        device = site.device(name)
        assert device.pending is None
        assert device.startup == device.running or not device.startup


def check_recovered(
    site: Workspace, acknowledged: Sequence[str], states: Sequence[dict[str, str]]
) -> list[Entry]:
    """What must be so however a command died: before `recover`, after it, and for whoever looks at the devices.

    ``states`` are the configurations that the network may have then: all old, or all new.
    """
    check_devices(site, check_log(site, acknowledged))
    done = site.here("recover")
    assert done.code in (0, 1, 4), done.err
    entries = check_log(site, acknowledged)
    check_devices(site, entries)
    check_ends(site, entries)
    assert site.open_changes() == []
    assert site.running() in states, "neither old nor new"
    again = site.here("recover", "-o", "json")
    assert (again.code, json.loads(again.out)["changes"]) == (0, [])
    return entries


def _snapshot(site: Workspace, digest: str) -> bytes:
    blobs = EncryptedBlobs(site.state / "snapshots", site.state / "keys/snapshots.age")
    return blobs.get("pair", digest)


def change_of(done: Done) -> str:
    """The change that a deploy's document names."""
    found = re.search(r'"change": "([^"]+)"', done.out)
    assert found, done
    return found[1]
