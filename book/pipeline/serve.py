"""Show the built site on this machine only."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from .layout import Book, PipelineError


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing for each request."""


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve ``folder`` in the background; yields its address. Port 0 takes a free one."""
    handler = partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{server.server_address[1]}"
        finally:
            server.shutdown()


def serve(book: Book, port: int) -> None:
    """Serve the site until Ctrl-C."""
    if not (book.html / "index.html").exists():
        raise PipelineError("The book has not been built yet: run `make book` first.")
    try:
        with serving(book.html, port) as address:
            print(f"The book is at {address} (Ctrl-C ends)", flush=True)
            threading.Event().wait()
    except OSError as error:
        raise PipelineError(
            f"Port {port} cannot be used ({error.strerror}); try `make serve PORT={port + 1}`."
        ) from error
    except KeyboardInterrupt:
        print()
