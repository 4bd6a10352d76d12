"""Laws of a form: what its functions must do with configurations as the platform's devices show them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from itertools import islice, permutations

from netmgr.conformance.silence import Saying, silent
from netmgr.intent.features import FEATURES
from netmgr.intent.ranges import RANGED
from netmgr.model.intended import Intended
from netmgr.platforms.form import Path, PlatformForm
from netmgr.platforms.form_shape import shape_problems
from netmgr.platforms.owned import in_part

#: Of pairs of configurations so many are looked at.
_PAIRS = 20
#: What no command that only looks may be followed by, and words that do more than look.
_SUFFIXES = (
    "\nreload",
    "\rreload",
    "; reload",
    " && reload",
    " `reload`",
    " > file",
    " | redirect flash:x",
    ' "x"',
)
_WRITES = (
    "configure",
    "configure terminal",
    "reload",
    "write memory",
    "copy running-config startup-config",
    "delete x",
)


@dataclass(frozen=True, slots=True)
class Samples:
    """What a form is tried on.

    ``configurations`` are complete ones as the device shows them, the more of them real the better; ``fresh`` what a
    device shows that nobody has configured; ``secrets`` all secrets, clear or hashed, that stand in the configurations;
    ``saying`` what a device can be told.
    """

    configurations: Mapping[str, str]
    """By a name that tells which one is meant."""
    fresh: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    saying: Saying | None = None


Law = Callable[[PlatformForm, Samples], Iterator[str]]


def shape(form: PlatformForm, _samples: Samples) -> Iterator[str]:
    """The fields are what they shall be, and the features, limits and commands those that netmgr knows."""
    yield from shape_problems(form.name, form)
    for feature in sorted(set(form.features) - set(FEATURES)):
        yield f"feature {feature} is none of netmgr.intent.features.FEATURES"
    for kind, limit in form.ranges.items():
        if kind not in RANGED:
            yield f"range {kind} is none of netmgr.intent.ranges.RANGED"
        if limit.minimum > limit.maximum:
            yield f"range {kind} ends before it begins"
    for feature in sorted(form.ownable):
        if form.features.get(feature) != "rendered":
            yield f"feature {feature} is ownable, and not rendered"


def timer(form: PlatformForm, _samples: Samples) -> Iterator[str]:
    """A timer on the device is claimed where a commit control arms one, and nowhere else."""
    if form.commit_confirm and form.commit_control == "snapshot":
        yield "commit_confirm claims a timer, and the commit control snapshot arms none"
    if form.commit_confirm and form.commit_confirm.minimum > form.commit_confirm.maximum:
        yield "commit_confirm ends before it begins"


def canonical_once(form: PlatformForm, samples: Samples) -> Iterator[str]:
    """A canonical text is its own canonical form."""
    for name, text in _canonical(form, samples):
        if diff := _difference(text, form.canonical(text)):
            yield f"{name}: canonical twice is not canonical once: {diff}"


def canonical_lines(form: PlatformForm, samples: Samples) -> Iterator[str]:
    """A canonical text has whole lines, none empty, none with blanks at its end; equal texts give equal texts."""
    for name, text in _canonical(form, samples):
        if text and not text.endswith("\n"):
            yield f"{name}: the last line does not end"
        if form.canonical(samples.configurations[name]) != text:
            yield f"{name}: the same text has two canonical forms"
        if form.canonical(samples.configurations[name].replace("\n", "\r\n")) != text:
            yield f"{name}: line ends as terminals have them make another configuration"


def keeps_configuration(form: PlatformForm, samples: Samples) -> Iterator[str]:
    """What is configured stays: no configuration of the samples is empty, and different ones stay different."""
    seen: dict[str, str] = {}
    for name, text in _canonical(form, samples):
        if not text:
            yield f"{name}: nothing is left"
        if text in seen and samples.configurations[name] != samples.configurations[seen[text]]:
            yield f"{name}: reads as {seen[text]} does, which is another configuration"
        seen.setdefault(text, name)


def emptiness(form: PlatformForm, samples: Samples) -> Iterator[str]:
    """A fresh device is empty, a configured one is not: what is not empty is replaced only by name."""
    for number, text in enumerate(samples.fresh, start=1):
        if not form.is_empty(form.canonical(text)):
            yield f"fresh {number}: a fresh device counts as configured: netmgr would refuse to begin"
    for name, text in _canonical(form, samples):
        if form.is_empty(text):
            yield f"{name}: counts as a fresh device's: netmgr would replace it without asking"


def redaction(form: PlatformForm, samples: Samples) -> Iterator[str]:
    """No secret is left, equal ones stay equal, and lines stay lines."""
    for name, text in _canonical(form, samples):
        hidden = form.redact(text)
        for secret in samples.secrets:
            if secret in hidden:
                line = next(n for n, row in enumerate(hidden.splitlines(), 1) if secret in row)
                yield f"{name}: a secret is left in line {line} of its canonical text"
        if len(hidden.splitlines()) != len(text.splitlines()):
            yield f"{name}: redacting makes {len(hidden.splitlines())} lines of {len(text.splitlines())}"
        if form.redact(text) != hidden:
            yield f"{name}: redacting twice gives two texts"


def secrets_are_there(form: PlatformForm, samples: Samples) -> Iterator[str]:
    """Each secret of the samples stands in a canonical text: else nothing was proved of it."""
    texts = [text for _, text in _canonical(form, samples)]
    for number, secret in enumerate(samples.secrets, start=1):
        if not any(secret in text for text in texts):
            yield f"secret {number} of the samples is in no canonical text"


def loadable(form: PlatformForm, samples: Samples) -> Iterator[str]:
    """What a device is booted with, or loads over what runs, is made without an error and is not empty."""
    texts = dict(_canonical(form, samples))
    for before, after in islice(permutations(texts, 2), _PAIRS):
        changed = texts[before] != texts[after]
        if changed and not form.candidate(texts[after], samples.configurations[before]).strip():
            yield f"{after}: there is nothing to load where {before} runs"
    for name, text in texts.items():
        if form.canonical(form.startup(text)) != text:
            yield f"{name}: booted with its startup text, a device would run something else"


def paths(form: PlatformForm, samples: Samples) -> Iterator[str]:
    """Each line of a canonical text has a path, in order, and a feature that netmgr knows, or none."""
    for name, text in _canonical(form, samples):
        found = form.paths(text)
        told = Counter(row.strip() for path in found for row in path[-1].splitlines())
        rows = Counter(row.strip() for row in text.splitlines())
        for row in (told - rows) + (rows - told):
            if row not in form.terminators:
                yield f"{name}: {row!r} is not as often in the paths as in the text"
        wrong = {feature for path in found if (feature := form.feature_of(path))} - set(FEATURES)
        for feature in sorted(wrong):
            yield f"{name}: lines are of {feature}, which is no feature"


def owned_sections(form: PlatformForm, samples: Samples) -> Iterator[str]:
    """Of a device that is managed in part, no line that is not owned moves."""
    texts = dict(_canonical(form, samples))
    for feature in sorted(form.ownable):
        for before, after in islice(permutations(texts, 2), _PAIRS):
            meant = Intended(
                device="r1",
                platform=form.name,
                candidate=texts[after],
                config=texts[after],
                owned=frozenset({feature}),
            )
            made = in_part(meant, texts[before], form).config
            if made != form.canonical(made):
                yield f"{before}, {feature} as in {after}: the result is not canonical"
            kept, left = (_not_of(form, feature, text) for text in (texts[before], made))
            if kept != left:
                moved = next(iter({*kept} ^ {*left}), ("only their order",))
                yield f"{before}, {feature} as in {after}: another line changes: {' / '.join(moved)}"


def links(form: PlatformForm, samples: Samples) -> Iterator[str]:
    """What is said of adjacencies and links is said for every configuration, and nothing changes where nothing does."""
    for name, text in _canonical(form, samples):
        asked = form.configured(text)
        if stray := set(form.sides(text)) - asked:
            yield f"{name}: sides of what is not configured: {sorted(stray)[0]}"
        form.link_data(text)
        if form.sides(text) and form.changed_sides(text, text) - (asked - set(form.sides(text))):
            yield f"{name}: adjacencies change where the configuration does not"


def interface_names(form: PlatformForm, _samples: Samples) -> Iterator[str]:
    """Each example of a name is of the kind that it is an example of."""
    for names in form.interface_names:
        found = form.named(names.example)
        if found is None or found.kind != names.kind:
            yield f"{names.example} is read as {found.kind if found else 'nothing'}, not {names.kind}"


def reads(form: PlatformForm, _samples: Samples) -> Iterator[str]:
    """Commands that may be run to look do nothing else, whatever is written behind them."""
    for command in _WRITES:
        if form.may_show(command):
            yield f"{command!r} may be run to look"
    for command in ("show version", "show running-config", "show configuration", "show running"):
        for suffix in _SUFFIXES:
            if form.may_show(command + suffix):
                yield f"{command + suffix!r} may be run to look"
    if form.driver and not form.reads:
        yield "there is no command that may be run to look"


def terminators(form: PlatformForm, _samples: Samples) -> Iterator[str]:
    """What ends a section, or the configuration, is no verbatim line."""
    for line in sorted(form.terminators):
        if not [*form.verbatim((), (line,))]:
            yield f"{line!r} ends a section, and may stand in extra_config"


def change_marker(form: PlatformForm, samples: Samples) -> Iterator[str]:
    """The line that tells of changes is shown, and no part of what is compared."""
    if form.change_marker is None:
        return
    if not any(re.search(form.change_marker, text, re.MULTILINE) for text in samples.configurations.values()):
        yield "no configuration of the samples shows the change marker"
    for name, text in _canonical(form, samples):
        if re.search(form.change_marker, text, re.MULTILINE):
            yield f"{name}: the change marker is in its canonical text, which every change would alter"


def never_silent(form: PlatformForm, samples: Samples) -> Iterator[str]:
    """What an inventory says stands in the configuration, or is refused with feature, platform and line."""
    if samples.saying is None:
        yield "the samples do not say what a device can be told: nothing was proved of it"
    else:
        yield from silent(form, samples.saying)


FORM_LAWS: Mapping[str, Law] = {
    law.__name__: law
    for law in (
        *(shape, timer, canonical_once, canonical_lines, keeps_configuration, emptiness, redaction),
        *(secrets_are_there, loadable, paths, owned_sections, links, interface_names, reads, terminators),
        *(change_marker, never_silent),
    )
}
"""Every law by its name."""


def _canonical(form: PlatformForm, samples: Samples) -> Iterable[tuple[str, str]]:
    return ((name, form.canonical(text)) for name, text in samples.configurations.items())


def _not_of(form: PlatformForm, feature: str, text: str) -> list[Path]:
    """The lines that are not the feature's, without those that only open a section around lines that are."""
    every = form.paths(text)
    openers = {path[:depth] for path in every for depth in range(1, len(path))}
    others = [path for path in every if form.feature_of(path) != feature]
    held = {path[:depth] for path in others if path not in openers for depth in range(1, len(path))}
    return [path for path in others if path not in openers or path in held]


def _difference(before: str, after: str) -> str:
    """The first line that differs, in words; empty where none does."""
    lines = islice(unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""), 3, 4)
    return next(lines, "")
