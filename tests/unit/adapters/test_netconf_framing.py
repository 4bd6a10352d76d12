"""NETCONF's framing (RFC 6242): messages come whole, however the bytes of them come."""

import pytest

from netmgr.adapters.netconf_session import LONGEST, BadAnswerError, Framing

MESSAGES = ["<rpc-reply>käse €</rpc-reply>", "<rpc-reply>]]&gt;]]</rpc-reply>"]


def fed(framing: Framing, data: bytes, size: int) -> list[str]:
    return [message for at in range(0, len(data), size) for message in framing.feed(data[at : at + size])]


@pytest.mark.parametrize("size", range(1, 12))
def test_a_character_may_be_split_anywhere(size):
    data = b"".join(message.encode() + b"]]>]]>\n" for message in MESSAGES)
    assert fed(Framing(), data, size) == MESSAGES


@pytest.mark.parametrize("size", range(1, 12))
@pytest.mark.parametrize("chunk", [1, 7, 100])
def test_chunks_may_be_split_anywhere(size, chunk):
    framing = Framing()
    framing.chunked = True
    data = b""
    for message in map(str.encode, MESSAGES):
        pieces = [message[at : at + chunk] for at in range(0, len(message), chunk)]
        data += b"".join(b"\n#%d\n%s" % (len(piece), piece) for piece in pieces) + b"\n##\n"
    assert fed(framing, data, size) == MESSAGES


@pytest.mark.parametrize("octets", [b"\xff\xfe<a/>", b"\x00<a/>", b"<a>\xc3</a>"])
def test_octets_that_are_no_text_do_not_end_the_session(octets):
    (message,) = Framing().feed(octets + b"]]>]]>")
    assert message.endswith(">")


@pytest.mark.parametrize(
    "data", [b"hello, this is no chunk", b"\n#0\nxxxxxxxxxxxxxxxx", b"\n#99999999999\nxxxxxxxx"]
)
def test_what_is_no_framing_is_refused(data):
    framing = Framing()
    framing.chunked = True
    with pytest.raises(BadAnswerError, match="RFC 6242"):
        framing.feed(data)


@pytest.mark.parametrize("chunked", [False, True])
def test_an_answer_that_does_not_end_is_given_up(chunked):
    framing = Framing()
    framing.chunked = chunked
    piece = b"x" * 1_000_000
    for _ in range(LONGEST // len(piece) - 1):
        assert framing.feed(b"\n#%d\n%s" % (len(piece), piece) if chunked else piece) == []
    with pytest.raises(BadAnswerError, match="longer than 32 MB"):
        framing.feed(2 * piece)
