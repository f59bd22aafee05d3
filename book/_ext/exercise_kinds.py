"""What an exercise asks for and how hard it is, told below its title.

Both are classes of the exercise: ``:class: by-hand easy``.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx_exercise.nodes import is_exercise_node

from companion.exercises.source import KINDS, LEVELS

from .boxes import paragraph, span


def _tell(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for exercise in doctree.findall(is_exercise_node):
        kind = next((word for word in KINDS if word in exercise["classes"]), None)
        level = next((word for word in LEVELS if word in exercise["classes"]), None)
        if kind and level:
            words = [span(KINDS[kind], "exercise-kind"), span(level, f"exercise-level {level}")]
            exercise.insert(1, paragraph(*words, classes="exercise-marks"))


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", _tell)
