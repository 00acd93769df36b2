"""Tests of the workflow in docs/ci.md: valid, only existing options, the verdict of the gate."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from yaml12 import parse_yaml

from docs.make.commands import command_help
from docs.make.snippets import ROOT, blocks


@pytest.fixture(scope="module")
def job() -> dict[str, dict[str, str]]:
    """The steps of the job that run commands, by name."""
    (text,) = blocks((ROOT / "docs" / "ci.md").read_text(encoding="utf-8"), "yaml")
    workflow: Any = parse_yaml(text)
    (steps,) = (each["steps"] for each in workflow["jobs"].values())
    assert workflow["permissions"]["security-events"] == "write"
    assert all("uses" in step or step.keys() >= {"name", "run"} for step in steps)
    return {step["name"]: step for step in steps if "run" in step}


def test_the_job_uses_options_that_exist(job: dict[str, dict[str, str]]) -> None:
    script = "\n".join(step["run"] for step in job.values())
    validations = re.findall(r"^g60kg validate (.*?)(?: \|\||$)", script, re.MULTILINE)
    assert len(validations) == 3
    help_text = command_help(("g60kg", "validate"))
    for given in validations:
        words = shlex.split(given)
        for option in (word for word in words if word.startswith("-")):
            assert re.search(rf"^  .*(?<!\S){option}[, ]", help_text, re.MULTILINE), option
        for kind in re.findall(r"-f (\w+)", given):
            assert re.search(rf"--format <\S*\b{kind}\b", help_text), kind


@pytest.mark.long
@pytest.mark.parametrize(
    ("slip", "verdict"),
    [
        ("", 0),
        pytest.param("no place at all", 1, marks=pytest.mark.long),
        pytest.param("\0", 2, marks=pytest.mark.long),
    ],
)
def test_the_job_runs(
    slip: str, verdict: int, job: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    repository = Repository(tmp_path)
    base = repository.commit("facts/old.csv", "unchanged")
    sheet = (ROOT / "tests/checks/syntax/without-sheet-row.csv").read_text(encoding="utf-8")
    assert "locatedIn,Hangzhou," in sheet
    sheet = sheet.replace("locatedIn,Hangzhou,", f"locatedIn,{slip or 'Hangzhou'},")
    repository.commit("facts/松江 new.csv", sheet)
    assert repository.run(job["Changed files"]["run"], BASE=base) == 0
    assert (tmp_path / "output").read_text(encoding="utf-8") == "any=true\n"
    assert repository.run(job["Reports"]["run"]) == 0
    log = json.loads((repository.folder / "facts.sarif").read_text(encoding="utf-8"))
    assert log["version"] == "2.1.0"
    assert bool([r for r in log["runs"][0]["results"] if r["level"] == "error"]) == bool(verdict)
    assert "<testsuites" in (repository.folder / "facts.xml").read_text(encoding="utf-8")
    assert repository.run(job["Verdict"]["run"]) == verdict


def test_the_job_is_skipped_if_no_facts_change(
    job: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    repository = Repository(tmp_path)
    base = repository.commit("facts/old.csv", "unchanged")
    repository.commit("notes.txt", "new")
    assert repository.run(job["Changed files"]["run"], BASE=base) == 0
    assert not (tmp_path / "output").exists()


class Repository:
    """A git repository in which the steps of the job are run as a runner runs them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "repository"
        self.folder.mkdir()
        self._output = folder / "output"
        programs = folder / "bin"
        programs.mkdir()
        program = programs / "g60kg"
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m g60kg "$@"\n')
        program.chmod(0o755)
        self._path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        self._git("init", "--quiet")

    def commit(self, name: str, content: str) -> str:
        """The commit in which a file gets its content."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", name)
        return self._git("rev-parse", "HEAD")

    def run(self, script: str, **environment: str) -> int:
        """The exit code of a step's script."""
        given = {
            "PATH": self._path,
            "PYTHONPATH": str(ROOT),
            "RUNNER_TEMP": str(self.folder.parent),
            "GITHUB_OUTPUT": str(self._output),
        }
        return subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=self.folder,
            env={**os.environ, **given, **environment},
            capture_output=True,
            check=False,
            timeout=120,
        ).returncode

    def _git(self, *words: str) -> str:
        author = "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"
        done = subprocess.run(
            ["git", *author, *words], cwd=self.folder, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()
