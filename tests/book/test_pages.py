"""What the rendered pages of the sample book say, and when they are rendered again."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from book.pipeline.downloads import plain
from book.pipeline.layout import HOME

from .conftest import SAMPLE_BOOK, edit, make_sample, pipeline
from .links import broken_links

pytestmark = pytest.mark.reads(*SAMPLE_BOOK)

SLOPES = "book/gradients/slopes"
STATUS = "book/reference/status"


def page(book, name):
    return BeautifulSoup((book.html / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def words(node):
    return " ".join(node.get_text(" ").split())


def test_a_second_build_does_nothing(built_once):
    before = (built_once.html / "index.html").stat().st_mtime_ns
    result = pipeline(built_once, "build")
    assert result.returncode == 0
    assert "Nothing has changed" in result.stdout
    assert (built_once.html / "index.html").stat().st_mtime_ns == before


def test_prose_is_rendered_again_without_running(built):
    edit(built.root / f"{SLOPES}.md", "the way there", "the road there")
    edit(built.root / f"{SLOPES}.md", "it halves its distance", "it halves the distance")
    result = pipeline(built, "build")
    assert result.returncode == 0, result.stderr
    assert "No chapter has to run" in result.stdout
    soup = page(built, SLOPES)
    assert "the road there" in words(soup)
    assert "it halves the distance" in words(soup.find("figcaption"))
    assert "1.4e-05" in words(soup)


def test_a_changed_result_reaches_its_page_the_ledger_and_the_status(built):
    edit(built.root / "companion/gradients/descent.py", "steps=50", "steps=10")
    before = words(page(built, "book/reference/claims"))
    result = pipeline(built, "build")
    assert result.returncode == 0, result.stderr
    assert "Running 1 of 3 chapters" in result.stdout
    assert "1.1e-01" in words(page(built, SLOPES))
    ledger = words(page(built, "book/reference/claims"))
    assert "1.1e-01" in ledger
    assert "1.1e-01" not in before


def test_a_half_built_site_is_built_again(built):
    (built.html / ".built").unlink()
    (built.html / "index.html").write_text("")
    assert pipeline(built, "build").returncode == 0
    assert "A sample book" in words(page(built, "index"))


def test_a_warning_stays_an_error_until_it_is_put_right(built):
    source = built.root / f"{SLOPES}.md"
    edit(source, "{numref}`fig-path`", "{numref}`fig-nowhere`")
    for _ in range(2):  # pages that are not read again give no warnings
        result = pipeline(built, "build")
        assert result.returncode == 1
        assert "fig-nowhere" in result.stderr
    edit(source, "fig-nowhere", "fig-path")
    assert pipeline(built, "build").returncode == 0


def test_jupyter_book_alone_executes_nothing(built):
    shutil.rmtree(built.build / ".jupyter_cache")
    shutil.rmtree(built.build / ".doctrees")
    program = Path(sys.executable).with_name("jupyter-book")
    result = subprocess.run(
        [program, "build", "-W", str(built.root)],
        env={**os.environ, "PYTHONPATH": f"{built.root}{os.pathsep}{HOME}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert "run `make book`" in result.stdout + result.stderr


def test_claim_boxes_and_ledger_tell_the_computed_verdicts(built_once):
    soup = page(built_once, SLOPES)
    verdicts = {box["id"]: words(box.select_one(".claim-verdict")) for box in soup.select(".claim")}
    assert verdicts == {
        "claim-s1": "Verdict ✓ holds : at 1.4e-05 after 50 steps",
        "claim-s2": "Verdict ◐ holds when the rate is below 1: 1.2 times further away at 1.1",
        "claim-s3": "Verdict ✗ fails : never below 0",
    }
    rows = page(built_once, "book/reference/claims").select("table.claims-ledger tbody tr")
    assert [words(row.find("td")) for row in rows] == ["S1", "S2", "S3"]
    links = [row.select_one("a")["href"] for row in rows]
    assert links == [f"../gradients/slopes.html#claim-s{n}" for n in (1, 2, 3)]


def test_incomplete_markup_fails_the_build(built):
    source = built.root / f"{SLOPES}.md"
    edit(source, ":::{claim} S3", ":::{claim} S4")
    edit(source, "```{tabs-end}\n```\n\nAnd", "And")
    twice = ":::{claim} S2\n:title: Twice\n:reach: nothing\nAgain.\n:::\n\n"
    edit(source, "## Two ways", f"{twice}## Two ways")
    result = pipeline(built, "build")
    assert result.returncode == 1
    for complaint in (
        "claim S4 has no verdict",
        "verdict for claim S3, but no {claim} box shows it",
        "claim S2 stands in book/gradients/slopes already",
    ):
        assert complaint in result.stderr
    assert re.search(r"slopes\.md:\d+: WARNING: {tabs-start} without {tabs-end}", result.stderr)


def test_tabs_hold_their_cells_and_share_names(built_once):
    sets = page(built_once, SLOPES).select(".sd-tab-set")
    names = [[words(label) for label in tabs.select("label")] for tabs in sets]
    assert names == [["NumPy", "Plain"]] * 2
    first, second = sets[0].select(".sd-tab-content")
    assert "np.square" in first.get_text()
    assert "[1. 4.]" in first.get_text()
    assert "np.square" not in second.get_text()
    assert {label["data-sync-id"] for label in sets[1].select("label")} == {"NumPy", "Plain"}


def test_a_figure_to_explore_is_a_figure_with_its_numbers_beside_it(built_once):
    soup = page(built_once, "book/gradients/steps")
    figure = soup.find("figure", id="fig-tangent")
    picture, numbers, caption = figure.find_all(recursive=False)
    assert picture["alt"] == "The graph of a power of x with its tangent at one point."
    assert picture["src"].endswith(".svg")
    assert numbers["type"] == "application/json"
    assert words(caption).startswith("Fig. 2.1 A power of")
    link = soup.find("a", href="#fig-tangent", string=re.compile("Fig. 2.1"))
    assert link is not None
    data = json.loads(numbers.string)
    function, place = data["controls"]
    assert function["values"][2] == "</script> no power"  # and yet the numbers go on
    assert place["values"][place["start"]] == "+1.0"
    assert data["say"]["states"][6] == "The square of 1.0 is 1.00."
    search = (built_once.html / "searchindex.js").read_text(encoding="utf-8")
    assert "tangent" in search
    assert data["curves"][0]["color"].strip("#").lower() not in search


def test_downloads_keep_the_picture_of_a_figure_to_explore(built_once):
    path = built_once.html / "_sources" / "book/gradients/steps.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    shown = [o.data for c in notebook.cells for o in c.get("outputs", []) if "data" in o]
    assert sum("image/svg+xml" in data for data in shown) == 3


def test_the_card_tells_cost_modules_topics_and_downloads(built_once):
    soup = page(built_once, SLOPES)
    head = soup.select_one("h1 ~ p.chapter-head")
    assert words(head).startswith("Read first: free text, then Steps")
    assert [link["href"] for link in head.select("a")] == ["steps.html#steps"]
    card = soup.select_one(".chapter-card")
    assert not card.find_next("h2")  # what the page is made of stands at its foot
    terms = [words(term) for term in card.select("dt")]
    assert terms == ["Syllabus", "Runs in", "Uses", "Take along"]
    assert re.search(r"[\d.]+ s, \d+ MB", words(card))
    hrefs = [link["href"] for link in card.select("a")]
    assert hrefs == [
        "../reference/coverage.html#syllabus-s01",
        "../reference/coverage.html#syllabus-s02",
        "../reference/api.html#module-companion.gradients.descent",
        "../../_sources/book/gradients/slopes.ipynb",
        "../../_sources/book/gradients/slopes.md",
    ]
    assert "companion.results" in words(card)  # no API page: named, not linked


def test_coverage_links_what_exists_and_shows_what_is_planned(built_once):
    rows = page(built_once, "book/reference/coverage").select("table.syllabus tbody tr")
    links = {row["id"]: [a["href"] for a in row.select("a")] for row in rows}
    assert links == {
        "syllabus-s01": [
            "../gradients/slopes.html#slopes-claims",
            "api.html#companion.gradients.descent.descend",
            "../gradients/slopes.html#ex-twice",
            "../gradients/slopes.html#claim-s1",
        ],
        "syllabus-s02": [
            "../gradients/slopes.html#a-measurement",
            "../gradients/slopes.html#claim-s2",
            "../gradients/slopes.html#claim-s3",
        ],
        "syllabus-s03": ["../gradients/steps.html"],
        "syllabus-t01": [],
    }
    assert "planned" in words(rows[3])


def test_status_has_a_row_a_chapter(built_once):
    rows = page(built_once, STATUS).select("table.status tbody tr")
    first = [words(cell) for cell in rows[0].select("td")]
    assert first[0] == "Slopes"
    headings = [words(cell) for cell in page(built_once, STATUS).select("table.status thead th")]
    told = dict(zip(headings, first, strict=True))
    assert [told[name] for name in ("Without alt", "Claims", "Exercises")] == ["0", "3", "1"]
    assert len(rows) == 3


def test_downloads_hold_outputs_and_plain_markdown(built_once):
    notebook = nbformat.read(built_once.html / "_sources" / f"{SLOPES}.ipynb", as_version=4)
    nbformat.validate(notebook)
    pictures = [
        o for c in notebook.cells for o in c.get("outputs", []) if "image/png" in o.get("data", {})
    ]
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    assert pictures
    assert "Of 2,000 steps we need 50, and are at 1.4e-05" in text
    assert "**Claim S1." in text
    assert not re.search(r"\{[\w:-]+\}`|^(`{3}|:{3})|^\([\w-]+\)=", text, re.MULTILINE)
    assert all("pip install" not in cell.source for cell in notebook.cells)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("see {numref}`fig-x` and {math}`x^2`", "see fig-x and $x^2$"),
        ("{ref}`the text <label>`", "the text"),
        ("{glue:text}`speed` m/s", "3.1 m/s"),
        ("(label)=\n# Title", "# Title"),
        ("```{math}\n:label: eq\nx = 1\n```", "$$\nx = 1\n$$"),
        (":::{note}\nA **word**.\n:::", "> **Note**\n>\n> A **word**."),
        (":::{prf:theorem} Bound\n:label: t\nAt most $k$.\n:::", "> **Bound**\n>\n> At most $k$."),
        ("```python\nx = 1\n```", "```python\nx = 1\n```"),
    ],
)
def test_markup_of_downloads(source, expected):
    assert plain(source, {"speed": "3.1"}) == expected


def test_no_page_needs_the_repository_while_its_address_is_unset(built_once):
    for path in built_once.html.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"colab|mybinder|github\.com|launch-buttons", text), path.name


def test_buttons_point_to_what_opens_once_the_address_is_set(tmp_path):
    book = make_sample(tmp_path, repository="https://github.com/someone/course")
    result = pipeline(book, "build")
    assert result.returncode == 0, result.stderr
    soup = page(book, SLOPES)
    hrefs = {link["href"] for link in soup.select("a[href^=http]")}
    assert {
        "https://colab.research.google.com/github/someone/course/blob/gh-pages/"
        "_sources/book/gradients/slopes.ipynb",
        "https://mybinder.org/v2/gh/someone/course/main?urlpath=lab/tree/book/gradients/slopes.md",
        "https://github.com/someone/course/edit/main/book/gradients/slopes.md",
    } <= hrefs
    assert any(href.startswith("https://github.com/someone/course/issues/new") for href in hrefs)
    # The two files the buttons name: one in the built site, one in the repository.
    assert (book.html / "_sources/book/gradients/slopes.ipynb").exists()
    assert (book.root / "book/gradients/slopes.md").exists()
    assert not page(book, "index").select("a[href*=colab]")

    notebook = json.loads((book.html / f"_sources/{SLOPES}.ipynb").read_text())
    first = "".join(notebook["cells"][0]["source"])
    assert "git+https://github.com/someone/course" in first
    tests = page(book, "book/reference/coverage").select("a[href*='/blob/main/tests/']")
    assert [link["href"] for link in tests] == [
        "https://github.com/someone/course/blob/main/tests/test_x.py"
    ]


def test_mathjax_is_small_and_says_its_licence(built_once):
    folder = built_once.html / "_static" / "mathjax"
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert size < 3 * 2**20
    assert "Apache License" in (folder / "NOTICE").read_text()
    script = page(built_once, SLOPES).select_one("script[src*=mathjax]")
    assert "tex-mml-chtml.js" in script["src"]
    assert not script["src"].startswith("http")


def test_all_links_of_the_sample_lead_somewhere(built_once):
    assert broken_links(built_once.html) == []
