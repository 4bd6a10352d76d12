"""Junos's ``$9$``: how it stores a secret that it must be able to read again. Salted: never the same text twice.

The alphabet's families and weights are those that every Junos device has had since they were first described
(Crypt::Juniper, 2006).
"""

import secrets

_FAMILIES = ("QzF3n6/9CAtpu0O", "B1IREhcSyrleKvMW8LXx", "7N-dVbwsY2g4oaJZGUDj", "iHkq.mPf5T")
_ALPHABET = "".join(_FAMILIES)
_PLACE = {letter: place for place, letter in enumerate(_ALPHABET)}
_EXTRA = {letter: 3 - number for number, family in enumerate(_FAMILIES) for letter in family}
_WEIGHTS = ((1, 4, 32), (1, 16, 32), (1, 8, 32), (1, 64), (1, 32), (1, 4, 16, 128), (1, 32, 64))


def obfuscated(clear: str) -> str:
    """The text as Junos stores it; what is obfuscated already stays as it is."""
    if clear.startswith("$9$"):
        return clear
    salt = secrets.choice(_ALPHABET)
    found = [salt, *(secrets.choice(_ALPHABET) for _ in range(_EXTRA[salt]))]
    before = salt
    for place, octet in enumerate(clear.encode()):
        rest, gaps = octet, []
        for weight in reversed(_WEIGHTS[place % len(_WEIGHTS)]):
            gaps.append(rest // weight)
            rest %= weight
        for gap in reversed(gaps):
            before = _ALPHABET[(_PLACE[before] + gap + 1) % len(_ALPHABET)]
            found.append(before)
    return "$9$" + "".join(found)


def clear(stored: str) -> str:
    """What was obfuscated; anything else as it is."""
    if not stored.startswith("$9$"):
        return stored
    letters = stored[3:]
    before, letters = letters[0], letters[1 + _EXTRA[letters[0]] :]
    octets = bytearray()
    while letters:
        weights = _WEIGHTS[len(octets) % len(_WEIGHTS)]
        total = 0
        for weight, letter in zip(weights, letters, strict=False):
            total += weight * ((_PLACE[letter] - _PLACE[before] - 1) % len(_ALPHABET))
            before = letter
        octets.append(total % 256)
        letters = letters[len(weights) :]
    return octets.decode(errors="replace")
