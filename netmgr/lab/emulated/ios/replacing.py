"""`configure replace`: what IOS does with a whole configuration, and what it says while it does."""

from dataclasses import dataclass

from netmgr.lab.emulated.ios.configuration import Configuration
from netmgr.lab.emulated.ios.editor import Editor, Rejected
from netmgr.lab.emulated.ios.grammar import Misread
from netmgr.lab.emulated.ios.plain import Step, plain, steps

PASSES = 5


@dataclass(frozen=True, slots=True)
class Replaced:
    """What came of it. ``failed`` are the commands that were refused in the last pass, ``left`` what still differs."""

    configuration: Configuration
    passes: int
    failed: tuple[str, ...]
    left: tuple[Step, ...]


def replace(running: Configuration, text: str, *, until_error: bool) -> Replaced:
    """Make a configuration like ``text`` out of a copy of ``running``; ``until_error`` stops at what is refused."""
    found, wanted = running.copy(), plain(text)
    failed: tuple[str, ...] = ()
    for number in range(1, PASSES + 1):
        todo = tuple(steps(plain(found.text()), wanted))
        if not todo:
            return Replaced(found, max(number - 1, 1), (), ())
        failed = _do(found, todo, until_error=until_error)
        if failed and until_error:
            return Replaced(found, number, failed, todo)
    left = tuple(steps(plain(found.text()), wanted))
    return Replaced(found, PASSES, failed, left)


def _do(configuration: Configuration, todo: tuple[Step, ...], *, until_error: bool) -> tuple[str, ...]:
    editor, failed = Editor(configuration), []
    for step in todo:
        editor.type("end")
        try:
            for section in step.sections:
                editor.type(section)
            for line in step.command.splitlines():
                editor.type(line)
        except (Misread, Rejected):
            failed.append(step.command)
            if until_error:
                break
    return tuple(failed)


def answer(done: Replaced, *, reverted_to: str | None) -> str:
    """What the device prints. ``reverted_to`` is the file that it went back to; None where it did not."""
    if reverted_to is not None:
        return (
            f"Failed to apply command {done.failed[0]}\nAborting Rollback.\n\n"
            f"Rollback failed.Reverting back to the original configuration: {reverted_to} ...\n\n"
            "Total number of passes: 1\nRollback Done\n\n"
            "The original configuration has been successfully restored. \n"
        )
    if not done.left:
        return f"Total number of passes: {done.passes}\nRollback Done\n"
    configlet: list[str] = []
    for step in done.left:
        configlet += [*step.sections, step.command]
    said = (
        "The rollback configlet from the last pass is listed below:\n********\n!List of Rollback Commands:\n"
        + "\n".join(configlet)
        + f"\nend\n********\n\n\nRollback aborted after {PASSES} passes\n"
    )
    if done.failed:
        said += "The following commands are failed to apply to the IOS image.\n********\n"
        said += "\n".join(done.failed) + "\n********\n"
    return said
