"""Text from outside made safe to look at."""

import unicodedata


def printable(text: str) -> str:
    """``text`` with control characters escaped, but for newline and tab: no device may drive a terminal.

    Format characters (Unicode's Cf) are escaped too: they would turn text around or hide it.
    """
    if text.isprintable():  # and so nearly every text is
        return text
    return "".join(
        c
        if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf")
        else c.encode("unicode_escape").decode()
        for c in text
    )
