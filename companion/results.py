"""Numbers and verdicts that a page quotes: computed in a cell, read by the prose.

``number`` is what ``{glue:text}`` in a chapter reads; ``verdict`` fills the box of a claim. Both
show themselves in a notebook as well, so that a learner sees the same values.
"""

CLAIM = "application/vnd.companion.claim+json"
RECORD = "application/papermill.record/"
VERDICTS = ("holds", "holds when", "fails")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def scientific(value, digits=0):
    """Write a number as prose does: 5·10⁻³ where Python says 5e-03.

    Parameters
    ----------
    value : float
        Any finite number.
    digits : int
        Digits after the point of the factor.

    Returns
    -------
    str
        Factor and power of ten; a factor of 1 is left out.
    """
    if value == 0:
        return "0"
    factor, exponent = f"{abs(value):.{digits}e}".split("e")
    power = f"10{str(int(exponent)).translate(_RAISED)}"
    return ("−" if value < 0 else "") + (power if factor == "1" else f"{factor}·{power}")


def number(name, value, form="{}"):
    """Quote a number in the prose under `name`.

    Parameters
    ----------
    name : str
        Key for ``{glue:text}``, unique in the book.
    value : object
        What the run produced.
    form : str
        Format, such as ``"{:.1%}"``.

    Returns
    -------
    str
        The text as it will stand in the prose.
    """
    from IPython.display import display

    text = form.format(value)
    # The form that myst-nb's glue stores, without importing myst-nb (a second) in the chapter.
    # Glue reads a literal: unquoted, "2,000" would be the pair (2, 0).
    metadata = {"scrapbook": {"name": name, "mime_prefix": RECORD}}
    display({RECORD + "text/plain": repr(text)}, raw=True, metadata=metadata)
    return text


class Verdict:
    """Outcome of the experiment behind a claim, as a notebook shows it."""

    def __init__(self, **fields):
        self.fields = fields

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {CLAIM: self.fields, "text/plain": repr(self)}

    def __repr__(self):
        id, verdict, when, evidence = (
            self.fields[k] for k in ("id", "verdict", "when", "evidence")
        )
        return f"{id} {' '.join(filter(None, [verdict, when]))}: {evidence}"


def verdict(claim, holds, evidence, when=""):
    """State the outcome of an experiment.

    Parameters
    ----------
    claim : str
        Id of the claim, such as ``"C1"``.
    holds : bool
        Whether the measured numbers bear the claim out.
    evidence : str
        The numbers behind it, in one sentence.
    when : str
        The condition under which it holds, if it does not always.

    Returns
    -------
    Verdict
        Shown by the notebook when it stands last in a cell.
    """
    outcome = "fails" if not holds else "holds when" if when else "holds"
    return Verdict(id=claim, verdict=outcome, when=when if holds else "", evidence=evidence)
