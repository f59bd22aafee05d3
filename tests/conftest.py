"""What tests of several folders share."""

import matplotlib as mpl
import pytest


@pytest.fixture
def plain_matplotlib():
    """No window, no style left over from another test, no figure left behind."""
    with mpl.rc_context():
        mpl.use("agg")
        yield
    mpl.pyplot.close("all")
