"""NumPy and PyTorch side by side: the same model in both tabs but for the import."""

import re

from book.pipeline.layout import HOME

SETS = re.compile(r"```\{tabs-start\}\n```\n(.*?)```\{tabs-end\}", re.S)
CODE = re.compile(r"```\{code-cell\}[^\n]*\n(.*?)```", re.S)


def test_the_first_model_differs_in_one_line():
    chapter = (HOME / "book/gradients/perceptron.md").read_text(encoding="utf-8")
    (tabs,) = SETS.findall(chapter)
    ours, theirs = (CODE.findall(tab)[0].splitlines() for tab in tabs.split("```{tab} PyTorch"))
    assert len(ours) == len(theirs) > 5
    differing = [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]]
    assert differing == [("from companion import nn, optim", "from torch import nn, optim")]
