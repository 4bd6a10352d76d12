"""The one digest: SHA-256 in hexadecimal."""

import hashlib


def sha256_hex(data: str | bytes) -> str:
    """64 hexadecimal digits over the bytes, or over the text's UTF-8 with undecodable bytes as they came."""
    return hashlib.sha256(
        data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
    ).hexdigest()
