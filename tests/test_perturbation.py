"""The imitation of other processors moves last bits, nothing else, and only when asked for."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from companion.perturbation import STEPS, exact, moved

pytestmark = pytest.mark.reads("companion/**/*.py", "book/pipeline/*.py")

FLOATS = st.sampled_from([np.float32, np.float64])


def python(code, **variables):
    """Run code in a Python of its own, with the variables given and no seed of ours."""
    environment = {k: v for k, v in os.environ.items() if k != "COMPANION_PERTURB"}
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**environment, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


ARRAYS = FLOATS.flatmap(lambda kind: arrays.arrays(kind, arrays.array_shapes(max_dims=3)))


@given(ARRAYS, st.integers(0, 99))
def test_a_result_is_moved_by_a_few_units_in_the_last_place_at_most(values, seed):
    result = moved(values, seed)
    assert result.shape == values.shape
    assert result.dtype == values.dtype
    finite = np.isfinite(values)
    np.testing.assert_array_equal(result[~finite], values[~finite])
    distance = np.abs(result[finite] - values[finite])
    with np.errstate(over="ignore"):
        unit = np.spacing(np.abs(values[finite]).astype(values.dtype))
    assert (distance <= STEPS * unit).all()


def test_most_results_are_moved_and_seeds_differ():
    values = np.random.default_rng(0).normal(size=1000)
    changed = [moved(values, seed) for seed in (1, 2)]
    assert all((one != values).mean() > 0.5 for one in changed)
    assert (changed[0] != changed[1]).mean() > 0.5
    # neither up nor down is preferred
    assert abs(np.sign(changed[0] - values).mean()) < 0.2


def test_what_every_machine_computes_exactly_stays():
    whole = np.arange(-50.0, 50.0, dtype=np.float32)
    np.testing.assert_array_equal(moved(whole, 1), whole)
    for other in (3, "text", None, np.arange(5), np.array([True])):
        assert moved(other, 1) is other
    assert exact([whole, np.arange(3), "axis"])
    assert not exact([whole, np.array([0.5])])


def test_equal_values_stay_equal_and_runs_repeat():
    values = np.repeat(np.random.default_rng(1).normal(size=10).astype(np.float32), 7)
    once, again = moved(values, 5), moved(values[::-1], 5)[::-1]
    np.testing.assert_array_equal(once, again)
    assert len(np.unique(once.reshape(10, 7), axis=1).T) == 1


def test_without_the_variable_nothing_is_loaded():
    done = python("import sys, companion; print('companion.perturbation' in sys.modules)")
    assert done.stdout.strip() == "False"


ENGINE = """
import numpy as np
from companion.gradients.tensor import Tensor
rng = np.random.default_rng(0)
x = Tensor(rng.normal(size=(30, 20)), requires_grad=True)
loss = ((x @ rng.normal(size=(20, 10))).exp().mean() + (x * x).sum())
loss.backward()
print(repr(float(loss)), repr(float(x.grad[3, 4])), repr(float(Tensor([1.0, 2.0]).sum())))
"""


def test_the_engine_gives_nearly_the_same_numbers_with_every_seed():
    answers = {s: python(ENGINE, COMPANION_PERTURB=s) for s in ("", "1", "2")}
    values = {s: np.array(done.stdout.split(), float) for s, done in answers.items()}
    for seed in ("1", "2"):
        np.testing.assert_allclose(values[seed], values[""], rtol=1e-12)
        assert values[seed][0] != values[""][0]
        assert values[seed][2] == 3
    assert python(ENGINE, COMPANION_PERTURB="1").stdout == answers["1"].stdout


def test_an_error_names_the_line_it_comes_from():
    code = "import numpy as np\nfrom companion.gradients.tensor import Tensor\n"
    code += "Tensor(np.ones((2, 3))) @ Tensor(np.ones((2, 3)))"
    plain, rewritten = python(code), python(code, COMPANION_PERTURB="1")
    assert "arithmetic.py" in rewritten.stderr
    lines = [[w for w in done.stderr.splitlines() if "File" in w and "companion/" in w]
             for done in (plain, rewritten)]
    assert lines[0] == lines[1]


@pytest.mark.parametrize("seed", ["x", "-1", "1.5"])
def test_a_seed_that_is_no_whole_number_is_told(seed):
    assert f"it is '{seed}'" in python("import companion", COMPANION_PERTURB=seed).stderr
