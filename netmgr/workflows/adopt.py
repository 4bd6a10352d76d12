"""Adopt: what devices run becomes inventory data, whole or not at all. Reads devices, and changes none."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from netmgr.errors import DeviceError, Refused, StoreError, UsageError
from netmgr.intent.adopted_links import first_label, heard_links
from netmgr.model.adoption import Adopted, AdoptedDevice, Adoption, UnexplainedLine
from netmgr.model.check_state import Getter, LldpNeighbor, Question, Seen
from netmgr.model.difference import hide_values, redacted
from netmgr.model.digest import sha256_hex
from netmgr.model.entry import Body, Draft
from netmgr.model.inventory import Device, Inventory
from netmgr.model.selection import Selection
from netmgr.model.state import Reading
from netmgr.ports.inventory import Document, InventoryDraft
from netmgr.ports.secrets import SecretStore
from netmgr.workflows.adopt_design import SecretNames, Settled, Settling, Wanted
from netmgr.workflows.deploy import refuse_if_open, writing
from netmgr.workflows.planning import is_owned
from netmgr.workflows.runtime import Runtime

Approve = Callable[[Adoption], bool]
"""Asked whether the files shall be written; shown everything that would be."""

_FACTS = ("hostname", "fqdn", "vendor", "model", "os_version", "serial_number")
_QUESTION = Question(lldp=True, getters=(Getter(name="get_facts"),))


@dataclass(frozen=True, slots=True)
class _Read:
    """What the devices said, or a file in the place of one."""

    configs: Mapping[str, str] = field(repr=False)
    errors: Mapping[str, DeviceError]
    seen: Mapping[str, Seen]


def adopt(
    runtime: Runtime, selection: Selection, *, store: SecretStore, given: str | None, approve: Approve
) -> Adoption:
    """Read the selected devices, or the configuration ``given`` for the one selected, and write what they run.

    A device that cannot be read, or whose configuration the inventory cannot hold, is left out with its error. Raises
    UsageError for a wrong selection, InputError for an inventory that is wrong already, and Refused.
    """
    started = runtime.clock.monotonic()
    with writing(runtime):
        refuse_if_open(runtime)
        _append(runtime, [])
        draft = runtime.inventories.draft(runtime.client)
        inventory = draft.inventory(overlay=runtime.overlay)
        devices = _selected(runtime, inventory, selection)
        read = _given(runtime, devices, given) if given is not None else _asked(runtime, devices)
        return Adopting(runtime, store, draft, inventory, devices, read, started, given is not None).make(
            approve
        )


def _selected(runtime: Runtime, inventory: Inventory, selection: Selection) -> list[Device]:
    if unmatched := selection.unmatched(inventory.devices):
        raise UsageError(
            f"no device of {runtime.client} matches {', '.join(unmatched)}; a device that is to be adopted stands in "
            "hosts.yaml with its platform and where it is reached"
        )
    chosen = [
        d for d in inventory.devices if selection.selects(d) and d.lifecycle in ("active", "maintenance")
    ]
    if not chosen:
        raise UsageError(
            f"no device of {runtime.client} to adopt: planned and external devices are never contacted"
        )
    for device in chosen:
        if runtime.forms[device.platform].adopt is None and len(chosen) == 1:
            raise UsageError(f"{device.name}: a configuration of platform {device.platform} cannot be read")
    return [device for device in chosen if runtime.forms[device.platform].adopt]


def _given(runtime: Runtime, devices: Sequence[Device], given: str) -> _Read:
    if len(devices) != 1:
        raise UsageError(f"--from-file is for one device, not {len(devices)}; name it")
    device = devices[0]
    return _Read({device.name: runtime.forms[device.platform].canonical(given)}, {}, {})


def _asked(runtime: Runtime, devices: Sequence[Device]) -> _Read:
    names = [device.name for device in devices]
    runtime.progress(f"read: {len(names)} devices")
    with runtime.fleet.session(runtime.endpoints(devices)) as session:
        logins = session.connect(names)
        there = [name for name in names if not isinstance(logins[name], DeviceError)]
        readings: Mapping[str, Reading | DeviceError] = session.read(there)
        there = [name for name in there if isinstance(readings[name], Reading)]
        seen = session.look(dict.fromkeys(there, _QUESTION))
    errors = {n: a for n, a in {**logins, **readings}.items() if isinstance(a, DeviceError)}
    configs = {}
    for name, reading in readings.items():
        if isinstance(reading, Reading) and reading.pending:
            message = f"commit {reading.pending} is pending on the device; confirm it or wait for its end"
            errors[name] = DeviceError(name, "adopt", message)
        elif isinstance(reading, Reading):
            configs[name] = reading.running
    return _Read(configs, errors, {n: s for n, s in seen.items() if isinstance(s, Seen)})


class Adopting:
    """One run, from what was read to what is logged."""

    def __init__(
        self,
        runtime: Runtime,
        store: SecretStore,
        draft: InventoryDraft,
        inventory: Inventory,
        devices: Sequence[Device],
        read: _Read,
        started: float,
        from_file: bool,
    ) -> None:
        self.runtime, self.store, self.draft, self.inventory = runtime, store, draft, inventory
        self.devices, self.read, self.started, self.from_file = devices, read, started, from_file
        self.names = SecretNames(runtime, store, inventory)
        # Nothing that netmgr said of a device is lost where nothing was said.
        self.managed = {d.name for d in devices if draft.own(d.name) and is_owned(runtime, d.name)}

    def make(self, approve: Approve) -> Adoption:
        """Compare, ask, write, log."""
        wanted, errors = self._readings()
        self.names.find({name: target.reading for name, target in wanted.items()})
        links, ends, doubts = self._links(wanted)
        self.runtime.progress(f"compare: {len(wanted)} devices with the inventory")
        settling = Settling(self.runtime, self.draft, self.names)
        settled = settling.settle(wanted, self._uids())
        if links and settled.errors.keys() != wanted.keys():
            joined = settling.joined(settled, wanted, links)
            if joined is None:
                doubts += (f"no link was added: the inventory does not take {', '.join(ends)}",)
                ends = ()
            settled = joined or settled
        errors |= settled.errors
        made = self._document(wanted, settled, errors, ends, doubts)
        if made.files and self.names.new:
            self.store.ready()
        if made.files and not approve(made):
            _append(self.runtime, self.drafts(made))
            return made
        if made.files:
            for name, value in self.names.new.items():
                self.store.keep(self.runtime.client, name, value)
            settled.draft.save()
        adopted = tuple(
            d.model_copy(update={"status": "adopted"}) if d.status == "proposed" else d for d in made.devices
        )
        made = made.model_copy(
            update={"devices": adopted, "written": bool(made.files), "seconds": self._seconds()}
        )
        _append(self.runtime, self.drafts(made))
        return made

    def _readings(self) -> tuple[dict[str, Wanted], dict[str, DeviceError]]:
        wanted: dict[str, Wanted] = {}
        errors = dict(self.read.errors)
        for device in self.devices:
            name, config = device.name, self.read.configs.get(device.name)
            adopt = self.runtime.forms[device.platform].adopt
            if config is None or adopt is None:
                continue
            if device.data.owned_sections is not None:
                message = "it is managed in part (owned_sections); only whole devices are adopted"
                errors[name] = DeviceError(name, "adopt", message)
            elif "secret://" in config:
                message = "its configuration holds the text secret://, which the inventory would take for a reference"
                errors[name] = DeviceError(name, "adopt", message)
            else:
                wanted[name] = Wanted(config, adopt(config))
        return wanted, errors

    def _uids(self) -> dict[str, str]:
        """A device that is new gets its name as its unchanging id."""
        taken = {device.uid for device in self.inventory.devices if device.data.uid}
        return {
            d.name: d.name
            for d in self.devices
            if d.name not in self.managed and d.data.uid is None and d.name not in taken
        }

    def _links(
        self, wanted: Mapping[str, Wanted]
    ) -> tuple[tuple[Document, ...], tuple[str, ...], tuple[str, ...]]:
        """New links as topology.yaml has them, for people, and what is doubtful about others."""
        systems = {device.name: device.name for device in self.inventory.devices}
        systems |= {
            first_label(d.hostname): d.name for d in self.inventory.devices if not d.hostname[:1].isdigit()
        }
        for name in self.read.seen:
            facts = self._facts(name)
            systems |= {facts[key].lower(): name for key in ("hostname", "fqdn") if facts.get(key)}
        heard: dict[str, tuple[LldpNeighbor, ...]] = {
            name: seen.lldp for name, seen in self.read.seen.items() if seen.lldp and name in wanted
        }
        interfaces = {device.name: [*device.data.interfaces] for device in self.inventory.devices}
        for name, target in wanted.items():
            said = target.reading.data.get("interfaces")
            interfaces[name] = [str(key) for key in said] if isinstance(said, Mapping) else []
        found, doubts = heard_links(self.inventory, heard, systems, interfaces)
        # A link makes something of both its ends: one that nobody has looked at yet waits for its own adoption.
        known = {d.name for d in self.inventory.devices if d.lifecycle == "external" or d.name in wanted}
        others = {device for ends in found for device, _ in ends} - known
        known |= {name for name in others if is_owned(self.runtime, name)}
        found = tuple(ends for ends in found if all(device in known for device, _ in ends))
        documents: tuple[Document, ...] = tuple(
            {"endpoints": [f"{device}:{interface}" for device, interface in ends]} for ends in found
        )
        return documents, tuple(" — ".join(":".join(end) for end in ends) for ends in found), doubts

    def _facts(self, name: str) -> dict[str, str]:
        seen = self.read.seen.get(name)
        facts = seen.getters.get("get_facts") if seen else None
        found = facts if isinstance(facts, dict) else {}
        return {key: str(found[key]) for key in _FACTS if isinstance(found.get(key), str) and found[key]}

    def _document(
        self,
        wanted: Mapping[str, Wanted],
        settled: Settled,
        errors: Mapping[str, DeviceError],
        ends: tuple[str, ...],
        doubts: tuple[str, ...],
    ) -> Adoption:
        files = settled.draft.changes()
        devices = tuple(
            self._failed(d.name, errors[d.name])
            if d.name in errors
            else self._device(d, wanted[d.name], changed=d.name in settled.edited)
            for d in self.devices
        )
        managed = any(name in self.managed for name in settled.edited)
        return Adoption(
            client=self.runtime.client,
            target=self.runtime.target,
            time=self.runtime.clock.now().isoformat(timespec="seconds"),
            seconds=self._seconds(),
            written=False,
            asks=bool(files) and (settled.replaces or managed),
            devices=devices,
            links=ends if any(change.path.endswith("topology.yaml") for change in files) else (),
            secrets=tuple(self.store.reference(name) for name in self.names.new) if files else (),
            files=files,
            warnings=doubts,
        )

    def _device(self, device: Device, target: Wanted, *, changed: bool) -> AdoptedDevice:
        reading, redact = target.reading, self.runtime.forms[device.platform].redact
        return AdoptedDevice(
            device=device.name,
            status="proposed" if changed else "adopted",
            source="file" if self.from_file else "device",
            changed=changed,
            running=sha256_hex(target.config),
            facts=self._facts(device.name),
            lines=len(reading.lines),
            explained=sum(line.explained for line in reading.lines),
            coverage=reading.coverage,
            unexplained=tuple(
                UnexplainedLine(line=self._shown(line.text, reading, redact), feature=line.feature)
                for line in reading.unexplained
            ),
            secrets=self.names.of(reading),
        )

    @staticmethod
    def _shown(text: str, reading: Adopted, redact: Callable[[str], str]) -> str:
        return redacted(text, reading.secrets, redact)

    def _failed(self, name: str, error: DeviceError) -> AdoptedDevice:
        return AdoptedDevice(
            device=name,
            status="unreachable" if error.kind == "unreachable" else "error",
            source="file" if self.from_file else "device",
            error=hide_values(str(error), self._by_name()),
        )

    def _by_name(self) -> dict[str, str]:
        return {ref.rpartition("/")[2]: value for ref, value in self.names.values.items() if len(value) > 3}

    def _seconds(self) -> float:
        return round(self.runtime.clock.monotonic() - self.started, 3)

    def drafts(self, made: Adoption) -> list[Draft]:
        """Each device's result, then the adoption's, with the files' diff."""

        def result(outcome: str, facts: Mapping[str, object], **fields: object) -> Draft:
            return self.runtime.draft(
                kind="adopt", action="adopt", phase="result", outcome=outcome, facts=facts, **fields
            )

        drafts = []
        for device in made.devices:
            facts: dict[str, object] = {
                "source": device.source,
                "changed": device.changed,
                "lines": device.lines,
                "explained": device.explained,
                "secrets": len(device.secrets),
            }
            facts |= {"running": device.running} if device.running else {}
            body = Body(device.error.encode(), "text/plain") if device.error else None
            drafts.append(result(device.status, facts, device=device.device, body=body))
        diff = "".join(change.diff for change in made.files)
        counts: dict[str, object] = {
            "devices": len(made.devices),
            **{status: sum(d.status == status for d in made.devices) for status in _STATUSES},
            "written": made.written,
            "links": len(made.links),
            "secrets": len(made.secrets),
            "milliseconds": round(made.seconds * 1000),
        }
        body = Body(diff.encode(), "text/x-diff") if diff else None
        return [*drafts, result(worst(made), counts, body=body)]


_STATUSES = ("error", "unreachable", "proposed", "adopted")


def worst(made: Adoption) -> str:
    """The status of the adoption as a whole."""
    return next((status for status in _STATUSES if any(d.status == status for d in made.devices)), "adopted")


def _append(runtime: Runtime, drafts: Iterable[Draft]) -> None:
    """All or none; nothing at all tries whether the log could be written."""
    try:
        runtime.log.append(runtime.client, list(drafts))
    except StoreError as error:
        raise Refused(
            "log", str(error), "make the service log writable: what is adopted is logged"
        ) from error
