"""The list of topics is complete, and every topic called done is told, built, proved and asked."""

import ast
import importlib
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from .conftest import REAL_BOOK

pytestmark = pytest.mark.reads(*REAL_BOOK)

ROOT = Path(__file__).resolve().parents[2]
SYLLABUS = ROOT / "book" / "syllabus.yml"
PARTS = {  # letter of the ids: folder of the part, number of topics
    "G": ("gradients", 32),
    "O": ("optimization", 17),
    "R": ("regularization", 15),
    "V": ("cnn", 19),
    "D": ("detection", 11),
    "F": ("faces", 6),
    "S": ("rnn", 16),
    "N": ("generative", 6),
    "B": ("beyond", 4),
}
CLAIMS = {f"C{n}" for n in range(1, 44)}
LISTS = ("symbols", "tests", "exercises", "claims")
ENTRIES = yaml.safe_load(SYLLABUS.read_text(encoding="utf-8"))


# --- what a topic may point to ---------------------------------------------------------------


def anchors(text: str) -> set[str]:
    """Labels and heading slugs of a MyST page, code blocks left out."""
    prose = re.sub(r"^(`{3,}).*?^\1\s*$", "", text, flags=re.M | re.S)
    labels = set(re.findall(r"^\(([^)\s]+)\)=\s*$", prose, flags=re.M))
    titles = re.findall(r"^#{1,6}\s+(.+?)\s*$", prose, flags=re.M)
    slugs = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
    return labels | slugs


def exercise_ids(text: str) -> set[str]:
    """Ids of the exercises of a page: their labels without `ex-`."""
    starts = re.findall(r"^`{3,}\{exercise-start\}.*?^`{3,}\s*$", text, flags=re.M | re.S)
    return {m[1] for start in starts if (m := re.search(r":label:\s*ex-(\S+)", start))}


def claim_ids(text: str) -> set[str]:
    """Ids of the claim boxes of a page."""
    return set(re.findall(r"^[:`]{3,}\{claim\}\s+(C\d+)\s*$", text, flags=re.M))


def symbol_problem(name: str) -> str | None:
    """Why `companion.x.y.Name` is not a documented public name, or None."""
    parts = name.split(".")
    if any(part.startswith("_") for part in parts):
        return f"{name} is not public"
    for cut in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
            break
        except ModuleNotFoundError as error:
            if not ".".join(parts[:cut]).startswith(error.name or "\0"):
                raise  # the module is there and lacks something itself
    else:
        return f"{name} does not import"
    for part in parts[cut:]:
        if not hasattr(found, part):
            return f"{name} does not exist: {'.'.join(parts[:cut])} has no {part}"
        found = getattr(found, part)
    return None if (found.__doc__ or "").strip() else f"{name} has no docstring"


def node_problem(node: str, root: Path) -> str | None:
    """Why `tests/file.py::test_name` is not a test, or None."""
    file, *names = node.split("[")[0].split("::")
    if not names or not (root / file).is_file():
        return f"{node}: no such file" if names else f"{node} names no test"
    body = ast.parse((root / file).read_text(encoding="utf-8")).body
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for name in names:
        found = [item for item in body if isinstance(item, kinds) and item.name == name]
        if not found:
            return f"{node}: {file} holds no {name}"
        body = found[0].body
    return None if names[-1].startswith("test") else f"{node}: {names[-1]} is not run by pytest"


def pages_of(entry: dict, root: Path = ROOT) -> list[Path]:
    """The pages of a topic: its chapter, then those beside it."""
    names = [entry["chapter"], *entry.get("also", [])]
    return [root / "book" / entry["part"] / f"{name}.md" for name in names]


def problems(entry: dict, root: Path = ROOT) -> list[str]:
    """Everything that is wrong with one entry, each line naming the entry and the field."""
    wrong = []

    def complain(field, why):
        wrong.append(f"{entry['id']}.{field}: {why}")

    for field in LISTS:
        if not isinstance(entry[field], list):
            complain(field, "must be a list")
    if set(entry.get("statements", {})) != set(entry["claims"]):
        complain("statements", "must word each claim of the entry, and no other")
    if entry["state"] not in ("planned", "done"):
        complain("state", f"is {entry['state']!r}, must be planned or done")
    if entry["state"] != "done" or wrong:
        return wrong

    page, *also = pages_of(entry, root)
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    for one in (page, *also):
        if not one.is_file():
            complain("chapter", f"book/{entry['part']}/{one.name} does not exist")
    if not entry["section"]:
        complain("section", "is empty: the topic is not told")
    elif text and entry["section"] not in anchors(text):
        complain("section", f"{page.name} has no heading or label {entry['section']}")
    for field, what in (("symbols", "built"), ("tests", "proved")):
        if not entry[field]:
            complain(field, f"is empty: the topic is not {what}")
    for name in entry["symbols"]:
        if why := symbol_problem(name):
            complain("symbols", why)
    for node in entry["tests"]:
        if why := node_problem(node, root):
            complain("tests", why)
    if not entry["exercises"] and not entry["claims"]:
        complain("exercises", "neither an exercise nor a claim: the topic is not asked")
    texts = [text, *(one.read_text(encoding="utf-8") for one in also if one.is_file())]
    for field, ids in (("exercises", exercise_ids), ("claims", claim_ids)):
        for missing in sorted(set(entry[field]).difference(*map(ids, texts))):
            complain(field, f"{missing} is not in {', '.join(one.name for one in (page, *also))}")
    return wrong


# --- the list itself -------------------------------------------------------------------------


def test_ids_are_complete_and_unique():
    expected = [
        f"{letter}{n:02d}" for letter, (_, count) in PARTS.items() for n in range(1, count + 1)
    ]
    assert [entry["id"] for entry in ENTRIES] == expected


def test_each_topic_stands_in_its_part_with_both_names():
    for entry in ENTRIES:
        assert entry["part"] == PARTS[entry["id"][0]][0], entry["id"]
        assert re.fullmatch(r"[a-z0-9_]+", entry["chapter"]), entry["id"]
        for field in ("topic", "zh", "must"):
            assert entry[field].strip(), f"{entry['id']}.{field} is empty"


def test_chinese_terms_are_chinese_or_a_proper_name():
    latin = {e["id"] for e in ENTRIES if not re.search(r"[\u4e00-\u9fff]", e["zh"])}
    assert latin == {"V08"}  # LeNet-5 has no other name


def test_each_claim_belongs_to_one_topic():
    used = Counter(claim for entry in ENTRIES for claim in entry["claims"])
    assert set(used) == CLAIMS
    assert {claim for claim, count in used.items() if count > 1} == set()


def test_fields_are_known():
    known = {
        "id",
        "topic",
        "zh",
        "part",
        "chapter",
        "also",
        "state",
        "must",
        "oracle",
        "section",
        "statements",
        *LISTS,
    }
    for entry in ENTRIES:
        assert known - {"statements", "also"} <= set(entry) <= known, entry["id"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_entry_points_to_things_that_exist(entry):
    assert not (wrong := problems(entry)), "\n".join(wrong)


def test_a_chapters_card_and_the_list_agree():
    by_id = {entry["id"]: entry for entry in ENTRIES}
    wrong = []
    for part, _ in PARTS.values():
        for page in sorted((ROOT / "book" / part).glob("*.md")):
            card = re.search(r"^:syllabus:(.*)$", page.read_text(encoding="utf-8"), flags=re.M)
            named = set(card[1].split()) if card else set()
            for id_ in sorted(named):
                entry = by_id[id_]
                if page not in pages_of(entry) or entry["state"] != "done":
                    wrong.append(
                        f"{id_}: on the card of {page.name}, but {entry['part']}/"
                        f"{entry['chapter']} and {entry['state']} in syllabus.yml"
                    )
            wrong += [
                f"{e['id']}: done in {page.name}, but not on its card"
                for e in ENTRIES
                if (e["part"], e["chapter"], e["state"]) == (part, page.stem, "done")
                and e["id"] not in named
            ]
    assert not wrong, "\n".join(wrong)


# --- the walk notices what is wrong ----------------------------------------------------------

PAGE = """# Perceptron
(hyperplane)=
## What a line is
```{code-cell} ipython3
# Not a heading
```
:::{claim} C1
:::
```{exercise-start} Signed distance (3 points)
:label: ex-signed-distance
```
"""
GOOD = {
    "id": "G01",
    "topic": "t",
    "zh": "超平面",
    "part": "gradients",
    "chapter": "perceptron",
    "state": "done",
    "section": "hyperplane",
    "symbols": ["pathlib.Path.exists"],
    "tests": ["tests/test_a.py::test_one"],
    "exercises": ["signed-distance"],
    "claims": ["C1"],
    "statements": {"C1": "…"},
}


@pytest.fixture
def small_book(tmp_path):
    (tmp_path / "book" / "gradients").mkdir(parents=True)
    (tmp_path / "book" / "gradients" / "perceptron.md").write_text(PAGE, encoding="utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text("def test_one(): ...\ndef help_me(): ...\n")
    return tmp_path


def test_a_good_entry_passes(small_book):
    assert problems(GOOD, small_book) == []
    assert problems(GOOD | {"section": "what-a-line-is"}, small_book) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("chapter", "perceptrons"),
        ("section", None),
        ("section", "no-such-heading"),
        ("section", "not-a-heading"),
        ("symbols", []),
        ("symbols", ["pathlib.Path.no_such_method"]),
        ("symbols", ["no_such_package.Name"]),
        ("symbols", ["pathlib._private"]),
        ("tests", []),
        ("tests", ["tests/test_a.py::test_two"]),
        ("tests", ["tests/test_b.py::test_one"]),
        ("tests", ["tests/test_a.py"]),
        ("tests", ["tests/test_a.py::help_me"]),
        ("exercises", ["no-such-exercise"]),
        ("state", "nearly"),
    ],
)
def test_a_wrong_entry_is_named(small_book, field, value):
    wrong = problems(GOOD | {field: value}, small_book)
    assert any(line.startswith(f"G01.{field}: ") for line in wrong), wrong


def test_a_claim_without_a_box_is_named(small_book):
    wrong = problems(GOOD | {"claims": ["C2"], "statements": {"C2": "…"}}, small_book)
    assert wrong == ["G01.claims: C2 is not in perceptron.md"]


def test_a_topic_nobody_asks_is_named(small_book):
    wrong = problems(GOOD | {"exercises": [], "claims": [], "statements": {}}, small_book)
    assert len(wrong) == 1
    assert "not asked" in wrong[0]
