"""A weighted sum of parts, and weights that do not fit."""

import pytest

from companion.detection.weighted import weighted


def parts(output, target):
    return {"near": output - target, "far": output * target}


def test_parts_are_added_with_their_weights():
    loss = weighted(parts, {"near": 2, "far": 10}, ("near", "far"))
    assert loss(7, 3) == 2 * 4 + 10 * 21


@pytest.mark.parametrize("weights", [{"near": 1}, {"near": 1, "far": 1, "else": 1}])
def test_weights_that_do_not_fit_are_refused(weights):
    with pytest.raises(ValueError, match="expected"):
        weighted(parts, weights, ("near", "far"))
