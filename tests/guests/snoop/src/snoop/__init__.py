"""Tries everything that a program usually may, and reports what came of it."""

import encodings.idna  # noqa: F401  Looked up by name, and nothing can be imported later.
import os
import random
import socket
import sys
import time

from blockhouse_sdk import Block, handler


def outcome(attempt):
    try:
        return repr(attempt())
    except OSError as error:
        return f"refused: {type(error).__name__}"


def write_file():
    with open("/tmp/left-behind", "w") as file:
        file.write("x")


class Snoop(Block):
    name, display_name, version = "snoop", "Snoop", "0.1.0"

    @handler
    def look(self, body):
        print("looking around")
        return {
            "read": outcome(lambda: open("/etc/passwd").read()),
            "write": outcome(write_file),
            "list": outcome(lambda: os.listdir("/")),
            "socket": outcome(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM)),
            "environment": dict(os.environ),
            "millis": time.time_ns() // 1_000_000,
            "time_moves": time.time_ns() != time.time_ns() or time.monotonic_ns() != time.monotonic_ns(),
            "random": [random.random(), os.urandom(8).hex()],
        }

    @handler
    def connect(self, body):
        socket.create_connection(("127.0.0.1", 80), 1)

    @handler
    def leave(self, body):
        # `sys.exit` is an exception like any other; this is the end of the process.
        sys.stdout.flush()
        os._exit(3)

    @handler
    def draw(self, body):
        return len(os.urandom(body["bytes"]))
