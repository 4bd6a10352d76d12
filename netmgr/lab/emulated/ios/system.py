"""Cisco IOS in the lab's table of operating systems."""

from netmgr.lab.emulated.engine import Door, Engine, OperatingSystem, Place
from netmgr.lab.emulated.ios.engine import IosEngine
from netmgr.lab.emulated.ssh_cli import serve


def _boot(place: Place, startup: str) -> IosEngine:
    engine = IosEngine(place, startup)
    if engine.refused_at_boot:
        line, why = engine.refused_at_boot[0]
        raise ValueError(f"{place.name}: the emulated IOS does not take the line {line!r} ({why})")
    return engine


async def _serve(engine: Engine, door: Door) -> int:
    if not isinstance(engine, IosEngine):
        raise TypeError(f"{engine!r} is no IOS device")
    return await serve(engine, door)


SYSTEM = OperatingSystem(
    platform="ios",
    calibrated="captures of IOS-XE 16.4 (CSR1000V), NAPALM's recorded answers of IOS 15, Cisco's command references",
    boot=_boot,
    serve=_serve,
)
