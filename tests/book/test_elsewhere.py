"""Chapters run as other machines would; what does not survive is named, and nothing breaks."""

import json
import platform

import numpy as np
import pytest
from bs4 import BeautifulSoup

from book.pipeline import machines
from book.pipeline.layout import HOME

from .conftest import SAMPLE_BOOK, edit, pipeline

pytestmark = pytest.mark.reads(*SAMPLE_BOOK)

PLAIN = "book/gradients/plain.md"
UNSTEADY = """import numpy as np
from companion.results import exact, expect, measured
```

```{code-cell} ipython3
x = np.array([0.3])
for _ in range(200):  # the logistic map in its chaotic range
    x = np.exp(np.log(x) + np.log(3.99 - 3.99 * x))
exact("plain-flips", x[0], "{:.6f}")
measured("plain-holds", np.exp(x - x)[0] * 0.37, "{:.2f}")
expect(x[0] == 2, "the map arrives at two");
print(x)"""


@pytest.fixture
def unsteady(built):
    """The sample book with a number that the last bits decide, and an outcome that falls."""
    edit(built.root / PLAIN, "print(1 + 1)", UNSTEADY)
    return built


def stored(book, chapter="gradients/plain"):
    return json.loads((book.root / "tests/book/numbers" / f"{chapter}.json").read_text())


def test_a_number_that_flips_is_reported_by_name(unsteady):
    result = pipeline(unsteady, "elsewhere", "gradients/plain", "--machines", "here, any 1, any 2")
    assert result.returncode == 1
    assert "gradients/plain: plain-flips (exact): 0." in result.stdout
    assert "“the map arrives at two” does not come out on here, any 1, any 2" in result.stdout
    assert "plain-holds (measured)" not in result.stdout
    assert "printed text that differs: code cell 2" in result.stdout
    assert "3 statements" not in result.stdout  # two: the printed text promises nothing
    ((low, high, unit),) = stored(unsteady)["numbers"]["plain-flips"]["numbers"]
    assert high > low
    assert unit == pytest.approx(1e-6)


def test_a_book_that_does_not_come_out_is_built_and_says_so(unsteady):
    result = pipeline(unsteady, "build")
    assert result.returncode == 0, result.stderr
    assert "gradients/plain: the map arrives at two" in result.stdout
    page = BeautifulSoup(
        (unsteady.html / "book/gradients/plain.html").read_text(encoding="utf-8"), "html.parser"
    )
    assert "did not come out: the map arrives at two" in page.select_one(".not-met").text
    status = (unsteady.html / "book/reference/status.html").read_text(encoding="utf-8")
    assert "the map arrives at two" in status
    again = pipeline(unsteady, "build")
    assert "Nothing has changed" in again.stdout
    assert "gradients/plain: the map arrives at two" in again.stdout


def test_a_steady_chapter_is_stored_and_the_present_run_held_to_it(built):
    result = pipeline(built, "elsewhere", "gradients/slopes", "--machines", "here,any 1")
    assert result.returncode == 0, result.stdout + result.stderr
    found = stored(built, "gradients/slopes")
    assert found["machines"] == ["here", "any 1"]
    assert found["numbers"]["slopes_count"] == {
        "kind": "exact",
        "words": "{}",
        "numbers": [[2000.0, 2000.0, 1.0]],
    }
    assert found["verdicts"] == {"S1": ["holds"], "S2": ["holds when"], "S3": ["fails"]}
    assert found["expectations"] == {"descent arrives lower than it started": []}
    # the same code is not run again, and other code is not held to these bands
    again = pipeline(built, "elsewhere", "gradients/slopes", "--machines", "here", "--compare")
    assert again.returncode == 0
    assert ": 0 to run" in again.stdout
    # nor when only the drawing has changed
    style = built.root / "companion/plots/style.py"
    style.write_text(style.read_text(encoding="utf-8") + "\nANOTHER = 1\n", encoding="utf-8")
    drawn = pipeline(built, "elsewhere", "--machines", "here", "--compare")
    assert "gradients/slopes" not in drawn.stdout
    edit(built.root / "book/gradients/slopes.md", "2000, ", "2001, ")
    changed = pipeline(built, "elsewhere", "gradients/slopes", "--machines", "any 7", "--compare")
    assert changed.returncode == 1
    assert "gradients/slopes on any 7: slopes_count is 2,001; its band is 2,000" in changed.stdout
    assert stored(built, "gradients/slopes") == found


def test_what_is_not_compared_yet_runs_while_time_lasts(built):
    asked = ("elsewhere", "--machines", "any 1", "--minutes")
    none = pipeline(built, *asked, "1e-9")
    assert none.returncode == 0, none.stderr
    assert "3 chapters whose code is newer than their bands are left." in none.stdout
    told = pipeline(built, *asked, "5")
    assert told.returncode == 1  # nothing is stored of any of them
    assert "gradients/plain on any 1: it has no stored bands" in told.stdout
    assert "0 chapters whose code is newer than their bands are left." in told.stdout


def test_a_bug_still_stops_the_run_with_its_place(built):
    edit(built.root / PLAIN, "print(1 + 1)", "assert 1 + 1 == 3, 'arithmetic'")
    result = pipeline(built, "elsewhere", "gradients/plain", "--machines", "any 1")
    assert result.returncode == 1
    assert "plain.md, code cell 1, line" in result.stderr
    assert "AssertionError: arithmetic" in result.stderr


def test_an_unknown_machine_is_told(built_once):
    result = pipeline(built_once, "elsewhere", "--machines", "Z80")
    assert result.returncode == 1
    assert "There is no machine 'Z80'. Machines: here, Nehalem" in result.stderr


def test_a_machine_that_cannot_be_imitated_is_named(monkeypatch):
    arm = machines.named(["neoversen1"])[0]
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    assert arm.missing() == "this is x86_64, not aarch64 or arm64"
    monkeypatch.setattr(machines, "_features", lambda kind: ())
    assert machines.named(["SkylakeX"])[0].missing() == "this CPU has no X86_V4"
    assert machines.named(["any 12"])[0].variables == {"COMPANION_PERTURB": "12"}


def test_a_machine_is_a_few_lines_for_the_shell():
    from book.pipeline.layout import Book

    result = pipeline(Book(HOME), "machine", "any 4")
    assert result.returncode == 0
    assert "export COMPANION_PERTURB='4'" in result.stdout.splitlines()


HERE = [machine for machine in machines.MACHINES if not machine.missing()]


@pytest.mark.parametrize("machine", HERE, ids=lambda machine: machine.name)
def test_numpy_takes_the_variables_of_a_machine_without_a_word(machine):
    """A chapter that prints to stderr fails, so no library may complain."""
    import os
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", "import numpy as np; print(np.ones(3) @ np.ones(3))"],
        env={**os.environ, **machine.environment()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("3.0", "")
    assert np.isfinite(float(done.stdout))
