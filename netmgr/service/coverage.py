"""Is this device, asset, service, hour covered? (pure)"""

from dataclasses import dataclass
from datetime import date

from netmgr.model.agreement import Agreement
from netmgr.model.agreement_scope import ServiceKind
from netmgr.model.asset import Asset
from netmgr.model.inventory import Device


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it is covered, and the clause that says so: the key of agreement.yaml, or of the thing's own file."""

    covered: bool
    clause: str
    why: str


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
