"""Tasks with few images: nothing that judges is learned from."""

import numpy as np
import pytest

from companion.experiments.cnn import few_images


def tiny(images, size):
    """Prepare images quickly: every other one of few pixels, as (N, 3, 4, 4)."""
    assert size in few_images.SIZES.values()
    return np.stack([np.asarray(a)[::8, ::8][:4, :4] for a in images]).transpose(0, 3, 1, 2)


def rows(images):
    return {image.tobytes() for image in images}


@pytest.mark.parametrize("task", few_images.COUNTS)
@pytest.mark.parametrize("seed", [0, 100])
def test_images_that_judge_are_not_learned_from(task, seed):
    images = few_images.pool(task, lambda a, size: np.stack(a).transpose(0, 3, 1, 2))
    for count in few_images.COUNTS[task]:
        d = few_images.drawn(images, count, seed)
        assert (np.bincount(d.y) == count).all()
        assert len(d.X) == len(d.y)
        assert len(d.X_new) == len(d.y_new)
        assert not rows(d.X) & rows(d.X_new)
        assert set(d.y_new) == set(d.y)


def test_smaller_sets_are_parts_of_larger_ones():
    for task in ("patches", "faces"):
        images = few_images.pool(task, lambda a, size: np.stack(a).transpose(0, 3, 1, 2))
        few, more = (few_images.drawn(images, n, 3) for n in few_images.COUNTS[task][:2])
        assert rows(few.X) <= rows(more.X)
        np.testing.assert_array_equal(few.X_new, more.X_new)


def test_faces_that_judge_are_five_of_each_person():
    images = few_images.pool("faces", tiny)
    first, second = (few_images.drawn(images, 5, seed) for seed in (0, 1))
    assert (np.bincount(first.y_new) == 5).all()
    assert len(first.y) + len(first.y_new) == 400
    assert not np.array_equal(first.X, second.X)


def test_slips_are_named():
    with pytest.raises(ValueError, match="no 'cats'"):
        few_images.pool("cats", tiny)
    with pytest.raises(ValueError, match="6 images of class 0, but there are 5"):
        few_images.drawn(few_images.pool("faces", tiny), 6, 0)
