"""What was proved is not proved again, unless anything it depends on has changed."""

import json
import sys
from pathlib import Path

import pytest

from tests import proofs

pytest_plugins = "pytester"
pytestmark = pytest.mark.reads("tests/proofs.py")

FILES = {
    "constraints.txt": "numpy==2.4.0\n",
    "pyproject.toml": "[tool.pytest.ini_options]\n",
    "companion/__init__.py": "",
    "companion/a.py": "from companion.b import c\n",
    "companion/b.py": "c = 1\n",
    "companion/other.py": "",
    "checks/conftest.py": "",
    "checks/test_a.py": "def test_a():\n    pass\n\ndef never():\n    import companion.a\n",
    "checks/test_b.py": (
        "import pytest\n\n"
        "pytestmark = pytest.mark.reads('pages/{name}.md', lambda name: [f'pages/{name}.txt'])\n\n"
        "@pytest.mark.parametrize('page', ['one@', 'two@x', 'two@y'])\n"
        "def test_b(page):\n    pass\n"
    ),
    "pages/one.md": "1",
    "pages/two.md": "2",
    "pages/two.txt": "2",
}
UNITS = ["checks/test_a.py", "checks/test_b.py@one", "checks/test_b.py@two"]


class Project:
    """A small project, whose tests run with the plugin."""

    def __init__(self, pytester, monkeypatch):
        self.pytester, self.path = pytester, pytester.path
        monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name, text):
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def run(self, *options):
        plugins = ["-p", "xdist.plugin", "-p", "tests.proofs", "--proofs", "_build/proofs.json"]
        return self.pytester.run(sys.executable, "-m", "pytest", "-v", *plugins, *options, "checks")

    def ran(self, *options, status=0):
        """Run what is not proved, and return the names of the tests that ran."""
        result = self.run(*options)
        assert result.ret == status
        self.said = result.stdout.str()
        self.kept = sorted(json.loads((self.path / "_build" / "proofs.json").read_text()))
        lines = [line.split("::") for line in self.said.splitlines() if "::test_" in line]
        return sorted({name.split()[0] for _, name in lines})


@pytest.fixture
def project(pytester, monkeypatch):
    return Project(pytester, monkeypatch)


ALL = ["test_a", "test_b[one@]", "test_b[two@x]", "test_b[two@y]"]
TWO = ["test_b[two@x]", "test_b[two@y]"]


@pytest.mark.parametrize("options", [(), ("-n", "2", "--dist", "loadscope")])
def test_what_passed_is_not_run_again_until_asked(project, options):
    assert project.ran(*options) == ALL
    assert project.kept == UNITS
    assert project.ran(*options) == []
    assert "4 tests in 3 files, chapters and pages" in project.said
    project.ran(*options, "--anew")
    assert "4 passed" in project.said


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("checks/test_a.py", ["test_a"]),
        ("companion/a.py", ["test_a"]),
        ("companion/b.py", ["test_a"]),
        ("companion/table.csv", ["test_a"]),
        ("companion/other.py", []),
        ("pages/two.md", TWO),
        ("pages/two.txt", TWO),
        ("pages/one.md", ["test_b[one@]"]),
        ("pages/three.md", []),
        ("checks/conftest.py", ALL),
        ("constraints.txt", ALL),
        ("pyproject.toml", ALL),
    ],
)
def test_a_change_proves_again_what_depends_on_it(project, changed, again):
    project.ran()
    project.write(changed, FILES.get(changed, "x") + "\n")
    assert project.ran() == again
    assert project.ran() == []


@pytest.mark.parametrize("variable", ["OPENBLAS_CORETYPE", "COMPANION_PERTURB", "OMP_NUM_THREADS"])
def test_other_kernels_prove_again(project, monkeypatch, variable):
    project.ran()
    monkeypatch.setenv(variable, "7")
    assert project.ran() == ALL


@pytest.mark.parametrize(
    "body", ["assert False", "import pytest; pytest.skip()", "import pytest; pytest.xfail()"]
)
def test_what_did_not_pass_is_not_kept(project, body):
    project.write("checks/test_a.py", f"def test_a():\n    {body}\n\ndef test_c(): pass\n")
    project.ran(status=int("False" in body))
    assert project.kept == UNITS[1:]
    assert project.ran(status=int("False" in body)) == ["test_a", "test_c"]


def test_a_failing_fixture_is_no_proof(project):
    project.write(
        "checks/test_a.py",
        "import pytest\n\n@pytest.fixture\ndef bad():\n    yield\n    assert 0\n\n"
        "def test_a(bad): pass\n",
    )
    project.ran(status=1)
    assert project.kept == UNITS[1:]


def test_what_a_file_reads_when_it_is_collected_counts(project):
    text = "import os\nopen(os.path.abspath('pages/one.md')).close()\ndef test_a(): pass\n"
    project.write("checks/test_a.py", text)
    project.ran()
    assert project.kept == UNITS[1:]
    assert "not kept as proved, because it depends on pages/one.md" in project.said


def test_other_tests_of_a_unit_prove_it_again(project):
    text = FILES["checks/test_b.py"]
    text = text.replace("['one@', 'two@x', 'two@y']", "open('names').read().split()")
    project.write("checks/test_b.py", text)
    project.write("names", "one@ two@x")
    project.ran()
    assert project.kept == UNITS
    project.write("names", "one@ two@z")
    assert project.ran() == ["test_b[two@z]"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("open(os.path.abspath('pages/one.md')).close()", "depends on pages/one.md"),
        ("sys.modules['x'] = Module", "depends on companion/other.py"),
        ("subprocess.run(['true'])", "depends on a program that it starts"),
    ],
)
@pytest.mark.parametrize("options", [(), ("-n", "1", "--dist", "loadscope")])
def test_what_depends_on_more_than_it_says_is_not_kept(project, body, said, options):
    text = (
        "import os, subprocess, sys\n\nclass Module:\n"
        "    __file__ = os.path.abspath('companion/other.py')\n\n"
        f"def test_a():\n    {body}\n"
    )
    project.write("checks/test_a.py", text)
    project.ran(*options)
    assert project.kept == UNITS[1:]
    assert f"checks/test_a.py: not kept as proved, because it {said}" in project.said


def test_what_has_no_name_depends_on_the_files_of_all(project):
    project.write("checks/test_b.py", FILES["checks/test_b.py"] + "\ndef test_c(): pass\n")
    project.ran()
    project.write("pages/one.md", "changed")
    assert project.ran() == ["test_b[one@]", "test_c"]


def test_a_part_of_a_unit_is_no_proof(project):
    result = project.run("-k", "one")
    assert result.ret == 4
    assert "do not choose tests with -k, -m, --lf" in result.stderr.str()
    assert not (project.path / "_build").exists()


def test_a_damaged_file_of_proofs_proves_anew(project):
    project.write("_build/proofs.json", "{")
    assert project.ran() == ALL


def test_units():
    assert proofs.unit_of("tests/a.py::test_b") == "tests/a.py"
    assert proofs.unit_of("tests/a.py::test_b[x]") == "tests/a.py"
    assert proofs.unit_of("tests/a.py::test_b[part/name@x-1]") == "tests/a.py@part/name"
