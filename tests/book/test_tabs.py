"""NumPy and PyTorch side by side: the same model in both tabs but for the import."""

import re

import pytest

from book.pipeline.layout import HOME

from .conftest import REAL_BOOK

pytestmark = pytest.mark.reads(*REAL_BOOK)

SETS = re.compile(r"```\{tabs-start\}\n```\n(.*?)```\{tabs-end\}", re.S)
CODE = re.compile(r"```\{code-cell\}[^\n]*\n(.*?)```", re.S)


@pytest.mark.parametrize("page", ["gradients/perceptron", "optimization/descent"])
def test_the_model_differs_in_one_line(page):
    chapter = (HOME / f"book/{page}.md").read_text(encoding="utf-8")
    (tabs,) = SETS.findall(chapter)
    ours, theirs = (CODE.findall(tab)[0].splitlines() for tab in tabs.split("```{tab} PyTorch"))
    assert len(ours) == len(theirs) > 5
    differing = [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]]
    assert differing == [("from companion import nn, optim", "from torch import nn, optim")]
