"""What is counted of a page: words, formulas, lines, numbers, and how far apart pictures stand."""

import nbformat.v4 as v4
import pytest

from book.pipeline.reading import Reading, prose_of, reading_of

PAGE = """(label)=
# One two

:::{chapter-card}
:first: not counted
:::

Three $x = 4 y$ five six {term}`seven`, {glue:text}`key` nine {ref}`ten <label>`.

```{math}
:label: eq-one
a = 1
```

```{figure} some.svg
:alt: not counted
Not counted.
```

```bash
make nothing
```

$$
b = 2
$$

Eleven 12, 13.5 fourteen.
"""
EXERCISES = """Fifteen.

## Exercises

Not counted 1 2 3.

$$ c $$
"""


def code(source, **metadata):
    return v4.new_code_cell(source, metadata=metadata)


@pytest.fixture
def page():
    figure = {"mystnb": {"figure": {"caption": "c"}}, "tags": ["hide-input"]}
    cells = [
        v4.new_markdown_cell(PAGE),
        code("a = 1\n\nb = 2"),
        code("hidden = 1", **figure),
        v4.new_markdown_cell(EXERCISES),
        code("not = counted"),
    ]
    return v4.new_notebook(cells=cells)


def test_everything_before_the_exercises_is_counted(page):
    found = reading_of(page)
    assert found == Reading(words=15, formulas=2, lines=2, figures=2, numbers=3, stretch=10)
    assert found.density == pytest.approx(200)
    assert found.minutes == pytest.approx(15 / 200 + 2 / 12 + 2 / 2 + 2 / 2)


def test_a_page_without_words():
    found = reading_of(v4.new_notebook(cells=[code("a = 1")]))
    assert (found.words, found.density, found.stretch) == (0, 0, 0)


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("a $x$ b", "a  x  b"),
        ("{term}`weights <weight>` w", "weights  w"),
        ("{glue:text}`name-1` of", "1 of"),
        ("$$ x = 1 $$", "\1"),
        ("![alt 1](file.png)", "\0"),
    ],
)
def test_what_counts_as_prose(text, prose):
    assert prose_of(text) == prose
