"""`python -m pipeline` is `spoorzone`."""

from .cli import main

main()
