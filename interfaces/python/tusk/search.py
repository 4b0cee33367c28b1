"""Prepared searches."""
from __future__ import annotations

from ctypes import byref, c_void_p, sizeof
from typing import Any, Optional

import numpy as np

from . import _arrays, _values
from ._handle import Handle
from ._library import BINARY, PATHS, SearchOptions
from .session import Result, Session, encode


class Search(Handle):
    """A prepared SELECT; made by Session.search."""

    _what = "search"
    _free = "tusk_search_free"

    def __init__(self, session: Session, sql: str, path: str = "best") -> None:
        if path not in PATHS:
            raise ValueError(f"path must be one of {', '.join(PATHS)}, not "
                             f"{path}")
        super().__init__(session)
        options = SearchOptions(sizeof(SearchOptions), PATHS[path])
        handle = c_void_p()
        session._call(session._library.tusk_search_prepare, session._handle,
                      encode(sql), byref(options), byref(handle))
        self._handle = handle

    def run(self, query: Any, k: int = 1) -> Result:
        """The k rows for one vector of shape (dim,); a str is a value of any
        type ("{1:2.5}/5", "0101").  k does not matter without $2.

        Columns that are bool, integers, floats, texts, vector or halfvec come as
        Python values, others as the bytes of their binary form.

        Raises ValueError, TypeError, OverflowError (k), and what Session.execute
        does.
        """
        session = self._session
        result = c_void_p()
        k = _arrays.bigint(k, "k")
        if isinstance(query, str):
            param = _values.parameter(query)
            return session._call(session._library.tusk_search_value,
                                 self._open(), byref(param), k, BINARY,
                                 byref(result),
                                 then=lambda: session._take(result))
        array = _arrays.floats(query, "query")
        if array.ndim != 1:
            raise ValueError("query must have 1 dimension (dim,), not shape "
                             f"{array.shape}")
        _arrays.check_dim(array.shape[0], "query")
        return session._call(session._library.tusk_search_run, self._open(),
                             array.ctypes.data, array.shape[0], k, BINARY,
                             byref(result), then=lambda: session._take(result))

    def batch(self, queries: Any, k: int, *,
              ids: Optional[np.ndarray] = None,
              distances: Optional[np.ndarray] = None
              ) -> tuple[np.ndarray, np.ndarray]:
        """n searches in one call: (ids, distances), int64 and float64, (n, k).

        queries: (n, dim); a C-contiguous float32 array is read where it is,
        others are converted, once.  One of shape (dim,) gives two arrays of
        shape (k,).  The first column of the statement is an integer, the second
        real or double precision.  Where a query found fewer than k, the id is -1
        and the distance NaN.  Results are written into ids and distances, if
        they are given: C-contiguous, of that shape and dtype.

        Raises ValueError, TypeError, OverflowError (k), and what Session.execute
        does; then nothing is in the arrays that counts.
        """
        one = np.ndim(queries) == 1 and np.size(queries) > 0
        array = _arrays.matrix(queries, "queries")
        n, dim = array.shape
        k = _arrays.bigint(k, "k")
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k}")
        shape = (k,) if one else (n, k)
        ids = _arrays.output(ids, shape, np.int64, "ids")
        distances = _arrays.output(distances, shape, np.float64, "distances")
        session = self._session
        handle = self._open()
        if n == 0:
            session._check_owner()
        else:
            session._call(session._library.tusk_search_batch, handle,
                          array.ctypes.data, n, dim, k, ids.ctypes.data,
                          distances.ctypes.data, None)
        return ids, distances

    @property
    def path(self) -> str:
        """Which way the last search went: "backend" or "direct"."""
        taken = self._session._library.tusk_search_path(self._open())
        return next(name for name, path in PATHS.items() if path == taken)
