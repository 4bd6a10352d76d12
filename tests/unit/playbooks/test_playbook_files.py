"""playbooks/: what is found there, what is refused before anything is played."""

import pytest

from netmgr.adapters.playbook_files import PlaybookFiles
from netmgr.errors import InputError, UsageError

PLAY = "- name: Do it\n  hosts: all\n  tasks: []\n"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks/do.yaml").write_text(PLAY)
    return tmp_path


def problems(root, name="do"):
    with pytest.raises(InputError) as caught:
        PlaybookFiles(root).named(name)
    return list(caught.value.problems)


def test_a_playbook_is_known_by_its_plays_and_hosts(root):
    text = f"{PLAY}- name: Then that\n  hosts: [web, db, all]\n- import_playbook: do.yaml\n"
    (root / "playbooks/two.yml").write_text(text)
    (root / "playbooks/notes.txt").write_text("no playbook")
    found = PlaybookFiles(root).every()
    assert [(each.name, each.file, each.plays, each.hosts, each.local) for each in found] == [
        ("do", "playbooks/do.yaml", ("Do it",), ("all",), ()),
        ("two", "playbooks/two.yml", ("Do it", "Then that", "do.yaml"), ("all", "web", "db"), ()),
    ]


NAMES = [
    "../config/netmgr",
    "/etc/passwd",
    "none",
    "Do",
    "",
    "do.yaml",
    "-x",
    "..",
    ".git",
    "d\u043e",
    "a" * 300,
    "do/",
    "\0",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_stay_in_playbooks(root, name):
    with pytest.raises(UsageError, match=r"playbooks/ has no playbook"):
        PlaybookFiles(root).named(name)


#: What a file named more.yaml says, and the line and reason why it is local.
LOCAL = [
    ("- hosts: localhost\n", 1, "hosts: localhost"),
    ("- hosts: web,localhost\n", 1, "hosts: web,localhost"),
    ("- hosts: [web, '!localhost']\n", 1, "hosts: !localhost"),
    ("- hosts: 127.0.0.1\n", 1, "hosts: 127.0.0.1"),
    ("- hosts: web\n  connection: local\n", 2, "connection: local"),
    ("- hosts: web\n  connection: ansible.builtin.local\n", 2, "connection: ansible.builtin.local"),
    ("- hosts: web\n  vars: {ansible_connection: local}\n", 2, "ansible_connection: local"),
    ("- hosts: web\n  tasks:\n    - ping:\n      delegate_to: localhost\n", 4, "delegate_to: localhost"),
    ("- hosts: web\n  tasks:\n    - local_action: ping\n", 3, "local_action"),
    (
        "- hosts: web\n  tasks:\n    - block:\n        - block:\n            - local_action: ping\n",
        5,
        "local_action",
    ),
]


@pytest.mark.parametrize(("text", "line", "reason"), LOCAL)
def test_what_would_work_on_this_machine_is_told_with_its_line(root, text, line, reason):
    (root / "playbooks/more.yaml").write_text(text)
    assert PlaybookFiles(root).named("more").local == (f"playbooks/more.yaml:{line}: {reason}",)


def test_files_that_it_names_are_looked_at_too(root):
    for name, text in {
        "more.yaml": "- hosts: web\n  roles: [one]\n  tasks:\n    - import_tasks: tasks/some.yml\n",
        "tasks/some.yml": "- include_tasks: deeper.yml\n",
        "tasks/deeper.yml": "- ping:\n  delegate_to: localhost\n",
        "roles/one/tasks/main.yml": "- local_action: ping\n",
    }.items():
        (root / "playbooks" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "playbooks" / name).write_text(text)
    assert PlaybookFiles(root).named("more").local == (
        "playbooks/roles/one/tasks/main.yml:1: local_action",
        "playbooks/tasks/deeper.yml:2: delegate_to: localhost",
    )


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("import_playbook", "../other.yaml"),
        ("import_playbook", "/etc/x.yaml"),
        ("import_tasks", "../../x.yml"),
        ("ansible.builtin.include_tasks", "{file: ../x.yml}"),
        ("vars_files", "[a.yml, ../secrets/acme/x]"),
        ("include_vars", "dir=/etc"),
    ],
)
def test_what_leads_out_of_playbooks_is_refused_with_its_line(root, key, said):
    (root / "playbooks/do.yaml").write_text(f"{PLAY}- hosts: all\n  {key}: {said}\n")
    (found,) = problems(root)
    assert found.startswith("playbooks/do.yaml:5: ")
    assert found.endswith("leads out of playbooks/; put the file there")


@pytest.mark.parametrize("said", ["../../role", "/etc", "a/b", "{role: ../x}"])
def test_roles_are_names(root, said):
    (root / "playbooks/do.yaml").write_text(f"{PLAY}- hosts: all\n  roles: [{said}]\n")
    (found,) = problems(root)
    assert found.startswith("playbooks/do.yaml:5: ")
    assert "is no role's name" in found


def test_links_that_lead_out_are_refused_wherever_they_are(root):
    (root / "secret").write_text("x")
    (root / "playbooks/roles").mkdir()
    (root / "playbooks/roles/far").symlink_to("/etc")
    (root / "playbooks/far.yaml").symlink_to("../secret")
    (root / "playbooks/near.yaml").symlink_to("do.yaml")
    (root / "playbooks/lost.yaml").symlink_to("nothing")
    assert problems(root) == [
        "playbooks/far.yaml:1: the symbolic link leads out of playbooks/; put the file itself here",
        "playbooks/lost.yaml:1: the symbolic link leads nowhere; put the file itself here",
        "playbooks/roles/far:1: the symbolic link leads out of playbooks/; put the file itself here",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "playbooks/do.yaml:1: it holds no play; a playbook is a list of plays"),
        ("a: b\n", "playbooks/do.yaml:1: it holds no play; a playbook is a list of plays"),
        ("- hosts: [\n", "playbooks/do.yaml:2: did not find expected node content; mend it"),
    ],
)
def test_what_is_no_playbook_is_one_line(root, text, problem):
    (root / "playbooks/do.yaml").write_text(text)
    assert problems(root) == [problem]


def test_the_digest_is_of_every_file(root):
    files = PlaybookFiles(root)
    first = files.digest()
    assert files.digest() == first
    (root / "playbooks/roles").mkdir()
    (root / "playbooks/roles/x.yml").write_text("x")
    second = files.digest()
    (root / "playbooks/roles/x.yml").write_text("y")
    assert len({first, second, files.digest()}) == 3


def settings(root, text):
    (root / "inventory/acme").mkdir(parents=True, exist_ok=True)
    (root / "inventory/acme/playbooks.yaml").write_text(text)
    return PlaybookFiles(root).settings("acme")


def test_a_client_says_variables_for_all_hosts_and_for_one(root):
    said = settings(root, "do: {variables: {paths: [/srv], keep: 3}, hosts: {web: {keep: 5}}}\n").of("do")
    assert (said.variables, said.hosts) == ({"paths": ["/srv"], "keep": 3}, {"web": {"keep": 5}})
    assert PlaybookFiles(root).settings("globex").of("do").variables == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("does: {}\n", "playbooks.yaml:1: no playbook 'does'; did you mean 'do'?"),
        (
            "do: {variables: {ansible_connection: local}}\n",
            "is Ansible's or netmgr's own name; choose another",
        ),
        ("do: {hosts: {web: {hostvars: 1}}}\n", "is Ansible's or netmgr's own name; choose another"),
        ("do: {variables: {Paths: 1}}\n", "is not a variable's name; write lower-case letters, digits and _"),
        ("do: {vars: {}}\n", "unknown key 'vars'"),
    ],
)
def test_a_mistake_of_a_client_s_file_is_told_with_its_line(root, text, problem):
    with pytest.raises(InputError) as caught:
        settings(root, text)
    (found,) = caught.value.problems
    assert found.startswith("inventory/acme/playbooks.yaml:1: ")
    assert problem in found
