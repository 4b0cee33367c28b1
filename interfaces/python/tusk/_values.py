"""Values between Python and SQL: parameters, and columns of results."""
from __future__ import annotations

import ctypes
import decimal
import struct
from typing import Any, Callable, Optional, Sequence

import numpy as np

from ._arrays import floats
from ._library import BINARY, TEXT, Param

BYTEA = 17
# types whose text is their value, and that are looked up no further
STRINGS = {18, 19, 25, 114, 1042, 1043, 1082, 1083, 1114, 1184, 1186, 2950}


def parameters(values: Sequence[Any]) -> Any:
    """An array of Param; it keeps what it points to."""
    params = (Param * max(len(values), 1))()
    for i, value in enumerate(values):
        params[i] = parameter(value)
    return params


def parameter(value: Any) -> Param:
    """None, bool, int, float, Decimal, str, bytes; an array or list of numbers
    is a vector.  The server finds out the types.

    Raises TypeError for others, ValueError for a str with a zero in it.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None:
        return Param(None, 0, TEXT, 0)
    if isinstance(value, (bytes, bytearray, memoryview)):
        data = bytes(value)
        return Param(data, len(data), BINARY, BYTEA)
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, (int, decimal.Decimal)):
        text = str(value)
    elif isinstance(value, float):
        text = repr(value)
    elif isinstance(value, str):
        text = value
    elif isinstance(value, (np.ndarray, list, tuple)):
        text = vector_text(value)
    else:
        raise TypeError(f"no parameter can be made of {type(value).__name__}")
    if "\0" in text:
        raise ValueError("a parameter must not contain a zero character")
    return Param(text.encode(), 0, TEXT, 0)


def vector_text(value: Any) -> str:
    array = floats(value, "a parameter")
    if array.ndim != 1:
        raise ValueError("a vector as parameter must have 1 dimension, not "
                         f"shape {array.shape}")
    return "[" + ",".join(map(repr, array.tolist())) + "]"


# ---- text ----

def _vector_from_text(text: str) -> np.ndarray:
    inner = text.strip("[]")
    return np.array(inner.split(",") if inner else [], np.float32)


TEXT_TYPES: dict[int, Callable[[str], Any]] = {
    16: lambda text: text == "t",
    20: int, 21: int, 23: int, 26: int,
    700: float, 701: float,
    1700: decimal.Decimal,
    BYTEA: lambda text: bytes.fromhex(text[2:]),
}

# ---- binary ----


def _vector_from_binary(data: bytes) -> np.ndarray:
    return np.frombuffer(data, ">f4", offset=4).astype(np.float32)


def _halfvec_from_binary(data: bytes) -> np.ndarray:
    return np.frombuffer(data, ">f2", offset=4).astype(np.float32)


def _number(format: str) -> Callable[[bytes], Any]:
    unpack = struct.Struct(format).unpack
    return lambda data: unpack(data)[0]


BINARY_TYPES: dict[int, Callable[[bytes], Any]] = {
    16: lambda data: data != b"\0",
    20: _number(">q"), 21: _number(">h"), 23: _number(">i"), 26: _number(">I"),
    700: _number(">f"), 701: _number(">d"),
    18: bytes.decode, 19: bytes.decode, 25: bytes.decode, 1042: bytes.decode,
    1043: bytes.decode,
}


def is_known(oid: int) -> bool:
    """Nothing of the type has to be asked of the server."""
    return oid in TEXT_TYPES or oid in STRINGS


def reader(oid: int, format: int, name: Optional[str]
           ) -> Callable[[bytes], Any]:
    """What makes a value of a column's bytes; name: of a type that is not
    built in."""
    if format == BINARY:
        if name == "vector":
            return _vector_from_binary
        if name == "halfvec":
            return _halfvec_from_binary
        return BINARY_TYPES.get(oid, lambda data: data)
    convert: Callable[[str], Any] = str
    if name in ("vector", "halfvec"):
        convert = _vector_from_text
    elif oid in TEXT_TYPES:
        convert = TEXT_TYPES[oid]
    return lambda data: convert(data.decode())


def bytes_at(address: int, length: int) -> bytes:
    return ctypes.string_at(address, length)
