"""What a view returns: HTML, what it needs on its page, and how its script starts."""

import json


class Fragment:
    """A rendered view. What a learner or author wrote has to pass ``escape`` first. Every method returns it."""

    def __init__(self, content: str):
        self.content = content
        self.resources: list[tuple[str, str, str, str]] = []
        self.init_function: str | None = None
        self.init_arguments: str | None = None

    def css(self, url: str) -> "Fragment":
        """A style sheet of the package, for instance ``public/poll.css``."""
        self.resources.append(("url", url, "text/css", "head"))
        return self

    def js(self, url: str) -> "Fragment":
        """A script of the package, for instance ``public/poll.js``."""
        self.resources.append(("url", url, "application/javascript", "foot"))
        return self

    def init(self, function: str, arguments=None) -> "Fragment":
        """The global function of that script which starts the page, and its third argument."""
        self.init_function = function
        self.init_arguments = None if arguments is None else json.dumps(arguments)
        return self
