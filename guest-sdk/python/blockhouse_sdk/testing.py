"""A host in memory, so that a block's tests run without wasm."""

import json
from types import SimpleNamespace

from .error import Failure
from .fragment import Fragment
from .granted import HttpError, StorageError, http


def _nobody(*_request):
    raise HttpError("unreachable", "this test has no other servers")


class TestHost:
    """One block with one learner in front of it. Give the block's class."""

    __test__ = False

    def __init__(self, block):
        self.block = block
        self.stored: dict[str, str] = {}
        self.grades: list[tuple[float, float, bool]] = []
        self.completions: list[float] = []
        self.events: list[tuple[str, object]] = []
        self.logged: list[tuple[str, str]] = []
        self.now = 1_700_000_000_000
        # What the author put beside the block: "en.srt" for /static/en.srt.
        self.files: dict[str, bytes] = {}
        self.secrets: dict[str, str] = {}
        #: Files that the block keeps, by space and name: ``kept["own"]["essay"]``.
        self.kept: dict[str, dict[str, bytes]] = {"own": {}, "shared": {}}
        #: What is known of the learner, for a block that may know: ``display_name``, ``username``, ``email``.
        self.details: dict[str, str] = {}
        #: Answers requests to other servers: takes method, URL, headers and body, gives status, headers and body.
        self.other_servers = _nobody

    def given(self, **fields) -> "TestHost":
        """Sets fields as if they had been stored before."""
        self.stored.update({name: json.dumps(value) for name, value in fields.items()})
        return self

    def field(self, name):
        """The stored value of a field; None while it is unset."""
        return json.loads(self.stored.get(name, "null"))

    def student_view(self) -> Fragment:
        return self._kept(lambda: self.block.call(self._host(), lambda block: block.student_view({})))

    def post(self, name, body) -> tuple[int, object]:
        """Calls a handler as a page would, and gives its status and JSON. ``bytes`` are sent as they are."""
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = SimpleNamespace(method="POST", suffix="", query="", headers=[], body=body)
        response = self._kept(lambda: self.block.handle(self._host(in_handler=True), name, request))
        return response.status, json.loads(response.body)

    def on_reset(self, fields=True, score=True) -> None:
        """Tells the block that an operator takes away what the learner has."""
        self._kept(lambda: self.block.call(self._host(), lambda block: block.on_reset(fields=fields, score=score)))

    def _kept(self, call):
        before = dict(self.stored)
        files = {space: dict(kept) for space, kept in self.kept.items()}
        try:
            return call()
        except Failure:
            self.stored = before
            self.kept = files
            raise

    def _storage(self, in_handler):
        def changing():
            if not in_handler:
                raise StorageError("not-in-a-handler")

        def write(space, name, data):
            changing()
            self.kept[space][name] = data.encode() if isinstance(data, str) else data

        def delete(space, name):
            changing()
            self.kept[space].pop(name, None)

        return SimpleNamespace(
            kept_files=lambda space: [(name, len(data)) for name, data in sorted(self.kept[space].items())],
            read=lambda space, name: self.kept[space].get(name),
            write=write,
            delete=delete,
        )

    def _host(self, in_handler=False):
        stored = self.stored
        return SimpleNamespace(
            fields=SimpleNamespace(
                get=stored.get, set=stored.__setitem__, delete=lambda name: stored.pop(name, None)
            ),
            usage=SimpleNamespace(
                key=lambda: "lb:test:block:test:1",
                context_key=lambda: "lib:test:block",
                children=lambda: [],
                parent=lambda: None,
                siblings=lambda: [],
                authored_field=lambda key, name: None,
                handler_url=lambda name: f"/handler/{name}",
                resource_url=lambda path: f"/resource/{path}",
                static_url=lambda name: f"/static/{name}",
            ),
            files=SimpleNamespace(read=self.files.get),
            user=SimpleNamespace(kind=lambda: "learner", anonymous_student_id=lambda: "0" * 32),
            publish=SimpleNamespace(
                grade=lambda earned, most, only_if_higher: self.grades.append((earned, most, only_if_higher)),
                completion=self.completions.append,
                event=lambda name, data: self.events.append((name, data)),
            ),
            log=SimpleNamespace(write=lambda level, message: self.logged.append((level, message))),
            clock=SimpleNamespace(now=lambda: self.now),
            random=SimpleNamespace(u64=lambda: 4),
            i18n=SimpleNamespace(locale=lambda: "en", text=lambda id, arguments: None),
            http=http(lambda *request: self.other_servers(*request)),
            secrets=SimpleNamespace(get=self.secrets.get),
            storage=self._storage(in_handler),
            user_details=SimpleNamespace(
                display_name=lambda: self.details.get("display_name"),
                username=lambda: self.details.get("username"),
                email=lambda: self.details.get("email"),
            ),
        )
