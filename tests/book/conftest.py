"""The sample book, fresh or built once, and the real site."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from book.pipeline.layout import HOME, Book
from book.pipeline.render import build
from book.pipeline.serve import serving

from .browser import Visit, chromium

# For `pytest.mark.reads`: what the sample book is made and built with, and of the real book the
# files of a chapter, and all that its pages come from.
SAMPLE_BOOK = (
    *("book/**/*.py", "book/_static/**/*", "book/_templates/**/*", "_config.yml"),
    *("tests/book/sample/**/*", "companion/plots/**/*", "companion/results.py"),
    *("companion/perturbation.py", "Makefile"),
)
CHAPTER = (
    *("_toc.yml", "index.md", "book/{name}.md", "tests/book/numbers/{name}.json"),
    *("_build/executed/book/{name}.ipynb", "_build/notebooks/book/{name}.ipynb"),
)
REAL_BOOK = (
    *("_config.yml", "_toc.yml", "index.md", "book/**/*", "companion/**/*"),
    *("tests/**/*.py", "tests/**/*.json", "_build/executed/**/*", "_build/html/**/*.html"),
)
SAMPLE = Path(__file__).with_name("sample")


def loaded_by(name: str) -> list[Path]:
    """A page of the real site and the files that it names; for `pytest.mark.reads`."""
    html = HOME / "_build" / "html"
    page = html / f"{name}.html"
    if not page.is_file() or name == "search":
        return [*html.glob("**/*"), HOME / "index.md", *HOME.glob("book/**/*.md")]
    named = re.findall(r'(?:src|href)="([^"#?:]+)', page.read_text(encoding="utf-8"))
    files = {(page.parent / file).resolve() for file in named if not file.endswith(".html")}
    return [page, *html.glob("_static/**/*"), *(file for file in files if file.is_file())]


def make_sample(folder: Path, repository: str = "") -> Book:
    """A copy of the sample book under the real book's settings, style and figures."""
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
    settings = (HOME / "_config.yml").read_text(encoding="utf-8")
    settings = settings.replace('url: ""\n  branch', f'url: "{repository}"\n  branch')
    (folder / "_config.yml").write_text(settings, encoding="utf-8")
    for real in ("book/_static", "companion/plots"):
        shutil.copytree(HOME / real, folder / real, dirs_exist_ok=True)
    for real in ("results.py", "perturbation.py"):
        shutil.copy(HOME / "companion" / real, folder / "companion" / real)
    return Book(folder)


def pipeline(book: Book, *arguments: str) -> subprocess.CompletedProcess:
    """Run ``python -m book.pipeline`` on a book as the Makefile does."""
    command = [sys.executable, "-m", "book.pipeline", "--root", str(book.root), *arguments]
    return subprocess.run(
        command, cwd=HOME, env=dict(os.environ), capture_output=True, text=True, check=False
    )


def edit(path: Path, old: str, new: str) -> None:
    """Replace text that must be there, so that a test cannot pass by editing nothing."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} does not stand in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory):
    """The sample book, built; tests must not change it."""
    book = make_sample(tmp_path_factory.mktemp("built"))
    result = pipeline(book, "build")
    assert result.returncode == 0, result.stdout + result.stderr
    return book


@pytest.fixture
def built(built_once, tmp_path):
    """A copy of the built sample book for a test to change."""
    shutil.copytree(built_once.root, tmp_path / "book", symlinks=True)
    return Book(tmp_path / "book")


@pytest.fixture
def fresh(tmp_path):
    """A copy of the sample book that has not been run."""
    return make_sample(tmp_path / "book")


@pytest.fixture(scope="session")
def site():
    """The folder of the real site, brought up to date first."""
    book = Book(HOME)
    build(book)
    return book.html


@pytest.fixture(scope="session")
def browser():
    """One browser for all pages that a process looks at."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def address(site):
    """The real site, served."""
    with serving(site) as address:
        yield address


@pytest.fixture
def visit(browser, address):
    """A window on the real site."""
    visit = Visit(browser, address)
    yield visit
    visit.close()


@pytest.fixture
def sample_visit(browser, built_once):
    """A window on the sample book."""
    with serving(built_once.html) as address:
        visit = Visit(browser, address)
        yield visit
        visit.close()


def pytest_ignore_collect(collection_path, config):
    """Leave out what runs the book a second time, unless everything is to be proved anew."""
    again = collection_path.name == "test_visible_runs.py"
    return True if again and not config.getoption("anew", False) else None
