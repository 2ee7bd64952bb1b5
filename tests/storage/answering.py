"""A server that gives prepared answers, one after the other, and keeps what it was asked."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What the server says."""

    code: int
    body: bytes
    headers: Mapping[str, str] = {"Content-Type": "application/json"}
    missing: int = 0  #: bytes that are promised and do not come


class Asked(NamedTuple):
    """What the server was asked."""

    method: str
    path: str
    headers: Mapping[str, list[str]]
    body: bytes


class Server:
    """Answers requests; what was asked is in `asked`."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: list[Answer] = []
        self.url = ""
        #: where it waits before each answer, until as many have been asked for
        self.together = threading.Barrier(1)

    def say(self, code: int, body: object, **headers: str) -> None:
        """Prepare an answer in JSON; the underscores of the headers are dashes."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        told = {"Content-Type": "application/json"} | told
        self.answers.append(Answer(code, json.dumps(body).encode(), told))

    def refuse(self, code: int, reason: str, message: str = "", **details: Any) -> None:
        """Prepare a Status."""
        self.say(code, status(code, reason, message, **details))


def status(code: int, reason: str, message: str = "", **details: Any) -> dict[str, Any]:
    """Return what an API server says when it does not do what it is asked."""
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": reason,
        "details": details,
        "code": code,
    }


@contextmanager
def answering() -> Iterator[Server]:
    """Run such a server."""
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.title(): self.headers.get_all(name, []) for name in self.headers}
            server.asked.append(Asked(self.command, self.path, headers, body))
            answer = server.answers.pop(0)
            server.together.wait(timeout=10)
            self.send_response(answer.code)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body) + answer.missing))
            self.end_headers()
            self.wfile.write(answer.body)
            self.close_connection = self.close_connection or answer.missing > 0

        do_GET = do_POST = do_PUT = do_DELETE = do

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        server.url = f"http://127.0.0.1:{http.server_address[1]}"
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        http.shutdown()
