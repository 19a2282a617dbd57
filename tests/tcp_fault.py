"""A connection that goes wrong: a proxy on the level of bytes, in front of a server that is right.

    plan = [Fault(cut=1000), Fault(reset=0), Fault(stall=(10, 2.0)), Fault(dribble=(1, 0.01)), Fault(length=5)]
    with faulty(server_port, plan) as port:
        ...  # ask http://127.0.0.1:{port}/ : the first answer ends after 1000 bytes, and so on
    assert not plan  # every fault has happened

Bytes are counted in the body of the answer. Each connection carries one request, so faults and requests go together.
"""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

_PIECE = 4096


@dataclass(frozen=True)
class Fault:
    """What happens to one answer; nothing is set where it passes as it is.

    Attributes
    ----------
    cut
        The connection is closed in good order after so many bytes; -1: within the head.
    reset
        The connection is torn down (RST) after so many bytes; -1: within the head.
    stall
        After so many bytes nothing comes for so many seconds, then the rest.
    dribble
        Pieces of so many bytes, each followed by a pause of so many seconds.
    length
        Added to the Content-Length that the server states.
    """

    cut: int | None = None
    reset: int | None = None
    stall: tuple[int, float] | None = None
    dribble: tuple[int, float] | None = None
    length: int = 0


@contextmanager
def faulty(port: int, plan: list[Fault]) -> Iterator[int]:
    """Stand in front of the server on `port` of this machine, for as long as the block lasts; gives a port.

    Each connection takes the first fault from `plan`; when there are none left, everything passes.
    """
    over = threading.Event()
    lock = threading.Lock()
    threads: list[threading.Thread] = []

    def serve(client: socket.socket) -> None:
        with lock:
            fault = plan.pop(0) if plan else Fault()
        with client, suppress(OSError), socket.create_connection(("127.0.0.1", port), 10) as server:
            client.settimeout(10)
            if head := _head(client):
                server.sendall(_once(head))
                _pass_on(server, client, fault, over)

    def accept(listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=serve, args=(client,), daemon=True)
            threads.append(thread)
            thread.start()

    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        accepting = threading.Thread(target=accept, args=(listener,), daemon=True)
        accepting.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            # Closing alone does not wake who waits for a connection.
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            accepting.join(10)
            for thread in threads:
                thread.join(15)


def _head(side: socket.socket) -> bytes:
    """All up to the end of the head, and what came with it."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = side.recv(_PIECE)
        if not piece:
            return b""
        got += piece
    return got


def _once(message: bytes) -> bytes:
    """The same request or answer, as the last of its connection. A request's body must have come with the head."""
    head, _, body = message.partition(b"\r\n\r\n")
    head = re.sub(rb"(?im)^connection:.*\r\n", b"", head + b"\r\n")
    return head + b"Connection: close\r\n\r\n" + body


def _pass_on(server: socket.socket, client: socket.socket, fault: Fault, over: threading.Event) -> None:
    head, _, body = _once(_head(server)).partition(b"\r\n\r\n")
    if fault.length:
        head = re.sub(rb"(?i)(content-length: *)(\d+)", lambda m: m[1] + str(int(m[2]) + fault.length).encode(), head)
    end = fault.cut if fault.cut is not None else fault.reset
    if end == -1:
        client.sendall(head[: len(head) // 2])
        _close(client, fault)
        return
    client.sendall(head + b"\r\n\r\n")
    sent = 0
    piece = body or server.recv(_PIECE)
    stall = fault.stall
    while piece and not over.is_set():
        if stall is not None and sent + len(piece) >= stall[0]:
            client.sendall(piece[: stall[0] - sent])
            over.wait(stall[1])
            piece, sent, stall = piece[stall[0] - sent :], stall[0], None
        if end is not None and sent + len(piece) >= end:
            client.sendall(piece[: end - sent])
            _close(client, fault)
            return
        _send(client, piece, fault, over)
        sent += len(piece)
        piece = server.recv(_PIECE)


def _send(client: socket.socket, piece: bytes, fault: Fault, over: threading.Event) -> None:
    if fault.dribble is None:
        client.sendall(piece)
        return
    size, pause = fault.dribble
    for start in range(0, len(piece), size):
        client.sendall(piece[start : start + size])
        if over.wait(pause):
            return


def _close(client: socket.socket, fault: Fault) -> None:
    if fault.reset is not None:
        # What was sent must arrive first: a reset throws away what the other side has not read.
        threading.Event().wait(0.05)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
