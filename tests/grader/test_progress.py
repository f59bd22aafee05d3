"""Progress survives runs, damage and interrupts."""

import json

import pytest

from companion.exercises import progress
from companion.exercises.results import CheckResult, ExerciseResult


def result(status="passed", id="slope"):
    return ExerciseResult(id, "Slope", [CheckResult("test_a", "a", status, 1, hints=("x", "y"))])


def test_it_is_kept_by_folder(tmp_path):
    with progress.editing(tmp_path / "one") as mine:
        mine.record(result())
    with progress.editing(tmp_path / "one") as mine:
        assert mine.status("slope") == "solved"
    with progress.editing(tmp_path / "two") as other:
        assert other.status("slope") == "not started"


def test_a_solved_exercise_can_be_broken_again(tmp_path):
    for status, expected in (("passed", "solved"), ("failed", "wrong")):
        with progress.editing(tmp_path) as mine:
            mine.record(result(status))
        with progress.editing(tmp_path) as mine:
            assert mine.status("slope") == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"version": 1}',
        '{"version": 99, "exercises": {}, "hints": {}}',
        '{"version": 1, "exercises": {"a": {"status": 3}}, "hints": {}}',
        '{"version": 1, "exercises": {}, "hints": {"a": "x"}}',
        '{"version": 1, "exercises": {}, "hints": {"a": 1e999}}',
        "[" * 100_000,
    ],
)
def test_a_damaged_file_is_kept_aside(tmp_path, text):
    path = progress.file_for(tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with progress.editing(tmp_path) as mine:
        assert "was damaged" in mine.warning
        mine.record(result())
    assert path.with_suffix(".damaged").read_text() == text
    with progress.editing(tmp_path) as mine:
        assert mine.warning == ""
        assert mine.status("slope") == "solved"


def test_an_interrupt_leaves_the_old_file(tmp_path, monkeypatch):
    with progress.editing(tmp_path) as mine:
        mine.record(result())
    before = progress.file_for(tmp_path).read_text()

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    for name in ("os.replace", "os.fsync", "json.dump"):
        with monkeypatch.context() as patch:
            patch.setattr(name, interrupted)
            with pytest.raises(KeyboardInterrupt), progress.editing(tmp_path) as mine:
                mine.record(result("failed"))
        assert progress.file_for(tmp_path).read_text() == before
    assert [p.name for p in progress.state_folder().iterdir()] == [progress.file_for(tmp_path).name]


def test_a_folder_that_cannot_be_written_is_a_warning(tmp_path, capsys):
    progress.state_folder().parent.mkdir()
    progress.state_folder().write_text("a file")
    with progress.editing(tmp_path) as mine:
        assert "cannot be read" in mine.warning
    assert "cannot be saved" in capsys.readouterr().err


def test_the_file_says_which_folder_it_is_for(tmp_path):
    with progress.editing(tmp_path):
        pass
    assert json.loads(progress.file_for(tmp_path).read_text())["folder"] == str(tmp_path)
