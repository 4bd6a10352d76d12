"""Is this device, asset, service, hour covered? (pure)"""

from dataclasses import dataclass
from datetime import date, datetime

from netmgr.model.agreement import Agreement
from netmgr.model.agreement_scope import ServiceKind
from netmgr.model.asset import Asset
from netmgr.model.inventory import Device
from netmgr.service.calendar import ServiceHours, worked
from netmgr.service.versions import Standing


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it is covered, and the clause that says so: the key of agreement.yaml, or of the thing's own file."""

    covered: bool
    clause: str
    why: str


def hour_covered(agreement: Agreement, at: datetime) -> Answer:
    """The moment: in service hours, or in an emergency at any."""
    second = int(at.timestamp())
    if worked(ServiceHours(agreement.calendar), second, second + 1):
        return Answer(True, "calendar", "it is in the service hours")
    if agreement.emergency is not None:
        return Answer(True, "emergency", "it is outside the service hours: emergencies only")
    return Answer(False, "calendar", "it is outside the service hours")


def standing_covered(standing: Standing) -> Answer:
    """Whether the agreement is in force at all."""
    words = {
        "none": "nothing is signed",
        "not_begun": "the agreement has not begun",
        "in_force": "the agreement is in force",
        "suspended": "the agreement is suspended",
        "run_off": "the term is over; what was begun is finished",
        "ended": "the agreement has ended",
    }
    clause = "payment.suspension" if standing.state == "suspended" else "term"
    return Answer(standing.state == "in_force", clause, words[standing.state])


def service_covered(agreement: Agreement, service: ServiceKind) -> Answer:
    """A kind of service."""
    covered = service in agreement.coverage.services
    return Answer(covered, "coverage.services", f"{service} is {'' if covered else 'not '}among the services")


def device_covered(agreement: Agreement, device: Device, day: date) -> Answer:
    """A device on a day of the agreement's time zone."""
    coverage = agreement.coverage.devices
    if not coverage.covers(device):
        return Answer(False, "coverage.devices", f"{device.name} is not among the devices covered")
    service = device.data.service
    if service is not None and not (service.from_ or day) <= day <= (service.to or day):
        span = f"{service.from_ or '…'} to {service.to or '…'}"
        return Answer(False, "service", f"{device.name} is looked after from {span}")
    return Answer(True, "coverage.devices", f"{device.name} is covered")


def asset_covered(agreement: Agreement, name: str, asset: Asset, day: date) -> Answer:
    """An asset on a day."""
    coverage = agreement.coverage.assets
    if coverage is None:
        return Answer(False, "coverage.assets", "no assets are covered")
    if not asset.in_scope:
        return Answer(False, "in_scope", f"{name} is out of scope by its own word")
    if not agreement.coverage.covers(asset):
        return Answer(False, "coverage.assets", f"{name} is not among the assets covered")
    if not (asset.service.from_ or day) <= day <= (asset.service.to or day):
        span = f"{asset.service.from_ or '…'} to {asset.service.to or '…'}"
        return Answer(False, "service", f"{name} is looked after from {span}")
    return Answer(True, "coverage.assets", f"{name} is covered")
