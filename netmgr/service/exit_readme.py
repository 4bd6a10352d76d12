"""What a pack for a client who leaves says of itself, in the client's language (pure)."""

from datetime import datetime

from netmgr.document.locale import Words
from netmgr.service.archive_check import how_to_check


def readme(client: str, made: datetime, words: Words, *, secrets: bool) -> str:
    """The pack's README, in Markdown."""
    parts = [
        "# " + words.text("All that we keep of {client}", client=client),
        words.text("Made on {moment}. Nothing of anybody else is in it.", moment=words.moment(made)),
        "## " + words.text("What is where"),
        "\n".join(f"- `{place}`: {what}" for place, what in _places(words, secrets=secrets)),
        *how_to_check("verify_log.py", words),
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
