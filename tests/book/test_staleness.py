"""A chapter runs again when something its code can see has changed, and only then."""

import os

import pytest

from book.pipeline.execute import stale_chapters
from book.pipeline.imports import Package, mentions_of

from .conftest import HOME, SAMPLE_BOOK, edit

pytestmark = pytest.mark.reads(*SAMPLE_BOOK, "companion/**/*.py")

ALL = {"gradients/slopes", "gradients/steps", "gradients/plain"}
SLOPES = "book/gradients/slopes.md"
PLAIN = "book/gradients/plain.md"


def stale(book):
    return {job.page.chapter for job in stale_chapters(book)}


def test_nothing_is_stale_after_a_build(built_once):
    assert stale(built_once) == set()


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("companion/gradients/descent.py", "lr=0.1", "lr=0.2", {"gradients/slopes"}),
        # imported by descent only, so by the chapter indirectly
        ("companion/gradients/slope.py", "1e-6", "1e-5", {"gradients/slopes"}),
        # what a module says of itself changes no output
        ("companion/gradients/__init__.py", "Slopes", "Slope", set()),
        ("companion/gradients/__init__.py", '"""Slopes', 'x = 1\n"""Slopes', {"gradients/slopes"}),
        ("companion/data/points.py", "float(line)", "2 * float(line)", {"gradients/steps"}),
        ("companion/data/points.txt", "3", "4", {"gradients/steps"}),
        ("companion/__init__.py", "small", "little", set()),
        (
            "companion/__init__.py",
            "import os",
            "import os, re",
            {"gradients/slopes", "gradients/steps"},
        ),
        ("tests/book/reference/gradients/slopes.json", "0.512", "0.5", {"gradients/slopes"}),
        ("constraints.txt", "2.4.6", "2.4.7", ALL),  # what the course always needs
        ("constraints.txt", "numpy", "babel==2.18.0\nnumpy", set()),  # nobody speaks of it
        (PLAIN, "print(1 + 1)", "print(1 + 2)", {"gradients/plain"}),
        # what readers see but cells do not
        (PLAIN, "uses nothing", "uses not a thing", set()),
        (SLOPES, "halves its distance", "halves the distance", set()),
        (SLOPES, "tags: [hide-input]", "tags: [hide-cell]", set()),
        # a tag that changes how the cell is run
        (PLAIN, "ipython3\nprint", "ipython3\n:tags: [nbval-skip]\nprint", {"gradients/plain"}),
    ],
)
def test_an_edit_makes_exactly_its_chapters_stale(built, file, old, new, expected):
    edit(built.root / file, old, new)
    assert stale(built) == expected


def test_a_new_date_alone_changes_nothing(built):
    for path in built.root.rglob("*.py"):
        os.utime(path, (0, 0))
    assert stale(built) == set()


def test_a_new_module_counts_from_its_import_on(built):
    (built.root / "companion" / "gradients" / "extra.py").write_text("ONE = 1\n")
    assert stale(built) == set()
    edit(
        built.root / "companion" / "gradients" / "slope.py",
        "STEP =",
        "from companion.gradients import extra\n\nSTEP =",
    )
    assert stale(built) == {"gradients/slopes"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "import companion.data.points as p",
            {"companion", "companion.data", "companion.data.points"},
        ),
        ("from companion import results", {"companion", "companion.results"}),
        (
            "from companion.gradients import slope",
            {"companion", "companion.gradients", "companion.gradients.slope"},
        ),
        ("from companion.results import number", {"companion", "companion.results"}),
        ("def late():\n    import companion.results", {"companion", "companion.results"}),
        (
            "import importlib\nimportlib.import_module('companion.results')",
            {"companion", "companion.results"},
        ),
        ("import numpy, companions", set()),
        ("if TYPE_CHECKING:\n    from companion import results", set()),
    ],
)
def test_forms_of_import(source, expected, built_once):
    package = Package("companion", built_once.root / "companion")
    assert package.imports_of(source) == expected


def test_relative_imports_are_followed(built_once):
    package = Package("companion", built_once.root / "companion")
    assert "companion.gradients.slope" in package.closure({"companion.gradients.descent"})


def test_packages_with_import_circles_are_walked_once(tmp_path):
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "a.py").write_text("from . import b")
    (folder / "b.py").write_text("from .a import x")
    assert Package("p", folder).closure({"p.a"}) == {"p", "p.a", "p.b"}


FACE = {
    "__init__": "",
    "face": '"""Hands on."""\nfrom p.layers import A, B\nfrom p import tools\n__all__ = ["A", "B"]',
    "layers": "from p.deep import x\nclass A: ...\nclass B: ...",
    "deep": "x = 1",
    "tools": "y = 2",
    "network": "def made(nn): return nn.A()",
    "both": '"""Not only hands on."""\nfrom p.layers import A\ntwice = [A, A]',
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from p import face", {"face"}),
        ("from p import face\nface.A()", {"face", "layers", "deep"}),
        ("from p import face\ngetattr(face, 'B')()", {"face", "layers", "deep"}),
        ("from p.face import A", {"face", "layers", "deep"}),
        ("from p import face\nface.tools.y", {"face", "tools"}),
        ("from p import face, network", {"face", "network", "layers", "deep"}),
        ("from p import both", {"both", "layers", "deep"}),
    ],
)
def test_a_face_counts_for_what_is_mentioned(tmp_path, source, expected):
    for name, text in FACE.items():
        (tmp_path / f"{name}.py").write_text(text)
    package = Package("p", tmp_path)
    found = package.closure(package.imports_of(source), mentions_of(source))
    assert found == {"p", *(f"p.{name}" for name in expected)}


def test_faces_of_the_companion_are_known_as_such():
    """Otherwise every chapter would be stale after a change to any layer."""
    package = Package("companion", HOME / "companion")
    source = "from companion import nn, optim\nnn.Linear(1, 2)\noptim.SGD"
    found = package.closure(package.imports_of(source), mentions_of(source))
    assert {"companion.gradients.layers", "companion.optimization.sgd"} <= found
    others = ("companion.cnn", "companion.regularization", "companion.optimization.adam")
    assert [module for module in found if module.startswith(others)] == []


def test_a_file_with_the_name_of_a_module_belongs_to_it(tmp_path):
    for name in ("__init__.py", "a.py", "a.json", "b.py", "b.json", "for_all.csv"):
        (tmp_path / name).touch()
    found = Package("p", tmp_path).data_files({"p", "p.a"})
    assert [file.name for file in found] == ["a.json", "for_all.csv"]
