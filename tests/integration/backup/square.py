"""What tests of backups share."""


def whole(text):
    """As FRR shows what runs."""
    return f"frr version 8.4.4\n{text}end\n"
