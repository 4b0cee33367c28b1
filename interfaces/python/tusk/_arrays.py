"""Arrays for the library: float32 or int64, C-contiguous, aligned; numbers.

An array that is so already is passed as it is; anything else is converted,
once.
"""
from __future__ import annotations

import operator
from typing import Any, Optional

import numpy as np

MAX_DIM = 16000
MAX_SECONDS = (2 ** 31 - 1) // 1000


def floats(value: Any, name: str) -> np.ndarray:
    """value as float32; its shape is the caller's to check.

    Raises TypeError for what is not numbers.
    """
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        if array.size > 0 or array.dtype.kind != "O":
            raise TypeError(f"{name} must be real numbers, not of dtype "
                            f"{array.dtype}")
    with np.errstate(over="ignore"):  # infinity: the server says so
        return np.require(array, np.float32, ["C", "A"])


def matrix(value: Any, name: str) -> np.ndarray:
    """(n, dim) float32; one vector is a matrix of one row."""
    array = floats(value, name)
    if array.ndim == 1 and array.size > 0:
        array = array.reshape(1, -1)
    if array.ndim == 1:
        array = array.reshape(0, 1)  # [], no vector at all
    if array.ndim != 2:
        raise ValueError(f"{name} must have 2 dimensions (n, dim), not "
                         f"shape {array.shape}")
    check_dim(array.shape[1], name)
    return array


def check_dim(dim: int, name: str) -> None:
    if not 1 <= dim <= MAX_DIM:
        raise ValueError(f"{name}: the number of dimensions must be between 1 "
                         f"and {MAX_DIM}, not {dim}")


def integers(value: Any, n: int, name: str) -> np.ndarray:
    """(n,) int64."""
    array = np.asarray(value)
    if array.dtype.kind not in "iu" and array.size > 0:
        raise TypeError(f"{name} must be integers, not of dtype {array.dtype}")
    if array.shape != (n,):
        raise ValueError(f"{name} must have shape ({n},), one for each vector, "
                         f"not {array.shape}")
    if array.dtype.kind == "u" and array.size > 0 and int(
            array.max()) > np.iinfo(np.int64).max:
        raise OverflowError(f"{name}: {array.max()} is out of range of bigint")
    return np.require(array, np.int64, ["C", "A"])


def output(array: Optional[np.ndarray], shape: tuple[int, ...], dtype: type,
           name: str) -> np.ndarray:
    """Where the library writes: the caller's array or a new one."""
    if array is None:
        return np.empty(shape, dtype)
    if (not isinstance(array, np.ndarray) or array.dtype != np.dtype(dtype)
            or array.shape != shape or not array.flags.carray):
        raise ValueError(f"{name} must be a writable C-contiguous array of "
                         f"shape {shape} and dtype {np.dtype(dtype)}")
    return array


def bigint(value: Any, name: str) -> int:
    """A whole number; ctypes would take its last 64 bits."""
    number = operator.index(value)
    if not -2 ** 63 <= number < 2 ** 63:
        raise OverflowError(f"{name}: {number} is out of range of bigint")
    return number


def milliseconds(seconds: float, name: str) -> int:
    """At least 0; ctypes would take the last 32 bits."""
    if not seconds <= MAX_SECONDS:
        raise OverflowError(f"{name}: {seconds} seconds are more than "
                            f"{MAX_SECONDS}")
    return max(0, int(seconds * 1000))
