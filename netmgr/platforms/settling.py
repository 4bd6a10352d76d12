"""What a device hashes or hides, spelt as it shows it: between what is rendered and what is sent and compared."""

from collections.abc import Iterable, Mapping

from netmgr.model.intended import Intended
from netmgr.platforms.form import PlatformForm
from netmgr.platforms.passwords import Passwords


def settled(
    intended: Intended,
    running: str,
    form: PlatformForm,
    *,
    secrets: Mapping[str, str],
    marks: Iterable[str] = (),
) -> Intended:
    """``intended`` with the device's own spelling of each secret that it salts, taken from ``running``, its canonical
    text, where that is one of ours, else made with a salt that is always the same.

    ``secrets`` is name → value; ``marks`` stand in ``intended`` for values that nobody knows here.
    """
    passwords = Passwords(intended.salt, frozenset(marks))
    config = form.settled(intended.config, running, passwords)
    if config == intended.config:
        return intended
    names = {value: name for name, value in secrets.items()}
    return intended.model_copy(
        update={
            "candidate": form.settled(intended.candidate, running, passwords),
            "config": config,
            "stored": {
                f"{names[clear]}@{intended.device}.{number}": stored
                for number, (stored, clear) in enumerate(passwords.stored.items())
                if clear in names
            },
        }
    )
