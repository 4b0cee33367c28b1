"""Client of the Tusk vector index service, on libtusk (tusk.h).

    import numpy as np
    import tusk

    with tusk.attach("dir=/var/lib/vectors autostart=on") as session:
        items = session.create("items", dim=3)
        items.add([1, 2], np.array([[1, 2, 3], [4, 5, 6]], np.float32))
        items.build("hnsw", "l2", m=16, ef_construction=64)
        ids, distances = items.search([3, 1, 2], k=2)

Threads: a session and what came from it is for one thread at a time; a call of
a second thread waits until the first one's has ended, and Session.cancel may be
called by any.  Have a session per thread: they are independent, and the
interpreter's lock is released during every call.

Processes: after os.fork the child attaches anew.  What it does with sessions of
its parent fails with SQLSTATE 55000; closing them there leaves the parent's as
they are.

KeyboardInterrupt cancels what the session does in the server and is raised when
that has ended; the session can be used on.
"""
from ._library import LibraryNotFound, library_path
from .errors import (ConnectionLost, Error, MisuseError, Notice, OutOfMemory,
                     QueryCanceled, ServerError)
from .build import Build, Estimate, Progress
from .index import METRICS, Index
from .search import Search
from .session import Result, Session, Statement, attach

__version__ = "0.1"
__all__ = [
    "attach", "Session", "Statement", "Result", "Search", "Index", "Build",
    "Estimate", "Progress", "METRICS", "Error", "ServerError", "QueryCanceled",
    "ConnectionLost", "MisuseError", "OutOfMemory", "Notice", "LibraryNotFound",
    "library_path"]
