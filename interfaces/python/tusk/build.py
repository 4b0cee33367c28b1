"""Builds of indexes: estimates, progress, cancel."""
from __future__ import annotations

import dataclasses
import os
import sys
from ctypes import byref, c_int, c_void_p, sizeof
from typing import Any, Callable, Optional, Union

from . import _arrays
from ._handle import Handle
from ._library import EstimateStruct, ProgressStruct
from .errors import Error, QueryCanceled
from .session import Session, encode

POLL_MS = 100


@dataclasses.dataclass(frozen=True)
class Estimate:
    """What CREATE INDEX would take, from a sample of the table."""
    rows: float            # of the index
    rows_in_memory: float  # fewer: it does not stay in memory
    memory_needed: int     # bytes, to stay in memory
    memory_setting: int    # bytes, maintenance_work_mem
    setting_needed: int    # bytes, the setting with which it stays there
    index_size: int        # bytes
    wal_size: int          # bytes
    workers: int           # that it would ask for
    seconds: Optional[float]  # None: not known


@dataclasses.dataclass(frozen=True)
class Progress:
    """How far a build is; when it has ended, the last that was known."""
    running: bool
    phase: str             # "building index: loading tuples", ...
    workers_planned: int
    workers_launched: int
    workers_limited_by: str
    memory_used: int       # bytes
    memory_limit: int      # bytes
    tuples_done: int
    tuples_total: int      # 0: not known yet
    elapsed: float         # seconds since it was started
    remaining: Optional[float]  # seconds; None: not known


def estimate(session: Session, sql: str) -> Estimate:
    """Session.estimate."""
    e = EstimateStruct(sizeof(EstimateStruct))
    session._call(session._library.tusk_build_estimate, session._handle,
                  encode(sql), byref(e))
    values = {field.name: getattr(e, field.name)
              for field in dataclasses.fields(Estimate)}
    values["seconds"] = e.seconds if e.seconds >= 0 else None
    return Estimate(**values)


class Build(Handle):
    """A CREATE INDEX that runs; made by Session.start_build.  In "with", one
    that still runs at the end is cancelled."""

    _what = "build"
    _free = "tusk_build_free"

    def __init__(self, session: Session, sql: str) -> None:
        super().__init__(session)
        handle = c_void_p()
        session._call(session._library.tusk_build_start, session._handle,
                      encode(sql), byref(handle))
        self._handle = handle

    def poll(self) -> Progress:
        """How far it is, asked for through a second session; does not wait.

        Raises Error if that session cannot be made; the build goes on.
        """
        p = ProgressStruct(sizeof(ProgressStruct))
        self._session._call(self._session._library.tusk_build_poll,
                            self._open(), byref(p))
        values = {field.name: getattr(p, field.name)
                  for field in dataclasses.fields(Progress)}
        values.update(running=bool(p.running), phase=p.phase.decode(),
                      workers_limited_by=p.workers_limited_by.decode(),
                      remaining=p.remaining if p.remaining >= 0 else None)
        return Progress(**values)

    def wait(self, timeout: Optional[float] = None) -> bool:
        """Waits for its end, at most timeout seconds (None: as long as it
        takes).  True: it has ended; False: it still runs.

        Raises what the statement met, each time it is asked for.
        KeyboardInterrupt cancels the build.
        """
        running = c_int()
        timeout_ms = (-1 if timeout is None
                      else _arrays.milliseconds(timeout, "timeout"))
        try:
            return self._session._call(
                self._session._library.tusk_build_wait, self._open(),
                timeout_ms, byref(running), then=lambda: not running.value)
        except KeyboardInterrupt:
            if running.value:
                self.close()
            raise

    def cancel(self) -> None:
        """Asks the server to stop it; wait then raises QueryCanceled.  A request
        that comes before the statement has begun is lost."""
        session = self._session
        session._call(session._library.tusk_build_cancel, self._open())

    def close(self) -> None:
        """One that runs is cancelled, and its end waited for."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        session = self._session
        if session._owner != os.getpid():
            return  # it is the parent's
        with session._lock:
            session._library.tusk_build_free(handle)
            session._callbacks.error = None


# ---- progress on a terminal ----

class _Line:
    """One line on standard error, if it is a terminal."""

    def __init__(self) -> None:
        self.shown = False

    def __call__(self, p: Progress) -> None:
        if not sys.stderr.isatty():
            return
        total = f" of {p.tuples_total}" if p.tuples_total else ""
        print(f"\r{p.phase}: {p.tuples_done}{total} tuples, "
              f"{p.elapsed:.0f} s\x1b[K", end="", file=sys.stderr, flush=True)
        self.shown = True

    def close(self) -> None:
        if self.shown:
            print(file=sys.stderr, flush=True)


class _Bar:
    """A bar of tqdm's, which hides itself if there is no terminal."""

    def __init__(self, tqdm: Any) -> None:
        self.bar = tqdm(total=None, unit=" tuples", unit_scale=True,
                        disable=None)

    def __call__(self, p: Progress) -> None:
        if p.tuples_total:
            self.bar.total = p.tuples_total
        self.bar.set_description(p.phase, refresh=False)
        if p.tuples_done > self.bar.n:
            self.bar.update(p.tuples_done - self.bar.n)
        else:
            self.bar.refresh()

    def close(self) -> None:
        self.bar.close()


def _terminal() -> Union[_Bar, _Line]:
    try:
        from tqdm import tqdm
    except ImportError:
        return _Line()
    return _Bar(tqdm)


def run_build(session: Session, sql: str,
              progress: Union[bool, Callable[[Progress], Any]]) -> None:
    """Builds and says how far it is: progress as in Index.build."""
    shown = _terminal() if progress is True else None
    tell = shown if shown is not None else progress
    try:
        with Build(session, sql) as build:
            while not build.wait(POLL_MS / 1000 if tell else None):
                p = _poll(build)
                if p is not None and tell(p):
                    _stop(build)
    finally:
        if shown is not None:
            shown.close()


def _poll(build: Build) -> Optional[Progress]:
    """None: nobody could be asked; that does not end the build."""
    try:
        p = build.poll()
    except Error:
        return None
    return p if p.running and p.phase else None


def _stop(build: Build) -> None:
    """Until it has ended: a request may come too early."""
    ended = False
    while not ended:
        build.cancel()
        ended = build.wait(POLL_MS / 1000)
    raise QueryCanceled("57014", "the build had ended before it was canceled")
