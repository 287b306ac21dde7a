"""Serves an empty Blockstore on a free port of loopback until it is killed: `serve.py DIRECTORY`.

Prints one line when it is ready: its address and the token that lets a host in.
"""

import os
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

os.environ["BLOCKSTORE_DIR"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django  # noqa: E402

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from rest_framework.authtoken.models import Token  # noqa: E402


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


call_command("migrate", verbosity=0)
token = Token.objects.create(user=get_user_model().objects.create_user("host"))
server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=Server, handler_class=Quiet)
print(f"http://127.0.0.1:{server.server_port} {token.key}", flush=True)
server.serve_forever()
