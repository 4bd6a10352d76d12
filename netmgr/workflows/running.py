"""What every device of a client runs now, as far as it can be known: what its twin boots with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from netmgr.errors import DeviceError, LabError, StoreError
from netmgr.model.change import IntentFacts
from netmgr.model.difference import hide_values, redacted
from netmgr.model.inventory import Device
from netmgr.model.names import Lifecycle
from netmgr.model.rehearsal import Source
from netmgr.model.selection import Selection
from netmgr.model.state import Reading
from netmgr.platforms.settling import settled
from netmgr.ports.fleet import FleetSession
from netmgr.workflows.planning import Design, design
from netmgr.workflows.runtime import Runtime

#: Every device: a twin is of the whole network.
EVERY: frozenset[Lifecycle] = frozenset({"active", "maintenance", "planned", "external"})
#: Those that are there and ours, so that they can be asked.
OURS: frozenset[Lifecycle] = frozenset({"active", "maintenance"})

WORDS: Mapping[Source, str] = {
    "running": "what it runs",
    "snapshot": "its newest snapshot",
    "intended": "what is intended",
}


@dataclass(frozen=True, slots=True)
class Now:
    """One device's configuration, in canonical form, where it comes from, and why from there."""

    device: str
    platform: str
    source: Source
    config: str = field(repr=False)
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class NetworkNow:
    """Every device that netmgr knows a configuration of, with the design of all of them."""

    drawn: Design
    devices: tuple[Now, ...]

    def startups(self, runtime: Runtime) -> dict[str, str]:
        """Device → the lines that its twin boots with."""
        return {now.device: runtime.forms[now.platform].startup(now.config) for now in self.devices}

    def hidden(self, runtime: Runtime, error: LabError) -> LabError:
        """A twin's complaint, which may quote a line of a configuration, without secrets."""
        text = hide_values(str(error), self.drawn.secrets)
        for form in {
            runtime.forms[now.platform].name: runtime.forms[now.platform] for now in self.devices
        }.values():
            text = redacted(text, self.drawn.secrets, form.redact)
        return LabError(text)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What cannot be as it is in the network."""
        return tuple(
            f"the secret {name} cannot be resolved: its name stands in for it"
            for name in self.drawn.unresolved
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What somebody who boots this should know: a line for each device that does not have what it runs now."""
        return (
            *self.warnings,
            *(
                f"{now.device}: boots with {WORDS[now.source]}: {now.detail}"
                for now in self.devices
                if now.detail
            ),
        )


def every_device(runtime: Runtime) -> Design:
    """The design of the whole network; a secret that cannot be resolved has its name in its place."""
    return design(runtime, Selection(), lifecycles=EVERY, unresolvable="mark")


def ours(drawn: Design) -> tuple[Device, ...]:
    """The devices that can be asked."""
    return tuple(device for device in drawn.devices if device.lifecycle in OURS)


def intended(runtime: Runtime, drawn: Design) -> NetworkNow:
    """The network as the inventory wants it."""
    return NetworkNow(
        drawn,
        tuple(
            Now(name, item.platform, "intended", _fresh(runtime, drawn, name))
            for name, item in drawn.intended.items()
        ),
    )


def _fresh(runtime: Runtime, drawn: Design, name: str) -> str:
    """What the inventory wants of a device that has nothing yet, secrets as it would keep them."""
    item = drawn.intended[name]
    return settled(item, "", runtime.forms[item.platform], secrets=drawn.secrets).config


def network_now(
    runtime: Runtime,
    session: FleetSession,
    drawn: Design,
    *,
    readings: Mapping[str, Reading] | None = None,
    unreachable: Mapping[str, str] | None = None,
) -> NetworkNow:
    """Each device as it is read now; else as its newest snapshot has it; else as the inventory intends it.

    ``session`` holds ``ours(drawn)``; devices that it cannot reach are no error here. Those of ``readings`` and
    ``unreachable`` were asked already.
    """
    answers: dict[str, Reading | DeviceError] = dict(readings or {})
    errors = dict(unreachable or {})
    missing = [device.name for device in ours(drawn) if device.name not in answers.keys() | errors.keys()]
    if missing:
        runtime.progress(f"read: what {len(missing)} devices run now")
        logins = session.connect(missing)
        answers |= session.read([name for name in missing if not isinstance(logins[name], DeviceError)])
        errors |= {
            name: str(answer)
            for name, answer in {**logins, **answers}.items()
            if isinstance(answer, DeviceError)
        }
    snapshots = _snapshots(runtime, errors)
    found = []
    for device in drawn.devices:
        name, reading = device.name, answers.get(device.name)
        if reading is not None and not isinstance(reading, DeviceError):
            found.append(Now(name, device.platform, "running", reading.running))
        elif name in snapshots:
            config, when = snapshots[name]
            found.append(
                Now(
                    name,
                    device.platform,
                    "snapshot",
                    config,
                    f"{errors[name]}; from before the change at {when}",
                )
            )
        else:
            why = errors.get(name) or f"{device.lifecycle}: not read"
            found.append(Now(name, device.platform, "intended", _fresh(runtime, drawn, name), why))
    return NetworkNow(drawn, tuple(found))


def _snapshots(runtime: Runtime, devices: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    """Device → its newest snapshot that can still be read, and when the change was made that it is from."""
    wanted = set(devices)
    found: dict[str, tuple[str, str]] = {}
    if not wanted:
        return found
    for entry in runtime.log.entries(runtime.client, kind="change", newest_first=True):
        if entry.phase != "intent" or entry.target != runtime.target:
            continue
        for device in IntentFacts.parse(entry.facts).devices:
            if device.device in wanted - found.keys():
                try:
                    data = runtime.snapshots.get(runtime.client, device.snapshot)
                except StoreError:
                    continue
                found[device.device] = data.decode("utf-8", "surrogateescape"), entry.time
        if wanted == found.keys():
            break
    return found
