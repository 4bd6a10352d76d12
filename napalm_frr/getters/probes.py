"""ping and traceroute: arguments judged before anything is sent, and what the programs print, in NAPALM's shapes."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from typing import Any

from napalm.base.constants import TRACEROUTE_NULL_HOST_NAME, TRACEROUTE_NULL_IP_ADDRESS
from napalm.base.exceptions import CommandErrorException
from napalm.base.models import PingResultDict, TracerouteResultDict

from napalm_frr.answers import Answer
from napalm_frr.device.probe import PING_INTERVAL, SWEPT_AT_ONCE, TRACE_QUERIES

_NAME = re.compile(
    r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?\.?"
)  # RFC 1123, and the underscores in use
_INTERFACE = re.compile(r"[^\s/:%-][^\s/:%]{0,14}")  # Linux' dev_valid_name(), not like an option
_REPLY = re.compile(r"^\d+ bytes from (\S+): icmp_seq=\d+ .*?time=([\d.]+) ms$", re.MULTILINE)
_SENT = re.compile(r"^(\d+) packets transmitted, (\d+) received", re.MULTILINE)
_TIMES = re.compile(r"= ([\d.]+)/([\d.]+)/([\d.]+)/([\d.]+) ms")
_HOP = re.compile(r"^ *(\d+)  (\S.*)$", re.MULTILINE)
_AT_ONCE = 16  # probes that traceroute has on their way
_DEFAULT_VRFS = ("", "default", "global")

RANGES = {"ttl": (1, 255), "timeout": (1, 3600), "size": (16, 65_507), "count": (1, 10_000)}
"""Inclusive. A time of return is carried in a request's first 16 bytes."""


def ping_request(
    destination: str,
    source: str,
    ttl: int,
    timeout: int,
    size: int,
    count: int,
    vrf: str,
    source_interface: str,
) -> dict[str, Any]:
    """The order for the router. Raises ``CommandErrorException`` for an argument that makes no sense."""
    _require_ranges(ttl=ttl, timeout=timeout, size=size, count=count)
    interface = _interface("source_interface", source_interface) or _vrf(vrf)
    return {
        "destination": _destination(destination),
        "origins": [each for each in (interface, _source(source)) if each],
        "ttl": ttl,
        "timeout": timeout,
        "size": size,
        "count": count,
        "seconds": count * PING_INTERVAL + timeout,
    }


def traceroute_request(destination: str, source: str, ttl: int, timeout: int, vrf: str) -> dict[str, Any]:
    """The order for the router. Raises ``CommandErrorException`` for an argument that makes no sense."""
    _require_ranges(ttl=ttl, timeout=timeout)
    origins = [("interface", _vrf(vrf)), ("address", _source(source))]
    return {
        "destination": _destination(destination),
        "origins": [each for each in origins if each[1]],
        "ttl": ttl,
        "timeout": timeout,
        "seconds": (ttl * TRACE_QUERIES / _AT_ONCE + 1) * timeout,
    }


def sweep_request(pings: Sequence[tuple[str, str]], seconds: int) -> dict[str, Any]:
    """The order for the router. Raises ``CommandErrorException`` for an argument that makes no sense."""
    _require_ranges(timeout=seconds)
    return {
        "pings": [(_destination(destination), _source(source)) for destination, source in pings],
        "seconds": seconds,
    }


def sweep_patience(request: dict[str, Any]) -> float:
    """Seconds that a sweep may take: as many rounds as are needed."""
    return float(request["seconds"]) * (len(request["pings"]) / SWEPT_AT_ONCE + 1)


def ping_result(answer: Answer) -> PingResultDict:
    """``ping``: an error where nothing could be sent; that nobody answered is a success with losses."""
    sent = _SENT.search(answer["out"])
    if sent is None:
        return {"error": _said(answer)}
    replies = [{"ip_address": address, "rtt": float(time)} for address, time in _REPLY.findall(answer["out"])]
    times = _TIMES.search(answer["out"])
    least, average, most, deviation = map(float, times.groups()) if times else (0.0, 0.0, 0.0, 0.0)
    return {
        "success": {
            "probes_sent": int(sent[1]),
            "packet_loss": int(sent[1]) - int(sent[2]),
            "rtt_min": least,
            "rtt_max": most,
            "rtt_avg": average,
            "rtt_stddev": deviation,
            "results": replies,
        }
    }


def traceroute_result(answer: Answer, timeout: int) -> TracerouteResultDict:
    """``traceroute``: probes by hop. One without an answer is ``*``, its time the whole time that was waited."""
    hops = _HOP.findall(answer["out"])
    if not hops:
        return {"error": _said(answer)}
    return {"success": {int(number): {"probes": _probes(line, timeout)} for number, line in hops}}


def _probes(line: str, timeout: int) -> dict[int, Any]:
    """A line has an address, times that belong to it, another address with its times, asterisks, remarks like !H."""
    probes: dict[int, Any] = {}
    address, words = "", line.split()
    for place, word in enumerate(words):
        if word == "*":
            probes[len(probes) + 1] = {
                "rtt": timeout * 1000.0,
                "ip_address": TRACEROUTE_NULL_IP_ADDRESS,
                "host_name": TRACEROUTE_NULL_HOST_NAME,
            }
        elif word == "ms":
            probes[len(probes) + 1] = {
                "rtt": float(words[place - 1]),
                "ip_address": address,
                "host_name": address,
            }
        elif not word.startswith("!") and words[place + 1 : place + 2] != ["ms"]:
            address = word
    return probes


def _said(answer: Answer) -> str:
    lines = [line.strip() for line in (answer["err"] + "\n" + answer["out"]).splitlines()]
    return next((line for line in lines if line), f"ended with status {answer['status']}")


def _require_ranges(**given: int) -> None:
    for name, value in given.items():
        least, most = RANGES[name]
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise CommandErrorException(
                f"{name} is {value!r}; it must be a whole number from {least} to {most}"
            )


def _destination(given: str) -> str:
    if not _is_address(given) and not _NAME.fullmatch(given):
        raise CommandErrorException(f"destination {given!r} is neither an address nor a host's name")
    return given


def _source(given: str) -> str:
    if given and not _is_address(given):
        raise CommandErrorException(f"source {given!r} is not an address")
    return given


def _vrf(given: str) -> str:
    return "" if given in _DEFAULT_VRFS else _interface("vrf", given)


def _interface(what: str, given: str) -> str:
    if given and not _INTERFACE.fullmatch(given):
        raise CommandErrorException(f"{what} {given!r} cannot be an interface's name on Linux")
    return given


def _is_address(given: str) -> bool:
    try:
        ipaddress.ip_address(given)
    except ValueError:
        return False
    return True
