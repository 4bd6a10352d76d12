"""ansible-runner's callback plug-in, but for the secrets: what it writes down for its parent has none in it."""

from typing import Any

from ansible_runner.display_callback.callback import awx_display

from netmgr.adapters.ansible_plugins.handover import redactor

DOCUMENTATION = """
name: netmgr_display
type: stdout
short_description: Events for netmgr
description: Events of a run, secrets hidden.
extends_documentation_fragment:
  - default_callback
requirements:
  - Set as stdout in config
"""


class _WithoutSecrets:
    """In the place of ansible-runner's own writer of events, which it stands before."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def set(self, key: str, value: Any) -> None:
        """One event's data."""
        self._writer.set(key, redactor().deep(value))


awx_display.event_context.cache = _WithoutSecrets(awx_display.event_context.cache)


class CallbackModule(awx_display.CallbackModule):  # type: ignore[misc] # ansible-runner has no types
    """What Ansible instantiates."""

    CALLBACK_NAME = "netmgr_display"
