"""Frames: what goes through unchanged, and what is refused on either side."""

import struct

import hypothesis.extra.numpy as arrays
import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.exercises import wire

NUMBERS = st.one_of(
    arrays.integer_dtypes(endianness="<"), arrays.floating_dtypes(endianness="<", sizes=(32, 64))
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(-5, 5), inner)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_values_come_back_with_their_types(value):
    back = wire.unpack(wire.pack(value))
    assert back == value
    assert repr(back) == repr(value)


@given(arrays.arrays(NUMBERS, arrays.array_shapes(min_dims=0, min_side=0)))
def test_arrays_come_back_as_they_are(array):
    back, scalar = wire.unpack(wire.pack((array, np.float32(2))))
    assert type(back) is np.ndarray
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(back, array)
    assert back.flags.writeable or not back.size
    assert type(scalar) is np.float32


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12.0).reshape(3, 4).T,
        np.arange(12)[::-3],
        np.zeros((0, 3)),
        np.array(["ab", "é"]),
        np.array([True, False]),
        np.array(5),
    ],
)
def test_arrays_of_any_layout(array):
    back = wire.unpack(wire.pack(array))
    np.testing.assert_array_equal(back, array)
    assert back.dtype == array.dtype


@pytest.mark.parametrize(
    "value",
    [
        {1, 2},
        1j,
        object(),
        print,
        (x for x in ()),
        np.array([None]),
        np.array([1j]),
        np.datetime64("2020-01-01"),
        np.zeros(2, [("a", int)]),
        np.ma.array([1]),
        10**5000,
        {(1, 2): [set()]},
        np.zeros(9_000_000),
        b"x" * (5 << 20),
        wire.Source,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_plain_value_is_not_sent(value):
    with pytest.raises(wire.Unsendable):
        wire.pack(value)


def frame(message, blob=b""):
    return wire.HEADER.pack(len(message), len(blob)) + message + blob


def array_frame(npy, code=wire.ARRAY, size=None):
    size = struct.pack(">I", len(npy) if size is None else size)
    return frame(msgpack.packb(msgpack.ExtType(code, size)), npy)


GOOD = wire.npy(np.arange(3.0))
HEADERS = {
    "object": GOOD.replace(b"<f8", b"|O8"),
    "void": GOOD.replace(b"<f8", b"|V8"),
    "version 2": GOOD.replace(b"NUMPY\x01", b"NUMPY\x02"),
    "code in the shape": GOOD.replace(b"(3,), } ", b"(1+2,),}"),
    "negative": GOOD.replace(b"(3,)", b"(-3,)"),
    "larger": GOOD.replace(b"(3,)", b"(4,)"),
    "enormous": GOOD.replace(b"(3,), }           ", b"(99999999999,), } "),
    "a long header": GOOD[:8] + b"\xff\xff" + GOOD[10:-25].ljust(65545) + b"\n" + GOOD[-24:],
    "cut": GOOD[:-1],
    "longer": GOOD + b"\0",
    "empty": b"",
    "no width": GOOD.replace(b"<f8", b"<U0"),
    "of width f9": GOOD.replace(b"<f8", b"<f9"),
}


@pytest.mark.parametrize("npy", HEADERS.values(), ids=HEADERS)
def test_array_bytes_must_be_those_of_a_plain_array(npy):
    assert npy != GOOD
    with pytest.raises(wire.BadFrame):
        wire.unpack(array_frame(npy))


def nested_tuple(depth):
    data = msgpack.packb([])
    for _ in range(depth):
        data = msgpack.packb([msgpack.ExtType(wire.TUPLE, data)])
    return data


FRAMES = {
    "no header": b"\0\0",
    "declares more": wire.HEADER.pack(9, 0) + b"\xc0",
    "declares far too much": b"\xff" * 8,
    "two messages": frame(b"\xc0\xc0"),
    "not msgpack": frame(b"\xc1"),
    "bytes left over": frame(b"\xc0", b"left"),
    "one array twice": frame(
        msgpack.packb([msgpack.ExtType(2, struct.pack(">I", len(GOOD)))] * 2), GOOD
    ),
    "array shorter than declared": array_frame(GOOD, size=len(GOOD) + 8),
    "unknown extension": frame(msgpack.packb(msgpack.ExtType(99, b""))),
    "source": wire.pack(wire.Source("print")),
    "number with letters": frame(msgpack.packb(msgpack.ExtType(wire.BIG_INT, b"1e9"))),
    "tuple of a dict": frame(msgpack.packb(msgpack.ExtType(wire.TUPLE, msgpack.packb({})))),
    "nested tuples": frame(nested_tuple(100)),
    "nested lists": frame(b"\x91" * 100_000 + b"\xc0"),
    "a list as a key": frame(b"\x81\x90\xc0"),
    "keys that collide": frame(msgpack.packb({(2**61 - 1) * k % 2**64: 0 for k in range(3000)})),
    "a list that is too long": frame(b"\xdd" + struct.pack(">I", 3 << 20) + b"\xc0" * (3 << 20)),
    "text that is none": frame(b"\xa1\xff"),
}


@pytest.mark.parametrize("data", FRAMES.values(), ids=FRAMES)
def test_bad_frames_are_refused(data):
    with pytest.raises(wire.BadFrame):
        wire.unpack(data)


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_noise_is_refused_or_read_but_never_more(message, blob):
    try:
        wire.unpack(frame(message, blob))
    except wire.BadFrame:
        return


def test_a_source_is_made_where_it_is_asked_for():
    value = wire.unpack(wire.pack([wire.Source("1 + 1")]), source=lambda s: eval(s.expression))
    assert value == [2]
