"""What an answer to a request for information says of itself, in the client's language (pure)."""

from datetime import date, datetime

from netmgr.document.locale import Words


def readme(
    client: str, made: datetime, days: tuple[date, date], entries: tuple[int, int], words: Words
) -> str:
    """The archive's README, in Markdown. ``entries``: how many are shown and how many are hidden."""
    shown, hidden = (words.number(count) for count in entries)
    parts = [
        "# " + words.text("What was recorded for {client}: {days}", client=client, days=words.days(*days)),
        words.text("Made on {moment}. Nothing of anybody else is in it.", moment=words.moment(made)),
        words.text(
            "The service log has {shown} entries of these days for you, and {hidden} for our own work. Of those you "
            "see when each was recorded, and that it stands where it stands: nothing can be put in or taken out "
            "unnoticed.",
            shown=shown,
            hidden=hidden,
        ),
        "## " + words.text("What is where"),
        "\n".join(
            (
                "- `log/main.jsonl`: " + words.text("the entries, one on each line"),
                "- `log/bodies/`: " + words.text("their texts, by their digests"),
                "- `log/checkpoints`: " + words.text("our signatures under it"),
                "- `reports/`: " + words.text("reports that were issued, where there are any"),
            )
        ),
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
        "    python3 -I verify_excerpt.py log/main.jsonl log/checkpoints --bodies log/bodies --key KEY",
        words.text(
            "{key} is the fingerprint that the agreement names. Give every checkpoint that you were handed.",
            key="KEY",
        ),
    ]
    return "\n\n".join(parts) + "\n"
