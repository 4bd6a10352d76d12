"""IOS's archive, as it is shown: differences of configurations, and the timer of a confirmed change."""

import re

from netmgr.lab.emulated.ios.engine import IosEngine
from netmgr.lab.emulated.ios.files import no_file
from netmgr.lab.emulated.ios.plain import Plain, differences, plain, steps


def archive(engine: IosEngine, words: tuple[str, ...]) -> str:
    """`show archive` and what stands below it."""
    if len(words) == 2:
        if engine.archive_path is None:
            return "Archive feature not enabled\n"
        return (
            "The maximum archive configurations allowed is 10.\n"
            f"The next archive file will be named {engine.archive_path}-<timestamp>-0\n"
        )
    if words[3] == "rollback":
        return _rollback_timer(engine)
    texts = [engine.read(name) for name in words[4:6] if name != "ignorecase"]
    if None in texts:
        return no_file(words[4 + texts.index(None)])
    if words[3] == "incremental-diffs":
        return _incremental(plain(engine.device.running_text), texts[0] or "")
    second = texts[1] if len(texts) > 1 else engine.device.running_text
    found = differences(plain(texts[0] or ""), plain(second or ""))
    return "!Contextual Config Diffs:\n" + (found or "!No changes were found\n")


def _rollback_timer(engine: IosEngine) -> str:
    pending = engine.device.pending
    if pending is None:
        return "%No Rollback Confirmed Change pending\n"
    return (
        f"Time configured(or reconfigured): {engine.clock()}\nTimer type: absolute timer\n"
        f"Timer value: {engine.pending_minutes} min\nUser: {pending.label}\n"
    )


def _incremental(running: Plain, text: str) -> str:
    """What merging a file would type."""
    if not re.search(r"^end\s*$", text, re.MULTILINE):
        return "%Error: the file cannot be compared, error code 5\n"
    found: list[str] = []
    shown: tuple[str, ...] = ()
    for step in steps(running, plain(text)):
        if not step.new:
            continue
        if step.sections != shown:
            found += [
                section for section in step.sections if section not in shown and section not in found[-1:]
            ]
        shown = step.sections
        found.append(f"{' ' * len(step.sections)}{step.line}")
    body = "".join(f"{line}\n" for line in found)
    return f"!List of Commands:\n{body}end\n" + ("" if found else "!No changes were found\n")
