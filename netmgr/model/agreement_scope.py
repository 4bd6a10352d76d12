"""What an agreement covers: services, devices, assets."""

from typing import Annotated, Literal

from pydantic import Field

from netmgr.model.asset import Asset, AssetKind
from netmgr.model.base import Frozen
from netmgr.model.fields import Items, Name
from netmgr.model.names import Identifier
from netmgr.model.scope import Glob, fits
from netmgr.model.selection import Placed
from netmgr.model.wording import Wording

ServiceKind = Literal["faults", "consulting", "network", "backup", "requests"]
"""Faults found and put right; advice; the network looked after; backup and recovery; other services on request."""


class CoveredDevices(Frozen):
    """The devices that fit all of ``names``, ``roles`` and ``sites`` (an empty list takes all), but ``except``."""

    names: Items[Glob] = ()
    roles: Items[Name] = ()
    sites: Items[Identifier] = ()
    except_: Items[Glob] = Field(default=(), alias="except")

    def covers(self, device: Placed) -> bool:
        """Whether the device is meant."""
        return (
            (not self.names or fits(device.name, self.names))
            and (not self.roles or device.role in self.roles)
            and (not self.sites or device.site in self.sites)
            and not fits(device.name, self.except_)
        )


class CoveredAssets(Frozen):
    """The assets in assets.yaml that are in scope, of these kinds and sites; an empty list takes all."""

    kinds: Items[AssetKind] = ()
    sites: Items[Identifier] = ()


class Coverage(Frozen):
    """What is covered. Without ``assets`` none are."""

    services: Annotated[Items[ServiceKind], Field(min_length=1)]
    devices: CoveredDevices = Field(default_factory=CoveredDevices)
    assets: CoveredAssets | None = None
    excluded: Items[Wording] = ()
    """What is not, said for people."""

    def covers(self, asset: Asset) -> bool:
        """Whether the asset is meant, and in scope by its own word."""
        meant = self.assets
        return (
            meant is not None
            and asset.in_scope
            and (not meant.kinds or asset.kind in meant.kinds)
            and (not meant.sites or asset.site in meant.sites)
        )
