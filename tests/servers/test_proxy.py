"""The proxy passes bytes on, and breaks connections when told to."""

import socket
import socketserver
import threading
from collections.abc import Iterator

import pytest
from servers.proxy import Proxy, running_proxy


class Echo(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while line := self.rfile.readline():
            self.wfile.write(line)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        with running_proxy(server.server_address[1]) as proxy:
            yield proxy
        server.shutdown()


def connect(proxy: Proxy) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", proxy.port), timeout=10)
    assert echo(client, b"a\n") == b"a\n"
    return client


def echo(client: socket.socket, data: bytes) -> bytes:
    client.sendall(data)
    return client.recv(100)


def test_bytes_go_both_ways(proxy: Proxy) -> None:
    with connect(proxy), connect(proxy) as second:
        assert echo(second, b"b\n") == b"b\n"
        assert proxy.connections == 2
        assert proxy.passed == {"up": 6, "down": 6}


def test_all_connections_are_cut_and_new_ones_taken(proxy: Proxy) -> None:
    with connect(proxy) as first:
        proxy.cut()

        with pytest.raises(ConnectionResetError):
            first.recv(1)
        connect(proxy).close()


def test_a_connection_is_cut_in_the_middle_of_an_answer(proxy: Proxy) -> None:
    with connect(proxy) as client:
        proxy.cut_after(3)

        assert echo(client, b"bcdef\n") == b"bcd"
        with pytest.raises(ConnectionResetError):
            client.recv(1)
        connect(proxy).close()


def test_a_stalled_connection_goes_on_later(proxy: Proxy) -> None:
    with connect(proxy) as client:
        proxy.stall()
        client.settimeout(0.1)
        with pytest.raises(TimeoutError):
            echo(client, b"b\n")
        client.settimeout(10)
        proxy.resume()

        assert client.recv(100) == b"b\n"


def test_connections_are_refused(proxy: Proxy) -> None:
    port = proxy.port
    proxy.refuse()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=10)
