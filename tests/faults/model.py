"""A network's life as a state machine: hypothesis plans, deploys, edits, drifts, breaks, kills, restarts and recovers.

Eight devices in memory, everything above them real. Whatever the order of things: what is said of a device is what its
reader says, no device runs a mixture, and no plan runs twice.
"""

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from netmgr.errors import Refused
from netmgr.model.change import DeployResult, IntentFacts
from netmgr.model.digest import sha256_hex
from netmgr.model.selection import Selection
from netmgr.platforms import FORMS
from netmgr.workflows import log as log_workflow
from netmgr.workflows.change import DeployRequest
from netmgr.workflows.deploy import deploy, plan
from netmgr.workflows.recover import recover
from netmgr.workflows.rollback import rollback
from tests.integration.change.faults import BEFORE, CONFIRM, Case
from tests.integration.change.ring import NAMES, TIMER, Killed, Ring, inventory, rendered, waves, yes
from tests.integration.change.test_killed import Steps

BASES = (64600, 64700, 64800)
FAULTS = {**BEFORE, **CONFIRM}
REQUEST = DeployRequest(confirm_in=TIMER, takeover=frozenset(NAMES))
MANUAL = "ip route 192.0.2.0/24 blackhole\n"


class NoSigner:
    """A key that signed nothing: these logs have no checkpoints."""

    def public_key(self) -> bytes:
        raise AssertionError

    def sign(self, message: bytes) -> bytes:
        raise AssertionError

    def verifies(self, key: bytes, message: bytes, signature: bytes) -> bool:
        return False


class NetworkLife(RuleBasedStateMachine):
    """See the module."""

    plans = Bundle("plans")

    @initialize(atomic=st.sampled_from(["network", "wave"]), sizes=st.sampled_from([(8,), (3, 3, 2), (1, 7)]))
    def begin(self, atomic, sizes):
        self.ring = Ring(waves(*sizes), atomic=atomic)
        self.faulty = False
        self.kill: int | None = None
        self.known = {name: {rendered(base)[name] for base in BASES} for name in NAMES}
        self.changes: list[str] = []

    # -- what happens to the network

    @rule(base=st.sampled_from(BASES))
    def edit(self, base):
        self.ring.files = inventory(base)

    @precondition(lambda self: not self.opened())
    @rule(name=st.sampled_from(NAMES))
    def drift(self, name):
        device = self.ring.devices[name]
        device.tick()
        if MANUAL not in device.running:
            device.running = FORMS["frr"].canonical(device.running + MANUAL)
        self.known[name].add(device.running)

    @rule(name=st.sampled_from(NAMES), fault=st.sampled_from(sorted(FAULTS)))
    def break_a_device(self, name, fault):
        FAULTS[fault](Case(self.ring.devices[name]))
        self.faulty = True

    @rule(step=st.integers(1, 250))
    def kill_the_next_command(self, step):
        self.kill = step

    @rule(seconds=st.sampled_from([1, 30, 1000]))
    def wait(self, seconds):
        self.ring.clock.elapsed += seconds

    # -- what the engineer does

    @rule(target=plans)
    def plan(self):
        before = self.journals()
        with self.ring.commands():
            made = plan(self.ring.runtime(), Selection(), REQUEST)
        assert self.journals() == before, "a plan touched a device"
        return made

    @rule(made=plans)
    def deploy_a_plan(self, made):
        self.command(lambda: deploy(self.ring.runtime(), Selection(), REQUEST, given=made, approve=yes))

    @rule()
    def deploy(self):
        self.command(lambda: deploy(self.ring.runtime(), Selection(), REQUEST, given=None, approve=yes))

    @rule(base=st.sampled_from(BASES), name=st.sampled_from(NAMES), fault=st.sampled_from(sorted(FAULTS)))
    def deploy_while_a_device_fails(self, base, name, fault):
        self.edit(base)
        self.break_a_device(name, fault)
        self.deploy()

    @rule(base=st.sampled_from(BASES), step=st.integers(30, 250))
    def deploy_and_die(self, base, step):
        self.edit(base)
        self.kill = step
        self.deploy()

    @rule()
    def repair_and_recover(self):
        """After it nothing is open, and every device that can be read has its outcome."""
        for device in self.ring.devices.values():
            device.faults.clear()
            device.reachable, device.adjacencies = True, self.ring.sessions
        before = self.journals()
        results = recover(self.ring.runtime())
        assert self.opened() == ()
        assert all(device.pending is None for device in self.ring.devices.values())
        for name, events in self.journals().items():
            assert "committed" not in {word for word, _ in events[len(before[name]) :]}, (
                "recover sent a configuration"
            )
        if len(results) == 1:
            self.judge(results[0])
        self.faulty = False

    @precondition(lambda self: self.changes)
    @rule(data=st.data())
    def rollback(self, data):
        change = data.draw(st.sampled_from(self.changes))
        self.command(lambda: rollback(self.ring.runtime(), change, REQUEST, approve=yes), deploys=False)

    def command(self, run, *, deploys=True):
        """Run a command that may be refused, or killed; judge what it says."""
        steps = Steps(self.ring, self.kill)
        before, open_before = self.running(), self.opened()
        journals = self.journals()
        self.kill = None
        try:
            with self.ring.commands(), steps.counted():
                result = run()
        except Killed:
            return
        except Refused:
            assert self.journals() == journals, "refused, and a device was touched"
            return
        assert open_before == (), "began while another change was open"
        self.judge(result)
        if deploys:
            self.judge_applied(result)
        if result.change and any(
            e.phase == "intent" for e in self.ring.log.entries("ring", change=result.change)
        ):
            self.changes.append(result.change)
        elif not self.faulty:
            assert self.running() == before

    # -- what must be so

    def judge(self, result: DeployResult):
        """One outcome for each device, and it is what the device reads."""
        intents = [e for e in self.ring.log.entries("ring", change=result.change) if e.phase == "intent"]
        said = {device.device: device.outcome for device in result.devices}
        assert len(said) == len(result.devices)
        assert result.outcome != "pending"
        if not intents:
            return
        facts = IntentFacts.parse(intents[0].facts)
        running = self.running()
        for item in facts.devices:
            reads, word = sha256_hex(running[item.device]), said[item.device]
            if word == "applied":
                assert reads == item.after, f"{item.device} is said to be applied"
            elif word in ("rolled_back", "failed", "refused"):
                assert reads == item.before, f"{item.device} is said to be {word}"
            else:
                assert word == "in_doubt"
                # Somebody else's hand may have been there since; what reads as either is not in doubt for that.
                strange = MANUAL in running[item.device] and reads not in (item.before, item.after)
                assert self.faulty or strange, f"{item.device} is in doubt for no reason"

    def judge_applied(self, result: DeployResult):
        """What a deploy applied is what the inventory intends: nothing is left to do."""
        words = {device.outcome for device in result.devices}
        if result.outcome == "applied" and words <= {"applied", "unchanged"} and not self.faulty:
            with self.ring.commands():
                again = plan(self.ring.runtime(), Selection(), REQUEST)
            assert {device.action for device in again.devices} == {"none"}

    @invariant()
    def every_device_is_old_or_new(self):
        """Never a mixture within a device: it runs a configuration that somebody intended as a whole."""
        for name, device in self.ring.devices.items():
            device.tick()
            strange = device.running not in self.known[name]
            # The device that does something else than it was told is one of the faults; it is taken back.
            assert not strange or (device.pending and self.faulty), f"{name} runs what nobody intended"

    @invariant()
    def nothing_was_sent_before_it_was_logged_and_nothing_twice(self):
        entries = list(self.ring.log.entries("ring", kind="change"))
        intents = {e.change: IntentFacts.parse(e.facts) for e in entries if e.phase == "intent"}
        commits = {item.commit: change for change, facts in intents.items() for item in facts.devices}
        confirmed = {e.change for e in entries if e.phase == "decision" and e.facts["decision"] == "confirm"}
        for name, events in self.journals().items():
            words = [event for event in events if event[0] == "committed"]
            assert len(set(words)) == len(words), f"{name}: committed twice"
            for word, commit in events:
                assert commit in commits, f"{name}: no intent speaks of it"
                assert word != "confirmed" or commits[commit] in confirmed, (
                    f"{name}: confirmed before the decision"
                )
        used = [facts.plan for facts in intents.values()]
        assert len(set(used)) == len(used), "a plan ran twice"

    def teardown(self):
        """The chain holds to the end."""
        if hasattr(self, "ring") and self.ring.log.head("ring"):
            assert log_workflow.verify(self.ring.log, NoSigner(), "ring").holds

    # -- what is

    def opened(self):
        return self.ring.log.open_intents("ring", "network")

    def running(self) -> dict[str, str]:
        for device in self.ring.devices.values():
            device.tick()
        return {name: device.running for name, device in self.ring.devices.items()}

    def journals(self) -> dict[str, list[tuple[str, str]]]:
        return {name: list(device.journal) for name, device in self.ring.devices.items()}
