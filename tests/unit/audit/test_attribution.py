"""Who changed a device last: above the diff that is logged, and apart from it again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netmgr.audit.attribution import headed, hidden, parted
from netmgr.model.last_change import LastChange

ANY = st.text()
CHANGES = st.builds(
    LastChange, user=ANY, when=ANY, source=st.sampled_from(["header", "commits"]), comment=ANY
)
DIFF = "--- r1 running\n+++ r1 intended\n@@ -1 +0,0 @@\n-ip route 192.0.2.0/24 blackhole\n"


@given(st.one_of(st.none(), CHANGES))
def test_what_is_put_together_comes_apart(changed):
    body = headed(DIFF, changed)
    assert parted(body) == (DIFF, changed)
    assert body.endswith(DIFF)
    assert body.count("\n") == DIFF.count("\n") + bool(changed), "a name that has lines takes one"


@pytest.mark.parametrize("head", ["{}", "admin", '{"user": 1}', ""])
def test_a_head_that_nobody_can_read_names_nobody(head):
    assert parted(f"# changed last: {head}\n{DIFF}") == (DIFF, None)


def test_secrets_are_hidden_and_texts_end():
    told = LastChange(user="s3cret", when="x" * 600, source="commits", comment="key is s3cret now")
    assert hidden(told, {"bgp": "s3cret"}) == LastChange(
        user="<secret:bgp>", when="x" * 512, source="commits", comment="key is <secret:bgp> now"
    )
