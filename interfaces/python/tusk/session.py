"""Sessions, statements and results."""
from __future__ import annotations

import collections
import ctypes
import os
import threading
import time
from ctypes import byref, c_char_p, c_int64, c_void_p, sizeof
from types import GeneratorType, TracebackType
from typing import (TYPE_CHECKING, Any, Callable, Generator, Iterable, Iterator,
                    Optional, Sequence, Union)

import numpy as np

from . import _arrays, _values
from ._handle import Handle
from ._library import (OK, TEXT, AttachOptions, CopyFn,
                       InsertOptions, NoticeFn, ProgressFn, load)
from .errors import (ConnectionLost, Error, MisuseError, Notice, from_struct,
                     notice_from_struct)

if TYPE_CHECKING:
    from .build import Build, Estimate, Progress
    from .index import Index
    from .search import Search

REATTACH_STEP = 0.2  # seconds: so often a signal is looked for
COMES_BACK = ("57P03", "08001", "08006")  # that nobody serves yet


class Result:
    """Rows of a statement, a sequence of tuples.

    Values are bool, int, float, Decimal, bytes, None, float32 arrays (vector,
    halfvec), else str.  columns: their names; tag: "SELECT 5", "CREATE INDEX";
    affected: rows that the tag counts, 0 if it counts none.
    """

    def __init__(self, columns: list[str], rows: list[tuple[Any, ...]],
                 tag: str, affected: int) -> None:
        self.columns = columns
        self.rows = rows
        self.tag = tag
        self.affected = affected

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.rows)

    def __getitem__(self, i: Any) -> Any:
        return self.rows[i]

    def scalar(self) -> Any:
        """The first column of the first row; None if there is none."""
        return self.rows[0][0] if self.rows and self.rows[0] else None

    def __repr__(self) -> str:
        return f"<tusk.Result {self.tag!r}, columns {self.columns}>"


class _Canceller:
    """Made by the session's thread, used by any; gone with the last who has
    it."""

    def __init__(self, session: c_void_p) -> None:
        self.library = load()
        self.handle = self.library.tusk_canceller_create(session)

    def cancel(self) -> bool:
        return (self.handle is not None
                and self.library.tusk_cancel(self.handle) == OK)

    def __del__(self) -> None:
        self.library.tusk_canceller_free(self.handle)


class _Callbacks:
    """What the library calls while it waits.

    The interpreter runs the handlers of signals where a Python function begins,
    outside of any try of that function.  So the library calls not a function
    but generators, which go on inside of their try: KeyboardInterrupt ends up
    in error, and is raised when the call has ended.
    """

    def __init__(self, notice: Optional[Callable[[Notice], Any]],
                 progress: Optional[Callable[[], Any]]) -> None:
        self.error: Optional[BaseException] = None
        self.user_notice = notice
        self.user_progress = progress
        self.progress_steps = self._progress()
        self.notice_steps = self._notices()
        next(self.progress_steps)
        next(self.notice_steps)
        self.progress = ProgressFn(self.progress_steps.send)
        self.notice = NoticeFn(GeneratorType.send)

    def _progress(self) -> Generator[int, None, None]:
        answer = 0
        while True:
            try:
                while True:
                    yield answer
                    answer = 1 if self.error is not None else 0
                    if self.user_progress is not None and self.user_progress():
                        answer = 1
            except GeneratorExit:
                return
            except BaseException as e:
                self.error = e
                answer = 1

    def _notices(self) -> Generator[None, Any, None]:
        while True:
            try:
                while True:
                    pointer = yield
                    if self.user_notice is not None:
                        self.user_notice(notice_from_struct(pointer.contents))
            except GeneratorExit:
                return
            except BaseException as e:
                self.error = e


def _conninfo(conninfo: Union[str, os.PathLike[str], None],
              parameters: dict[str, Any]) -> Optional[bytes]:
    text = "" if conninfo is None else os.fspath(conninfo)
    if parameters and text and "=" not in text:
        parameters = {"dir": text, **parameters}
        text = ""
    for name, value in parameters.items():
        if isinstance(value, bool):
            value = "on" if value else "off"
        value = str(value).replace("\\", "\\\\").replace("'", "\\'")
        text += f" {name}='{value}'"
    if "\0" in text:
        raise ValueError("a connection string must not contain a zero "
                         "character")
    return os.fsencode(text) if text else None


def attach(conninfo: Union[str, os.PathLike[str], None] = None, *,
           connect_timeout: Optional[float] = None,
           notice: Optional[Callable[[Notice], Any]] = None,
           progress: Optional[Callable[[], Any]] = None,
           progress_interval: float = 0.1, **parameters: Any) -> Session:
    """Connects; a Session, to be closed, or used in "with".

    conninfo is a directory or "name=value ..." as in tusk.h: "dir=PATH
    autostart=on" starts a server on PATH if none runs there.  Names can be
    given as arguments, too: attach(dir=path, autostart=True).

    connect_timeout: seconds; None: as long as it takes.
    notice: called with each Notice; None: they are dropped.
    progress: called about every progress_interval seconds while a call waits
    for the server; if it returns true, the statement is cancelled.  Neither may
    use the session; what they raise ends the statement and comes out of the
    call.

    Raises ConnectionLost if there is no server or it does not want us, and
    MisuseError for what is wrong with conninfo.
    """
    return Session(_conninfo(conninfo, parameters), connect_timeout, notice,
                   progress, progress_interval)


class Session:
    """A connection; made by attach."""

    def __init__(self, conninfo: Optional[bytes],
                 connect_timeout: Optional[float],
                 notice: Optional[Callable[[Notice], Any]],
                 progress: Optional[Callable[[], Any]],
                 progress_interval: float) -> None:
        self._handle: Optional[c_void_p] = None
        self._library = load()
        self._lock = threading.RLock()
        self._in_call = False
        self._owner = os.getpid()
        # handles of objects that are gone, freed by the next call
        self._garbage: collections.deque[tuple[Any, c_void_p]] = (
            collections.deque())
        self._types: dict[int, str] = {}
        self._callbacks = _Callbacks(notice, progress)
        options = AttachOptions(sizeof(AttachOptions))
        if connect_timeout is not None:
            options.connect_timeout_ms = max(1, _arrays.milliseconds(
                connect_timeout, "connect_timeout"))
        options.notice = self._callbacks.notice
        options.notice_arg = id(self._callbacks.notice_steps)
        options.progress = self._callbacks.progress
        options.progress_interval_ms = max(1, _arrays.milliseconds(
            progress_interval, "progress_interval"))
        handle = c_void_p()
        status = self._library.tusk_attach(conninfo, byref(options),
                                           byref(handle))
        if status != OK:
            error = self._error(status, handle)
            self._library.tusk_detach(handle)
            raise error
        self._handle = handle
        self._canceller = _Canceller(handle)

    # ---- how calls are made ----

    def _error(self, status: int, handle: c_void_p) -> Error:
        return from_struct(self._library.tusk_error_of(handle).contents, status)

    def _check_owner(self) -> None:
        if self._handle is None:
            raise ConnectionLost("08003", "the session has ended")
        if self._owner != os.getpid():
            raise MisuseError(
                "55000", f"the session belongs to process {self._owner}, which "
                "has forked this one: attach anew")

    def _call(self, function: Any, *arguments: Any,
              then: Optional[Callable[[], Any]] = None) -> Any:
        """Calls a function that returns a status; what then() returns, which is
        called while the session is still ours."""
        self._check_owner()
        with self._lock:
            if self._in_call:
                raise MisuseError("55000", "the session is in use by the call "
                                  "that has called this function")
            self._check_owner()
            try:
                self._in_call = True
                self._free_garbage()
                status = function(*arguments)
                error = self._callbacks.error
                self._callbacks.error = None
                if status != OK and error is None:
                    error = self._error(status, self._handle)
                if error is not None:
                    raise error
                return None if then is None else then()
            finally:
                self._in_call = False

    def _free_garbage(self) -> None:
        while self._garbage:
            free, handle = self._garbage.popleft()
            if self._owner == os.getpid():  # else they are the parent's
                free(handle)

    def _give_back(self, free: Any, handle: Optional[c_void_p]) -> None:
        """A handle that nobody needs any more; from any thread."""
        if not handle:
            return
        self._garbage.append((free, handle))
        if self._handle is None:
            self._free_garbage()

    # ---- its end ----

    def close(self) -> None:
        """Ends the session; its statements, searches and builds can only be
        dropped.  Also in a child that was forked."""
        if self._handle is None:
            return
        if self._owner != os.getpid():
            self._detach()
            return
        with self._lock:
            if self._in_call:
                raise MisuseError("55000", "the session is in use by the call "
                                  "that has called this function")
            self._detach()

    def _detach(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            self._free_garbage()
            self._library.tusk_detach(handle)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: Optional[type[BaseException]],
                 value: Optional[BaseException],
                 traceback: Optional[TracebackType]) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_handle", None) is not None:
            self._detach()

    @property
    def closed(self) -> bool:
        return self._handle is None

    def reattach(self, timeout: float = 0.0) -> None:
        """Attaches anew, after ConnectionLost or to begin again.  A server that
        is not there or still recovers is tried again for timeout seconds.
        Transaction and settings of before are gone; statements and searches are
        prepared again when they are next used.

        Raises ConnectionLost.
        """
        end = time.monotonic() + timeout
        while True:
            left = end - time.monotonic()
            try:
                self._call(self._library.tusk_reattach, self._handle,
                           int(max(0.0, min(left, REATTACH_STEP)) * 1000))
                break
            except ConnectionLost as e:
                if left <= 0 or e.sqlstate not in COMES_BACK:
                    raise
        self._canceller = _Canceller(self._handle)
        self._types.clear()

    # ---- about it ----

    @property
    def transport(self) -> str:
        """"socket", "rings", "direct", or "none" when it has ended."""
        if self._handle is None:
            return "none"
        return self._library.tusk_transport(self._handle).decode()

    @property
    def transaction_state(self) -> str:
        """"I" outside a transaction block, "T" in one, "E" in a failed one."""
        self._check_owner()
        return self._library.tusk_transaction_state(self._handle).decode()

    @property
    def backend_pid(self) -> int:
        self._check_owner()
        return self._library.tusk_backend_pid(self._handle)

    def server_setting(self, name: str) -> Optional[str]:
        """A setting that the server reports by itself ("server_version"); None
        if it does not."""
        self._check_owner()
        with self._lock:
            value = self._library.tusk_server_setting(self._handle,
                                                      encode(name))
        return None if value is None else value.decode()

    def cancel(self) -> bool:
        """Asks the server to stop what the session runs, if anything: from any
        thread, or in a signal handler.  True: the request was delivered."""
        return self._canceller.cancel()

    # ---- statements ----

    def execute(self, sql: str, params: Optional[Sequence[Any]] = None
                ) -> Result:
        """Runs a statement with parameters $1, $2, ..., or without them several,
        separated by ";"; the Result is that of the last one.

        Parameters: None, bool, int, float, Decimal, str, bytes; an array, list
        or tuple of numbers is a vector.

        Raises ServerError, QueryCanceled, ConnectionLost, MisuseError.
        """
        result = c_void_p()
        if params is None:
            return self._call(self._library.tusk_exec, self._handle,
                              encode(sql), byref(result),
                              then=lambda: self._take(result))
        return self._call(self._library.tusk_exec_params, self._handle,
                          encode(sql), len(params), _values.parameters(params),
                          TEXT, byref(result),
                          then=lambda: self._take(result))

    def prepare(self, sql: str) -> Statement:
        """A statement that is run again and again."""
        return Statement(self, sql)

    def transaction(self) -> Transaction:
        """"with session.transaction():": COMMIT at its end, or ROLLBACK if it
        is left by an exception."""
        return Transaction(self)

    def _take(self, result: c_void_p) -> Result:
        """A Result of a tusk_result, which is freed."""
        library = self._library
        try:
            rows = library.tusk_result_rows(result)
            columns = range(library.tusk_result_columns(result))
            readers = [self._reader(result, c) for c in columns]
            value_of, length_of = (library.tusk_result_value,
                                   library.tusk_result_length)
            taken = []
            for row in range(rows):
                values: list[Any] = []
                for c in columns:
                    at = value_of(result, row, c)
                    values.append(None if at is None else readers[c](
                        ctypes.string_at(at, length_of(result, row, c))))
                taken.append(tuple(values))
            return Result(
                [library.tusk_result_column_name(result, c).decode()
                 for c in columns], taken,
                (library.tusk_result_tag(result) or b"").decode(),
                library.tusk_result_affected(result))
        finally:
            library.tusk_result_free(result)

    def _reader(self, result: c_void_p, column: int) -> Callable[[bytes], Any]:
        oid = self._library.tusk_result_column_type(result, column)
        format = self._library.tusk_result_column_format(result, column)
        name = None if _values.is_known(oid) else self._type_name(oid)
        return _values.reader(oid, format, name)

    def _type_name(self, oid: int) -> str:
        """Inside of a call, asks for a type that was not seen yet."""
        if oid not in self._types:
            answer = c_void_p()
            status = self._library.tusk_exec_params(
                self._handle, b"SELECT typname FROM pg_catalog.pg_type "
                b"WHERE oid = $1::pg_catalog.oid", 1,
                _values.parameters([oid]), TEXT, byref(answer))
            at = None
            if status == OK:
                at = self._library.tusk_result_value(answer, 0, 0)
            self._types[oid] = "" if at is None else ctypes.string_at(
                at, self._library.tusk_result_length(answer, 0, 0)).decode()
            self._library.tusk_result_free(answer)
        return self._types[oid]

    # ---- settings ----

    def set(self, name: str, value: Any, *, local: bool = False) -> None:
        """As SET, or SET LOCAL: until the transaction ends.  value as in
        tusk.conf ("64MB"); a bool is on or off."""
        if isinstance(value, bool):
            value = "on" if value else "off"
        self._call(self._library.tusk_set, self._handle, encode(name),
                   encode(str(value)), int(local))

    def get(self, name: str) -> str:
        """As SHOW."""
        value = c_char_p()
        return self._call(self._library.tusk_get, self._handle, encode(name),
                          byref(value),
                          then=lambda: (value.value or b"").decode())

    # ---- many rows ----

    def insert(self, table: str, ids: Any, rows: Any, *, id_column: str = "id",
               vector_column: str = "embedding") -> int:
        """Inserts n rows by one COPY, all or none; how many.

        table: a name as in SQL, quoted and with its schema where needed; columns
        are names as they are.  rows: (n, dim), or (dim,) for one; ids: n
        integers, or None: that column is left to its default.  A C-contiguous
        float32 array and an int64 array are read where they are, others are
        converted, once.  The vectors' column is vector or halfvec.

        Raises ValueError, TypeError, OverflowError for what the arrays are, and
        the server's errors: 22000 (dimensions; NaN, infinity) ...
        """
        array = _arrays.matrix(rows, "rows")
        n, dim = array.shape
        numbers = None
        if ids is not None:
            numbers = _arrays.integers(np.atleast_1d(ids), n, "ids")
        options = InsertOptions(sizeof(InsertOptions), encode(id_column),
                                encode(vector_column))
        inserted = c_int64()
        return self._call(
            self._library.tusk_insert_matrix, self._handle, encode(table),
            byref(options), None if numbers is None else numbers.ctypes.data,
            array.ctypes.data, n, dim, byref(inserted),
            then=lambda: inserted.value)

    def copy_in(self, sql: str, chunks: Iterable[bytes]) -> int:
        """COPY ... FROM STDIN: bytes of its format, cut anywhere; how many rows.
        What chunks raises fails the statement and comes out."""
        library = self._library
        copy = c_void_p()
        self._call(library.tusk_copy_begin, self._handle, encode(sql),
                   byref(copy))
        rows = c_int64()
        try:
            for chunk in chunks:
                data = bytes(chunk)
                self._call(library.tusk_copy_write, copy, data, len(data))
            finish, copy = copy, None
            return self._call(library.tusk_copy_finish, finish, byref(rows),
                              then=lambda: rows.value)
        except BaseException as e:
            if copy is not None:
                try:
                    self._call(library.tusk_copy_abort, copy,
                               encode(type(e).__name__))
                except Error:
                    pass
            raise

    def copy_out(self, sql: str, take: Callable[[bytes], Any]) -> int:
        """COPY ... TO STDOUT: take is called for each piece, in text and CSV a
        line; how many rows.  What it raises ends the statement and comes out;
        it must not use the session."""
        rows = c_int64()

        def one(_: Any, data: int, length: int) -> int:
            try:
                take(_values.bytes_at(data, length))
                return 0
            except BaseException as e:
                self._callbacks.error = e
                return 1

        return self._call(self._library.tusk_copy_out, self._handle,
                          encode(sql), CopyFn(one), None, byref(rows),
                          then=lambda: rows.value)

    # ---- vectors ----

    def search(self, sql: str, *, path: str = "best") -> Search:
        """Prepares a search: a SELECT with $1, what is searched for, and perhaps
        $2, how many rows are wanted.  path: "best", "backend" or "direct"."""
        from .search import Search
        return Search(self, sql, path)

    def index(self, table: str, *, id_column: str = "id",
              vector_column: str = "embedding", metric: Optional[str] = None
              ) -> Index:
        """The Index of a table that is there."""
        from .index import Index
        return Index(self, table, id_column, vector_column, metric)

    def create(self, table: str, dim: int, *, type: str = "vector",
               id_column: str = "id", vector_column: str = "embedding"
               ) -> Index:
        """Creates a table with a bigint and a vector (or halfvec) column, and
        the extension if it is not there; its Index."""
        from .index import Index
        _arrays.check_dim(dim, "dim")
        if type not in ("vector", "halfvec"):
            raise ValueError(f"type must be vector or halfvec, not {type}")
        self.execute("CREATE EXTENSION IF NOT EXISTS vector")
        self.execute(f"CREATE TABLE {table} ({quote(id_column)} bigint, "
                     f"{quote(vector_column)} {type}({dim}))")
        return Index(self, table, id_column, vector_column, None)

    def build(self, sql: str, *,
              progress: Union[bool, Callable[[Progress], Any]] = True) -> None:
        """Runs a CREATE INDEX or REINDEX; progress as in Index.build."""
        from .build import run_build
        run_build(self, sql, progress)

    def start_build(self, sql: str) -> Build:
        """Starts one and returns; until its end the session can do nothing
        else."""
        from .build import Build
        return Build(self, sql)

    def estimate(self, sql: str) -> Estimate:
        """What a CREATE INDEX would take; nothing is built."""
        from .build import estimate
        return estimate(self, sql)


class Transaction:
    def __init__(self, session: Session) -> None:
        self._session = session

    def __enter__(self) -> Session:
        self._session.execute("BEGIN")
        return self._session

    def __exit__(self, kind: Optional[type[BaseException]],
                 value: Optional[BaseException],
                 traceback: Optional[TracebackType]) -> None:
        if kind is None:
            self._session.execute("COMMIT")
        else:
            try:
                self._session.execute("ROLLBACK")
            except ConnectionLost:
                pass  # what was raised first says more


class Statement(Handle):
    """A prepared statement; it lives until it is dropped or closed."""

    _what = "statement"
    _free = "tusk_statement_free"

    def __init__(self, session: Session, sql: str) -> None:
        super().__init__(session)
        handle = c_void_p()
        session._call(session._library.tusk_prepare, session._handle,
                      encode(sql), 0, None, byref(handle))
        self._handle = handle

    def execute(self, *params: Any) -> Result:
        """Runs it; parameters and errors as Session.execute has them."""
        session = self._session
        result = c_void_p()
        return session._call(session._library.tusk_statement_execute,
                             self._open(), len(params),
                             _values.parameters(params), TEXT, byref(result),
                             then=lambda: session._take(result))

    @property
    def nparams(self) -> int:
        """How many parameters it has."""
        return self._session._library.tusk_statement_params(self._open())


def encode(text: str) -> bytes:
    """For the library, which takes it to its first zero: there is none."""
    if "\0" in text:
        raise ValueError("text for the server must not contain a zero "
                         "character")
    return text.encode()


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
