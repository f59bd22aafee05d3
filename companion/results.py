"""What a page says of its run: numbers of three kinds, expectations, verdicts.

``exact``, ``measured`` and ``timed`` quote a number for ``{glue:text}`` and say how far it can be
relied on. ``expect`` states an outcome that the text relies on; where it does not come out, the
page says so and the book is built all the same. ``verdict`` fills the box of a claim.

``make elsewhere`` runs the chapters as other machines would and compares what they said.
"""

import html

CLAIM = "application/vnd.companion.claim+json"
RECORD = "application/papermill.record/"
SAID = "companion"
"""Key of an output's metadata: what kind of statement it is, for programs that compare runs."""
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


def exact(name, value, form="{}"):
    """Quote a number that every machine computes alike: a count, a shape, a closed form.

    Parameters
    ----------
    name : str
        Key for ``{glue:text}``, unique in the book.
    value : object
        What the run produced.
    form : str
        Format, such as ``"{:,}"``.
    """
    _quote("exact", name, value, form)


def measured(name, value, form="{}"):
    """Quote the outcome of an experiment, with no more digits than it has on other machines.

    Two machines may differ by one in the last digit shown, and by a tenth of the value at most. An
    outcome that differs more is quoted with fewer digits, as a range over seeds, or not at all.

    Parameters
    ----------
    name, value, form
        As for `exact`; the form decides the digits, as in ``"{:.1%}"``.
    """
    _quote("measured", name, value, form)


def timed(name, value, form="{}"):
    """Quote seconds, or a ratio of seconds, which belong to the machine that ran the page.

    The prose draws no conclusion from such a number, except where `expect` states an order with a
    ratio above 1.5.

    Parameters
    ----------
    name, value, form
        As for `exact`.
    """
    _quote("timed", name, value, form)


def _quote(kind, name, value, form):
    text = form.format(value)
    # The form that myst-nb's glue stores, without importing myst-nb (a second) in the chapter.
    # Glue reads a literal: unquoted, "2,000" would be the pair (2, 0).
    _record(name, repr(text), {"kind": kind, "name": name, "text": text})


def expect(condition, relied_on):
    """State an outcome of the run that the text relies on.

    A difference in the last bits, in speed or in load may turn an outcome around on another
    machine. That must not keep a reader from the book: where `condition` is false, the page shows a
    note at this place, and ``make book`` and the status page list it. For what can only be a bug (a
    closed form, agreement with torch) use ``assert``, which stops the build.

    Parameters
    ----------
    condition : bool
        Whether it came out, computed by the run.
    relied_on : str
        The outcome as a sentence, unique on its page.

    Raises
    ------
    TypeError
        When the condition is not a single truth value.
    ValueError
        When the sentence is empty.
    """
    if getattr(condition, "shape", ()) != ():
        raise TypeError(
            f"expect needs one truth value, got shape {condition.shape}; use .all() or .any()"
        )
    if not relied_on.strip():
        raise ValueError("expect needs a sentence that says what the text relies on")
    held = bool(condition)
    said = {"kind": "expectation", "text": relied_on, "held": held}
    if held:
        _record(f"expect: {relied_on}", "'held'", said)
        return
    from IPython.display import display

    note = f"On the machine that ran this page, this did not come out: {relied_on}."
    display(
        {
            "text/html": f'<div class="admonition note not-met"><p class="admonition-title">'
            f"Not here</p><p>{html.escape(note)}</p></div>",
            "text/plain": note,
        },
        raw=True,
        metadata={SAID: said},
    )


def _record(name, text, said):
    """Leave something in the notebook that glue can read and no page shows by itself."""
    from IPython.display import display

    metadata = {"scrapbook": {"name": name, "mime_prefix": RECORD}, SAID: said}
    display({RECORD + "text/plain": text}, raw=True, metadata=metadata)


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
