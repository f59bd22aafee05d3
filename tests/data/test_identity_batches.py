"""Batches of identities: who is in them, how often, in what order; what cannot be drawn."""

import numpy as np
import pytest

from companion.data.identity_batches import IdentityBatches

NAMES = np.repeat([3, 5, 8, 9, 11], 6)
IMAGES = np.arange(30.0)[:, None] + 100 * NAMES[:, None]


def batches(**options):
    return IdentityBatches(IMAGES, NAMES, **{"people": 3, "each": 2, "steps": 50, **options})


def test_each_batch_has_so_many_people_with_so_many_pictures():
    for images, names in batches().epoch(0):
        assert images.shape == (6, 1)
        _, counts = np.unique(names, return_counts=True)
        np.testing.assert_array_equal(counts, [2, 2, 2])
        assert len(np.unique(images)) == 6  # no picture twice
        np.testing.assert_array_equal((images[:, 0] // 100).astype(int), names)


def test_everybody_and_every_picture_gets_a_turn():
    seen = np.concatenate([images[:, 0] for images, _ in batches(steps=200).epoch(0)])
    _, counts = np.unique(seen, return_counts=True)
    assert len(counts) == 30
    np.testing.assert_allclose(counts, 200 * 6 / 30, rtol=0.6)


def test_an_epoch_depends_on_seed_and_number_alone():
    data = batches()
    first = [names.tolist() for _, names in data]
    second = [names.tolist() for _, names in data]
    assert first == [names.tolist() for _, names in batches().epoch(0)]
    assert second == [names.tolist() for _, names in batches().epoch(1)]
    assert first != second
    assert first != [names.tolist() for _, names in batches(seed=1)]
    assert len(data) == len(first) == 50


def test_a_transform_gets_the_batch_and_the_draws():
    def doubled(images, names, rng):
        assert isinstance(rng, np.random.Generator)
        return 2 * images, names

    plain, changed = (next(batches(transform=t).epoch(4)) for t in (None, doubled))
    np.testing.assert_array_equal(changed[0], 2 * plain[0])


def test_all_people_and_all_pictures_at_once():
    images, names = next(batches(people=5, each=6).epoch(0))
    assert set(images[:, 0]) == set(IMAGES[:, 0])
    assert sorted(names) == NAMES.tolist()


def test_names_may_be_words():
    data = IdentityBatches(IMAGES, np.array(list("abcde")).repeat(6), people=2, each=2)
    assert set(next(data.epoch(0))[1]) <= set("abcde")


def test_faults_are_named():
    with pytest.raises(ValueError, match="30 pictures, 29 names"):
        IdentityBatches(IMAGES, NAMES[1:])
    with pytest.raises(ValueError, match="5 people, a batch needs 8; lower `people`"):
        IdentityBatches(IMAGES, NAMES)
    with pytest.raises(ValueError, match="expected at least 2 and 2"):
        batches(each=1)
    with pytest.raises(ValueError, match="expected at least 2 and 2"):
        batches(people=1)
    with pytest.raises(ValueError, match="person 3 has 5 pictures, a batch needs 6; lower `each`"):
        IdentityBatches(IMAGES[1:], NAMES[1:], people=2, each=6)
    with pytest.raises(ValueError, match="0 people, a batch needs 8"):
        IdentityBatches(IMAGES[:0], NAMES[:0])
