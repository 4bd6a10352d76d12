"""Mail as it comes: what is read of it, and that nothing in it is ever more than one line of an answer."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmgr.adapters.html_text import text_of_html
from netmgr.adapters.mail_parsing import read_mail
from netmgr.model.mail import (
    LARGEST,
    LARGEST_ATTACHMENT,
    LARGEST_HEADER,
    LARGEST_TEXT,
    Address,
    Mail,
    Malformed,
)

HEAD = b"From: Mei Lin <mei@client.example>\r\nMessage-ID: <1@client.example>\r\nSubject: No mail\r\n"


def mail(rest: bytes = b"\r\nhello\r\n", head: bytes = HEAD) -> Mail:
    read = read_mail(head + rest)
    assert isinstance(read, Mail), read
    return read


def multipart(*parts: bytes, kind: bytes = b"mixed", boundary: bytes = b"b") -> bytes:
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return (
        b'Content-Type: multipart/' + kind + b'; boundary="' + boundary + b'"\r\n\r\n' + body
        + b"--" + boundary + b"--\r\n"
    )  # fmt: skip


PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\nplain words"
HTML = b"Content-Type: text/html\r\n\r\n<p>marked <b>words</b></p>"
FILE = (
    b'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="a.pdf"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n" + b64encode(b"%PDF")
)
FORWARDED = b"Content-Type: message/rfc822\r\n\r\n" + HEAD + b"\r\ninner"
TWICE = multipart(PLAIN, HTML, kind=b"alternative", boundary=b"c")


def test_a_plain_message():
    assert mail() == Mail(
        identity="<1@client.example>",
        references=(),
        senders=(Address("Mei Lin", "mei@client.example"),),
        subject="No mail",
        text="hello",
        marks={},
    )


def test_what_it_answers_the_nearest_first():
    head = HEAD + b"In-Reply-To: <3@x>\r\nReferences: <1@x>\r\n <2@x>\r\n\t<3@x>\r\n"
    assert mail(head=head).references == ("<3@x>", "<2@x>", "<1@x>")


def test_without_an_id_its_content_stands_for_it_whoever_carried_it():
    one = b"From: a@b.example\nSubject: x\nDate: Mon, 23 Nov 2026 08:00:00 +0000\n"
    body = b"\nhello\n"
    first, second = read_mail(one + body), read_mail(b"Received: by mx\n" + one + body)
    assert first.identity == second.identity != read_mail(one + b"\nhullo\n").identity
    assert first.identity.startswith("sha256:")


@pytest.mark.parametrize(
    ("rest", "text", "names"),
    [
        (multipart(PLAIN, HTML, kind=b"alternative"), "plain words", []),
        (multipart(HTML, kind=b"alternative"), "marked words", []),
        (multipart(HTML, PLAIN, kind=b"alternative"), "plain words", []),
        (multipart(PLAIN, FILE), "plain words", ["a.pdf"]),
        (multipart(PLAIN, HTML), "plain words", ["attachment-1"]),
        (multipart(TWICE, FILE), "plain words", ["a.pdf"]),
        (multipart(PLAIN, FORWARDED), "plain words", ["attachment-1"]),
        (b'Content-Type: text/plain; charset="no-such-charset"\r\n\r\n\xc3\xa9', "é", []),
        (b"Content-Type: text/plain; charset=us-ascii\r\n\r\n\xe9", "é", []),
        (b"Content-Type: text/plain; charset=punycode\r\n\r\nabc-", "abc-", []),
        (b"Content-Type: text/plain; charset=utf-16\r\n\r\n\x00", "\ufffd", []),
        (b"Content-Type: text/plain; charset=gb2312\r\n\r\n\xc4\xe3", "你", []),
        (b"\r\nwith\x00NUL\rand\r\nlines", "with\ufffdNUL\nand\nlines", []),
        (b"Content-Transfer-Encoding: base64\r\n\r\n!!!not base64!!!", "!!!not base64!!!", []),
        (b"Content-Type: multipart/mixed\r\n\r\nno boundary", "", ["attachment-1"]),
        (b"Content-Type: multipart/mixed; boundary=never\r\n\r\nnothing begins", "", ["attachment-1"]),
        (b"Content-Type: ; charset\r\n\r\nodd", "odd", []),
        (b"Subject: =?utf-8?b?broken\r\n\r\nx", "x", []),
    ],
)  # fmt: skip
def test_what_is_text_and_what_is_attached(rest, text, names):
    read = mail(rest)
    assert (read.text, [one.name for one in read.attachments]) == (text, names)


def test_attachments_are_kept_as_they_are_up_to_a_size():
    (one,) = mail(multipart(PLAIN, FILE)).attachments
    assert (one.type, one.size, one.content) == ("application/pdf", 4, b"%PDF")
    large = FILE.replace(b64encode(b"%PDF"), b64encode(bytes(LARGEST_ATTACHMENT + 1)))
    (two,) = mail(multipart(PLAIN, large)).attachments
    assert (two.size, two.content) == (LARGEST_ATTACHMENT + 1, None)


def test_a_long_text_is_kept_whole_beside_its_begin():
    read = mail(b"\r\n" + b"x" * (LARGEST_TEXT + 1))
    assert (len(read.text), read.attachments[0].name) == (LARGEST_TEXT, "message.txt")
    assert len(read.attachments[0].content) == LARGEST_TEXT + 1


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"), ("..\\..\\boot.ini", "boot.ini"), (".bashrc", "bashrc"), ("", "attachment-1"),
        ("...", "attachment-1"), ("-rf", "rf"), ("a\tb", "a_b"), ("x" * 300 + ".txt", "x" * 116 + ".txt"),
        ("gpj.\u202eexe", "gpj._exe"), ('a"b<c>', "a_b_c_"),
    ],
)  # fmt: skip
def test_names_are_made_safe(name, safe):
    from urllib.parse import quote

    part = (
        b"Content-Disposition: attachment; filename*=utf-8''" + quote(name, safe="").encode() + b"\r\n\r\nx"
    )
    (one,) = mail(multipart(PLAIN, part)).attachments
    assert one.name == safe


NESTED = b"".join(
    b"--%d\r\nContent-Type: multipart/mixed; boundary=%d\r\n\r\n" % (n, n + 1) for n in range(1, 30)
)


BEGUN = HEAD + b"Content-Type: multipart/mixed; boundary=1\r\n\r\n"
DEEP, MANY = "its parts are within each other more than 10 deep", "it has more than 100 parts"
WORDY = b"Content-Type: text/plain; %s\r\n\r\nx"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (bytes(LARGEST + 1), f"it is larger than {LARGEST} bytes"),
        (b"X: " + b"y" * (LARGEST_HEADER + 10), f"its header does not end within {LARGEST_HEADER} bytes"),
        (b"From: a@b.example\0\r\n\r\n", "its header has a NUL"),
        (HEAD + b"X: y\r\n" * 501 + b"\r\n", "it has more than 500 header fields"),
        (HEAD + b"X: y\r\n" + b" z\r\n" * 2001 + b"\r\n", "it has more than 500 header fields"),
        (HEAD + b"\r\n" + b"\n" * 1_000_001, "it has more than 1000000 lines"),
        (BEGUN + NESTED, DEEP),
        (BEGUN + NESTED * 2, DEEP),
        (HEAD + multipart(*[PLAIN] * 101), MANY),
        (HEAD + multipart(*[WORDY % (b"a=b;" * 900)] * 20), MANY),
        (HEAD + multipart(*[PLAIN] * 1001), MANY),
        (b"From: " + b"(" * 9000 + b"\r\n\r\nx", "its From is longer than 8192 bytes"),
        (HEAD + multipart(WORDY % (b"a=b;" * 9000)), "one of its parts is described in more than 4096 bytes"),
        (b"\r\nno header at all", "it has no header"),
        (b"From: " + b"(" * 8000 + b"\r\n\r\nx", "it is no mail that can be read (RecursionError)"),
    ],
)  # fmt: skip
def test_what_is_too_much_is_not_read(raw, why):
    assert read_mail(raw).why == why


def test_what_is_packed_is_not_opened():
    bomb = b"\x1f\x8b" + bytes(1000)
    part = b"Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64encode(bomb)
    (one,) = mail(multipart(PLAIN, part)).attachments
    assert one.content == bomb


FRAGMENTS = st.sampled_from(
    [
        *(b"From: ", b"Content-Type: ", b"multipart/mixed; boundary=b", b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"--b"),
        *(b"--b--", b"text/html", b"=?utf-8?q?", b"?=", b"; charset=", b"<x@y>", b"Message-ID: ", b"(", b'"', b"\\"),
        *(b"Content-Transfer-Encoding: base64", b"message/rfc822", b"filename*0*=", b"@", b",", b";", b":", b"<", b">"),
        *(b"Content-Disposition: attachment", b"\xff", b"\x00", b" ", b"References: ", b"Subject: ", b"[", b"]", b"%"),
    ]
)  # fmt: skip


@given(st.lists(FRAGMENTS | st.binary(max_size=4), max_size=60).map(b"".join))
def test_any_bytes_have_an_answer(raw):
    read = read_mail(raw)
    assert isinstance(read, Mail | Malformed)
    if isinstance(read, Mail):
        said = [read.identity, read.subject, read.text, *read.references, *read.marks.values()]
        said += [text for one in read.senders for text in (one.name, one.address)]
        said += [one.name for one in read.attachments]
        for text in said:
            text.encode()
            assert "\0" not in text
        assert "\n" not in read.subject


@given(st.lists(FRAGMENTS | st.binary(max_size=4), max_size=40).map(b"".join))
def test_any_part_has_an_answer(rest):
    assert isinstance(read_mail(HEAD + rest), Mail | Malformed)


@pytest.mark.parametrize("piece", ["<!--", "<![", '<a ="', "</a", "<script>", "<", "&", "<?", "<b>"])
def test_html_that_never_ends_is_read_once(piece):
    """Each would take the standard library's parser minutes, or hours."""
    assert len(text_of_html(piece * 500_000)) <= 500_000


@given(st.text(st.sampled_from("<>!-/ab&;#'\"= ")))
def test_any_markup_has_a_text(markup):
    assert "\n\n\n" not in text_of_html(markup)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("a<br>b", "a\nb"),
        ("<script>alert(1)</script>x<style>p{}</style>", "x"),
        ("<head><title>t</title></head><body>x", "x"),
        ("&lt;b&gt; &amp; &#x4f60;", "<b> & 你"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<a href='http://x'>link</a>", "link"),
        ("<", "<"),
        ("<!-- hidden --><p", ""),
        ("a<!-- never closed", "a"),
        ("a <!DOCTYPE html><?xml?>b", "a b"),
        ("1 < 2 <3", "1 < 2 <3"),
        ("<SCRIPT>x</SCRIPT>y<style>never closed", "y"),
        ("a</>b", "ab"),
        ("", ""),
    ],
)
def test_html_as_text(markup, text):
    assert text_of_html(markup) == text
