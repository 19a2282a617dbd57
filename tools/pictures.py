"""Make the pictures of the documents from a finished run of the sample: `python tools/pictures.py FOLDER`.

FOLDER is where ``maps/spoorzone.html`` lies below. Needs a Chromium (CHROMIUM, else the one that is found).
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

DOCS = Path(__file__).parents[1] / "docs"
MOST_BYTES = 140_000
WINDOW = {"width": 1280, "height": 800}
#: A4 on its side at 96 dots per inch.
PAPER = {"width": 1123, "height": 794}


def main(folder: Path) -> None:
    """Write all pictures."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport=WINDOW, color_scheme="light")
        page.route("http*://**", lambda route: route.abort())
        page.goto((folder / "maps" / "spoorzone.html").resolve().as_uri())
        _until(page, "document.documentElement.dataset.whole")
        page.wait_for_timeout(4500)  # the message that there is no network
        _write(page, "start")
        page.check("[name=column][value=inhabitants_per_km2]")
        page.hover("#line svg", position={"x": 215, "y": 60})
        _write(page, "line", clip={"x": 0, "y": 0, "width": 900, "height": 640})
        page.mouse.move(5, 5)
        page.check("[name=mode][value=swipe]", force=True)
        _write(page, "swipe")
        page.check("[name=mode][value=one]", force=True)
        page.check("[name=theme][value=built]", force=True)
        page.check("[name=level][value=square_100m]", force=True)
        page.wait_for_timeout(300)
        _write(page, "map", DOCS)
        page.check("[name=level][value=buurt]", force=True)
        page.fill("#search-field", page.evaluate("document.querySelector('#figures div:last-child span').textContent.split(': ')[1]"))
        page.wait_for_selector("#found li")
        page.keyboard.press("Enter")
        page.wait_for_timeout(1200)
        _write(page, "card")
        page.keyboard.press("Escape")
        page.click("#zoom-corridor")
        page.set_viewport_size(PAPER)
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        _write(page, "print")
        chromium.close()


def _until(page: Any, condition: str) -> None:
    for _ in range(200):
        if page.evaluate(condition):
            return
        time.sleep(0.1)
    sys.exit(f"the map never came to: {condition}")


def _write(page: Any, name: str, folder: Path = DOCS / "pictures", **options: Any) -> None:
    folder.mkdir(exist_ok=True)
    for quality in range(80, 20, -8):
        picture = page.screenshot(type="jpeg", quality=quality, **options)
        if len(picture) <= MOST_BYTES:
            break
    (folder / f"{name}.jpg").write_bytes(picture)
    print(f"{name}.jpg  {len(picture) / 1000:.0f} kB, quality {quality}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
