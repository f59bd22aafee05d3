"""The harness of the face detector: what it learns from, and that stored results are its own."""

import numpy as np
import torch

from companion import nn
from companion.detection.experiments import face_windows
from companion.detection.experiments.face_windows import (
    MOST,
    NO_FACES,
    SEEDS,
    UNSEEN,
    contest,
    false_alarms,
    grey,
    learn_faces,
    rate_of_faces,
    stored,
    trained_faces,
    varied,
)
from companion.detection.windows.dense_as_convolution import as_convolution
from companion.training import predict


def test_nothing_is_learned_from_what_is_judged():
    assert not {*UNSEEN, "astronaut"} & set(NO_FACES)


def test_one_round_in_small():
    learned = learn_faces(torch.nn, torch.optim, rounds=1, epochs=3, photographs=("brick",))
    assert len(learned.models) == 2
    assert learned.held_out.shape == (20, 1, 24, 24)
    assert len(learned.taken) == 1
    assert learned.taken[0].shape[1:] == (1, 24, 24)
    assert len(learned.taken[0]) <= MOST
    assert np.abs(learned.taken[0]).max() <= 0.5
    # What was taken is what the first classifier says yes to.
    if len(learned.taken[0]):
        assert rate_of_faces(learned.models[0], learned.taken[0]) > 0.5
    found = contest(learned)
    assert {len(values) for values in found.values()} == {2}


def test_windows_are_varied_as_said():
    X = np.random.default_rng(0).normal(size=(6, 1, 24, 24)).astype(np.float32)
    y = np.ones((6, 1))
    got, same = varied(X, y, np.random.default_rng(1))
    assert same is y
    assert got.shape == X.shape
    assert got.dtype == np.float32
    inner = got[:, 0, 3:21, 3:21]
    for k in range(6):
        shifted = [
            a[2 + i : 20 + i, 2 + j : 20 + j]
            for a in (X[k, 0], X[k, 0, :, ::-1])
            for i in range(3)
            for j in range(3)
        ]
        close = [abs(np.corrcoef(inner[k].ravel(), s.ravel())[0, 1]) for s in shifted]
        assert max(close) > 0.999


def test_weights_serve_both_engines():
    own, their = trained_faces(nn), trained_faces(torch.nn)
    piece = grey("astronaut")[:, 40:140, 150:260]
    found = [predict(as_convolution(model, 24), piece[None]) for model in (own, their)]
    np.testing.assert_allclose(*found, atol=1e-4)


def test_stored_numbers_are_those_of_the_stored_weights():
    runs = stored()
    assert all(values.shape[0] == len(SEEDS) for values in runs.values())
    boxes = false_alarms(trained_faces(torch.nn), grey(UNSEEN[0]), most=10**6)
    assert abs(len(boxes) - runs["alarms"][0, -1]) <= 1
    boxes = false_alarms(trained_faces(torch.nn), grey("astronaut"), most=10**6)
    assert abs(len(boxes) - runs["boxes"][0, -1]) <= 1


def test_files_lie_beside_their_module():
    assert face_windows.FILE.is_file()
    assert face_windows.WEIGHTS.is_file()
