"""A block as a component: the classes that the entry of `blockhouse build` exports, one per interface.

Only the entry imports this. The modules of the contract exist inside a component, so they are handed in."""

import json
from types import SimpleNamespace

from .error import Failure
from .granted import interfaces as granted


class _Attached:
    block = None
    host = None
    types = None
    err = None


def attach(block, types, err, **interfaces) -> None:
    """Gives the block its host; done once, when it is built."""
    _Attached.block, _Attached.types, _Attached.err = block, types, err
    publish = interfaces["publish"]
    usage = interfaces["usage"]
    user = interfaces["user"]
    interfaces["user"] = SimpleNamespace(
        kind=lambda: user.kind().name.lower(), anonymous_student_id=user.anonymous_student_id
    )
    interfaces["publish"] = SimpleNamespace(
        grade=publish.grade,
        completion=publish.completion,
        event=lambda name, data: publish.event(name, json.dumps(data)),
    )
    interfaces["usage"] = SimpleNamespace(**{**vars(usage), "authored_field": lambda key, name: _parsed(usage, key, name)})
    log = interfaces["log"]
    interfaces["log"] = SimpleNamespace(
        write=lambda level, message: log.write(log.Level[level.upper()], message)
    )
    _Attached.host = SimpleNamespace(**{**interfaces, **granted(interfaces, err)})


def _parsed(usage, key, name):
    value = usage.authored_field(key, name)
    return None if value is None else json.loads(value)


def _failing(call):
    try:
        return call()
    except Failure as failure:
        raise _Attached.err(_Attached.types.Failure(str(failure))) from failure


def _called(method):
    return _failing(lambda: _Attached.block.call(_Attached.host, method))


def _fragment(view):
    types = _Attached.types
    resources = [
        types.FragmentResource(
            types.ResourceKind[kind.upper()], data, mimetype, types.ResourcePlacement[placement.upper()]
        )
        for kind, data, mimetype, placement in view.resources
    ]
    return types.Fragment(view.content, resources, view.init_function, view.init_arguments)


class Definition:
    def describe(self):
        return _Attached.block.describe()


class StudentView:
    def render(self, context):
        return _called(lambda block: _fragment(block.student_view(json.loads(context))))


class PublicView:
    def render(self, context):
        return _called(lambda block: _fragment(block.public_view(json.loads(context))))


class AuthorView:
    def render(self, context):
        return _called(lambda block: _fragment(block.author_view(json.loads(context))))


class StudioView:
    def render(self, context):
        return _called(lambda block: _fragment(block.studio_view(json.loads(context))))


class Handlers:
    def handle(self, name, request):
        response = _failing(lambda: _Attached.block.handle(_Attached.host, name, request))
        return _Attached.types.Response(response.status, response.headers, response.body)


class Olx:
    def parse(self, element):
        try:
            return json.dumps(_Attached.block.parse_olx(element))
        except Exception as error:
            raise _Attached.err(_Attached.types.Failure(f"{type(error).__name__}: {error}")) from error


class Grading:
    def max_score(self):
        return _called(lambda block: float(block.max_score()))


class Indexing:
    def index(self):
        return _called(lambda block: json.dumps(block.index()))


class StudentViewData:
    def data(self):
        return _called(lambda block: json.dumps(block.student_view_data()))


class Reset:
    def on_reset(self, fields, score):
        _called(lambda block: block.on_reset(fields=fields, score=score))
