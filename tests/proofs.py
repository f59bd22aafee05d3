"""A pytest plugin: what was proved and has not changed since is not proved again.

A *unit* is a test file, or, where the ids of its tests begin with ``name@``, the tests of one
name in it: a chapter, a page. Units are what processes share out among themselves, and a unit
that passed is kept in ``_build/proofs.json`` with the fingerprint of all that it depends on:

- the test file, what it imports of this project at any distance, and the conftests above it,
- what it names: ``pytestmark = pytest.mark.reads("book/**/*.md", "{name}.html", ...)``, with
  patterns, or with functions of the unit's name that return files; what is no unit of a name
  depends on the files of all names,
- the ids of its tests, which say what a file that is shared out by names read to find them,
- the versions in ``constraints.txt``, Python, and the kernels this machine computes with.

A unit that opens a file of the project which its fingerprint does not cover is not kept, nor one
that starts a program and names nothing, and the summary says so. A unit with a failing or skipped
test is not kept either.
"""

import contextlib
import hashlib
import json
import os
import platform
import sys
from functools import cache
from pathlib import Path

import pytest

from book.pipeline import machines
from book.pipeline.imports import Package
from book.pipeline.writing import write_whole

PACKAGES = ("companion", "book", "tests")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
ASIDE = (
    ".egg-info", ".git", ".hypothesis", ".pytest_cache", ".ruff_cache", ".venv", "__pycache__",
)  # fmt: skip


def pytest_addoption(parser):
    group = parser.getgroup("proofs")
    group.addoption("--proofs", metavar="FILE", help="skip what FILE says is proved; keep it there")
    group.addoption("--anew", action="store_true", help="prove everything anew")


def pytest_configure(config):
    # The units of a run that chooses tests by name would be proved by a part of their tests.
    chosen = [name for name in ("keyword", "markexpr", "lf") if config.getoption(name, None)]
    if config.getoption("proofs") and chosen:
        raise pytest.UsageError("--proofs keeps whole files: do not choose tests with -k, -m, --lf")
    if config.getoption("proofs"):
        config.pluginmanager.register(Proofs(config), "proofs-of-this-run")


def pytest_xdist_make_scheduler(config, log):
    """Hand out whole units, so that a process keeps what the tests of one share."""
    from xdist.scheduler import LoadScopeScheduling

    class ByUnit(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return unit_of(nodeid)

    return ByUnit(config, log) if config.getvalue("dist") == "loadscope" else None


def unit_of(nodeid) -> str:
    """Return the unit a test belongs to: its file, or file and name of ``[name@...]``.

    >>> unit_of("tests/a.py::test_b[x-1]"), unit_of("tests/a.py::test_b[part/chapter@x-1]")
    ('tests/a.py', 'tests/a.py@part/chapter')
    """
    file, _, rest = nodeid.partition("::")
    name, at, _ = rest.partition("[")[2].partition("@")
    return f"{file}@{name}" if at else file


class Proofs:
    """The proofs that are kept, and those this run adds."""

    def __init__(self, config):
        self.root = config.rootpath
        self.file = self.root / config.getoption("proofs")
        self.kept = {}
        if not config.getoption("anew"):
            with contextlib.suppress(OSError, ValueError):
                self.kept = json.loads(self.file.read_text(encoding="utf-8"))
        self.prints = Fingerprints(self.root)
        self.passed = {}  # unit → tests that passed
        self.not_kept = {}  # unit → why
        self.skipped = {}  # unit → how many tests were proved before
        self.watch = Watch(self.root)
        self.opened = {}  # test file → files of the project that it opened when it was collected

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config, items):
        units = {}
        for item in items:
            units.setdefault(unit_of(item.nodeid), []).append(item)
        run = []
        for unit, tests in units.items():
            key = self.prints.of(unit, tests)
            if self.kept.get(unit) == key:
                self.skipped[unit] = len(tests)
                continue
            run += tests
            for test in tests:
                test.user_properties.append(("proof", [unit, key, len(tests)]))
        items[:] = run
        if hasattr(config, "workeroutput"):
            config.workeroutput["proved"] = self.skipped

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector):
        if not isinstance(collector, pytest.Module):
            return (yield)
        with self.watch.of((), names=True) as opened:
            result = yield
        self.opened[collector.nodeid] = opened
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        unit = unit_of(item.nodeid)
        files, names = self.prints.files(unit, item), bool(self.prints.named(item))
        with self.watch.of(files, names) as strange:
            result = yield
        strange.update(self.opened.pop(unit, set()) - self.prints.inside(files))
        if strange:
            # The reports have been sent; the verdict on the unit goes with the next message.
            item.config.stash.setdefault(STRANGE, {}).setdefault(unit, set()).update(strange)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        # What a whole session shares is made once, in whichever unit comes first.
        with self.watch.away(fixturedef.scope == "session"):
            return (yield)

    def pytest_sessionfinish(self, session, exitstatus):
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and self.skipped:
            session.exitstatus = pytest.ExitCode.OK
        strange = session.config.stash.get(STRANGE, {})
        words = {unit: sorted(files)[:3] for unit, files in strange.items()}
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["strange"] = words
        else:
            self.not_kept.update(words)
            self._keep()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node):
        output = getattr(node, "workeroutput", {})
        self.skipped.update(output.get("proved", {}))
        self.not_kept.update(output.get("strange", {}))

    def pytest_runtest_logreport(self, report):
        proof = dict(report.user_properties).get("proof")
        if proof and report.when == "call" and report.passed:
            unit, key, count = proof
            self.passed.setdefault((unit, key, count), set()).add(report.nodeid)
        elif proof and not report.passed:
            self.passed.setdefault(tuple(proof), set()).add(None)

    def _keep(self):
        new = {
            unit: key
            for (unit, key, count), names in self.passed.items()
            if None not in names and len(names) == count and unit not in self.not_kept
        }
        ran = {unit for unit, _, _ in self.passed}
        old = {unit: proof for unit, proof in self.kept.items() if unit not in ran}
        write_whole(self.file, json.dumps(old | new, indent=1, sort_keys=True) + "\n")

    def pytest_terminal_summary(self, terminalreporter):
        for unit, files in sorted(self.not_kept.items()):
            terminalreporter.write_line(
                f"{unit}: not kept as proved, because it depends on {', '.join(files)} "
                f"and does not say so with pytest.mark.reads"
            )
        if self.skipped:
            count = sum(self.skipped.values())
            terminalreporter.write_line(
                f"Proved already, and nothing they depend on has changed: {count:,} tests in "
                f"{len(self.skipped)} files, chapters and pages. make test ALL=1 proves all anew."
            )


STRANGE = pytest.StashKey()


class Fingerprints:
    """What each unit depends on, as files and as one fingerprint."""

    def __init__(self, root):
        self.root = root
        self.packages = [Package(name, root / name) for name in PACKAGES if (root / name).is_dir()]
        self.machine = json.dumps(
            {
                "python": platform.python_version(),
                "machine": platform.machine(),
                "features": machines._features("found"),
                "variables": {
                    name: os.environ.get(name) for name in (*machines.CHOOSING, *THREADS)
                },
            }
        )

    def of(self, unit, tests) -> str:
        """Return the fingerprint of a unit."""
        digest = hashlib.sha256(self.machine.encode())
        digest.update("\n".join(sorted(test.nodeid for test in tests)).encode())
        for file in sorted(self.files(unit, tests[0])):
            digest.update(f"{file.relative_to(self.root)} {_digest(file)}\n".encode())
        return digest.hexdigest()[:32]

    def files(self, unit, item) -> frozenset:
        """Return the files that a unit depends on."""
        path, _, name = unit.partition("@")
        return self._files(path, name, self.named(item))

    def inside(self, files) -> set:
        """Return the names of files as seen from the root."""
        return {str(file.relative_to(self.root)) for file in files}

    def named(self, item) -> tuple:
        """Return the patterns and functions that a test's unit names."""
        return tuple(what for mark in item.iter_markers("reads") for what in mark.args)

    @cache  # noqa: B019  one object a run
    def _files(self, path, name, named):
        found = {self.root / "constraints.txt", self.root / "pyproject.toml"}
        sources = [self.root / path]
        for folder in (self.root / path).parents:
            sources += [folder / "conftest.py", folder / "__init__.py"]
            if folder == self.root:
                break
        found.update(file for file in sources if file.is_file())
        for what in named:
            if callable(what):
                found.update(self.root / file for file in what(name))
            else:
                found.update(self.root.glob(what.format(name=name or "**/*")))
        found |= self._imported(tuple(sorted(found)))
        return frozenset(
            file for file in found if file.is_file() and not aside(file.relative_to(self.root))
        )

    @cache  # noqa: B019
    def _imported(self, sources):
        """Return the files of all modules that some files import, with the data beside them."""
        waiting = [file for file in sources if file.suffix == ".py"]
        seen, modules = set(waiting), set()
        while waiting:
            for package, module in self._imports(waiting.pop()):
                modules.add((package, module))
                file = package.file_of(module)
                if file not in seen:
                    seen.add(file)
                    waiting.append(file)
        for package in self.packages:
            if package.name == "companion":
                seen.update(package.data_files(m for p, m in modules if p == package))
        return frozenset(seen)

    @cache  # noqa: B019
    def _imports(self, file):
        text = file.read_text(encoding="utf-8")
        dotted = ".".join(file.relative_to(self.root).with_suffix("").parts)
        dotted = dotted.removesuffix(".__init__")
        found = set()
        for package in self.packages:
            module = dotted if package.file_of(dotted) else None
            try:
                found |= {(package, name) for name in package.imports_of(text, module)}
            except SyntaxError:  # running the tests tells it, with its line
                return frozenset()
        return frozenset(found)


class Watch:
    """Notes which files of the project are opened while a unit runs, and programs started."""

    def __init__(self, root):
        self.root = str(root)
        self._known, self._strange, self._names, self._away = None, None, False, 0
        sys.addaudithook(self._heard)

    @contextlib.contextmanager
    def of(self, files, names):
        """Gather what is opened beside these files; names says whether the unit names any."""
        self._known, self._strange = {str(file) for file in files}, set()
        self._names = names
        before = set(sys.modules)
        strange = self._strange
        try:
            yield strange
        finally:
            for name in set(sys.modules) - before:
                self._look(getattr(sys.modules[name], "__file__", None))
            self._known = None

    @contextlib.contextmanager
    def away(self, away):
        """Do not listen meanwhile."""
        self._away += away
        try:
            yield
        finally:
            self._away -= away

    def _heard(self, event, args):
        if self._known is None or self._away:
            return
        if event == "open":
            self._look(args[0])
        elif event == "subprocess.Popen" and not self._names:
            self._strange.add("a program that it starts")

    def _look(self, path):
        if not isinstance(path, str) or not path.startswith(self.root + os.sep):
            return
        inside = path[len(self.root) + 1 :]
        if path not in self._known and not aside(Path(inside)) and os.path.isfile(path):
            self._strange.add(inside)


def aside(file) -> bool:
    """Tell whether a file is what tools keep for themselves, and no part of the project."""
    return any(part.endswith(ASIDE) for part in file.parts)


@cache
def _digest(file) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
