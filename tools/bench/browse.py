"""A page in headless Chromium: how long it takes, how smoothly it moves, what it holds in memory."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
VIEWPORT = {"width": 1440, "height": 900}
#: Where the mouse takes hold of the map: on every page the map is there.
GRIP = (950, 450)
PATIENCE_S = 120.0
#: A new window makes the browser draw itself for about a second; a reader's is there before the page is.
SETTLE_MS = 1500

#: Marks the moment for the trace, and times a page that does not say itself when it is ready: two frames after all
#: its scripts have run, which is how ours counts as well.
_PROBE = """
new MutationObserver((_, me) => {
  const { ready } = document.documentElement?.dataset ?? {};
  if (!ready) return;
  performance.mark('page is ready');
  me.disconnect();
}).observe(document, { attributes: true, subtree: true, attributeFilter: ['data-ready'] });
if (%s) addEventListener('DOMContentLoaded', () => requestAnimationFrame(() => requestAnimationFrame(() => {
  document.documentElement.dataset.ready = Math.round(performance.now());
})));
"""
_TRACED = ["toplevel", "blink.user_timing"]


@dataclass
class Opened:
    """A page that is ready.

    Attributes
    ----------
    asked
        Addresses that it asked for, itself left out.
    """

    page: Any
    cdp: Any
    asked: list[str] = field(default_factory=list)

    def value(self, expression: str, argument: Any = None) -> Any:
        """The value of an expression or function in the page."""
        return self.page.evaluate(expression, argument)

    def until(self, expression: str) -> Any:
        """Wait until an expression is true; its value. The policy of our page forbids `wait_for_function`."""
        for _ in range(int(PATIENCE_S / 0.05)):
            if found := self.page.evaluate(expression):
                return found
            self.page.wait_for_timeout(50)
        msg = f"{self.page.url}: not after {PATIENCE_S:.0f} s: {expression}"
        raise TimeoutError(msg)

    def processor_ms(self) -> float:
        """Processor time of the main thread until now, whatever else the machine does."""
        return 1000 * self._metrics()["TaskDuration"]

    def heap_mb(self) -> tuple[float, float]:
        """JavaScript objects, and typed arrays besides, after a collection; MB of 1,000,000 bytes."""
        self.cdp.send("HeapProfiler.collectGarbage")
        found = self.cdp.send("Runtime.getHeapUsage")
        return found["usedSize"] / 1e6, found["backingStorageSize"] / 1e6

    def _metrics(self) -> dict[str, float]:
        return {m["name"]: m["value"] for m in self.cdp.send("Performance.getMetrics")["metrics"]}


@contextmanager
def opened(
    browser: Any, url: str, *, slower: float = 1.0, serve: Callable[[str], bytes] | None = None, says_ready: bool = True
) -> Iterator[Opened]:
    """Open a page in a fresh profile without network and wait until it is ready.

    Parameters
    ----------
    slower
        How many times as slow the processor is made for the page.
    serve
        What stands at an address of the network; without it there is no network.
    says_ready
        Whether the page itself says when it is ready.
    """
    context = browser.new_context(offline=serve is None, viewport=VIEWPORT, accept_downloads=False)
    try:
        page = context.new_page()
        found = Opened(page, context.new_cdp_session(page))
        page.on("request", lambda r: r.url.startswith("http") and found.asked.append(r.url))
        page.add_init_script(_PROBE % json.dumps(not says_ready))
        if serve is not None:
            page.route(re.compile("^https?://"), lambda route: route.fulfill(body=serve(route.request.url)))
        found.cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
        found.cdp.send("HeapProfiler.enable")
        if slower != 1:
            found.cdp.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.wait_for_timeout(SETTLE_MS)
        page.goto(url, wait_until="commit")
        found.until("document.documentElement?.dataset.ready")
        yield found
    finally:
        context.close()


def start_ms(browser: Any, url: str, **how: Any) -> dict[str, float]:
    """Milliseconds from the start of navigation until the page is ready, and the processor time of its main thread."""
    session = browser.new_browser_cdp_session()
    events: list[dict[str, Any]] = []
    ended: list[bool] = []
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.append(True))
    config = {"includedCategories": _TRACED, "excludedCategories": ["*"]}
    session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": config})
    with opened(browser, url, **how) as page:
        ready = float(page.value("document.documentElement.dataset.ready"))
        session.send("Tracing.end")
        while not ended:
            page.page.wait_for_timeout(20)
        whole = float(page.until("document.documentElement.dataset.whole")) if how.get("says_ready", True) else ready
    session.detach()
    return {"ready": ready, "processor": _until_mark(events), "whole": whole}


def _until_mark(events: list[dict[str, Any]]) -> float:
    """Processor time of the tasks of the thread that set the mark, until it did."""
    mark = next(e for e in events if e["name"] == "page is ready")
    thread = mark["pid"], mark["tid"]
    tasks = [e for e in events if e["name"] == "ThreadControllerImpl::RunTask" and (e["pid"], e["tid"]) == thread]
    return sum(e.get("tdur", 0) for e in tasks if e["ts"] < mark["ts"]) / 1000


# --- moving


_WATCH = """() => {
  window.__frames = [];
  const step = (at) => { window.__frames?.push(at); if (window.__frames) requestAnimationFrame(step); };
  requestAnimationFrame(step);
}"""
_WATCHED = "() => { const found = window.__frames; window.__frames = null; return found; }"


def _drag(page: Any) -> None:
    x, y = GRIP
    page.mouse.move(x, y)
    page.mouse.down()
    for dx, dy in ((-220, -60), (200, 120), (160, -140), (-180, 90)):
        page.mouse.move(x + dx, y + dy, steps=40)
    page.mouse.up()


def _wheel(page: Any) -> None:
    page.mouse.move(*GRIP)
    for direction in (-1, 1):
        for _ in range(8):
            page.mouse.wheel(0, direction * 60)
            page.wait_for_timeout(60)
        page.wait_for_timeout(400)


def _hover(page: Any) -> None:
    x, y = GRIP
    page.mouse.move(x - 250, y - 150)
    for dx, dy in ((250, -150), (250, 150), (-250, 150), (-250, -150)):
        page.mouse.move(x + dx, y + dy, steps=40)


MOVES: dict[str, Callable[[Any], None]] = {"pan": _drag, "zoom": _wheel, "hover": _hover}


def moving(page: Opened, name: str) -> dict[str, float]:
    """Frames per second, the longest frame in ms, and processor time of the main thread per frame in ms."""
    page.page.wait_for_timeout(300)
    before = page.processor_ms()
    page.value(_WATCH)
    MOVES[name](page.page)
    frames = page.value(_WATCHED)
    spent = page.processor_ms() - before
    gaps = [b - a for a, b in pairwise(frames)]
    return {"fps": 1000 / statistics.mean(gaps), "worst": max(gaps), "processor": spent / len(frames)}


# --- switching

#: From the event of the control until the page has done all of it: what the scripts do, style and layout, and the
#: pixels of the map's canvases, which reading one of them forces. `shown` is when the frame after that is done.
_SWITCH = """async ({ selector, value }) => {
  const input = document.querySelector(selector);
  if (!input || input.disabled) return null;
  if (value === null && input.checked) return null;
  const begun = performance.now();
  if (value === null) input.click();
  else {
    input.value = value;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }
  for (let turn = 0; turn < 20; turn++) await null;
  document.body.offsetHeight;
  for (const canvas of document.querySelectorAll('.leaflet-theme-pane canvas')) canvas.getContext('2d').getImageData(0, 0, 1, 1);
  const done = performance.now();
  await new Promise((go) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = go;
    port2.postMessage(0);
  }));
  return [done - begun, performance.now() - begun];
}"""


def switching(page: Opened, steps: list[tuple[str, str | None]], rounds: int) -> dict[str, list[float]]:
    """Times of switching: each step is a selector, and a value for a slider. `work`, `shown` and `processor` in ms."""
    took: dict[str, list[float]] = {"work": [], "shown": [], "processor": []}
    for turn in range(rounds + 1):
        for selector, value in steps:
            page.page.wait_for_timeout(30)
            before = page.processor_ms()
            found = page.value(_SWITCH, {"selector": selector, "value": value})
            spent = page.processor_ms() - before
            if found is None or turn == 0:  # it was on already; or the first time, when code is still being made
                continue
            for key, ms in zip(took, (*found, spent), strict=True):
                took[key].append(ms)
    return took


def colours_shown(page: Opened) -> int:
    """How many colours the window shows; a blank page has a few."""
    import numpy as np
    from rasterio.io import MemoryFile

    with MemoryFile(page.page.screenshot()) as file, file.open() as picture:
        return len(np.unique(picture.read().reshape(picture.count, -1), axis=1).T)
