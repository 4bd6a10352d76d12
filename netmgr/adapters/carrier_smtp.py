"""Messages by mail (RFC 5321, 5322), handed to one server over verified TLS."""

import smtplib
import socket
import ssl
from collections.abc import Callable
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path

from netmgr.adapters.guarded_socket import Guard, reason
from netmgr.model.notify_settings import MailServer
from netmgr.model.printable import printable
from netmgr.ports.carrier import Message, NotDeliveredError


class SmtpCarrier:
    """See ``netmgr.ports.carrier.Carrier``. ``guard`` is made for each message; ``secret`` resolves a reference."""

    def __init__(
        self,
        server: MailServer,
        *,
        guard: Callable[[], Guard],
        secret: Callable[[str], str],
        workspace: Path,
    ) -> None:
        self._server, self._guard, self._secret = server, guard, secret
        self._last: _Clear | None = None
        self._ca = workspace / Path(server.ca).expanduser() if server.ca else None

    def send(self, message: Message) -> None:
        """One connection for each message. Taken means that the server has answered 250 to all of it.

        Good-bye is said later, by ``close`` or the next message: until it is written down that a message was taken,
        nothing shall come between.
        """
        self.close()
        try:
            mail = _mail(self._server.from_, message)
        except (MessageError, ValueError) as error:
            raise NotDeliveredError(f"no mail can be made of it: {reason(error)}", final=True) from error
        guard = self._guard()
        context = guard.trust(self._ca)
        connection = self._last = _Tls(guard, context) if self._server.security == "tls" else _Clear(guard)
        try:
            connection.dial(self._server.server, self._server.at_port)
            self._protect(connection, context)
            if self._server.user and self._server.password:
                connection.login(self._server.user, self._secret(self._server.password))
            connection.send_message(mail, self._server.from_, [message.recipient.removeprefix("mail:")])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _refused(code, said) from error
        except smtplib.SMTPDataError as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException as error:  # greeting, login, sender: the operator's to mend
            raise NotDeliveredError(str(_refused(error.smtp_code, error.smtp_error))) from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotDeliveredError(f"{self._server.server}: {reason(error)}") from error

    def close(self) -> None:
        """QUIT."""
        if self._last:
            self._last.leave()
            self._last = None

    def _protect(self, connection: "_Clear", context: ssl.SSLContext) -> None:
        match self._server.security:
            case "starttls":
                connection.starttls(context=context)
                connection.ehlo()
            case "none" if connection.sock and not ip_address(connection.sock.getpeername()[0]).is_loopback:
                raise NotDeliveredError(
                    f"{self._server.server} is another machine, and security is none; write starttls or tls"
                )


class _Clear(smtplib.SMTP):
    """smtplib's client over a guarded connection. Nothing is dialled when it is made."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__(local_hostname=socket.gethostname())

    def dial(self, host: str, port: int) -> None:
        """Connect, and read the greeting. Raises SMTPConnectError where the server does not want to talk."""
        self._host = host  # whom STARTTLS verifies
        code, said = self.connect(host, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)
        self.ehlo_or_helo_if_needed()

    def _get_socket(self, host: str, port: int, _timeout: object) -> socket.socket:
        return self._guard.connect(host, port)

    def leave(self) -> None:
        """Say good-bye where there is somebody to hear it; what was taken is taken whatever the answer is."""
        try:
            if self.sock:
                self.quit()
        except (smtplib.SMTPException, OSError):
            self.close()


class _Tls(_Clear):
    """The same, encrypted from the first byte (RFC 8314)."""

    def __init__(self, guard: Guard, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(guard)

    def _get_socket(self, host: str, port: int, timeout: object) -> socket.socket:
        return self._context.wrap_socket(super()._get_socket(host, port, timeout), server_hostname=host)


def _mail(sender: str, message: Message) -> EmailMessage:
    """Message-ID is made of the notification's id, so that every attempt has the same; replies are not for programs."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = message.recipient.removeprefix("mail:")
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created)
    mail["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    mail.set_content(message.text)
    for each in message.attachments:
        kind, _, detail = each.type.partition("/")
        mail.add_attachment(each.data, maintype=kind, subtype=detail, filename=each.name)
    return mail


def _refused(code: int, said: bytes | str) -> NotDeliveredError:
    """4xx is "try again later", 5xx is "never" (RFC 5321, 4.2.1)."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return NotDeliveredError(
        f"the server answered {code} {printable(' '.join(text.split()))[:200]}", final=500 <= code < 600
    )
