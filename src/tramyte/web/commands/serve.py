"""`tramyte serve`: the web server and the job worker, one of each for one home."""

import argparse
import errno
import os
import shutil
import socket
import subprocess
import sys
import threading
import time

from tramyte.engine.refused import Refused

FIRST_USER = (
    "Chưa có tài khoản nào. Mở trang trên trong trình duyệt để chọn xã và tạo tài khoản đầu tiên, với mã cài đặt: {code}\n"
    "hoặc, để xem thử: dừng lại rồi chạy  tramyte serve --demo"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--host", default="127.0.0.1", help="địa chỉ nghe, mặc định chỉ máy này")
    parser.add_argument("--port", type=int, default=8000, help="cổng, mặc định 8000")
    parser.add_argument("--as-of", metavar="DATE", help="làm việc như thể hôm nay là ngày này (2026-06-03)")
    parser.add_argument("--demo", action="store_true", help="lần đầu: tạo xã trình diễn nếu chưa có dữ liệu")


def run(options: argparse.Namespace) -> int:
    """Check the port, the lock, the disk, the clock and the database; then serve until stopped."""
    from tramyte.web.commands.main import start_django

    start_django(options.as_of)
    from django.conf import settings

    from tramyte.web.lock import only_one

    _free(options.host, options.port)
    with only_one(settings.HOME):
        _prepare(options)
        _announce(options)
        worker = _worker()
        try:
            _web(options.host, options.port)
        finally:
            worker.stop()
    return 0


def _free(host: str, port: int) -> None:
    """Raise Refused when the port is taken or not ours to use."""
    if not 0 < port < 65536:
        raise Refused("bad_port", f"Cổng {port} không dùng được. Hãy chọn một số từ 1024 đến 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, UnicodeError) as error:
            raise _not_free(host, port, error) from error


def _not_free(host: str, port: int, error: OSError | UnicodeError) -> Refused:
    """Why a server cannot listen there: an unknown name, an address of another machine, a right, another program."""
    if isinstance(error, socket.gaierror | UnicodeError):
        return Refused("unknown_host", f"Không có địa chỉ nào tên “{host}”. Hãy ghi --host 127.0.0.1 (chỉ máy này) hoặc 0.0.0.0 (mọi máy trong mạng).")
    if error.errno == errno.EADDRNOTAVAIL:
        return Refused("foreign_host", f"{host} không phải địa chỉ của máy này. Hãy ghi --host 127.0.0.1 (chỉ máy này) hoặc 0.0.0.0 (mọi máy trong mạng).")
    if error.errno == errno.EACCES:
        return Refused("port_forbidden", f"Tài khoản này không được dùng cổng {port}. Hãy chạy lại với --port 8000.")
    return Refused("port_taken", f"Cổng {port} trên {host} đang có chương trình khác dùng ({error.strerror}). Hãy chạy lại với --port {port + 1 if port < 65535 else 8000}.")


def _prepare(options: argparse.Namespace) -> None:
    from django.conf import settings

    from tramyte.engine.actions.bulk import know_sizes
    from tramyte.web import storage

    if shutil.disk_usage(settings.HOME).free < 50 * 2**20:
        raise Refused("disk_full", f"Ổ đĩa chứa {settings.HOME} còn dưới 50 MB. Hãy dọn bớt rồi chạy lại; dữ liệu vẫn nguyên.")
    storage.upgrade(lambda text: print(text, file=sys.stderr))
    if options.demo:
        from tramyte.web.commands import demo

        demo.first_time(options.as_of)
    know_sizes()
    behind = storage.clock_went_back()
    if behind:
        print(f"Đồng hồ máy đang chậm hơn lần ghi cuối {behind}. Dữ liệu không mất, nhưng hãy chỉnh lại ngày giờ của máy.", file=sys.stderr)


def _announce(options: argparse.Namespace) -> None:
    from django.conf import settings

    from tramyte.engine.access.models import User
    from tramyte.web import demo_notes, setup_code

    print(f"\nMở trình duyệt: http://{'localhost' if options.host == '127.0.0.1' else options.host}:{options.port}/", file=sys.stderr)
    print(f"Dữ liệu: {settings.HOME}", file=sys.stderr)
    for line in demo_notes.lines(settings.HOME):
        print(line, file=sys.stderr)
    if not User.objects.exists():
        print(FIRST_USER.format(code=setup_code.of(settings.HOME)), file=sys.stderr)
    print("Dừng: Ctrl+C\n", file=sys.stderr, flush=True)


def _web(host: str, port: int) -> None:
    """Run granian, or waitress where granian has no wheel."""
    try:
        from granian.constants import Interfaces
        from granian.server import Server
    except ImportError:
        from waitress import serve

        from tramyte.web.wsgi import application

        serve(application, host=host, port=port, threads=8)
        return
    Server("tramyte.web.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=1, blocking_threads=8, log_enabled=False).serve()


class _Worker:
    """The worker as a child process that is started again when it falls."""

    def __init__(self) -> None:
        self.stopping = False
        self.child = self._start()
        threading.Thread(target=self._watch, daemon=True).start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "tramyte.web.worker"], env=os.environ.copy())

    def _watch(self) -> None:
        while not self.stopping:
            self.child.wait()
            if not self.stopping:
                time.sleep(2)
                self.child = self._start()

    def stop(self) -> None:
        """End the worker and wait for it."""
        self.stopping = True
        self.child.terminate()
        try:
            self.child.wait(10)
        except subprocess.TimeoutExpired:
            self.child.kill()


def _worker() -> _Worker:
    return _Worker()
