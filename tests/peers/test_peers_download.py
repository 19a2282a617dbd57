"""Large files from a real server of files, with its own ETag, Range and limits."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tcp_fault import Fault, faulty

from pipeline.load.download import download
from pipeline.load.http import Http

from .conftest import free_port, program, running, wait_for

#: Its servers are started once, in one process.
pytestmark = pytest.mark.xdist_group("peers")

BODY = random.Random(2).randbytes(3_000_000)


@dataclass(frozen=True)
class Nginx:
    """An nginx that serves a folder: as it is, slowly, without Range, and with a limit on requests."""

    port: int
    folder: Path
    log: Path

    @property
    def asked(self) -> list[str]:
        """Status, Range and bytes of each answer."""
        return [line for line in self.log.read_text().splitlines() if "ready" not in line]


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Nginx]:
    command = program("nginx")
    port, folder, home = free_port(), tmp_path / "served", tmp_path / "nginx"
    folder.mkdir()
    home.mkdir()
    # The worker is another user.
    for path in (folder, *folder.parents):
        if path.stat().st_uid == os.geteuid() and path != path.parent:
            path.chmod(path.stat().st_mode | 0o711)
    (folder / "x.gpkg").write_bytes(BODY)
    (folder / "ready").write_text("")
    (
        home / "nginx.conf"
    ).write_text(f"""worker_processes 1; daemon off; master_process off; pid nginx.pid; error_log nginx.log;
events {{ worker_connections 64; }}
http {{
  client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;
  log_format said '$uri $status "$http_range" "$http_if_range" $body_bytes_sent'; access_log {home}/asked.log said;
  gzip on; gzip_types *; limit_req_zone $binary_remote_addr zone=z:1m rate=2r/s; default_type application/octet-stream;
  server {{
    listen 127.0.0.1:{port}; root {tmp_path};
    location /slow/ {{ alias {folder}/; limit_rate 1m; }}
    location /plain/ {{ alias {folder}/; max_ranges 0; }}
    location /busy/ {{ alias {folder}/; limit_req zone=z nodelay; limit_req_status 429; error_page 429 @r; }}
    location @r {{ internal; add_header Retry-After 1 always; return 429; }}
    location /moved/ {{ return 302 /served/x.gpkg; }}
  }}
}}
""")
    with running([command, "-p", f"{home}/", "-c", "nginx.conf", "-e", "nginx.log"], home / "out.log"):
        wait_for(f"http://127.0.0.1:{port}/served/ready", home)
        yield Nginx(port, folder, home / "asked.log")


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(timeout_s=5, tries=3, pause_s=0.001) as client:
        yield client


def test_whole_and_unchanged(nginx: Nginx, http: Http, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{nginx.port}/moved/x.gpkg"
    first = download(http, url, tmp_path / "kept", None)
    assert first.path.read_bytes() == BODY
    assert first.page.etag.startswith('"')
    again = download(http, url, tmp_path / "kept", dt.datetime(2999, 1, 1, tzinfo=dt.UTC))
    assert again.page.sha256 == first.page.sha256
    assert [line.split()[1] for line in nginx.asked] == ["302", "200", "302", "304"]


@pytest.mark.fault(
    "A", "a download from nginx, cut, reset and broken in the head, with Range and without",
    "nothing: with Range only what is missing is asked, without it all",
)  # fmt: skip
@pytest.mark.parametrize("place", ["served", "plain"])
def test_cut_reset_and_stalled(nginx: Nginx, http: Http, tmp_path: Path, place: str) -> None:
    """With Range only what is missing is asked; without, all of it."""
    plan = [Fault(cut=1_000_000), Fault(reset=500_000), Fault(cut=-1)]
    with faulty(nginx.port, plan) as port:
        done = download(http, f"http://127.0.0.1:{port}/{place}/x.gpkg", tmp_path / "kept", None)
    assert not plan
    assert done.path.read_bytes() == BODY
    statuses = [line.split()[1] for line in nginx.asked]
    assert statuses == (["200", "206", "206", "206"] if place == "served" else ["200"] * 4)


@pytest.mark.fault(
    "A", "a file that changes on nginx between two parts (If-Range, ETag)",
    "nothing: the new file, whole; old and new are never mixed",
)  # fmt: skip
@pytest.mark.parametrize("body", [BODY[::-1], BODY[:2_000_000], BODY + b"more"], ids=["other", "shorter", "longer"])
def test_a_file_that_changes_between_the_parts(nginx: Nginx, tmp_path: Path, body: bytes) -> None:
    path = nginx.folder / "x.gpkg"

    class Changing(Http):
        def rest(self) -> None:
            path.write_bytes(body)
            os.utime(path, (1_000_000_000, 1_000_000_000))

    with Changing(tries=3) as http, faulty(nginx.port, [Fault(cut=2_500_000)]) as port:
        done = download(http, f"http://127.0.0.1:{port}/served/x.gpkg", tmp_path / "kept", None)
    assert done.path.read_bytes() == body
    assert [line.split()[1] for line in nginx.asked] == ["200", "200"]
    assert '"bytes=2500000-"' in nginx.asked[1]


@pytest.mark.fault("A", "429 with Retry-After from nginx", "nothing: it waits as long as asked and asks again")
def test_too_many_requests(nginx: Nginx, http: Http, tmp_path: Path) -> None:
    for name in "ab":
        began = time.monotonic()
        done = download(http, f"http://127.0.0.1:{nginx.port}/busy/x.gpkg?{name}", tmp_path / "kept", None)
        assert done.path.read_bytes() == BODY
    assert time.monotonic() - began > 1
    assert [line.split()[1] for line in nginx.asked] == ["200", "429", "200"]


SCRIPT = """
import sys
from pathlib import Path
from pipeline.load import download
from pipeline.load.http import Http
download._CHECKPOINT = 20_000
with Http() as http:
    download.download(http, sys.argv[1], Path(sys.argv[2]), None)
"""


@pytest.mark.fault(
    "C", "SIGKILL at any moment of a download",
    "nothing: the next run goes on, and the file is equal byte for byte",
)  # fmt: skip
def test_kills(nginx: Nginx, http: Http, tmp_path: Path) -> None:
    """Killed at a moment drawn anew each time; the end is equal byte for byte."""
    url, kept = f"http://127.0.0.1:{nginx.port}/slow/x.gpkg", tmp_path / "kept"
    draw = random.Random(3)
    for _ in range(5):
        process = subprocess.Popen([sys.executable, "-c", SCRIPT, url, str(kept)])
        until = time.monotonic() + 30
        # nginx logs an answer at its end, so the part's own growth says that it has begun.
        grown = [p.stat().st_mtime_ns for p in kept.glob("*.part")] if kept.exists() else []
        while time.monotonic() < until and process.poll() is None:
            now = [p.stat().st_mtime_ns for p in kept.glob("*.part")] if kept.exists() else []
            if now != grown:
                break
            time.sleep(0.005)
        time.sleep(draw.uniform(0, 0.12))
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        assert not list(kept.glob("*.gpkg"))
    done = download(http, url, kept, None)
    assert done.path.read_bytes() == BODY
    assert sorted(p.suffix for p in kept.iterdir() if not p.name.startswith(".")) == [".gpkg", ".json"]
    resumed = [line for line in nginx.asked if line.split()[1] == "206"]
    assert len(resumed) >= 3, nginx.asked
