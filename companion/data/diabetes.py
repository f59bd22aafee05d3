"""Diabetes: ten measurements of 442 patients, as the package scikit-learn ships them."""

from typing import NamedTuple

import numpy as np

from companion.data.files import packaged_file

FILES = {
    "datasets/data/diabetes_data_raw.csv.gz": (
        "7fc0ded571454b1982210d3bb43f0aca44eae01a0b8654a3b24022bdb6b38009"
    ),
    "datasets/data/diabetes_target.csv.gz": (
        "8e53f65eb811df43c206f3534bb3af0e5fed213bc37ed6ba36310157d6023803"
    ),
}


class Diabetes(NamedTuple):
    """Measurements and what became of the patients.

    Attributes
    ----------
    X : numpy.ndarray
        (442, 10) float64, in their units: age, sex, body mass index, mean blood pressure, and six
        measurements of the blood serum.
    y : numpy.ndarray
        (442,) float64: progression of the disease a year later, between 25 and 346.
    """

    X: np.ndarray
    y: np.ndarray


def diabetes():
    """Load the diabetes data without importing scikit-learn, which takes a second.

    Returns
    -------
    Diabetes
        Measurements and progression, the same as ``sklearn.datasets.load_diabetes(scaled=False)``.

    Raises
    ------
    ModuleNotFoundError
        If scikit-learn is not installed.
    ValueError
        If its files are not the expected ones.

    Notes
    -----
    Source: Efron, Hastie, Johnstone and Tibshirani, *Least angle regression* (2004). Used in the
    chapters :ref:`losses` and :ref:`deep_signals`.
    """
    return Diabetes(*(np.loadtxt(packaged_file("sklearn", *file)) for file in FILES.items()))
