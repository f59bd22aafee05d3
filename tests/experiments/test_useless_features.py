"""Patients are split once, standardized by the training set, and chosen by the development set."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from companion.data.diabetes import diabetes
from companion.experiments.regularization.useless_features import chosen_by_dev, own_patients


def ridges(X, y, lams):
    return [Ridge(alpha=lam * len(X)).fit(X, y).coef_ for lam in lams]


def test_the_parts_never_change_and_do_not_meet():
    _, y = diabetes()
    one, other = own_patients(1), own_patients(2, useless=3)
    assert [len(part) for part in one] == [100] * 6
    assert one.X_train.shape == (100, 10)
    assert other.X_dev.shape == (100, 13)
    for k in (3, 5):  # the targets of both differ by a constant: means of the training sets
        assert np.ptp(one[k] - other[k]) < 1e-12
    every = own_patients(1, size=242)
    found = np.concatenate([every.y_train, every.y_dev, every.y_test])
    np.testing.assert_allclose(np.sort(found - found.min()) * np.ptp(y) / np.ptp(found),
                               np.sort(y - y.min()), atol=1e-9)  # fmt: skip


def test_the_training_set_is_standardized_and_the_useless_features_are_new():
    one, other = own_patients(1, useless=5), own_patients(2, useless=5)
    np.testing.assert_allclose(one.X_train.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(one.X_train.std(axis=0), 1)
    np.testing.assert_allclose(one.y_train.mean(), 0, atol=1e-12)
    assert abs(np.corrcoef(one.X_test[:, 10:].T, other.X_test[:, 10:].T)[:5, 5:]).max() < 0.5
    assert abs(one.X_dev[:, 10:].std() - 1) < 0.2


def test_the_lowest_development_error_chooses():
    data, lams = own_patients(3, useless=30), np.logspace(-3, 2, 11)
    found = chosen_by_dev(ridges, data, lams)
    errors = [np.mean((data.X_dev @ w - data.y_dev) ** 2)
              for w in ridges(data.X_train, data.y_train, lams)]  # fmt: skip
    np.testing.assert_allclose(found.dev_errors, errors)
    assert found.lam == lams[np.argmin(errors)]
    assert found.dev == min(found.dev_errors)
    missed = data.X_test @ found.weights - data.y_test
    np.testing.assert_allclose(found.test, np.mean(missed**2))
    assert (np.diff(found.train_errors) > 0).all()


def test_counts_out_of_range_are_refused():
    for options in ({"useless": -1}, {"size": 1}, {"size": 243}):
        with pytest.raises(ValueError, match="own_patients: got"):
            own_patients(0, **options)
