"""Certificates of a lab: an authority of its own, and one for each device, so that TLS is verified as outside.

Elliptic keys (P-256), names as RFC 5280 and 9525 want them: the address and the device's name, in the subjectAltName.
"""

import datetime
import ssl
import tempfile
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: What a certificate may be: right, from another authority, out of its time, or somebody else's.
Kind = Literal["right", "changed", "expired", "wrong name"]

_LIFE = datetime.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs the lab's certificates."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def new(cls, name: str) -> "Authority":
        """A fresh one."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
        now = datetime.datetime.now(datetime.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _LIFE)
            .not_valid_after(now + _LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(_usage(signs=True), critical=True)
        )
        return cls(key, made.sign(key, hashes.SHA256()))

    @property
    def pem(self) -> str:
        """Its certificate, for who shall trust it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")

    def certify(self, device: str, address: str, kind: Kind = "right") -> str:
        """A fresh key and its certificate for a device, both in PEM."""
        signer = Authority.new("another authority") if kind == "changed" else self
        name, host = ("elsewhere", "192.0.2.1") if kind == "wrong name" else (device, address)
        end = datetime.datetime.now(datetime.UTC) + (-_LIFE / 2 if kind == "expired" else _LIFE / 2)
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address(host))])
        made = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]))
            .issuer_name(signer.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(end - _LIFE / 2)
            .not_valid_after(end)
            .add_extension(names, critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key()), critical=False
            )
            .add_extension(_usage(signs=False), critical=True)
            .sign(signer.key, hashes.SHA256())
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return (private + made.public_bytes(serialization.Encoding.PEM)).decode("ascii")


def server_context(certified: str, directory: Path) -> ssl.SSLContext:
    """A server's TLS with this key and certificate. OpenSSL reads them from a file, which is gone afterwards."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    load_certificate(context, certified, directory)
    return context


def load_certificate(context: ssl.SSLContext, certified: str, directory: Path) -> None:
    """From the next connection on this is the server's certificate."""
    with tempfile.NamedTemporaryFile("w", encoding="ascii", dir=directory) as file:  # mode 0600
        file.write(certified)
        file.flush()
        context.load_cert_chain(file.name)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
