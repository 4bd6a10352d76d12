"""Messages to webhooks: POST over HTTPS, signed as Standard Webhooks 1.0 says (https://www.standardwebhooks.com)."""

import hmac
import ssl
from base64 import b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from netmgr.adapters.guarded_socket import Guard, reason
from netmgr.model.names import SECRET_REFERENCE
from netmgr.model.notify_settings import Webhook, signing_secret, web_address
from netmgr.ports.carrier import Message, NotDeliveredError
from netmgr.ports.clock import Clock

#: Answers after which the same message will never be taken: it is malformed, too long, or the receiver is gone.
_FINAL = frozenset({400, 410, 413, 422})


class WebhookCarrier:
    """See ``netmgr.ports.carrier.Carrier``. ``secret`` resolves a reference; redirects are not followed."""

    def __init__(
        self,
        webhooks: Mapping[str, Webhook],
        *,
        guard: Callable[[], Guard],
        secret: Callable[[str], str],
        workspace: Path,
        clock: Clock,
    ) -> None:
        self._webhooks, self._guard, self._secret, self._workspace = webhooks, guard, secret, workspace
        self._clock = clock

    def send(self, message: Message) -> None:
        """Taken means that the receiver has answered 2xx."""
        name = message.recipient.removeprefix("webhook:")
        webhook = self._webhooks.get(name)
        if webhook is None:
            raise NotDeliveredError(f"config/notify.yaml has no webhook {name} any more", final=True)
        try:
            url = web_address(
                self._secret(webhook.url) if SECRET_REFERENCE.fullmatch(webhook.url) else webhook.url
            )
            key = signing_secret(self._secret(webhook.secret))
        except ValueError as error:
            raise NotDeliveredError(f"webhook {name}: {error}") from error
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "netmgr",
            "Connection": "close",
            **signed(message.id, int(self._clock.now().timestamp()), message.payload, key),
        }
        guard = self._guard()
        ca = self._workspace / Path(webhook.ca).expanduser() if webhook.ca else None
        connection = _connection(url, guard, ca)
        try:
            split = urlsplit(url)
            target = f"{split.path or '/'}{'?' + split.query if split.query else ''}"
            connection.request("POST", target, message.payload, headers)
            response = connection.getresponse()
        except (OSError, HTTPException) as error:
            raise NotDeliveredError(f"webhook {name}: {reason(error)}") from error
        finally:
            connection.close()
        if not 200 <= response.status < 300:
            raise NotDeliveredError(
                f"webhook {name}: the receiver answered {response.status}",
                final=response.status in _FINAL,
                retry_after=_retry_after(response),
            )

    def close(self) -> None:
        """Nothing is kept open."""


def signed(identity: str, timestamp: int, payload: bytes, key: bytes) -> dict[str, str]:
    """The three headers: id, seconds since 1970, and HMAC-SHA256 over ``id.timestamp.payload``."""
    digest = hmac.digest(key, b"%s.%d.%s" % (identity.encode(), timestamp, payload), sha256)
    return {
        "webhook-id": identity,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }


def _connection(url: str, guard: Guard, ca: Path | None) -> HTTPConnection:
    """http.client over a guarded connection, which is there already: it dials nothing by itself, and knows no proxy."""
    split = urlsplit(url)
    host = split.hostname or ""
    secure = split.scheme == "https"
    dialled = guard.connect(host, split.port or (443 if secure else 80))
    if not secure:
        clear = HTTPConnection(host, split.port)
        clear.sock = dialled
        return clear
    try:
        context = guard.trust(ca)
        tls = HTTPSConnection(host, split.port, context=context)
        tls.sock = context.wrap_socket(dialled, server_hostname=host)
    except (OSError, ssl.SSLError) as error:
        dialled.close()
        raise NotDeliveredError(f"{host}: {reason(error)}") from error
    return tls


def _retry_after(response: HTTPResponse) -> float | None:
    """Seconds (RFC 9110, 10.2.3); a date is not understood, and then our own wait holds."""
    said = response.getheader("Retry-After", "")
    return float(said) if said.isascii() and said.isdigit() and len(said) < 8 else None
