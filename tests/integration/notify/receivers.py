"""Receivers of notifications on loopback: aiosmtpd's mail server, and a web server that verifies what it takes."""

import json
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from standardwebhooks import Webhook


@dataclass(frozen=True)
class Certificates:
    """An authority, and a certificate of it for ``localhost`` and 127.0.0.1."""

    ca: Path
    server: Path

    def context(self) -> ssl.SSLContext:
        made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        made.load_cert_chain(self.server)
        return made


def certificates(directory: Path, *names: str) -> Certificates:
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    authority, leaf = keys
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority of this test")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    now = datetime.now(UTC)

    def begun(name, key):
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
        )

    ca = begun(issuer, authority).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    known = [x509.DNSName(name) for name in names or ("localhost",)]
    alternatives = x509.SubjectAlternativeName([*known, x509.IPAddress(ip_address("127.0.0.1"))])
    server = begun(subject, leaf).add_extension(alternatives, critical=False)
    pem = serialization.Encoding.PEM
    secret = leaf.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    made = Certificates(directory / "ca.pem", directory / "server.pem")
    made.ca.write_bytes(ca.sign(authority, hashes.SHA256()).public_bytes(pem))
    made.server.write_bytes(secret + server.sign(authority, hashes.SHA256()).public_bytes(pem))
    return made


def free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class MailBox:
    """A mail server that can go down and come up again on its port. ``answers`` are given instead of taking a mail."""

    certificates: Certificates
    port: int = field(default_factory=free_port)
    logins: dict[str, str] = field(default_factory=lambda: {"netmgr": "letter-opener"})
    tls: bool = True
    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    taken: Callable[[], None] = lambda: None
    """Called when a mail is kept and not acknowledged yet."""
    begun: Callable[[], None] = lambda: None
    mails: list[EmailMessage] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    _controller: Controller | None = None

    def up(self) -> None:
        box = self

        class Handler:
            async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
                box.begun()
                if answer := box.refused.get(address):
                    return answer
                envelope.rcpt_tos.append(address)
                return "250 OK"

            async def handle_DATA(self, server, session, envelope):  # noqa: N802
                if box.answers:
                    return box.answers.pop(0)
                mail = message_from_bytes(envelope.content, policy=policy.SMTP)
                assert [mail["To"]] == envelope.rcpt_tos
                box.mails.append(mail)
                box.taken()
                return "250 OK"

        def login(_server, _session, _envelope, _mechanism, data):
            user, password = data.login.decode(), data.password.decode()
            box.users.append(user)
            return AuthResult(success=box.logins.get(user) == password, handled=False)

        options = {"tls_context": self.certificates.context(), "require_starttls": True} if self.tls else {}
        self._controller = Controller(
            Handler(),
            hostname="127.0.0.1",
            port=self.port,
            authenticator=login,
            auth_required=self.tls,
            **options,
        )
        self._controller.start()

    def down(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    @property
    def ids(self) -> list[str]:
        return [mail["Message-ID"].strip("<>").partition("@")[0] for mail in self.mails]


SECRET = "whsec_" + "bm90IGEgc2VjcmV0LCBvbmx5IGZvciB0ZXN0cw=="


@dataclass
class Hook:
    """A web server that takes what its own library verifies. ``answers``: status codes given instead, with headers."""

    certificates: Certificates
    port: int = field(default_factory=free_port)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    strict: bool = False
    """Whether the time stamp must be now, as receivers should have it: tests have a clock of their own."""
    taken: Callable[[], None] = lambda: None
    posts: list[tuple[str, bytes]] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    def up(self) -> None:
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
                made = Webhook(SECRET).sign(headers["webhook-id"], at, body.decode())
                assert headers["webhook-signature"] == made
                if hook.strict:
                    Webhook(SECRET).verify(body, headers)
                code, more = hook.answers.pop(0) if hook.answers else (204, {})
                if code == 204:
                    hook.posts.append((self.headers["webhook-id"], body))
                    hook.taken()
                self.send_response(code)
                for name, value in more.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.handle_error = lambda *_: None
        self._server.socket = self.certificates.context().wrap_socket(self._server.socket, server_side=True)
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def down(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def documents(self) -> list[dict]:
        return [json.loads(body) for _, body in self.posts]
