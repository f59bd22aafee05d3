"""Frames between the grader and the process that runs a learner's code.

A frame is a header with two lengths, a msgpack message, and the arrays of that message as
``.npy`` bytes one after the other. Arrays travel beside the message so that both can have a
sensible limit. Whoever reads a frame trusts nothing in it: nothing is unpickled or evaluated, an
array's header must have the one form that `numpy.save` writes, lengths must add up.
"""

import io
import re
import struct
from dataclasses import dataclass
from math import prod

import msgpack
import numpy as np

HEADER = struct.Struct(">II")
MAX_MESSAGE = 4 << 20
MAX_ARRAYS = 64 << 20
MAX_NESTING = 32
MAX_LIST = 1 << 20
MAX_KEYS = 2048  # that are no text: only text has hashes that nobody can choose
MAX_NPY_HEADER = 512
MAX_DIGITS = 4000

TUPLE, ARRAY, SCALAR, BIG_INT, SOURCE = range(1, 6)
KINDS = "biufU"

_NPY = re.compile(
    rb"\x93NUMPY\x01\x00[\x00-\xff]{2}"
    rb"\{'descr': '([<>|][biufU]\d{1,9})', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,18}, ?)*(?:\d{1,18})?)\), \} *\n",
    re.DOTALL,
)


class Unsendable(TypeError):
    """A value that cannot be put into a frame."""


class BadFrame(ValueError):
    """Bytes that are not a frame of this protocol."""


@dataclass(frozen=True)
class Source:
    """An input that is made from code in the learner's process, such as a function.

    Parameters
    ----------
    expression : str
        Evaluated where the learner's function runs; ``np`` is NumPy.
    setup : str
        Statements run before, for imports and definitions.

    Examples
    --------
    >>> Source("lambda x: x**2").expression
    'lambda x: x**2'
    """

    expression: str
    setup: str = ""


def pack(value) -> bytes:
    """Return the frame of a value.

    Raises
    ------
    Unsendable
        If the value holds something other than None, numbers, strings, bytes, lists, tuples,
        dictionaries and plain NumPy arrays of numbers or strings, or is too large.
    """
    arrays = []

    def default(item):
        kind = type(item)
        if issubclass(kind, tuple):
            return msgpack.ExtType(TUPLE, dumps(list(item)))
        if kind is np.ndarray or issubclass(kind, np.generic):
            arrays.append(npy(item))
            code = ARRAY if kind is np.ndarray else SCALAR
            return msgpack.ExtType(code, struct.pack(">I", len(arrays[-1])))
        if issubclass(kind, dict):
            return dict(item)
        if kind is int and item.bit_length() < MAX_DIGITS * 3:
            return msgpack.ExtType(BIG_INT, str(item).encode())
        if kind is Source:
            return msgpack.ExtType(SOURCE, dumps([item.expression, item.setup]))
        raise Unsendable(describe(item))

    def dumps(item):
        return msgpack.packb(item, default=default, strict_types=True)

    try:
        message = dumps(value)
    except Unsendable:
        raise
    except (RecursionError, ValueError, OverflowError, MemoryError) as error:
        raise Unsendable(
            f"a value that is nested too deeply, too large or no text ({error})"
        ) from error
    blob = b"".join(arrays)
    for what, size, most in (
        ("values", len(message), MAX_MESSAGE),
        ("arrays", len(blob), MAX_ARRAYS),
    ):
        if size > most:
            raise Unsendable(
                f"{what} of {size / 2**20:.0f} MB; at most {most >> 20} MB are accepted"
            )
    return HEADER.pack(len(message), len(blob)) + message + blob


def unpack(frame: bytes, source=None):
    """Return the value of a frame.

    Parameters
    ----------
    frame : bytes
        A whole frame.
    source : callable, optional
        Makes an input from a `Source`; without it a `Source` in the frame is an error.

    Raises
    ------
    BadFrame
        If anything at all is not as `pack` writes it.
    """
    message_size, blob_size = sizes(frame[: HEADER.size])
    if len(frame) != HEADER.size + message_size + blob_size:
        raise BadFrame("the lengths do not add up")
    end = HEADER.size + message_size
    message, blob = frame[HEADER.size : end], frame[end:]
    reader = _Reader(blob, source)
    try:
        value = reader.loads(message)
    except BadFrame:
        raise
    except Exception as error:  # whatever a hostile frame provokes, it is a bad frame
        raise BadFrame(f"{type(error).__name__}: {error}") from error
    if reader.used != len(blob):
        raise BadFrame("bytes are left over")
    return value


def sizes(header: bytes) -> tuple[int, int]:
    """Return the lengths a frame's header declares, checked against the limits."""
    if len(header) != HEADER.size:
        raise BadFrame("the header is cut off")
    message, blob = HEADER.unpack(header)
    if message > MAX_MESSAGE or blob > MAX_ARRAYS:
        raise BadFrame(f"a frame of {message + blob} bytes is declared")
    return message, blob


class _Reader:
    """Decodes one message; each array takes the next bytes of the blob, never the same twice."""

    def __init__(self, blob, source):
        self.blob = blob
        self.used = 0
        self.source = source
        self.depth = 0
        self.keys = 0

    def loads(self, message):
        return msgpack.unpackb(
            message,
            raw=False,
            strict_map_key=False,
            max_array_len=min(MAX_LIST, len(message)),
            object_pairs_hook=self.mapping,
            ext_hook=self.extension,
        )

    def mapping(self, pairs):
        self.keys += sum(type(key) is not str for key, _ in pairs)
        if self.keys > MAX_KEYS:
            raise BadFrame(f"more than {MAX_KEYS} keys that are no text")
        return dict(pairs)

    def extension(self, code, data):
        if code == TUPLE:
            return tuple(self.nested(data))
        if code in (ARRAY, SCALAR):
            (size,) = struct.unpack(">I", data)
            array = from_npy(self.blob[self.used : self.used + size])
            self.used += size
            return array if code == ARRAY else array[()]
        if code == BIG_INT and re.fullmatch(rb"-?\d{1,%d}" % MAX_DIGITS, data):
            return int(data)
        if code == SOURCE and self.source is not None:
            return self.source(Source(*self.nested(data)))
        raise BadFrame(f"unknown extension {code}")

    def nested(self, data):
        if self.depth >= MAX_NESTING:
            raise BadFrame("nested too deeply")
        self.depth += 1
        value = self.loads(data)
        self.depth -= 1
        if type(value) is not list:
            raise BadFrame("a tuple that is no list")
        return value


def npy(value) -> bytes:
    """Return the ``.npy`` bytes of an array or NumPy scalar of numbers or strings."""
    array = np.asarray(value)
    if array.dtype.kind not in KINDS or array.dtype.itemsize == 0:
        raise Unsendable(f"an array of dtype {array.dtype}; expected an array of numbers")
    if array.nbytes > MAX_ARRAYS:
        size = array.nbytes / 2**20
        raise Unsendable(f"an array of {size:.0f} MB; at most {MAX_ARRAYS >> 20} MB are accepted")
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=(1, 0), allow_pickle=False)
    return file.getvalue()


def from_npy(data: bytes) -> np.ndarray:
    """Return the array of ``.npy`` bytes, which must be exactly as `npy` writes them."""
    end = 10 + int.from_bytes(data[8:10], "little")
    match = _NPY.fullmatch(data[:end]) if end <= MAX_NPY_HEADER else None
    if not match:
        raise BadFrame("not the header of a plain array")
    dtype = np.dtype(match[1].decode())
    shape = tuple(int(part) for part in match[3].split(b",") if part.strip())
    if dtype.kind not in KINDS or not dtype.itemsize or len(shape) > MAX_NESTING:
        raise BadFrame("an array of an unexpected kind")
    if prod(shape) * dtype.itemsize != len(data) - match.end():
        raise BadFrame("an array's shape does not fit its bytes")
    flat = np.frombuffer(data, dtype, offset=match.end())
    return flat.reshape(shape, order="F" if match[2] == b"True" else "C").copy(order="K")


def describe(value) -> str:
    """Return what a value is, for the message that it cannot be sent."""
    kind = type(value)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    name = module + kind.__qualname__
    if issubclass(kind, np.ndarray):
        return f"a {name}; expected a plain NumPy array: np.asarray(...) makes one"
    if name in ("generator", "map", "filter", "zip", "range") or hasattr(kind, "__next__"):
        return f"a {name}; expected values: list(...) or np.array(list(...)) collects them"
    if hasattr(kind, "requires_grad"):
        return f"a {name}; expected a NumPy array: .numpy() gives one"
    return f"a {name}; expected numbers, strings, NumPy arrays, or lists, tuples and dicts of them"
