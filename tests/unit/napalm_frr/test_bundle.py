"""The one file that runs on routers: the same bytes each time, old Python, no name twice, nothing heavy imported."""

import ast
import hashlib
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from napalm_frr import bundle as bundling
from napalm_frr.bundle import MODULES, bundle


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    file = tmp_path_factory.mktemp("program") / "netmgr_frr.py"
    file.write_bytes(bundle().content)
    return file


def test_the_same_bytes_in_every_process():
    code = "from napalm_frr.bundle import bundle; print(bundle().digest)"
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert digests == {bundle().digest} == {hashlib.sha256(bundle().content).hexdigest()}


def test_sessions_that_begin_together_build_it_once(monkeypatch):
    built = []

    def slowly(source):
        built.append(source)
        time.sleep(0.001)
        return source

    monkeypatch.setattr(bundling, "_for_the_router", slowly)
    bundling._built.cache_clear()
    try:
        with ThreadPoolExecutor(8) as threads:
            made = {found.digest for found in threads.map(lambda _: bundle(), range(8))}
    finally:
        bundling._built.cache_clear()
    assert (len(made), len(built)) == (1, len(MODULES))


def test_syntax_of_python_3_7():
    ast.parse(bundle().content, feature_version=(3, 7))


def test_no_name_twice():
    names = Counter()
    for node in ast.parse(bundle().content).body:
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                names[node.name] += 1
            case ast.Assign(targets=[ast.Name() as target]) | ast.AnnAssign(target=ast.Name() as target):
                names[target.id] += 1
    assert [name for name, times in names.items() if times > 1] == []
    assert {"Program", "commit", "roll_back", "converge", "delta", "parse"} <= names.keys()


def test_every_module_is_in_it():
    text = bundle().content.decode()
    assert [
        line[2:-3] for line in text.splitlines() if line.startswith("# ") and line.endswith(".py")
    ] == list(MODULES)
    assert "TYPE_CHECKING" not in text
    assert "from ." not in text


def test_what_it_imports_is_light(program):
    code = "import sys; sys.path.insert(0, sys.argv[1]); import netmgr_frr; print(*sorted(sys.modules))"
    command = [sys.executable, "-I", "-S", "-c", code, str(program.parent)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    heavy = {
        "subprocess",
        "pathlib",
        "dataclasses",
        "typing",
        "argparse",
        "tempfile",
        "hashlib",
        "logging",
        "socket",
    }
    assert heavy & set(loaded) == set()


def test_a_person_is_told_how_to_use_it(program):
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(program), "help"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "usage: netmgr-frr status" in done.stdout) == (1, True)


def test_the_package_needs_neither_napalm_nor_paramiko():
    code = (
        "import sys, napalm_frr, napalm_frr.device.canonical, napalm_frr.sanitize, napalm_frr.diff\n"
        "print([name for name in sys.modules if name in ('napalm', 'paramiko', 'netmiko')])\n"
        "print('FRRDriver' in dir(napalm_frr))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\nTrue\n"


def test_napalm_finds_the_driver():
    from napalm import get_network_driver

    import napalm_frr

    assert get_network_driver("frr") is napalm_frr.FRRDriver
    assert get_network_driver("FRR").__module__ == "napalm_frr.driver"


def test_what_the_package_does_not_have():
    import napalm_frr

    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = napalm_frr.Nothing
