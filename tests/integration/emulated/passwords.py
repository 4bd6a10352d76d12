"""What holds of a login's password on every device that salts: said once, shown on each system's own bench."""

from typing import Any

from netmgr.model.digest import sha256_hex
from netmgr.model.intended import Intended
from netmgr.platforms.form import PlatformForm
from netmgr.platforms.settling import settled

PASSWORD = "Secret-ops-1"


class Salting:
    """A device whose configuration without the login is ``base``, and which shall have ``line`` with the password."""

    def __init__(self, bench: Any, form: PlatformForm, base: str, line: str) -> None:
        self.bench, self.form, self.base, self.line = bench, form, base, line
        text = form.canonical(f"{base}{line.format(PASSWORD)}\n")
        self._intended = Intended(
            device=bench.device, platform=form.name, candidate=text, config=text, salt=f"lab/{bench.device}"
        )

    def wanted(self, running: str) -> Intended:
        """What the device that runs this shall run."""
        return settled(self._intended, running, self.form, secrets={"ops": PASSWORD})

    def clear_is_sent_as_a_hash_and_reads_as_intended(self) -> None:
        self.bench.settle(self.base)
        wanted = self.wanted(self.base)
        with self.bench.session() as session:
            order = self.bench.order(self.base, wanted.config, 600)
            session.load(wanted.candidate)
            state = session.commit(order)
            assert (state.state, state.running) == ("pending", sha256_hex(wanted.config))
            assert session.confirm(order).state == "confirmed"
            running = session.read().running
            assert self.wanted(running).config == running
            assert session.load(wanted.candidate) == ""
        assert PASSWORD not in repr(self.bench.journal) + self.bench.ask("running")

    def what_it_salted_is_left_and_another_password_is_found(self, right: str, wrong: str) -> None:
        """``right`` and ``wrong`` are what somebody types."""
        self.bench.settle(self.base)
        self.bench.ask("drift", text=right)
        salted = self.bench.running
        assert salted != self.base
        assert self.wanted(salted).config == salted
        self.bench.ask("drift", text=wrong)
        changed = self.bench.running
        wanted = self.wanted(changed).config
        assert wanted not in (changed, salted)
        start = self.line[:20]
        assert [line[:20] for line in wanted.splitlines() if line not in changed.splitlines()] == [start]
