"""How a view or handler ends that does not end well."""

from typing import NoReturn


class BlockError(Exception):
    """An answer that the learner's browser is to see, with this HTTP status. The block's writes are kept."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status


class Failure(Exception):
    """The WIT record ``failure``: nothing that the call wrote is kept."""


def fail(status: int, message: str) -> NoReturn:
    """Ends a handler with this status, 400 to 599, and the body ``{"error": message}``."""
    raise BlockError(status, message)
