"""The gallery, against scikit-learn's neighbours and by pencil, and what it refuses."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from companion.faces.gallery import Gallery

PLACES = {"Ada": [0.0, 0], "Bo": [4, 0], "Cy": [0, 3]}


def small(**options):
    gallery = Gallery(**options)
    for name, place in PLACES.items():
        gallery.enrol(name, place)
    return gallery


def filled(rng, people=9, each=4, size=5, **options):
    gallery, rows = Gallery(**options), rng.normal(size=(people, each, size))
    for name, own in enumerate(rows):
        gallery.enrol(name, own)
    return gallery, rows


def test_by_pencil():
    gallery = small()
    np.testing.assert_allclose(gallery.distances([1.0, 0]), [[1, 3, 10**0.5]])
    assert gallery.identify([[1.0, 0], [0, 2], [4, 3]], threshold=1.5) == ["Ada", "Cy", None]
    assert gallery.identify([4.0, 3]) == ["Bo"]
    assert gallery.ranked([1.0, 0], 2) == [["Ada", "Bo"]]
    assert gallery.verify("Bo", [[4.0, 1], [1, 0]], 1.0).tolist() == [True, False]


@pytest.mark.parametrize("each", [1, 4])
def test_equal_to_the_neighbours_of_scikit_learn(each):
    rng = np.random.default_rng(each)
    gallery, rows = filled(rng, each=each)
    probes = rng.normal(size=(30, 5))
    near = NearestNeighbors(n_neighbors=1).fit(rows.reshape(-1, 5))
    distance, place = near.kneighbors(probes)
    assert gallery.identify(probes) == (place[:, 0] // each).tolist()
    np.testing.assert_allclose(gallery.distances(probes).min(axis=1), distance[:, 0])
    threshold = np.median(distance)
    named = gallery.identify(probes, threshold)
    assert [n is not None for n in named] == (distance[:, 0] <= threshold).tolist()
    assert [one[0] for one in gallery.ranked(probes, 9)] == gallery.identify(probes)
    assert all(sorted(one) == gallery.names for one in gallery.ranked(probes, 9))


def test_the_mean_has_the_mean_length():
    rng = np.random.default_rng(0)
    gallery, rows = filled(rng, by="mean")
    mean = rows.mean(axis=1)
    mean *= (np.linalg.norm(rows, axis=2).mean(1) / np.linalg.norm(mean, axis=1))[:, None]
    probes = rng.normal(size=(7, 5))
    expected = np.linalg.norm(probes[:, None] - mean, axis=2)
    np.testing.assert_allclose(gallery.distances(probes), expected)


def test_a_mean_of_unit_length_stays_on_the_sphere():
    gallery = Gallery(by="mean")
    gallery.enrol("Ada", [[1.0, 0], [0, 1]])
    half = 0.5**0.5
    np.testing.assert_allclose(gallery.distances([half, half]), [[0]], atol=1e-7)


def test_both_ways_agree_for_one_picture_and_for_identical_ones():
    rng = np.random.default_rng(0)
    one, probe = rng.normal(size=4), rng.normal(size=4)
    found = []
    for by in ("nearest", "mean"):
        for rows in (one, [one], [one, one, one]):
            gallery = Gallery(by)
            gallery.enrol("Ada", rows)
            found.append(gallery.distances(probe)[0, 0])
    np.testing.assert_allclose(found, found[0])


def test_the_identical_picture_is_0_away_and_accepted_at_0():
    one = np.random.default_rng(0).normal(size=32).astype(np.float32)
    gallery = Gallery()
    gallery.enrol("Ada", one)
    assert gallery.distances(one)[0, 0] == 0
    assert gallery.identify(one, threshold=0) == ["Ada"]


def test_of_equal_distances_the_first_enrolled_counts():
    gallery = Gallery()
    gallery.enrol("Bo", [1.0, 0])
    gallery.enrol("Ada", [-1.0, 0])
    assert gallery.identify([0.0, 0]) == ["Bo"]
    assert gallery.ranked([0.0, 0], 2) == [["Bo", "Ada"]]


def test_enrolling_and_removing():
    gallery = small()
    assert (len(gallery), "Bo" in gallery, gallery.names) == (3, True, ["Ada", "Bo", "Cy"])
    gallery.remove("Bo")
    assert gallery.identify([4.0, 0], threshold=1) == [None]
    assert "Bo" not in gallery
    gallery.enrol("Bo", [9.0, 9])
    assert gallery.names == ["Ada", "Cy", "Bo"]


def test_what_is_stored_does_not_change_with_the_array_it_came_from():
    gallery, own = Gallery(), np.array([1.0, 2])
    gallery.enrol("Ada", own)
    own[:] = 9
    assert gallery.distances([1.0, 2])[0, 0] == 0


@pytest.mark.parametrize("by", ["nearest", "mean"])
@pytest.mark.parametrize("names", [["Zoë", "李"], [7, 3]])
def test_saved_and_loaded(tmp_path, by, names):
    rng = np.random.default_rng(0)
    gallery = Gallery(by)
    gallery.enrol(names[0], rng.normal(size=(3, 4)))
    gallery.enrol(names[1], rng.normal(size=4))
    gallery.save(tmp_path / "people.npz")
    loaded, probe = Gallery.load(tmp_path / "people.npz"), rng.normal(size=4)
    assert (loaded.by, loaded.names) == (by, names)
    np.testing.assert_array_equal(loaded.distances(probe), gallery.distances(probe))
    loaded.remove(names[0])


def test_what_no_file_keeps(tmp_path):
    with pytest.raises(ValueError, match="names of 0 kinds"):
        Gallery().save(tmp_path / "x.npz")
    gallery = small()
    gallery.enrol(5, [1.0, 1])
    with pytest.raises(ValueError, match="names of 2 kinds"):
        gallery.save(tmp_path / "x.npz")
    assert not (tmp_path / "x.npz").exists()


def test_errors_name_the_value_and_the_remedy():
    with pytest.raises(ValueError, match="by is 'median'; expected one of nearest, mean"):
        Gallery("median")
    with pytest.raises(ValueError, match="nobody is enrolled; call enrol"):
        Gallery().identify([1.0])
    gallery = small()
    with pytest.raises(ValueError, match="'Bo' is enrolled already"):
        gallery.enrol("Bo", [1.0, 1])
    with pytest.raises(ValueError, match="no picture of 'Di'"):
        gallery.enrol("Di", np.empty((0, 2)))
    for refused in (lambda: gallery.remove("Di"), lambda: gallery.verify("Di", [1.0, 1], 1)):
        with pytest.raises(ValueError, match="'Di' is not enrolled; enrolled are"):
            refused()
    with pytest.raises(ValueError, match="encodings of 3 numbers, stored are 2"):
        gallery.identify([1.0, 2, 3])
    with pytest.raises(ValueError, match=r"encodings \(1, 1, 2\)"):
        gallery.enrol("Di", np.zeros((1, 1, 2)))
    for bad in (np.nan, np.inf):
        with pytest.raises(ValueError, match="encoding 1 is not finite"):
            gallery.enrol("Di", [[0.0, 0], [bad, 0]])
    assert "Di" not in gallery
    for refused in (lambda: gallery.identify([1.0, 1], np.nan),
                    lambda: gallery.verify("Bo", [1.0, 1], np.nan)):  # fmt: skip
        with pytest.raises(ValueError, match="threshold is NaN"):
            refused()
    for k in (0, 4):
        with pytest.raises(ValueError, match=f"rank {k}; expected 1 to 3"):
            gallery.ranked([1.0, 1], k)


def test_pictures_that_cancel_have_no_mean():
    with pytest.raises(ValueError, match="'Ada' cancel out"):
        Gallery("mean").enrol("Ada", [[1.0, 0], [-1.0, 0]])
    gallery = Gallery("mean")
    gallery.enrol("Ada", [0.0, 0])
    assert gallery.distances([3.0, 4]).tolist() == [[5]]


def test_no_probes_no_names():
    assert small().identify(np.empty((0, 2))) == []
