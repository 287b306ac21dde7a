"""The class that blocks derive from, and the frame around a call of one."""

import json
import random
import sys

from .error import Failure
from .field import Field, Used
from .handler import Response, answer


class Block:
    """A block. Needs ``name``, ``display_name`` and ``version``.

    What it can do shows in its methods: ``student_view(context)``, ``public_view(context)``,
    ``author_view(context)``, ``studio_view(context)``, handlers, ``parse_olx(element)`` (a static method that returns field values), ``max_score()``, ``index()``,
    ``student_view_data()``, and ``on_reset(fields, score)``, which an operator calls who takes away what a learner has.
    """

    name: str
    display_name: str
    version: str
    icon = "other"
    has_children = False
    has_score = False
    # Its own view says the learner's score, so that the page need not show it once more.
    shows_score = False
    completion = "completable"
    capabilities: tuple[str, ...] = ()
    # What its front end expects on the page: jquery, underscore, gettext, mathjax.
    frame_libraries: tuple[str, ...] = ()

    _EXPORTS = {
        "student-view": "student_view",
        "public-view": "public_view",
        "author-view": "author_view",
        "studio-view": "studio_view",
        "olx": "parse_olx",
        "grading": "max_score",
        "indexing": "index",
        "student-view-data": "student_view_data",
        "reset": "on_reset",
    }

    def __init__(self, host):
        self.host = host
        self._fields: dict[str, Used] = {}

    def _used(self, field: Field) -> Used:
        if field.name not in self._fields:
            self._fields[field.name] = field.load(self.host.fields.get(field.name))
        return self._fields[field.name]

    @classmethod
    def _members(cls) -> dict:
        members: dict = {}
        for base in reversed(cls.__mro__):
            members.update(vars(base))
        return members

    @classmethod
    def _handlers(cls) -> dict:
        found = {}
        for member in cls._members().values():
            name = getattr(member, "blockhouse_handler", None)
            if name is not None:
                found[name] = member
        return found

    @classmethod
    def exports(cls) -> list[str]:
        """The interfaces of the contract that the block implements."""
        exports = [export for export, method in cls._EXPORTS.items() if hasattr(cls, method)]
        return ["definition", *exports, *(["handlers"] if cls._handlers() else [])]

    @classmethod
    def describe(cls) -> str:
        """The definition as JSON."""
        fields = [
            {"name": name, **member.declared} for name, member in cls._members().items() if isinstance(member, Field)
        ]
        definition = {
            "name": cls.name,
            "version": cls.version,
            "display_name": cls.display_name,
            "icon": cls.icon,
            "has_children": cls.has_children,
            "has_score": cls.has_score,
            "completion": cls.completion,
            "fields": fields,
            "handlers": list(cls._handlers()),
            "capabilities": list(cls.capabilities),
        }
        if cls.shows_score:
            definition["shows_score"] = True
        if cls.frame_libraries:
            definition["frame_libraries"] = list(cls.frame_libraries)
        return json.dumps(definition)

    @classmethod
    def call(cls, host, method):
        """The frame around one call: fields on demand, the method, then the changed fields."""
        # The generator's state is from the day on which the block was built.
        random.seed(host.random.u64())
        block = cls(host)
        try:
            result = method(block)
            for name, used in block._fields.items():
                used.save(name, host.fields)
            return result
        except Exception as error:
            raise Failure(f"{type(error).__name__}: {error}") from error
        finally:
            sys.stdout.flush()
            sys.stderr.flush()

    @classmethod
    def handle(cls, host, name, request) -> Response:
        """Calls a handler. One that is not there is an answer, too."""
        method = cls._handlers().get(name)
        if method is None:
            return Response.json({"error": f"this block has no handler `{name}`"}, status=404)
        return cls.call(host, lambda block: answer(block, method, request))
