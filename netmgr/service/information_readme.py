"""What an answer to a request for information says of itself, in the client's language (pure)."""

from datetime import date, datetime

from netmgr.document.locale import Words
from netmgr.service.archive_check import how_to_check


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
                "- `entries/`: " + words.text("the entries for you, to read: a page for each month"),
                "- `log/main.jsonl`: " + words.text("the entries, one on each line"),
                "- `log/bodies/`: " + words.text("their texts, by their digests"),
                "- `log/checkpoints`: " + words.text("our signatures under it"),
                "- `reports/`: " + words.text("reports that were issued, where there are any"),
            )
        ),
        *how_to_check("verify_excerpt.py", words),
    ]
    return "\n\n".join(parts) + "\n"
