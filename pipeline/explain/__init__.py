"""One value defended: where it comes from, in all that anyone could ask of it."""

from .answer import Answer, Part, explain
from .find import Asked, find
from .words import lines

__all__ = ["Answer", "Asked", "Part", "explain", "find", "lines"]
