"""Adoption's design: edits of the inventory until it renders what the devices run, and for all others what it did."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from netmgr.errors import DeviceError, InputError, SecretError
from netmgr.intent.adoption import changes, edits, named, replaces
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.model.adoption import Adopted, Edit
from netmgr.model.difference import difference
from netmgr.model.inventory import Inventory
from netmgr.model.names import SECRET_REFERENCE
from netmgr.platforms.form import PlatformForm
from netmgr.platforms.passwords import Passwords
from netmgr.ports.inventory import Document, InventoryDraft
from netmgr.ports.secrets import SecretStore
from netmgr.workflows.runtime import Runtime

#: What the first edits bring about (a description that follows from a neighbor's new address) takes another round.
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a device shall read as: its canonical configuration, and how its platform reads that."""

    config: str = field(repr=False)
    reading: Adopted = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settled:
    """The files as they would be, whether that changes what stands there, and who could not be adopted, and why."""

    draft: InventoryDraft
    edited: frozenset[str]
    replaces: bool
    errors: Mapping[str, DeviceError]


class SecretNames:
    """References for the secrets of configurations: those that the inventory has for the same value, else new ones."""

    def __init__(self, runtime: Runtime, store: SecretStore, inventory: Inventory) -> None:
        self._runtime, self._store = runtime, store
        self._by_value: dict[str, str] = {}
        self.values: dict[str, str] = {}
        """Reference → value of all that were found."""
        self.new: dict[str, str] = {}
        """Name → value of those that nobody keeps yet."""
        self._used: set[str] = set()
        text = "".join(device.model_dump_json() for device in inventory.devices)
        for reference in sorted({match[0] for match in SECRET_REFERENCE.finditer(text)}):
            self._used.add(reference.rpartition("/")[2])
            try:
                value = runtime.secrets.resolve(runtime.client, reference)
            except SecretError:
                continue
            self.values[reference] = value
            self._by_value.setdefault(value, reference)

    def find(self, readings: Mapping[str, Adopted]) -> None:
        """Name what the devices' configurations hold: for the device that holds it, unless several do."""
        holders: dict[str, list[tuple[str, str]]] = {}
        for device, reading in readings.items():
            for name, value in reading.secrets.items():
                holders.setdefault(value, []).append((device, name))
        for value, found in holders.items():
            if value in self._by_value:
                continue
            device, name = found[0]
            free = self._free(name if len(found) > 1 else f"{device}-{name}", value)
            self._used.add(free)
            reference = self._store.reference(free)
            self._by_value[value], self.values[reference] = reference, value

    def _free(self, wanted: str, value: str) -> str:
        """A name that nobody uses, or under which the store has this value already: an earlier run was interrupted."""
        number = 1
        while True:
            name = wanted if number == 1 else f"{wanted}-{number}"
            number += 1
            if name in self._used:
                continue
            if not self._store.holds(self._runtime.client, name):
                self.new[name] = value
                return name
            try:
                if self._runtime.secrets.resolve(self._runtime.client, self._store.reference(name)) == value:
                    return name
            except SecretError:
                continue

    def reading(self, reading: Adopted) -> dict[str, object]:
        """The device data with these references. A value that is itself one stands for itself."""
        return named(
            reading.data,
            {
                name: value if SECRET_REFERENCE.fullmatch(value) else self._by_value[value]
                for name, value in reading.secrets.items()
            },
        )

    def of(self, reading: Adopted) -> tuple[str, ...]:
        """The references that stand for a configuration's secrets."""
        return tuple(sorted({self._by_value[value] for value in reading.secrets.values()}))

    def put_in(self, text: str) -> str:
        """A rendered configuration with the secrets' values. Raises SecretError."""

        def value(found: re.Match[str]) -> str:
            reference = found[0]
            if reference not in self.values:
                self.values[reference] = self._runtime.secrets.resolve(self._runtime.client, reference)
            return self.values[reference]

        return SECRET_REFERENCE.sub(value, text)


class Settling:
    """One client's draft, edited until it says what the adopted devices run."""

    def __init__(self, runtime: Runtime, draft: InventoryDraft, names: SecretNames) -> None:
        self._runtime, self._draft, self._names = runtime, draft, names
        self._renderers: dict[frozenset[str], Renderer] = {}
        self._before = self._rendered(draft.inventory(overlay=runtime.overlay), {})

    def settle(self, wanted: Mapping[str, Wanted], uids: Mapping[str, str]) -> Settled:
        """Leaves out, with its error, each device that the inventory cannot describe."""
        errors: dict[str, DeviceError] = {}
        while True:
            left = {name: target for name, target in wanted.items() if name not in errors}
            found = self._attempt(left, self._draft, {n: uid for n, uid in uids.items() if n in left})
            if isinstance(found, Settled):
                return Settled(found.draft, found.edited, found.replaces, errors)
            errors |= found

    def joined(
        self, settled: Settled, wanted: Mapping[str, Wanted], links: Sequence[Document]
    ) -> Settled | None:
        """The same with more links; None where these are wrong. The devices' data is right with them and without them,
        so that it does not matter which of the two files is written first.
        """
        left = {name: target for name, target in wanted.items() if name not in settled.errors}
        try:
            found = self._attempt(left, settled.draft.edited({}, links), {})
        except InputError:
            return None
        if not isinstance(found, Settled):
            return None
        return Settled(
            found.draft, settled.edited | found.edited, settled.replaces or found.replaces, settled.errors
        )

    def _attempt(
        self, wanted: Mapping[str, Wanted], draft: InventoryDraft, uids: Mapping[str, str]
    ) -> Settled | dict[str, DeviceError]:
        before = self._before
        pending: dict[str, tuple[Edit, ...]] = {name: (Edit(("uid",), uid),) for name, uid in uids.items()}
        edited: set[str] = set()
        replacing = False
        for _ in range(_ROUNDS):
            replacing = replacing or any(replaces(self._draft.own(name), e) for name, e in pending.items())
            edited |= pending.keys()
            last, draft = draft, draft.edited(pending)
            try:
                inventory = draft.inventory(overlay=self._runtime.overlay)
                texts = self._rendered(inventory, wanted)
            except InputError as error:
                return self._culprits(last, pending, wanted, error)
            pending = self._pending(draft, inventory, texts, wanted, before)
            if not pending:
                return Settled(draft, frozenset(edited), replacing, {})
            if not any(pending.values()):
                break
        return {
            name: self._stuck(inventory, name, texts[name], wanted) for name in pending if name in wanted
        } or {
            name: DeviceError(name, "adopt", f"what {next(iter(pending))} is to run would change with it")
            for name in wanted
        }

    def _pending(
        self,
        draft: InventoryDraft,
        inventory: Inventory,
        texts: Mapping[str, str],
        wanted: Mapping[str, Wanted],
        before: Mapping[str, str],
    ) -> dict[str, tuple[Edit, ...]]:
        """The edits of those whose configuration is not what it shall be."""
        found: dict[str, tuple[Edit, ...]] = {}
        for name, text in texts.items():
            target = wanted[name].config if name in wanted else before.get(name, text)
            if text == target:
                continue
            adopt = self._form(inventory, name).adopt
            if adopt is None:
                found[name] = ()
                continue
            now = self._names.reading(adopt(text))
            shall = self._names.reading(wanted[name].reading if name in wanted else adopt(target))
            found[name] = edits(draft.own(name), draft.inherited(name), changes(now, shall), now)
        return found

    def _form(self, inventory: Inventory, name: str) -> PlatformForm:
        return self._runtime.forms[inventory.by_name()[name].platform]

    def _rendered(self, inventory: Inventory, wanted: Mapping[str, Wanted]) -> dict[str, str]:
        """Canonical configurations of all devices that netmgr configures; those that are not wanted keep their
        references. A password that the device has a hash of is that hash.
        """
        forms = self._runtime.forms
        devices = [d for d in inventory.devices if forms[d.platform].driver and d.lifecycle != "external"]
        platforms = frozenset(device.platform for device in devices)
        if platforms not in self._renderers:
            sources = self._runtime.templates.sources(self._runtime.client, platforms)
            self._renderers[platforms] = Renderer(sources)
        intents = {device.name: device for device in resolve(inventory, forms).devices}
        texts = {}
        for device in devices:
            form, text = forms[device.platform], self._renderers[platforms].render(intents[device.name])
            if target := wanted.get(device.name):
                text = form.canonical(self._names.put_in(text))
                texts[device.name] = form.settled(text, target.config, Passwords("", makes=False))
            else:
                texts[device.name] = form.canonical(text)
        return texts

    def _culprits(
        self,
        last: InventoryDraft,
        pending: Mapping[str, tuple[Edit, ...]],
        wanted: Mapping[str, Wanted],
        error: InputError,
    ) -> dict[str, DeviceError]:
        """Who makes the inventory wrong: each whose edits do so alone, else all of them."""
        found = {}
        for name in pending.keys() & wanted.keys():
            try:
                last.edited({name: pending[name]}).inventory(overlay=self._runtime.overlay)
            except InputError as own:
                found[name] = own
        return {
            name: DeviceError(name, "adopt", f"the inventory cannot say it: {own.problems[0]}")
            for name, own in (found or dict.fromkeys(wanted, error)).items()
        }

    def _stuck(self, inventory: Inventory, name: str, text: str, wanted: Mapping[str, Wanted]) -> DeviceError:
        form = self._form(inventory, name)
        left = difference(text, wanted[name].config, secrets={}, redact=form.redact)
        lines = [line for line in left.text.splitlines() if re.match(r"[+-](?![+-]{2} )", line)]
        shown = "; ".join(line[:80] for line in lines[:3])
        return DeviceError(
            name,
            "adopt",
            f"{len(lines)} lines would stay different ({shown}): topology.yaml, or what it inherits, says otherwise; "
            "correct that first",
        )
