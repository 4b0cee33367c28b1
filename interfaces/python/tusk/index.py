"""A table of ids and vectors, with or without an index on it."""
from __future__ import annotations

from typing import Any, Callable, NamedTuple, Optional, Union

import numpy as np

from .build import Estimate, Progress
from .search import Search
from .session import Session, quote


class Metric(NamedTuple):
    operator: str
    opclass: str  # behind the type's name


METRICS = {
    "l2": Metric("<->", "l2_ops"),
    "ip": Metric("<#>", "ip_ops"),
    "cosine": Metric("<=>", "cosine_ops"),
    "l1": Metric("<+>", "l1_ops"),
}


def _metric(name: str) -> Metric:
    if name not in METRICS:
        raise ValueError(f"metric must be one of {', '.join(METRICS)}, not "
                         f"{name}")
    return METRICS[name]


class Index:
    """Vectors with their ids in a table; made by Session.index or
    Session.create.

    It holds nothing but names: two for the same table are the same.
    """

    def __init__(self, session: Session, table: str, id_column: str,
                 vector_column: str, metric: Optional[str]) -> None:
        if metric is not None:
            _metric(metric)
        self.session = session
        self.table = table
        self.id_column = id_column
        self.vector_column = vector_column
        self._metric_name = metric
        self._searches: dict[tuple[str, str], Search] = {}
        self._last: Optional[Search] = None

    def __repr__(self) -> str:
        return f"<tusk.Index {self.table}>"

    def __len__(self) -> int:
        """Rows of the table, counted."""
        return self.session.execute(
            f"SELECT count(*) FROM {self.table}").scalar()

    @property
    def type(self) -> str:
        """Of the column of vectors: "vector", "halfvec", ..."""
        return self.session.execute(
            "SELECT t.typname FROM pg_catalog.pg_attribute a "
            "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
            "WHERE a.attrelid = $1::regclass AND a.attname = $2",
            [self.table, self.vector_column]).scalar()

    @property
    def metric(self) -> str:
        """As it was given or last built with here; else that of an index of the
        column; else "l2"."""
        if self._metric_name is None:
            names = self.session.execute(
                "SELECT o.opcname FROM pg_catalog.pg_index i, "
                "pg_catalog.pg_opclass o, pg_catalog.pg_attribute a "
                "WHERE i.indrelid = $1::regclass AND o.oid = i.indclass[0] "
                "AND a.attrelid = i.indrelid AND a.attnum = i.indkey[0] "
                "AND a.attname = $2", [self.table, self.vector_column])
            found = [metric for (name,) in names
                     for metric, m in METRICS.items()
                     if name.endswith("_" + m.opclass)]
            if not found:
                return "l2"
            self._metric_name = found[0]
        return self._metric_name

    def add(self, ids: Any, vectors: Any) -> int:
        """Inserts vectors (n, dim) with ids (n,), all or none; how many.  One
        vector (dim,) with one id is a row, too.

        C-contiguous float32 and int64 arrays are read where they are, others are
        converted, once.  Errors as Session.insert's.
        """
        return self.session.insert(self.table, ids, vectors,
                                   id_column=self.id_column,
                                   vector_column=self.vector_column)

    def search(self, queries: Any, k: int = 10, *,
               metric: Optional[str] = None, path: str = "best",
               ids: Optional[np.ndarray] = None,
               distances: Optional[np.ndarray] = None
               ) -> tuple[np.ndarray, np.ndarray]:
        """The k nearest of each query: (ids, distances), int64 and float64 of
        shape (n, k), nearest first; for one query (dim,) of shape (k,).

        queries: (n, dim).  A C-contiguous float32 array is read where it is,
        others are converted, once.  Fewer than k found: id -1, distance NaN.
        Distances are what the operator gives: "ip" is the negative inner
        product.  Without an index of that metric all rows are looked at; with
        one, session.set("hnsw.ef_search", ...) or ("ivfflat.probes", ...) trades
        time for recall.  path: "best": in this process if that is possible;
        "backend"; or "direct", an error (0A000) where it is not possible.
        ids, distances: arrays to write to.

        Raises ValueError, TypeError, ServerError (22000: other dimensions than
        the column's), ConnectionLost.
        """
        name = metric if metric is not None else self.metric
        search = self._searches.get((name, path))
        if search is None:
            vector = quote(self.vector_column)
            operator = _metric(name).operator
            search = Search(
                self.session,
                f"SELECT {quote(self.id_column)}, {vector} {operator} $1 "
                f"FROM {self.table} ORDER BY {vector} {operator} $1 LIMIT $2",
                path)
            self._searches[name, path] = search
        self._last = search
        return search.batch(queries, k, ids=ids, distances=distances)

    @property
    def path(self) -> Optional[str]:
        """Which way the last search went: "backend", "direct"; None before."""
        return None if self._last is None else self._last.path

    def _create(self, method: str, metric: Optional[str], name: Optional[str],
                options: dict[str, Any]) -> str:
        if method not in ("hnsw", "ivfflat"):
            raise ValueError(f"method must be hnsw or ivfflat, not {method}")
        opclass = _metric(metric if metric is not None else self.metric).opclass
        for option, value in options.items():
            if not option.isidentifier() or not isinstance(
                    value, (int, float, np.number)):
                raise TypeError(f"option {option} must be a number, not "
                                f"{value!r}")
        parts = ", ".join(f"{o} = {v}" for o, v in options.items())
        return (f"CREATE INDEX {quote(name) + ' ' if name else ''}ON "
                f"{self.table} USING {method} ({quote(self.vector_column)} "
                f"{self.type}_{opclass})" + (f" WITH ({parts})" if parts
                                             else ""))

    def build(self, method: str = "hnsw", metric: Optional[str] = None,
              progress: Union[bool, Callable[[Progress], Any]] = True, *,
              name: Optional[str] = None, **options: Any) -> None:
        """Builds an index on the vectors, and waits.

        method: "hnsw" (options m, ef_construction) or "ivfflat" (lists); metric:
        "l2", "ip", "cosine", "l1" (hnsw only).  progress: True: shown on the
        terminal, by tqdm if it is installed; False: nothing; a function: called
        with a Progress ten times a second, and the build is cancelled if it
        returns true.  name: of the index.  KeyboardInterrupt cancels the build.

        Raises ValueError, TypeError, ServerError, QueryCanceled,
        ConnectionLost.
        """
        self.session.build(self._create(method, metric, name, options),
                           progress=progress)
        if metric is not None:
            self._metric_name = metric

    def estimate(self, method: str = "hnsw", metric: Optional[str] = None,
                 **options: Any) -> Estimate:
        """What such a build would take, before it."""
        return self.session.estimate(
            self._create(method, metric, None, options))
