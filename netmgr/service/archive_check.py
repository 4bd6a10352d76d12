"""How a client checks an archive that is handed to them, in their language (pure)."""

from netmgr.document.locale import Words


def how_to_check(verifier: str, words: Words) -> list[str]:
    """Paragraphs of a README, in Markdown. ``verifier`` is the archive's own program for its log."""
    return [
        "## " + words.text("How to check it"),
        words.text(
            "The {kind} of every file is in {manifest}, and in {sums} as {program} reads it:",
            kind="SHA-256",
            manifest="`manifest.json`",
            sums="`SHA256SUMS`",
            program="sha256sum",
        ),
        "    sha256sum -c SHA256SUMS",
        words.text(
            "In the log nothing can be changed unnoticed. With {python} and its package {package}:",
            python="Python 3.11",
            package="cryptography",
        ),
        f"    python3 -I {verifier} log/main.jsonl log/checkpoints --bodies log/bodies --key KEY",
        words.text(
            "{key} is the fingerprint that the agreement names. Give every checkpoint that you were handed.",
            key="KEY",
        ),
    ]
