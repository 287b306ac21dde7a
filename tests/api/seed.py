"""Puts something of everything into a running host, and prints it as dictionaries for schemathesis.

    seed.py ADDRESS OPERATOR_TOKEN BLOCKSTORE_TOKEN SESSION_FILE

Whoever asks later is the author of development mode; the value of her session's cookie ends up in SESSION_FILE.
"""

import base64
import json
import sys
import urllib.parse
import urllib.request

COURSE = "course-v1:Blockhouse+Tour+2026"
AUTHOR = "ann"
# Deletions are among what is tried, so there are several of everything.
LIBRARIES = ["lib:Blockhouse:Api1", "lib:Blockhouse:Api2", "lib:Blockhouse:Api3"]


class StayHere(urllib.request.HTTPRedirectHandler):
    """The answer to the choice of who to be is a redirection; its cookie is what counts."""

    def redirect_request(self, *_):
        return None


class Host:
    def __init__(self, address, operator, blockstore):
        self.address, self.session = address, None
        self.tokens = {"/api/admin/": operator, "/api/v1/": blockstore}

    def send(self, method, path, body=None, kind="application/json"):
        headers = {"content-type": kind}
        token = next((token for start, token in self.tokens.items() if path.startswith(start)), None)
        if token:
            headers["authorization"] = f"Bearer {token}"
        elif self.session:
            headers["cookie"] = f"blockhouse_session={self.session}"
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.address + path, data, headers, method=method)
        with urllib.request.build_opener(StayHere).open(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def be(self, name):
        form = urllib.parse.urlencode({"identity": name, "next": "/"}).encode()
        try:
            self.send("POST", "/dev/identity", form, "application/x-www-form-urlencoded")
        except urllib.error.HTTPError as answer:
            if answer.code != 303:
                raise
            cookie = answer.headers["set-cookie"]
        self.session = cookie.split(";")[0].removeprefix("blockhouse_session=")


def block(kind, name):
    return f"block-v1:Blockhouse+Tour+2026+type@{kind}+block@{name}"


def libraries(host, there):
    for key in LIBRARIES:
        org, slug = key.split(":")[1:]
        host.send("POST", "/api/libraries/v2/", {"org": org, "slug": slug, "title": f"{slug} of a test"})
        root = f"/api/libraries/v2/{key}/"
        for kind, name in [("html", "one"), ("problem", "two"), ("video", "three")]:
            made = host.send("POST", root + "blocks/", {"block_type": kind, "definition_id": name})
            there["component"].append(made["id"])
        for kind in ["unit", "section"]:
            made = host.send("POST", root + "containers/", {"container_type": kind, "display_name": "A container"})
            there["container"].append(made["id"])
        made = host.send("POST", root + "collections/", {"title": "A collection"})
        there["collection"].append(made["key"])
        host.send("POST", root + "commit/")
    there["component"] += [f"{key}@{at}" for key, at in zip(there["component"], ["draft", "published", "1", "9"])]


def bundles(host, there):
    for name in ["one", "two"]:
        collection = host.send("POST", "/api/v1/collections", {"title": name})["uuid"]
        new = {"collection_uuid": collection, "slug": name, "title": name}
        bundle = host.send("POST", "/api/v1/bundles", new)["uuid"]
        draft = host.send("POST", "/api/v1/drafts", {"bundle_uuid": bundle, "name": "studio_draft"})["uuid"]
        text = base64.b64encode(b"<html/>").decode()
        host.send("PATCH", f"/api/v1/drafts/{draft}", {"files": {"b.xml": text}})
        host.send("POST", f"/api/v1/drafts/{draft}/commit")
        version = host.send("GET", f"/api/v1/bundle_versions/{bundle},1")
        there["bundle_collection"].append(collection)
        there["bundle"].append(bundle)
        there["draft"].append(draft)
        there["bundle_version"].append(f"{bundle},1")
    file = version["snapshot"]["files"]["b.xml"]["url"]
    tree, signature = file.split("/api/v1/files/")[1].split("/")[:2]
    there.update(tree=[tree], signature=[signature], bundle_path=["b.xml"])


def main():
    address, operator, blockstore, session_file = sys.argv[1:]
    host = Host(address, operator, blockstore)
    problem = block("problem", "two_a_day")
    there = {
        "context": [COURSE, *LIBRARIES],
        "unit": [block("vertical", "two_bulges"), block("vertical", "tides_choices")],
        "usage": [problem, block("html", "welcome"), block("video", "tide_day"), block("vertical", "scale"), COURSE],
        "view": ["student_view", "public_view", "author_view", "studio_view"],
        "library": LIBRARIES,
        "username": [AUTHOR, "alice", "nobody"],
        "email": ["alice@example.com", "alice"],
        "access_level": ["read", "author", "admin"],
        "container_type": ["unit", "subsection", "section"],
        # schemathesis sends no `/` inside of a part of an address.
        "path": ["picture.svg", "b.txt"],
        "block_type": ["html", "problem", "video", "vertical"],
        "learner": [1, 2, 3],
        "handler": ["problem_check", "problem_get", "publish_completion", "nothing"],
    }
    there |= {name: [] for name in ["component", "container", "collection"]}
    there |= {name: [] for name in ["bundle_collection", "bundle", "draft", "bundle_version"]}
    host.be(AUTHOR)
    libraries(host, there)
    bundles(host, there)
    there["usage"] += there["component"][:4]
    row = f"/api/admin/learners/1/blocks/{problem}"
    host.send("PUT", row + "/score", {"earned": 1, "possible": 2})
    host.send("PUT", row + "/completion", {"completion": 0.5})
    called = host.send("GET", f"/api/xblock/v2/xblocks/{problem}/handler_url/problem_check/")["handler_url"]
    there.update(handler_usage=[problem], credential=[called.split("/handler/")[1].split("/")[0]])
    with open(session_file, "w", encoding="utf-8") as file:
        file.write(host.session)
    for name, values in there.items():
        # A string or a number in JSON is one in TOML.
        print(f"[dictionaries.{name}]\nvalues = {json.dumps(values)}\n")


main()
