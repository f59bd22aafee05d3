"""Reading a learner's file, and taking from it only what an exercise needs."""

import ast
import json

import pytest

from companion.exercises import needed, submission
from companion.exercises.failures import Failed, NotStarted, Unreadable
from companion.exercises.submission import Cell


def kept(text, function="f", cells=None):
    """The source of the statements that would be run."""
    program = needed.select(cells or [Cell("a.py", text)], function)
    sources = []
    for piece in program.pieces:
        body = ast.parse(piece.text).body
        sources += [ast.unparse(body[index]) for index in piece.kept]
    return sources


def test_training_and_plots_are_not_run():
    text = """
import numpy as np
import matplotlib.pyplot as plt
from math import *
X = np.zeros(9)
w = X
for i in range(1000):
    w = w - 1
plt.plot(X)
def g(x):
    return scale * x
scale = 2
scale += 1
def f(x):
    w = np.exp(g(x))
    return [i for i in w]
f(3)
"""
    assert [line.splitlines()[0] for line in kept(text)] == [
        "import numpy as np",
        "from math import *",
        "def g(x):",
        "scale = 2",
        "scale += 1",
        "def f(x):",
    ]


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("import os.path", "os"),
        ("import numpy.linalg as la", "la"),
        ("from math import pi as tau", "tau"),
        ("a, (b, *c) = 1, (2, 3)", "c"),
        ("class K(Base): pass", "K"),
        ("try:\n    import torch\nexcept ImportError:\n    torch = None", "torch"),
        ("if 1:\n    flag = 2", "flag"),
        ("with open('x') as file: pass", "file"),
        ("for k in (): pass", "k"),
        ("while (n := 0): pass", "n"),
        ("x: int = 3", "x"),
        ("match 1:\n    case m: pass", "m"),
        ("global z; z = 1", "z"),
    ],
)
def test_every_statement_that_binds_a_name_is_found(statement, name):
    text = f"{statement}\nother = 5\ndef f():\n    return {name}\n"
    assert len(kept(text)) >= 2
    assert "other = 5" not in kept(text)


def test_a_table_is_taken_with_what_fills_it():
    text = """
table = {}
words = []
table["a"] = 1
words.append("b")
for k in range(3):
    table[k] = k
def f(x): return table[x], words
"""
    assert len(kept(text)) == 6


def test_defaults_decorators_and_classes_are_needed():
    text = """
import functools
N = 3
EPS = 1e-6
class Base: eps = EPS
class K(Base): pass
@functools.cache
def f(n=N): return K()
"""
    assert len(kept(text)) == 6


def test_a_function_wrapped_later_is_taken_with_its_wrapping():
    assert len(kept("import numpy as np\ndef f(x): return x\nf = np.vectorize(f)")) == 3


def test_of_two_definitions_both_run_so_the_last_counts():
    cells = [Cell("n.ipynb, cell 1", "def f(): return 1"), Cell("n.ipynb, cell 3", "def f(): pass")]
    assert needed.select(cells, "f").place == "n.ipynb, cell 3"


def test_a_broken_cell_elsewhere_does_not_matter():
    cells = [Cell("n.ipynb, cell 1", "x = ("), Cell("n.ipynb, cell 2", "def f(): return 1")]
    assert kept("", cells=cells) == ["def f():\n    return 1"]


@pytest.mark.parametrize("order", [(0, 1), (1,)])
def test_a_broken_cell_with_the_function_is_told_with_its_line(order):
    both = [Cell("n.ipynb, cell 1", "def f(): pass"), Cell("n.ipynb, cell 2", "\ndef f(:\n  pass")]
    with pytest.raises(Failed) as caught:
        needed.select([both[index] for index in order], "f")
    assert "n.ipynb, cell 2, line 2" in str(caught.value)
    assert "def f(:" in str(caught.value)


def test_missing_functions():
    with pytest.raises(Failed, match="did you mean slope") as caught:
        needed.select([Cell("a.py", "def slope(): pass")], "slopes")
    assert not isinstance(caught.value, NotStarted)
    with pytest.raises(NotStarted, match="no function slopes yet"):
        needed.select([], "slopes")


def notebook(*sources):
    cells = [{"cell_type": "code", "source": source} for source in sources]
    return json.dumps({"cells": cells, "nbformat": 4})


def test_notebook_cells_are_numbered_as_they_stand(tmp_path):
    path = tmp_path / "n.ipynb"
    path.write_text(
        json.dumps(
            {
                "cells": [
                    {"cell_type": "markdown", "source": "# Title"},
                    {"cell_type": "code", "source": ["a = 1\n", "b = 2"]},
                ]
            }
        )
    )
    assert submission.read(path) == [Cell("n.ipynb, cell 2", "a = 1\nb = 2")]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("!pip install x\nif 1:\n    %cd y\n    z", "pass\nif 1:\n    pass\n    z"),
        ("%%time\nx = 1", "\nx = 1"),
        ("\n%%capture\n%%time\ndef f(): pass", "\n\n\ndef f(): pass"),
        ("%%bash\nls", ""),
        ("files = !ls\nx", "files = get_ipython().getoutput('ls')\nx"),
        ("a, b = !ls", "a, b = get_ipython().getoutput('ls')\n"),
        ("np.sum?", "pass\n"),
        ("%time x = 1\n%prun -s cumulative f()", "x = 1\npass\n"),
        ("%matplotlib inline\nx = (7\n%3)", "pass\nx = (7\n%3)"),
        ("%config a \\\n  b\nx = 1", "pass\n\nx = 1"),
        ("%time x = 'é'; y = 2\nz", "x = 'é'; y = 2\nz"),
        ("%matplotlib inline\ns = \"\"\"\n%a\n!b\n\"\"\"", "pass\ns = \"\"\"\n%a\n!b\n\"\"\""),
        ("\n  %time x = 1\n  y = 2", "\nx = 1\ny = 2"),
        ("%time x = 1\ny = (", "get_ipython().run_line_magic('time', 'x = 1')\ny = ("),
        ('"""\n%d\n"""', '"""\n%d\n"""'),
        ("a = 5\nb = (a\n% 3)", "a = 5\nb = (a\n% 3)"),
    ],
)
def test_magics_leave_the_lines_where_they_are(tmp_path, source, text):
    path = tmp_path / "n.ipynb"
    path.write_text(notebook(source))
    assert submission.read(path)[0].text.rstrip("\n") == text.rstrip("\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ('{"cells": [', "damaged .line 1"),
        ("[]", "no list of cells"),
        ('{"worksheets": []}', "no list of cells"),
        ('{"cells": [3]}', "cell 1 is not a notebook cell"),
        ('{"cells": [{"cell_type": "code", "source": 3}]}', "cell 1 has no text"),
        ('{"cells": ' + "9" * 5000 + "}", "is damaged"),
        ("[" * 100_000, "nested too deeply|damaged"),
    ],
)
def test_unreadable_notebooks(tmp_path, text, said):
    path = tmp_path / "n.ipynb"
    path.write_text(text)
    with pytest.raises(Unreadable, match=said):
        submission.read(path)


def test_a_file_that_is_no_text(tmp_path):
    path = tmp_path / "n.py"
    path.write_bytes(b"\xff\xfe\0")
    with pytest.raises(Unreadable, match="not a text file"):
        submission.read(path)


def test_a_slip_in_one_cell_of_a_script_does_not_hide_the_others(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("import os\n# %% one\ndef f(): return os\n# %% two\ndef g(:\n    pass\n")
    cells = submission.read(path)
    assert len(kept("", cells=cells)) == 2
    assert needed.select(cells, "f").place == "a.py, line 3"
    with pytest.raises(Failed, match=r"a\.py, line 5"):
        needed.select(cells, "g")


def test_markdown_cells_keep_the_lines_of_the_file(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "# Title\n\n```{code-cell} ipython3\n:tags: [x]\n\ndef f(): return 1\n```\n\ntext\n"
        "```{note}\ndef h(): pass\n```\n"
        "````{code-cell}\n---\ntags: [y]\n---\n%time\ndef g(): return 2\n````\n"
    )
    cells = submission.read(path)
    assert needed.select(cells, "f").place == "a.md, line 6"
    assert needed.select(cells, "g").place == "a.md, line 18"
    with pytest.raises(Failed):
        needed.select(cells, "h")


def test_a_sign_that_python_takes_for_no_line_break(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("a\u2028b\x0cc\n```{code-cell}\ns = 'x\u2028y'\ndef f(): return 1\n```\n")
    cells = submission.read(path)
    assert needed.select(cells, "f").place == "a.md, line 4"
    assert "'x\u2028y'" in cells[0].text


def test_the_traceback_has_the_learners_lines(grade_code):
    code = "\n\ndef helper(w):\n    return w['a']\n\ndef signed_distance(X, w, b):\n"
    message = grade_code(f"{code}    return helper(w)").checks[0].message
    assert message.splitlines()[0].startswith("IndexError: only integers")
    assert message.splitlines()[1:] == [
        "toy.py, line 8, in signed_distance",
        "    return helper(w)",
        "toy.py, line 5, in helper",
        "    return w['a']",
    ]
