"""Arista EOS among the systems that the lab emulates."""

from netmgr.lab.emulated.engine import OperatingSystem
from netmgr.lab.emulated.eos.eapi import serve_eapi
from netmgr.lab.emulated.eos.engine import EosEngine

SYSTEM = OperatingSystem(
    platform="eos",
    calibrated="configurations of EOS 4.23, NAPALM's recorded answers of EOS 4.15 to 4.32, its eos driver (5.2)",
    boot=EosEngine,
    serve=serve_eapi,
    https=True,
)
