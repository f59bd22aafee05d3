"""Setting up: what is installed when, the list of versions, the Makefile, Binder."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from book.pipeline import install, lock
from book.pipeline.lab import lab_environment
from book.pipeline.layout import HOME

from .conftest import SAMPLE_BOOK

pytestmark = pytest.mark.reads(*SAMPLE_BOOK, ".binder/*", "*")

TARGETS = ["help", "book", "test", "serve", "lab", "lint", "bench"]
TARGETS += ["elsewhere", "report", "lock", "clean"]


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A checkout with an environment, where every command is only noted down."""
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_text("as it was\n")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    commands = []
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.delenv("VENV", raising=False)
    monkeypatch.setattr(subprocess, "call", lambda command: commands.append(command) or 0)
    return tmp_path, commands


def test_the_first_time_installs_from_the_list_of_versions(machine):
    root, commands = machine
    assert install.main("book") == 0
    assert commands == [
        [
            str(root / ".venv/bin/python"),
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--quiet",
            "-c",
            str(root / "constraints.txt"),
            "-e",
            f"{root}[book]",
        ]
    ]


def test_the_second_time_installs_nothing(machine):
    root, commands = machine
    install.main("test")
    commands.clear()
    (root / "constraints.txt").touch()  # a new date is no change
    for group in ("book", "lab", "test"):
        assert install.main(group) == 0
    assert commands == []


def test_a_larger_group_or_other_versions_are_installed(machine):
    root, commands = machine
    install.main("book")
    install.main("test")
    assert len(commands) == 2
    (root / "constraints.txt").write_text("numpy==3\n")
    install.main("test")
    assert len(commands) == 3


def test_a_failed_installation_is_tried_again(machine, monkeypatch):
    _, commands = machine
    monkeypatch.setattr(subprocess, "call", lambda command: commands.append(command) or 1)
    assert "could not be installed" in install.main("book")
    assert "could not be installed" in install.main("book")
    assert len(commands) == 2


def test_an_old_python_is_told(monkeypatch):
    monkeypatch.setattr(install.sys, "version_info", (3, 9, 2, "final", 0))
    assert "Python 3.11 or newer" in install.main("book")


def test_the_list_of_versions_holds_names_and_versions_only():
    resolved = """
        # made by a tool
        --extra-index-url somewhere
        deep-learning-companion @ file:///somewhere
        torch==2.13.0+cpu
        numpy==2.4.6
        pip==25
        setuptools==80
    """
    assert lock.tidy(resolved) == lock.HEADER + "numpy==2.4.6\ntorch==2.13.0\n"


def test_the_stored_list_is_as_made():
    text = (HOME / "constraints.txt").read_text()
    assert lock.tidy(text).splitlines()[1:] == [
        line for line in text.splitlines() if not line.startswith("#")
    ]


def test_make_help_names_every_target():
    result = subprocess.run(["make", "help"], cwd=HOME, capture_output=True, text=True, check=True)
    assert re.findall(r"^  make (\w+)", result.stdout, re.MULTILINE) == TARGETS


def test_make_says_which_python_is_missing():
    result = subprocess.run(
        ["make", "book", "PYTHON=python0"], cwd=HOME, capture_output=True, text=True, check=False
    )
    assert result.returncode != 0
    assert "There is no python0" in result.stdout


def test_the_lab_opens_markdown_as_notebooks_and_leaves_the_users_settings(fresh):
    environment = lab_environment(fresh)
    folder = Path(environment["JUPYTER_CONFIG_PATH"].split(":")[0])
    settings = json.loads((folder / "labconfig/default_setting_overrides.json").read_text())
    viewers = settings["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"]
    assert viewers["markdown"] == "Jupytext Notebook"
    assert folder.is_relative_to(fresh.build)
    assert environment.get("JUPYTER_CONFIG_DIR") == os.environ.get("JUPYTER_CONFIG_DIR")


def test_binder_uses_the_conda_environment():
    folder = HOME / ".binder"
    assert (folder / "environment.yml").resolve() == HOME / "environment.yml"
    names = yaml.safe_load((folder / "environment.yml").read_text())["dependencies"]
    assert any(str(name).startswith("jupytext") for name in names)
    assert "set-default-viewer" in (folder / "postBuild").read_text()
