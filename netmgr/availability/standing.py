"""When a device counts as down, or as up again."""

from netmgr.model.probe import Span, Standing


def following(newest: Span | None, before: Standing | None, down_after: int) -> Standing | None:
    """How a device stands now, by the span with its newest sample.

    Down with ``down_after`` samples in a row without an answer, up with the first that is answered. A sample that says
    nothing, or does not count, changes nothing. None: nothing is known yet.
    """
    if newest is None or newest.state in ("unknown", "exempt"):
        return before
    if before is not None and before.state == newest.state:
        return before
    if newest.state == "down" and newest.samples < down_after:
        return before
    return Standing(newest.state, newest.first)
