"""The reference pages: the glossary is in order, the API pages miss nothing."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import companion

from .conftest import REAL_BOOK

pytestmark = pytest.mark.reads(*REAL_BOOK)

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "book" / "reference"
API = {path.stem: path.read_text(encoding="utf-8") for path in (REFERENCE / "api").glob("*.md")}


def glossary():
    """Entries of the glossary: the terms of each, and its definition."""
    text = (REFERENCE / "glossary.md").read_text(encoding="utf-8")
    body = re.search(r"```\{glossary\}\n(.*?)\n```", text, flags=re.S)[1]
    for entry in body.split("\n\n"):
        lines = entry.splitlines()
        terms = [line for line in lines if not line.startswith(" ")]
        yield terms, " ".join(line.strip() for line in lines[len(terms) :])


def test_glossary_is_in_alphabetical_order_without_repetition():
    names = [terms[0].lower().replace("é", "e") for terms, _ in glossary()]
    first = [re.sub(r"[^a-z0-9 ]", "", name) for name in names]
    assert first == sorted(first)
    every = [term.lower() for terms, _ in glossary() for term in terms]
    assert len(every) == len(set(every))


def test_each_term_has_its_chinese_and_a_definition():
    for terms, definition in glossary():
        match = re.match(r"\*\*(.+)\.\*\* \S.{14,}[.]?$", definition)
        assert match, f"{terms[0]}: {definition}"
        assert re.search(r"[\u4e00-\u9fff]", match[1]), terms[0]


def test_terms_used_on_the_pages_are_in_the_glossary():
    known = {term.lower() for terms, _ in glossary() for term in terms}
    missing = []
    for page in sorted(ROOT.glob("book/**/*.md")):
        for role in re.findall(r"\{term\}`([^`]+)`", page.read_text(encoding="utf-8")):
            term = " ".join((re.search(r"<([^>]+)>$", role) or [None, role])[1].split())
            if term.lower() not in known:
                missing.append(f"{page.name}: {term}")
    assert not missing, "\n".join(missing)


def test_every_public_module_has_its_place_on_an_api_page():
    documented = set(re.findall(r"(?:automodule|py:module):: (\S+)", "\n".join(API.values())))
    # These pages document a whole package by its front door.
    whole = ("companion.exercises", "companion.plots", "companion.training")
    missing = []
    for module in pkgutil.walk_packages(companion.__path__, "companion."):
        inside = module.name.startswith(tuple(f"{package}." for package in whole))
        if not module.ispkg and not inside and module.name not in documented:
            missing.append(module.name)
    assert set(whole) <= documented
    assert set(missing) == {"companion.cli"}  # the command line explains itself with --help


def test_every_name_of_the_faces_is_listed():
    for face in ("nn", "optim"):
        names = importlib.import_module(f"companion.{face}").__all__
        section = API["nn"].split(f"## companion.{face}")[1].split("\n## ")[0]
        listed = re.findall(r"^\| \{py:class\}`(\w+) <", section, flags=re.M)
        assert sorted(listed) == sorted(names)


def test_every_name_authors_of_checks_import_is_listed():
    names = set(importlib.import_module("companion.exercises").__all__)
    listed = set(re.findall(r"autofunction:: companion\.exercises\.(\w+)", API["exercises"]))
    listed |= set(re.findall(r"autoclass:: companion\.exercises\.(\w+)", API["exercises"]))
    assert listed == names
