"""Is this device, asset, service, hour covered by the agreement in force?"""

from datetime import datetime
from zoneinfo import ZoneInfo

from netmgr.errors import UsageError
from netmgr.model.agreement_scope import ServiceKind
from netmgr.model.suggest import did_you_mean
from netmgr.service.coverage import (
    Answer,
    asset_covered,
    device_covered,
    hour_covered,
    service_covered,
    standing_covered,
)
from netmgr.workflows.agreement import show
from netmgr.workflows.runtime import Runtime


def covers(
    runtime: Runtime,
    *,
    device: str | None = None,
    asset: str | None = None,
    service: ServiceKind | None = None,
    at: datetime | None = None,
) -> tuple[Answer, ...]:
    """Every answer: the agreement's standing and the hour, then what was asked about. It is covered where all are.

    Raises UsageError for a device or asset that is not there.
    """
    shown = show(runtime, at=at)
    answers = [standing_covered(shown.standing)]
    agreement = shown.agreement
    if agreement is None:
        return tuple(answers)
    answers.append(hour_covered(agreement, shown.at))
    day = shown.at.astimezone(ZoneInfo(agreement.timezone)).date()
    if service is not None:
        answers.append(service_covered(agreement, service))
    if device is not None:
        known = runtime.inventories.load(runtime.client).by_name()
        if device not in known:
            raise UsageError(f"--device {device}: no such device; {did_you_mean(device, known)}")
        answers.append(device_covered(agreement, known[device], day))
    if asset is not None:
        assets = runtime.open_office().agreements.assets(runtime.client).assets
        if asset not in assets:
            raise UsageError(f"--asset {asset}: no such asset; {did_you_mean(asset, assets)}")
        answers.append(asset_covered(agreement, asset, assets[asset], day))
    return tuple(answers)
