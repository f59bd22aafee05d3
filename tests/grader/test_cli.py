"""The commands as a learner uses them."""

import json
import os
import re
import subprocess
import sys

import jupytext
import nbformat
import pytest

SOLUTIONS = {
    "signed_distance": "(X @ w + b) / np.linalg.norm(w)",
    "centred": "X - X.mean(axis=0)",
}


def solve(path, **answers):
    """Replace stubs in a file by one-line answers, whatever its format."""
    text = path.read_text()
    if path.suffix == ".ipynb":
        notebook = json.loads(text)
        for cell in notebook["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "code":
                cell["source"] = replaced(source, answers)
        path.write_text(json.dumps(notebook))
    else:
        path.write_text(replaced(text, answers))


def replaced(text, answers):
    for name, answer in answers.items():
        pattern = rf'(def {name}\(.*\):\n    """.*"""\n)    raise NotImplementedError'
        text = re.sub(pattern, rf"\1    return {answer}", text)
    return text


def by_id(report):
    return {e["id"]: e for chapter in report["chapters"] for e in chapter["exercises"]}


@pytest.mark.parametrize("format", ["ipynb", "py", "md"])
def test_the_three_formats_are_graded_the_same(companion, tmp_path, format):
    work = tmp_path / "work"
    assert companion("start", work, "--format", format)[0] == 0
    path = work / f"toys/lines.{format}"
    text = path.read_text()
    assert "X @ w + b) /" not in text
    assert "ex-" not in text
    notebook = jupytext.read(path)
    nbformat.validate(notebook)
    marked = [c.metadata["exercise"] for c in notebook.cells if "exercise" in c.metadata]
    assert marked == [i for i in ("signed-distance", "centred", "careful-log") for _ in "ab"]
    code, out, _ = companion("check", work, "--json")
    assert code == 1
    assert {e["status"] for e in by_id(json.loads(out)).values()} == {"not started"}

    solve(path, **SOLUTIONS, careful_log="np.log10(x)")
    code, out, _ = companion("check", work, "--json")
    found = by_id(json.loads(out))
    assert code == 1
    assert found["signed-distance"]["status"] == "solved"
    assert found["centred"]["status"] == "solved"
    assert found["careful-log"]["status"] == "wrong"
    assert found["slope"]["status"] == "not started"
    assert found["signed-distance"]["place"].startswith(f"lines.{format}, ")


@pytest.mark.parametrize("format", ["ipynb", "py", "md"])
@pytest.mark.parametrize("again", ["ipynb", "py", "md"])
def test_start_never_writes_over_work(companion, tmp_path, format, again):
    work = tmp_path / "work"
    mine = work / f"toys/lines.{format}"
    mine.parent.mkdir(parents=True)
    mine.write_text("my work")
    (work / "README.md").write_text("my notes")
    code, out, _ = companion("start", work, "--format", again)
    assert code == 0
    assert f"kept  {mine}" in out
    assert f"wrote {work / 'toys' / ('curves.' + again)}" in out
    assert mine.read_text() == "my work"
    assert (work / "README.md").read_text() == "my notes"
    assert sorted(p.name for p in mine.parent.iterdir()) == sorted([mine.name, f"curves.{again}"])


def test_the_notebook_is_for_people(work):
    notebook = nbformat.read(work / "toys/lines.ipynb", 4)
    nbformat.validate(notebook)
    first, setup, statement, stub, *_ = notebook.cells
    assert "*Lines* (`toys/lines` in the book)" in first.source
    assert setup.source == "import numpy as np"
    assert statement.source.startswith(
        "## 1. Signed distance (4 points)\n\n*code, easy*\n\nReturn the"
    )
    assert stub.source.endswith("raise NotImplementedError")
    assert "companion check" in (work / "README.md").read_text()


def test_wording_of_results(companion, work):
    solve(work / "toys/lines.ipynb", **SOLUTIONS)
    code, out, _ = companion("check", work / "toys/lines.ipynb")
    assert code == 1
    assert "3 of 3 public points, 2 public checks passed, 1 hidden remains" in out
    assert "A careful logarithm  not started, 2 points" in out
    assert "6 of 8 public points; 1 more is in hidden checks, which your instructor's" in out
    assert "Next: A careful logarithm (lines.ipynb, cell 8)" in out
    assert "test_of_no_points" not in out
    assert "no points have no distances" not in out


def test_a_failure_teaches(companion, work):
    solve(work / "toys/lines.ipynb", signed_distance="X @ w + b")
    _, out, _ = companion("check", work, "--exercise", "signed-distance")
    assert "✗ the distance is divided by the length of w" in out
    assert "Likely mistake: the norm is missing." in out
    assert "is doubled (waits for: the distance is divided" in out.replace("are", "is")
    assert "Centred" not in out


def test_all_solved_ends_with_0(companion, work):
    solve(work / "toys/lines.ipynb", **SOLUTIONS)
    code, out, _ = companion("check", work, "--exercise", "centred")
    assert code == 0
    assert "2 checks passed" in out


def test_json_has_one_form(companion, work):
    solve(work / "toys/lines.ipynb", signed_distance="print('hi', w[0]) or X @ w + b")
    code, out, err = companion("check", work, "--json", "--hint")
    report = json.loads(out)
    assert (code, err, report["version"]) == (1, "", 1)
    assert set(report) == {
        "version",
        "chapters",
        "points",
        "possible",
        "hidden",
        "solved",
        "next",
        "unreadable",
        "hint",
    }
    assert (report["points"], report["possible"], report["solved"]) == (0, 14, False)
    assert set(report["next"]) == {"exercise", "title", "chapter", "place"}
    assert report["hint"]["level"] == 1
    assert [c["chapter"] for c in report["chapters"]] == ["toys/lines", "toys/curves"]
    first = by_id(report)["signed-distance"]
    assert set(first) == {
        "id",
        "title",
        "status",
        "points",
        "possible",
        "passed",
        "public",
        "hidden",
        "place",
        "parts",
        "checks",
    }
    assert (first["public"], first["hidden"], first["possible"]) == (2, 1, 4)
    assert [c["status"] for c in first["checks"]] == ["failed", "waits"]
    assert first["checks"][0]["output"] == "hi 1.0\n"


def test_hints_grow_and_begin_anew(companion, work):
    path = work / "toys/lines.ipynb"
    solve(path, signed_distance="X @ w + b")
    seen = [json.loads(companion("check", work, "--json", "--hint")[1])["hint"] for _ in range(4)]
    assert [hint["level"] for hint in seen] == [1, 2, 3, 3]
    assert seen[0]["text"] == "A distance is measured in lengths of w."
    assert seen[2]["text"].startswith("Divide X @ w + b by")
    before = path.read_text()
    path.write_text(before.replace("X @ w + b", "(X @ w + b) / 3"))
    companion("check", work)
    path.write_text(before)
    assert json.loads(companion("check", work, "--json", "--hint")[1])["hint"]["level"] == 1
    assert "Hint 2 of 3 for “the distance" in companion("check", work, "--hint")[1]


def test_a_hint_for_what_is_not_started(companion, work):
    hint = json.loads(companion("check", work, "--json", "--hint")[1])["hint"]
    assert hint["check"] == "test_divides_by_the_norm"


@pytest.mark.parametrize("inside", ["", "toys", "toys/lines.ipynb"])
def test_the_current_folder_and_parts_of_it(companion, work, monkeypatch, inside):
    monkeypatch.chdir(work)
    path = work / inside if inside else "."
    code, out, _ = companion("check", path, "--json")
    assert code == 1
    assert "signed-distance" in by_id(json.loads(out))


def test_a_copy_elsewhere_is_known_by_its_name(companion, work, tmp_path):
    copy = tmp_path / "lines.ipynb"
    copy.write_text((work / "toys/lines.ipynb").read_text())
    assert "signed-distance" in by_id(json.loads(companion("check", copy, "--json")[1]))
    assert "signed-distance" in by_id(json.loads(companion("check", tmp_path, "--json")[1]))


def test_of_two_formats_the_newer_counts(companion, work):
    script = work / "toys/lines.py"
    script.write_text("def centred(X): return X - X.mean(0)\n")
    os.utime(script, (2e9, 2e9))
    assert by_id(json.loads(companion("check", work, "--json")[1]))["centred"]["status"] == "solved"


def errors(companion, *arguments):
    code, out, err = companion(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("companion: ")
    assert err.count("\n") == 1
    return err


def test_errors_are_one_clear_line(companion, work, tmp_path, course):
    empty = tmp_path / "empty"
    empty.mkdir()
    other = empty / "other.py"
    other.write_text("")
    text = empty / "lines.txt"
    text.write_text("")
    assert "no exercises in" in errors(companion, "check", empty)
    assert "does not exist; companion start" in errors(companion, "check", tmp_path / "nowhere")
    assert "there are: lines, curves" in errors(companion, "check", other)
    assert "is none of .ipynb, .py, .md" in errors(companion, "check", text)
    assert "did you mean centred?" in errors(companion, "check", work, "--exercise", "centered")
    assert "is the book itself" in errors(companion, "check", course.root / "book")
    assert "is not the course" in errors(companion, "check", work, "--course", str(empty))
    assert "unknown format 'doc'" in errors(companion, "start", tmp_path / "x", "--format", "doc")
    assert "--watch goes with" in errors(companion, "check", work, "--watch", "--json")
    assert "lines.txt" in errors(companion, "start", text)
    path = work / "toys/lines.ipynb"
    path.write_text('{"cells": [')
    assert "is damaged (line 1" in errors(companion, "check", path)
    pipe = work / "toys/curves.py"
    os.mkfifo(pipe)
    assert "neither a file nor a folder" in errors(companion, "check", pipe)


def test_unknown_options_end_with_2(companion):
    assert companion("check", "--nonsense")[0] == 2


def test_a_syntax_error_is_told_once_with_its_line(companion, work):
    path = work / "toys/lines.ipynb"
    path.write_text(path.read_text().replace("def centred(X):", "def centred(X:"))
    code, out, _ = companion("check", path)
    assert code == 1
    assert out.count("lines.ipynb, cell 6, line 1: '(' was never closed") == 1


def test_a_missing_function_is_guessed(companion, work):
    path = work / "toys/lines.ipynb"
    path.write_text(path.read_text().replace("def centred(X):", "def centered(X):"))
    assert "no function centred; did you mean centered?" in companion("check", path)[1]


def test_jupytext_is_only_missed_when_it_is_needed(companion, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "jupytext", None)
    assert "needs jupytext: pip install" in errors(
        companion, "start", tmp_path / "a", "--format", "py"
    )
    assert companion("start", tmp_path / "b")[0] == 0
    assert companion("check", tmp_path / "b")[0] == 1


def test_doctor_tells_what_is_there_and_what_is_not(companion, monkeypatch):
    from companion.exercises import doctor

    code, out, _ = companion("doctor")
    assert code == 0
    assert re.search(r"✓ required packages: .*numpy \d", out)
    assert re.search(r"✓ course: .*2 chapters, 6 exercises", out)
    assert re.search(r"processor: \d+ cores, \d+ GB", out)
    known = doctor.installed
    monkeypatch.setattr(doctor, "installed", lambda n: None if n == "mlxtend" else known(n))
    out = companion("doctor")[1]
    assert "· extra “data”: without mlxtend: pip install -e '.[data]'" in out


def test_doctor_without_a_course_ends_with_1(companion, tmp_path):
    code, out, _ = companion("doctor", "--course", tmp_path)
    assert code == 1
    assert "✗ course" in out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "utf-8"])
def test_any_terminal_can_show_the_answers(tmp_path, work, encoding):
    """A code page without ✓ is no reason for a traceback, whose status 1 would mean "unsolved"."""
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = [
        subprocess.run(
            [sys.executable, "-m", "companion.cli", *arguments],
            env=environment,
            capture_output=True,
            check=False,
        )
        for arguments in (["check", str(work)], ["doctor"], ["--help"])
    ]
    assert [one.returncode for one in done][1:] == [0, 0]
    for one in done:
        assert b"Traceback" not in one.stderr
        assert one.stdout.decode("utf-8" if encoding == "ascii" else encoding)


def test_results_come_although_nothing_can_be_saved(companion, work, tmp_path, monkeypatch):
    blocked = tmp_path / "a file"
    blocked.write_text("no folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    code, out, err = companion("check", work)
    assert code == 1  # unsolved, which is the truth
    assert "not started" in out
    assert "cannot be saved" in err
    assert "the results above stand" in err
