"""The router itself: what it is, how busy it is, and its sensors."""

from __future__ import annotations

import re
from typing import Any

from napalm.base.models import CPUDict, EnvironmentDict, FactsDict, FanDict, PowerDict, TemperatureDict

from napalm_frr.device.order import natural

Values = dict[str, str]
_UNKNOWN = -1.0


def facts(found: dict[str, Any]) -> FactsDict:
    """``get_facts``: the model is the operating system, the serial number the machine's where it has one."""
    host, domain = found["hostname"], found["domain"]
    return {
        "uptime": float(found["uptime"]),
        "vendor": "FRRouting",
        "os_version": found["frr"],
        "model": f"{found['os']} ({found['machine']})",
        "serial_number": found["serial"],
        "hostname": host,
        "fqdn": f"{host}.{domain}" if domain else host,
        "interface_list": sorted(found["interfaces"], key=natural),
    }


def environment(found: dict[str, Any]) -> EnvironmentDict:
    """``get_environment``: memory in bytes, load over a quarter of a second, sensors where Linux knows any."""
    fans: dict[str, FanDict] = {}
    temperatures: dict[str, TemperatureDict] = {}
    power: dict[str, PowerDict] = {}
    for chip, values in found["sensors"].items():
        for sensor in sorted({name.split("_")[0] for name in values}, key=natural):
            kind = re.sub(r"\d+$", "", sensor)
            known = {
                name[len(sensor) + 1 :]: value
                for name, value in values.items()
                if name.startswith(sensor + "_")
            }
            place = f"{chip} {known.get('label') or sensor}"
            if kind == "fan" and "input" in known:
                fans[place] = {"status": not _raised(known, "fault", "alarm", "min_alarm")}
            elif kind == "temp" and _number(known, "input") is not None:
                temperatures[place] = _temperature(known)
            elif kind == "power" and {"input", "average"} & known.keys():
                power[place] = _power(known)
    memory = found["memory"]
    return {
        "fans": fans,
        "temperature": temperatures,
        "power": power,
        "cpu": _load(*found["processors"]),
        "memory": {
            "available_ram": memory["MemTotal"] * 1024,
            "used_ram": (memory["MemTotal"] - memory["MemAvailable"]) * 1024,
        },
    }


def _load(before: dict[str, list[int]], after: dict[str, list[int]]) -> dict[int, CPUDict]:
    shares: dict[int, CPUDict] = {}
    for name in sorted(before.keys() & after.keys(), key=int):
        busy, total = (later - earlier for earlier, later in zip(before[name], after[name], strict=True))
        shares[int(name)] = {"%usage": round(100.0 * busy / total, 1) if total > 0 else 0.0}
    return shares


def _temperature(known: Values) -> TemperatureDict:
    """Thousandths of a degree Celsius; a threshold counts where the chip itself raises no alarm for it."""
    now = _number(known, "input") or 0.0
    highest, critical = _number(known, "max"), _number(known, "crit")
    return {
        "temperature": now / 1000,
        "is_alert": _raised(known, "alarm", "max_alarm") or (highest is not None and now >= highest),
        "is_critical": _raised(known, "crit_alarm", "emergency_alarm")
        or (critical is not None and now >= critical),
    }


def _power(known: Values) -> PowerDict:
    """Millionths of a watt; -1 is what the chip does not say."""
    drawn = _number(known, "input") if "input" in known else _number(known, "average")
    capacity = next((_number(known, name) for name in ("rated_max", "cap_max", "max") if name in known), None)
    return {
        "status": not _raised(known, "alarm", "fault", "crit_alarm"),
        "output": _UNKNOWN if drawn is None else drawn / 1_000_000,
        "capacity": _UNKNOWN if capacity is None else capacity / 1_000_000,
    }


def _raised(known: Values, *flags: str) -> bool:
    return any(known.get(flag, "0") not in ("", "0") for flag in flags)


def _number(known: Values, name: str) -> float | None:
    try:
        return float(known[name])
    except (KeyError, ValueError):
        return None
