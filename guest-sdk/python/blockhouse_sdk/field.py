"""Fields as attributes: read when they are first used, stored when a call has changed them."""

import copy
import json

_TYPES = {bool: "boolean", dict: "dict", float: "float", int: "integer", list: "list", str: "string", object: "any"}
_EMPTY = {bool: False, dict: {}, float: 0.0, int: 0, list: [], str: ""}


class Field:
    """A field. ``kind`` is a Python type, ``object`` for any JSON; ``scope`` decides for whom a value holds."""

    def __init__(self, kind: type, *, scope: str = "settings", default=None, help: str = "", **more):
        self.kind = kind
        self.default = default
        self.declared = {"type": _TYPES[kind], "scope": scope, "default": default, "help": help, **more}
        self.name = ""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, block, owner=None):
        return self if block is None else block._used(self).value

    def __set__(self, block, value):
        block._used(self).value = value

    def __delete__(self, block):
        block._used(self).value = UNSET

    def load(self, stored: "str | None") -> "Used":
        """The value as it is when the call first asks for it."""
        if stored is not None:
            value = json.loads(stored)
        else:
            value = copy.deepcopy(_EMPTY.get(self.kind) if self.default is None else self.default)
        return Used(value)


UNSET = object()


class Used:
    """A value in a call, and how it began."""

    def __init__(self, value):
        self.value = value
        self.before = json.dumps(value)

    def save(self, name: str, store) -> None:
        """Stores it if it changed, also inside of a list or dict."""
        if self.value is UNSET:
            store.delete(name)
            return
        after = json.dumps(self.value)
        if after != self.before:
            store.set(name, after)
