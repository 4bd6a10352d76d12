"""Every way in which people can be told, for the settings of a workspace."""

from collections.abc import Callable, Mapping
from pathlib import Path

from netmgr.adapters.carrier_plugins import PluginCarrier
from netmgr.adapters.carrier_smtp import SmtpCarrier
from netmgr.adapters.carrier_webhook import WebhookCarrier
from netmgr.adapters.guarded_socket import Guard
from netmgr.model.notify_settings import NotifySettings
from netmgr.ports.carrier import Carrier
from netmgr.ports.clock import Clock


def carriers(
    settings: NotifySettings, *, secret: Callable[[str], str], workspace: Path, clock: Clock
) -> Mapping[str, Carrier]:
    """To webhooks, by what other packages bring, and by mail where there is a server.

    ``secret`` resolves a reference of the workspace's own.
    """

    def guard() -> Guard:
        return Guard(settings.allow)

    ways: dict[str, Carrier] = {"notifier": PluginCarrier(settings.notifiers, secret=secret)}
    ways["webhook"] = WebhookCarrier(
        settings.webhooks, guard=guard, secret=secret, workspace=workspace, clock=clock
    )
    if settings.mail is not None:
        ways["mail"] = SmtpCarrier(settings.mail, guard=guard, secret=secret, workspace=workspace)
    return ways
