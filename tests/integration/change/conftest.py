"""Four eyes: keys, and a client that asks for them."""

import subprocess

import pytest

from tests.integration.change.desk import people


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    directory = tmp_path_factory.mktemp("keys")
    for name in ("p-1", "p-2", "p-3", "stranger"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", directory / name], check=True)
    return directory


@pytest.fixture
def desk(world, keys):
    """The square with a policy of four eyes and three people: author, approver, and one who is both."""
    (world.workspace / "config/policies").mkdir()
    (world.workspace / "config/policies/four-eyes.yaml").write_text(
        "approval: {devices: 1, expires_hours: 24}\n"
    )
    people(world, keys)
    return world
