"""Before the server listens: each reason why it cannot has its own sentence."""

import errno
import socket
from contextlib import closing

import pytest

from tramyte.engine.refused import Refused
from tramyte.web.commands import serve


class Unwilling(socket.socket):
    """A socket that cannot be bound."""

    error: Exception

    def bind(self, address):
        raise self.error


@pytest.mark.parametrize(("error", "code", "words"), [
    (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "unknown_host", "--host 127.0.0.1"),
    (UnicodeError("label too long"), "unknown_host", "--host 127.0.0.1"),
    (OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address"), "foreign_host", "--host 127.0.0.1"),
    (PermissionError(errno.EACCES, "Permission denied"), "port_forbidden", "--port 8000"),
    (OSError(errno.EADDRINUSE, "Address already in use"), "port_taken", "--port 81"),
])
def test_why_nobody_can_listen_there(monkeypatch, error, code, words):
    monkeypatch.setattr(Unwilling, "error", error, raising=False)
    monkeypatch.setattr(serve.socket, "socket", Unwilling)
    with pytest.raises(Refused) as refused:
        serve._free("may-chu", 80)
    assert refused.value.code == code and words in refused.value.message


def test_a_port_in_use_and_a_free_one():
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match="đang có chương trình khác dùng"):
            serve._free("127.0.0.1", port)
    serve._free("127.0.0.1", port)
