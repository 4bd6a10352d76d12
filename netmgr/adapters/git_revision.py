"""The workspace's git commit, read with git itself."""

import os
import subprocess
from pathlib import Path

from netmgr.adapters.git_repository import INERT
from netmgr.errors import StoreError


class GitRevision:
    """See ``netmgr.ports.templates.Revision``."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace

    def state(self) -> tuple[str, bool] | None:
        """The commit and its dirt among what a plan reads: inventory, templates, config."""
        commit = self._git("rev-parse", "--verify", "--quiet", "HEAD")
        if commit is None:
            return None
        dirt = self._git("status", "--porcelain", "--", "inventory", "templates", "config")
        return commit.strip(), bool(dirt and dirt.strip())

    def _git(self, *arguments: str) -> str | None:
        try:
            done = subprocess.run(
                ["git", *INERT, *arguments],
                cwd=self._workspace,
                env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
                capture_output=True,
                text=True,
                timeout=30,
                check=False,
            )
        except FileNotFoundError:
            return None
        except subprocess.TimeoutExpired as error:
            raise StoreError(f"{self._workspace}: git does not answer; try `git status` there") from error
        return done.stdout if done.returncode == 0 else None
