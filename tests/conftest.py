"""What tests of several folders share."""

import matplotlib as mpl
import pytest

from companion import perturbation


@pytest.fixture
def plain_matplotlib():
    """No window, no style left over from another test, no figure left behind."""
    with mpl.rc_context():
        mpl.use("agg")
        yield
    mpl.pyplot.close("all")


@pytest.fixture
def unperturbed(monkeypatch):
    """The machine as it is, also where another one is imitated: for claims to the last bit."""
    monkeypatch.setattr(perturbation, "STEPS", 0)
    monkeypatch.delenv(perturbation.VARIABLE, raising=False)
