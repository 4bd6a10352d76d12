"""Ways to tell people that other packages bring: entry points of the group ``netmgr.notifiers``."""

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import Final

from netmgr.adapters.guarded_socket import reason
from netmgr.errors import SecretError
from netmgr.model.notify_settings import Notifier
from netmgr.model.printable import printable
from netmgr.ports.carrier import Message, NotDeliveredError, NotifierPlugin

GROUP: Final = "netmgr.notifiers"


def installed() -> tuple[str, ...]:
    """The kinds that there are, sorted. Nothing is imported."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


def load(kind: str) -> NotifierPlugin:
    """The plug-in of a kind. Raises ValueError where there is none, or its package cannot be used."""
    point = next(iter(entry_points(group=GROUP, name=kind)), None)
    if point is None:
        raise ValueError(f"no installed package brings a notifier {kind}")
    try:
        plugin = point.load()
    except Exception as error:
        raise ValueError(f"{point.value} cannot be loaded: {type(error).__name__}: {error}") from error
    missing = [word for word in ("problem", "send") if not hasattr(plugin, word)]
    if missing:
        raise ValueError(f"{point.value} has no {missing[0]} (docs/reference/notify.md)")
    return plugin  # type: ignore[no-any-return]  # checked just above


class PluginCarrier:
    """See ``netmgr.ports.carrier.Carrier``. ``secret`` resolves a reference."""

    def __init__(self, notifiers: Mapping[str, Notifier], *, secret: Callable[[str], str]) -> None:
        self._notifiers, self._secret = notifiers, secret

    def send(self, message: Message) -> None:
        """Whatever a plug-in raises is that the message was not taken."""
        name = message.recipient.removeprefix("notifier:")
        notifier = self._notifiers.get(name)
        if notifier is None:
            raise NotDeliveredError(f"config/notify.yaml has no notifier {name} any more", final=True)
        try:
            secret = self._secret(notifier.secret) if notifier.secret else None
            load(notifier.kind).send(message, notifier.options, secret)
        except (NotDeliveredError, SecretError):
            raise
        except Exception as error:
            said = printable(f"{type(error).__name__}: {reason(error)}")
            raise NotDeliveredError(f"notifier {name}: {said}") from error

    def close(self) -> None:
        """Plug-ins keep nothing open."""
