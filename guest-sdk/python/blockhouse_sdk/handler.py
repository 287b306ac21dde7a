"""Requests to a handler and its responses."""

import json

from .error import BlockError, fail

_JSON = "application/json; charset=utf-8"


class Response:
    """A handler's answer, where JSON is not enough."""

    def __init__(self, body: "str | bytes", *, status: int = 200, type: str = "text/plain; charset=utf-8", headers=()):
        self.status = status
        self.headers = [("content-type", type), *headers]
        self.body = body.encode() if isinstance(body, str) else body

    @classmethod
    def json(cls, value, **options) -> "Response":
        return cls(json.dumps(value), type=_JSON, **options)


def handler(method):
    """A handler that takes the JSON that was posted and returns JSON."""

    def posted(self, request):
        if request.method != "POST":
            fail(405, "Method must be POST")
        try:
            body = json.loads(bytes(request.body).decode())
        except ValueError:
            fail(400, "Invalid JSON")
        return Response.json(method(self, body))

    return raw_handler(posted, name=method.__name__)


def raw_handler(method, name: "str | None" = None):
    """A handler that takes the whole request and returns a ``Response``."""
    method.blockhouse_handler = name or method.__name__
    return method


def answer(block, method, request) -> Response:
    """Calls a handler and makes a response of what it returns or of the ``BlockError`` that it raises."""
    try:
        return method(block, request)
    except BlockError as error:
        headers = [("allow", "POST")] if error.status == 405 else []
        return Response.json({"error": str(error)}, status=error.status, headers=headers)
