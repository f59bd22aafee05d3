"""What pages quote, in the form the course's own module has."""

from IPython.display import display


def number(name, value, form="{}"):
    """Quote a number in the prose."""
    record = "application/papermill.record/"
    metadata = {"scrapbook": {"name": name, "mime_prefix": record}}
    text = repr(form.format(value))  # quoted: the page would read 0.50 as a number, and say 0.5
    display({record + "text/plain": text}, raw=True, metadata=metadata)


def verdict(claim, verdict, evidence, when=""):
    """State the outcome of an experiment."""
    fields = {"id": claim, "verdict": verdict, "when": when, "evidence": evidence}
    display({"application/vnd.companion.claim+json": fields, "text/plain": str(fields)}, raw=True)
