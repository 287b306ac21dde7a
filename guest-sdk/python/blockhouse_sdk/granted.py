"""What an operator grants a block that asks for it (``capabilities``), in Python's own words.

A block without the grant does not have it."""

import json
from types import SimpleNamespace


class HttpError(Exception):
    """Why there is no answer of another server. ``reason`` is the contract's word for it, such as ``too-slow``."""

    def __init__(self, reason: str, why: "str | None" = None):
        super().__init__(reason if why is None else f"{reason}: {why}")
        self.reason = reason


class StorageError(Exception):
    """Why a file cannot be kept or read. ``reason`` is the contract's word for it, such as ``full``."""

    def __init__(self, reason: str, why: "str | None" = None):
        super().__init__(reason if why is None else f"{reason}: {why}")
        self.reason = reason


class HttpResponse:
    """What another server answered, whatever its status."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = bytes(body)

    def header(self, name: str) -> "str | None":
        """The first header of this name."""
        return next((value for other, value in self.headers if other == name.lower()), None)

    def text(self) -> str:
        return self.body.decode()

    def json(self):
        return json.loads(self.body)


def http(send) -> SimpleNamespace:
    """``send`` takes a method, a URL, headers and a body, and gives status, headers and body or raises ``HttpError``."""

    def sent(url: str, *, method: str = "GET", headers=(), body="") -> HttpResponse:
        """Sends a request; only a handler may. ``body`` is a text, bytes, or a value that is sent as JSON."""
        headers = list(dict(headers).items())
        if not isinstance(body, (str, bytes)):
            body = json.dumps(body)
            if all(name.lower() != "content-type" for name, _ in headers):
                headers.append(("content-type", "application/json"))
        return HttpResponse(*send(method.lower(), url, headers, body.encode() if isinstance(body, str) else body))

    return SimpleNamespace(send=sent)


def interfaces(host: dict, err) -> dict:
    """The granted ones among the host's interfaces; ``err`` is how the contract's errors are raised."""

    def asked(question, *arguments):
        try:
            return question(*arguments)
        except err as error:
            raise RuntimeError(f"the host refused: {error.value}") from error

    def reason(error, variant):
        """The contract's word for an error: ``HttpError_TooSlow`` is ``too-slow``."""
        words = type(error.value).__name__.removeprefix(variant)
        return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in words).lstrip("-")

    def send_to(module):
        def send(method, url, headers, body):
            request = module.Request(module.Method[method.upper()], url, headers, body)
            try:
                answer = module.send(request)
            except err as error:
                raise HttpError(reason(error, "HttpError_"), getattr(error.value, "value", None)) from error
            return answer.status, answer.headers, answer.body

        return send

    def storage(module):
        def stored(question, space, *arguments):
            try:
                return question(module.Space[space.upper()], *arguments)
            except err as error:
                raise StorageError(reason(error, "StorageError_"), getattr(error.value, "value", None)) from error

        def write(space, name, data):
            stored(module.write, space, name, data.encode() if isinstance(data, str) else data)

        return SimpleNamespace(
            kept_files=lambda space: [(file.name, file.bytes) for file in stored(module.kept_files, space)],
            read=lambda space, name: stored(module.read, space, name),
            write=write,
            delete=lambda space, name: stored(module.delete, space, name),
        )

    granted = {}
    if "http" in host:
        granted["http"] = http(send_to(host["http"]))
    if "secrets" in host:
        secrets = host["secrets"]
        granted["secrets"] = SimpleNamespace(get=lambda name: asked(secrets.get, name))
    if "storage" in host:
        granted["storage"] = storage(host["storage"])
    if "user_details" in host:
        details = host["user_details"]
        granted["user_details"] = SimpleNamespace(
            display_name=lambda: asked(details.display_name),
            username=lambda: asked(details.username),
            email=lambda: asked(details.email),
        )
    return granted
