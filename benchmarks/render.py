"""Configurations rendered, and written: `python -m benchmarks.render [CONFIGURATIONS [ROUNDS]]`.

The peers use the same templates and the same intent, except Ansible, whose `template` gets one short template of as
many lines: netmgr's read a typed intent that Ansible has not.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from jinja2 import Template

from benchmarks.figures import Contender, Work, here, spend
from benchmarks.inventory import make_client, names
from benchmarks.routers import BIN
from netmgr.adapters.inventory_yaml import YamlInventories
from netmgr.adapters.template_source import TemplateDirectory
from netmgr.intent.render import Renderer
from netmgr.intent.resolve import resolve
from netmgr.model.intent import DeviceIntent
from netmgr.platforms import FORMS

ROOT = Path(__file__).parent.parent
LINES = 200
ANSIBLE_HOSTS = 10
FLOOR = "{% for line in lines %}\n{{ line }} of {{ name }}\n{% endfor %}\n"


def devices() -> list[DeviceIntent]:
    """Devices whose configurations have about LINES lines."""
    with tempfile.TemporaryDirectory() as directory:
        make_client(Path(directory), names(1)[0])
        intent = resolve(YamlInventories(Path(directory), FORMS).load(names(1)[0]), FORMS)
    return list(intent.devices)


def rendered(renderer: Renderer, of: list[DeviceIntent], count: int) -> None:
    for number in range(count):
        renderer.render(of[number % len(of)])


def written(
    render: Callable[[DeviceIntent], str], of: list[DeviceIntent], count: int, directory: Path
) -> None:
    for number in range(count):
        device = of[number % len(of)]
        (directory / f"{device.name}.conf").write_text(render(device))


def ansible(directory: Path) -> float:
    """CPU seconds a host of one play that renders a template for each; Ansible's start is in it."""
    (directory / "hosts").write_text("".join(f"h{n}\n" for n in range(ANSIBLE_HOSTS)))
    (directory / "ansible.cfg").write_text("")
    (directory / "conf.j2").write_text(FLOOR.replace("name", "inventory_hostname"))
    play = (
        "- hosts: all\n  connection: local\n  gather_facts: false\n  vars:\n"
        f"    lines: {[f'line {n}' for n in range(LINES)]}\n    ansible_python_interpreter: {sys.executable}\n"
        "  tasks:\n    - ansible.builtin.template:\n"
        "        {src: conf.j2, dest: '{{ playbook_dir }}/{{ inventory_hostname }}'}\n"
    )
    (directory / "play.yaml").write_text(play)
    env = {
        "ANSIBLE_CONFIG": str(directory / "ansible.cfg"),
        "ANSIBLE_FORKS": "5",
        "ANSIBLE_PIPELINING": "True",
        "LC_ALL": "C.UTF-8",
    }
    command = [str(BIN / "ansible-playbook"), "-i", str(directory / "hosts"), str(directory / "play.yaml")]
    return spend(command, cwd=directory, env=env).cpu / ANSIBLE_HOSTS


def measured(count: int = 10_000, rounds: int = 3) -> list[Work]:
    """Milliseconds of CPU a configuration."""
    sources = TemplateDirectory(ROOT).sources("example", frozenset({"frr"}))
    of = devices()
    lines = [Renderer(sources).render(device).count("\n") for device in of]
    netmgr = Contender("netmgr", "its templates, compiled once for a run")
    files = Contender("netmgr, files written", "the same, and each written to a file")
    fresh = Contender("a new Environment for each host", "the same templates; file written")
    play = Contender(
        "Ansible `template`",
        f"a template of {LINES} lines on {ANSIBLE_HOSTS} hosts, start included; file written",
    )
    floor = Contender("a compiled Jinja2 loop", f"floor: {LINES} lines, one variable each; nothing written")
    compiled = Template(FLOOR, trim_blocks=True)
    said = [f"line {number}" for number in range(LINES)]
    few = max(count // 100, 1)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        for _ in range(rounds):
            shared = Renderer(sources)
            netmgr.add(here(lambda r=shared: rendered(r, of, count))[1] / count * 1000)
            files.add(here(lambda r=shared: written(r.render, of, count, directory))[1] / count * 1000)
            fresh.add(
                here(lambda: written(lambda device: Renderer(sources).render(device), of, few, directory))[1]
                / few
                * 1000
            )
            play.add(ansible(directory) * 1000)
            floor.add(
                here(lambda: [compiled.render(lines=said, name=n) for n in range(count)])[1] / count * 1000
            )
    return [
        Work(
            f"Render {count:,} configurations of {sum(lines) / len(lines):.0f} lines",
            "CPU ms each",
            "≤ 0.15 ms each",
            [netmgr, files, fresh, play, floor],
        )
    ]


if __name__ == "__main__":
    for each in measured(*map(int, sys.argv[1:])):
        print(each.table())
