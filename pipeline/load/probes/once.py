"""A client that asks each question once: eleven collections of one service share its landing page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from ...contract import SourceError
from ..http import Answer, Downloaded, Http


class Once:
    """Asks a service, remembers every answer and every failure for as long as it lives; writes nothing.

    Safe to use from several threads. One question is read in one way.
    """

    def __init__(self, http: Http) -> None:
        self._http = http
        self._known: dict[str, Answer | SourceError] = {}

    @property
    def parallel_requests(self) -> int:
        """Requests at a time to one host."""
        return self._http.parallel_requests

    def get(self, url: str, *, accept: str = "*/*", read: Callable[[Answer], Any] | None = None) -> Answer:
        """Give the answer to a question, or raise what was raised when it was asked."""
        return self._once(f"GET {url}", lambda: self._http.get(url, accept=accept, read=read))

    again = get

    def begin(self, url: str) -> Answer:
        """Ask for the first byte of a file; the headers of the answer say how long it is. Its content is left out."""

        def once(at: str) -> Answer:
            headers = {"Range": "bytes=0-0", "Accept-Encoding": "identity"}
            with self._http.stream("GET", at, headers) as response:
                return Answer(at, response.status_code, response.headers, b"", "")

        return self._once(f"BEGIN {url}", lambda: self._http.followed(url, once))

    def post(self, url: str, body: Mapping[str, Any], *, read: Callable[[Answer], Any] | None = None) -> NoReturn:  # noqa: ARG002 - as `Asks` has it
        """Refuse: an order is work for the service."""
        raise SourceError(f"{url}: nothing is ordered while only looking")  # noqa: EM102

    def download(self, url: str) -> Downloaded:
        """Refuse: whole files are for loading."""
        raise SourceError(f"{url}: nothing is downloaded while only looking")  # noqa: EM102

    def wait(self, seconds: float) -> None:
        """Wait, unless stopped meanwhile."""
        self._http.wait(seconds)

    def _once(self, question: str, ask: Callable[[], Answer]) -> Answer:
        with self._http.alone(question):
            known = self._known.get(question)
            if known is None:
                try:
                    known = ask()
                except SourceError as error:
                    known = error
                self._known[question] = known
        if isinstance(known, SourceError):
            raise known
        return known
