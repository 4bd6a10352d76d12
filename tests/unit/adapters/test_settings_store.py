"""Which stores config/netmgr.yaml may name, and that a password in it is refused without being repeated."""

import pytest

from netmgr.adapters.settings_yaml import load_settings
from netmgr.errors import InputError

PASSWORD_INSIDE = (
    "store: must not hold a password; write store_password: secret://…, or use libpq's passfile or service"
)
NOT_A_STORE = "store: is not a store; write sqlite:///PATH or postgresql://USER@HOST:PORT/DATABASE"


def settings(tmp_path, text):
    (tmp_path / "config").mkdir(exist_ok=True)
    (tmp_path / "config/netmgr.yaml").write_text(text)
    return load_settings(tmp_path)


@pytest.mark.parametrize(
    ("url", "shared"),
    [
        ("sqlite:////var/lib/netmgr/store.db", False),
        ("postgresql://netmgr@db.example.net:5432/netmgr?sslmode=verify-full", True),
        ("postgres://db.example.net", True),
        ("postgresql:///?service=netmgr", True),
        ("postgresql://netmgr@[2001:db8::1]:5432/netmgr?passfile=/home/a@b/.pgpass", True),
    ],
)
def test_stores(tmp_path, url, shared):
    made = settings(tmp_path, f"store: {url}\n")
    assert (made.store, made.shared_store) == (url, url if shared else None)


WRONG = [
    ("store: postgresql://netmgr:hunter2@db/netmgr", PASSWORD_INSIDE),
    ("store: postgresql://netmgr:hunt/er2@db/netmgr", PASSWORD_INSIDE),
    ("store: postgresql://netmgr@db/netmgr?sslmode=require&password=hunter2", PASSWORD_INSIDE),
    ("store: postgresql://netmgr@db/netmgr?sslpassword=hunter2", PASSWORD_INSIDE),
    ("store: mysql://netmgr:hunter2@db/netmgr", NOT_A_STORE),
    ("store: /var/lib/hunter2", NOT_A_STORE),
    (
        "store: postgresql://netmgr@db/netmgr\nstore_password: hunter2",
        "store_password: a literal secret is not allowed; write secret://env/NAME, secret://file/NAME, "
        "secret://age/NAME or secret://vault/NAME",
    ),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_a_store_that_cannot_be_is_one_line_that_repeats_nothing(tmp_path, text, message):
    with pytest.raises(InputError) as error:
        settings(tmp_path, f"{text}\n")
    line = 2 if "store_password" in text else 1
    assert error.value.problems == (f"config/netmgr.yaml:{line}: {message}",)
    assert "hunter2" not in str(error.value)


def test_a_password_without_a_shared_store_is_a_mistake(tmp_path):
    with pytest.raises(InputError) as error:
        settings(tmp_path, "store_password: secret://env/store\n")
    assert error.value.problems == (
        "config/netmgr.yaml:1: store_password is for a store postgresql://…; remove it, or name that store",
    )


def test_the_workspace_s_own_secret_is_no_client_s(tmp_path):
    from netmgr.wiring import Wiring

    (tmp_path / "secrets/_workspace").mkdir(parents=True)
    (tmp_path / "secrets/_workspace/store").write_text("hunter2\n")
    (tmp_path / "secrets/_workspace/store").chmod(0o600)
    given = "store: postgresql://netmgr@db/netmgr\nstore_password: secret://file/store\n"
    assert Wiring(tmp_path, settings(tmp_path, given))._store_password == "hunter2"
    assert Wiring(tmp_path, settings(tmp_path, "{}\n"))._store_password is None
