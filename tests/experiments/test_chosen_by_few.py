"""Linear models of labels that are wrong for a known share, as scikit-learn fits them."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from companion.data.digits import train_dev_test
from companion.experiments.regularization import chosen_by_few as few


def test_the_sets_are_all_digits_of_two_parts_once():
    sets = few.careless_parity(0.4, seed=1)
    assert {name: X.shape for name, (X, _) in sets.items()} == {
        "train": (1500, 49), "train_dev": (1500, 49), "dev": (30, 49), "test": (970, 49)
    }  # fmt: skip


def test_the_share_of_wrong_labels_is_as_given():
    data = train_dev_test()
    for share in (0.0, 0.4):
        sets = few.careless_parity(share, seed=2)
        clean = few.careless_parity(0.0, seed=2)
        names = ("train", "train_dev", "test")
        wrong = np.mean([np.mean(sets[name][1] != clean[name][1]) for name in names])
        assert wrong == pytest.approx(share, abs=0.03)
    odd = np.sum(data.y_train % 2)
    assert clean["train"][1].sum() + clean["train_dev"][1].sum() == odd


def test_each_candidate_is_scikit_learn_s():
    sets = few.careless_parity(0.2, seed=3)
    found = few.linear_candidates(sets, count=3, width=10, seed=5)
    rng = np.random.default_rng([5, 16])
    for k in range(3):
        pixels = rng.permutation(49)[:10]
        X, odd = sets["train"]
        model = LinearRegression().fit(X[:, pixels], np.where(odd, 1, -1))
        for name, (examples, labels) in sets.items():
            wrong = np.mean((model.predict(examples[:, pixels]) > 0) != labels)
            assert found[name][k] == pytest.approx(wrong, abs=1 / len(labels))


def test_empty_sets_are_refused():
    for options in ({"size": 3000}, {"size": 0}, {"n_dev": 0}, {"n_dev": 1000}):
        with pytest.raises(ValueError, match="careless_parity: size is"):
            few.careless_parity(0.4, 0, **options)
