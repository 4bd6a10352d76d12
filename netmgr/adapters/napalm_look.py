"""What checks ask of one device, over its NAPALM driver: each part by itself, so that one keeps no other waiting."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from pydantic import JsonValue, TypeAdapter

from netmgr.errors import DeviceError
from netmgr.model.check_state import Getter, LldpNeighbor, Ping, Question, Routes, Seen
from netmgr.model.state import InterfaceState
from netmgr.platforms.form import PlatformForm

T = TypeVar("T")
Speaking = Callable[[], AbstractContextManager[Any]]
"""Gives the open driver; what it raises comes out as a DeviceError."""

_JSON = TypeAdapter(JsonValue)


def look(speaking: Speaking, form: PlatformForm, question: Question) -> Seen:
    """The device's answer. Raises DeviceError only where the connection is gone."""
    unanswered: dict[str, str] = {}

    def ask(part: str, step: Callable[[Any], T]) -> T | None:
        try:
            with speaking() as driver:
                return step(driver)
        except DeviceError as error:
            if error.kind == "unreachable":
                raise
            unanswered[part] = error.message
        return None

    found: dict[str, Any] = {}
    if question.routes:
        found["routes"] = ask("routes", lambda driver: _routes(driver, form, question.prefixes))
    if question.interfaces:
        found["interfaces"] = ask("interfaces", lambda driver: _interfaces(driver, form))
    if question.lldp:
        found["lldp"] = ask("lldp", _lldp)
    if question.pings:
        found["replied"] = ask("pings", lambda driver: _replied(driver, question))
    getters = {getter.key: ask(getter.key, _asked(getter)) for getter in question.getters}
    return Seen(
        **found,
        getters={key: answer for key, answer in getters.items() if key not in unanswered},
        unanswered=unanswered,
    )


def _routes(driver: Any, form: PlatformForm, prefixes: tuple[str, ...]) -> Routes:
    if form.routes is None:
        raise NotImplementedError(f"{form.name} has no way to count routes")
    commands = form.routes.commands(prefixes)
    answers = driver.cli(list(commands))
    return form.routes.parse(prefixes, [answers[command] for command in commands])


def _interfaces(driver: Any, form: PlatformForm) -> tuple[InterfaceState, ...]:
    if form.interfaces is None:
        raise NotImplementedError(f"{form.name} has no way to tell of its interfaces")
    return form.interfaces.parse(driver.cli([form.interfaces.command])[form.interfaces.command])


def _lldp(driver: Any) -> tuple[LldpNeighbor, ...]:
    return tuple(
        LldpNeighbor(interface=interface, device=neighbor["hostname"], port=neighbor["port"])
        for interface, neighbors in driver.get_lldp_neighbors().items()
        for neighbor in neighbors
    )


def _replied(driver: Any, question: Question) -> frozenset[Ping]:
    """All at once where the driver can (napalm_frr), else one after the other."""
    pings, wait = question.pings, question.wait
    if hasattr(driver, "sweep"):
        answers = driver.sweep([(ping.destination, ping.source or "") for ping in pings], wait)
    else:
        answers = [_answered(driver, ping, wait) for ping in pings]
    return frozenset(ping for ping, answered in zip(pings, answers, strict=True) if answered)


def _answered(driver: Any, ping: Ping, wait: int) -> bool:
    result = driver.ping(ping.destination, source=ping.source or "", timeout=wait, count=2)
    found = result.get("success", {})
    return bool(found and found["packet_loss"] < found["probes_sent"])


def _asked(getter: Getter) -> Callable[[Any], JsonValue]:
    def ask(driver: Any) -> JsonValue:
        try:
            return _JSON.validate_python(getattr(driver, getter.name)(**getter.arguments))
        except NotImplementedError:
            raise NotImplementedError(f"the driver has no {getter.name}") from None

    return ask
