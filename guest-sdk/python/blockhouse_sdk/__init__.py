"""What a block's author imports. A block is a class: its fields, its views and its handlers.

    class Counter(Block):
        name, display_name, version = "counter", "Counter", "0.1.0"
        count = Field(int, scope="user_state")

        def student_view(self, context):
            return Fragment(f"<p>{self.count}</p>")

        @handler
        def press(self, body):
            self.count += body["by"]
            return {"count": self.count}

``self.host`` has the interfaces of ``wit/`` by their names: ``usage``, ``files``, ``user``, ``publish``, ``log``,
``clock``, ``random``, ``i18n``; and ``http``, ``secrets``, ``storage`` and ``user_details`` where the block asks for these
``capabilities`` and is granted them. There is no file system, and there are no sockets or threads. Import all that is needed
at the top of the module: it is
loaded once, when the block is built.
"""

from html import escape

from .block import Block
from .error import BlockError, fail
from .field import Field
from .fragment import Fragment
from .granted import HttpError, StorageError
from .handler import Response, handler, raw_handler

__all__ = [
    "Block",
    "BlockError",
    "Field",
    "Fragment",
    "HttpError",
    "StorageError",
    "Response",
    "escape",
    "fail",
    "handler",
    "raw_handler",
]
