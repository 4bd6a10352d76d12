"""What a pack for a client who leaves says of itself, in the client's language (pure)."""

from datetime import datetime

from netmgr.document.locale import Words


def readme(client: str, made: datetime, words: Words, *, secrets: bool) -> str:
    """The pack's README, in Markdown."""
    parts = [
        "# " + words.text("All that we keep of {client}", client=client),
        words.text("Made on {moment}. Nothing of anybody else is in it.", moment=words.moment(made)),
        "## " + words.text("What is where"),
        "\n".join(f"- `{place}`: {what}" for place, what in _places(words, secrets=secrets)),
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
        "    python3 -I verify_log.py log/main.jsonl log/checkpoints --bodies log/bodies --key KEY",
        words.text(
            "{key} is the fingerprint that the agreement names. Give every checkpoint that you were handed.",
            key="KEY",
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _places(words: Words, *, secrets: bool) -> list[tuple[str, str]]:
    found = [
        (
            "inventory/",
            words.text("devices, links, assets, the agreement as data. Secrets stand there by name"),
        ),
        (
            "configurations/",
            words.text(
                "what each device ran, complete, with the passwords that it shows; older ones are in {versions}",
                versions="`versions`",
            ),
        ),
        (
            "log/",
            words.text(
                "everything that was done, one entry on each line; texts are in {bodies}, by their digests",
                bodies="`bodies`",
            ),
        ),
        ("agreements/", words.text("the documents that were signed")),
        ("invoices/", words.text("invoices and credit notes as they were issued")),
        ("reports/", words.text("reports that were kept")),
        ("tickets.jsonl", words.text("tickets with their texts")),
    ]
    if secrets:
        found.append(("secrets.json", words.text("the values of the secrets that the inventory names")))
    return found
