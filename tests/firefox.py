"""Firefox without a window, driven over its own protocol (Marionette) with the standard library alone.

A message is ``length:json``. We send ``[0, number, command, parameters]`` and get ``[1, number, error, result]``.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from needs import missing

#: Seconds for one command, and for Firefox to come up on a busy machine.
PATIENCE = 30
START = 90

#: Marionette itself turns off updates, telemetry and first-run pages. The proxy is a port where nobody listens: what
#: Firefox asks of the network it does not get.
PREFERENCES = {
    "app.normandy.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "intl.accept_languages": "nl, en",
    "marionette.port": 0,  # a free one, which it writes into the profile
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "toolkit.telemetry.enabled": False,
}

#: Errors that no script caught, and refusals of the policy. What a page writes to the console is not among them.
COMPLAINTS = """
return Services.console.getMessageArray()
  .filter((m) => m instanceof Ci.nsIScriptError && m.sourceName.startsWith('file:'))
  .map((m) => `${m.category}: ${m.errorMessage} (line ${m.lineNumber})`);
"""
FORGET = "Services.console.reset();"


class FirefoxError(Exception):
    """Firefox did not do what it was told."""


class Firefox:
    """One window with one page."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._socket = socket.create_connection(address, timeout=PATIENCE)
        self._reader = self._socket.makefile("rb")
        self._number = 0
        self._receive()  # who it is
        self.version: str = self.call("WebDriver:NewSession", capabilities={})["capabilities"]["browserVersion"]

    def call(self, command: str, **parameters: Any) -> Any:
        """Give one command; what it answers."""
        self._number += 1
        body = json.dumps([0, self._number, command, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(body), body))
        _, number, error, result = self._receive()
        if number != self._number:
            raise FirefoxError(f"{command} is message {self._number}, Firefox answers {number}")
        if error:
            raise FirefoxError(f"{command}: {error['error']}: {error['message']}")
        return result

    def _receive(self) -> Any:
        length = b""
        while (digit := self._reader.read(1)) != b":":
            if not digit:
                raise FirefoxError("Firefox has gone away")
            length += digit
        return json.loads(self._reader.read(int(length)))

    def goto(self, url: str) -> None:
        """Open a page and wait until it has loaded; complaints begin anew."""
        self._chrome(FORGET)
        self.call("WebDriver:Navigate", url=url)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page, as far as JSON knows it."""
        return self.call("WebDriver:ExecuteScript", script=f"return ({expression});", args=[])["value"]

    def until(self, expression: str, seconds: float = 10) -> Any:
        """Wait for an expression to be true; its value."""
        end = time.monotonic() + seconds
        while not (value := self.evaluate(expression)):
            if time.monotonic() > end:
                raise FirefoxError(f"after {seconds} s still not: {expression}; complaints: {self.complaints()}")
            time.sleep(0.02)
        return value

    def click(self, selector: str) -> None:
        """Click in the middle of the first element that a CSS selector finds, as a reader would."""
        found = self.call("WebDriver:FindElement", using="css selector", value=selector)["value"]
        self.call("WebDriver:ElementClick", id=next(iter(found.values())))

    def screenshot(self) -> bytes:
        """What the window shows, as PNG."""
        return base64.b64decode(self.call("WebDriver:TakeScreenshot", full=False)["value"])

    def resize(self, width: int, height: int) -> None:
        """Give the page this many pixels; Firefox keeps a window from becoming narrower than 450."""
        edges = self.evaluate("[outerWidth - innerWidth, outerHeight - innerHeight]")
        self.call("WebDriver:SetWindowRect", width=width + edges[0], height=height + edges[1])
        self.until(f"innerWidth === {width} && innerHeight === {height}")

    def complaints(self) -> list[str]:
        """Errors that no script caught and refusals of the policy, since the page was opened."""
        return list(self._chrome(COMPLAINTS))

    def _chrome(self, script: str) -> Any:
        """Run a script in the browser itself instead of in the page."""
        self.call("Marionette:SetContext", value="chrome")
        try:
            return self.call("WebDriver:ExecuteScript", script=script, args=[])["value"]
        finally:
            self.call("Marionette:SetContext", value="content")

    def close(self) -> None:
        """Tell it to end."""
        with suppress(OSError, FirefoxError):
            self.call("Marionette:Quit", flags=["eForceQuit"])
        self._reader.close()
        self._socket.close()


@contextmanager
def firefox(width: int = 1366, height: int = 768) -> Iterator[Firefox]:
    """Start Firefox with a fresh profile; it is gone, with all that it wrote, when the block ends."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        missing("needs Debian's firefox-esr")
    with tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True) as home:
        profile = Path(home) / "profile"
        profile.mkdir()
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in PREFERENCES.items()]
        (profile / "user.js").write_text("".join(lines), "utf-8")
        log = Path(home) / "log.txt"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [program, "--headless", "--no-remote", "--marionette", "--remote-allow-system-access", "--profile", profile],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                env={**os.environ, "HOME": home, "MOZ_CRASHREPORTER_DISABLE": "1", "LANG": "C.UTF-8"},
            )  # fmt: skip
        try:
            browser = Firefox(("127.0.0.1", _port(process, profile, log)))
            try:
                browser.resize(width, height)
                yield browser
            finally:
                browser.close()
        finally:
            _end(process)


def _port(process: subprocess.Popen[bytes], profile: Path, log: Path) -> int:
    """The port that Firefox has chosen, once it listens there."""
    told = profile / "MarionetteActivePort"
    end = time.monotonic() + START
    while time.monotonic() < end and process.poll() is None:
        with suppress(FileNotFoundError, ValueError):
            return int(told.read_text("ascii"))
        time.sleep(0.05)
    raise FirefoxError(f"Firefox did not come up; it said: {log.read_text('utf-8', 'replace')[-800:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait for it to end; end it and its helpers when it does not."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
