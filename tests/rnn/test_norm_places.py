"""Norms before and behind, and dates by attention alone: what is stored is what scripts find."""

import numpy as np
import pytest

from companion import optim
from companion.rnn.experiments import dates_blocks, norm_places

pytestmark = pytest.mark.reads(
    "companion/rnn/experiments/norm_places.json", "companion/rnn/experiments/dates_blocks.json"
)


def test_a_stack_does_not_look_ahead():
    model = norm_places.Stack(9, 3, norm_first=True).double()
    tokens = np.random.default_rng(0).integers(4, 9, (2, 6))
    other = tokens.copy()
    other[:, 4] = 4 + (other[:, 4] - 3) % 5
    change = abs(model(other).numpy() - model(tokens).numpy()).max(axis=(0, 2))
    assert change[:4].max() < 1e-12 < change[4:].min()


def test_all_combinations_are_stored():
    found = norm_places.stored()
    keys = {(e["norm_first"], e["depth"], e["rate"]) for e in found}
    assert len(found) == len(keys) == 2 * len(norm_places.DEPTHS) * len(norm_places.RATES)
    assert all(len(e["loss"]) == len(norm_places.SEEDS) for e in found)


@pytest.mark.parametrize("first", [False, True])
def test_a_shallow_run_comes_out_as_stored(first):
    """A whole run of two blocks; last bits grow, so the end agrees to some hundredths."""
    entry = next(
        e for e in norm_places.stored()
        if e["norm_first"] == first and e["depth"] == 2 and e["rate"] == 0.003
    )  # fmt: skip
    got = np.mean(norm_places.run(2, first, 0.003, norm_places.SEEDS[0])[-30:])
    assert got == pytest.approx(entry["loss"][0], abs=0.05)


def test_gradients_before_training_are_one_a_block():
    found = norm_places.first_gradients(3, True, 0)
    assert len(found) == 3
    assert min(found) > 0


def test_rates_of_dates_were_chosen_by_another_seed():
    found = dates_blocks.stored()
    assert list(found) == list(dates_blocks.RATES)
    for name, run in found.items():
        assert [rate for _, rate in run["tried"]] == list(dates_blocks.RATES[name])
        assert run["rate"] == max(run["tried"])[1]
        assert len(run["right"]) == len(dates_blocks.SEEDS)
    sizes = [run["weights"] for run in found.values()]
    assert sizes[0] > sizes[1]  # the Transformer is not the smaller one


@pytest.mark.parametrize("name", dates_blocks.RATES)
def test_a_short_run_on_dates_learns(name):
    """Fewer dates, fewer epochs: the numbers of the years come first, so none may be right yet."""
    model, right = dates_blocks.learned(optim, name, rate=0.006, epochs=1, count=300)
    assert 0 <= right <= 1
    assert sum(p.data.size for p in model.parameters()) > 40_000
