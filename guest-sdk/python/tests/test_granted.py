import unittest
from types import SimpleNamespace

from blockhouse_sdk import Block, Fragment, HttpError, StorageError, fail, handler
from blockhouse_sdk.granted import interfaces
from blockhouse_sdk.testing import TestHost


class Asker(Block):
    name, display_name, version = "asker", "Asker", "1.0.0"
    capabilities = ("http", "secrets", "user-details")

    @handler
    def ask(self, body):
        try:
            answer = self.host.http.send(
                "https://example.org/answers",
                method="POST",
                headers={"authorization": f"Bearer {self.host.secrets.get('key')}"},
                body=body,
            )
        except HttpError as error:
            fail(502, error.reason)
        return [answer.status, answer.header("Content-Type"), answer.json()]

    @handler
    def greet(self, _):
        return f"Hello, {self.host.user_details.display_name() or 'stranger'}"


class Keeper(Block):
    name, display_name, version = "keeper", "Keeper", "1.0.0"
    capabilities = ("storage",)

    def student_view(self, _):
        try:
            self.host.storage.write("own", "view", "x")
        except StorageError as error:
            return Fragment(error.reason)

    @handler
    def hand_in(self, body):
        self.host.storage.write("own", "essay", body["essay"])
        return self.host.storage.kept_files("own")

    @handler
    def show(self, _):
        return self.host.storage.read("own", "essay").decode()


class Granted(unittest.TestCase):
    def test_a_file_is_kept_and_read(self):
        host = TestHost(Keeper)
        self.assertEqual(host.post("hand_in", {"essay": "It was dark."}), (200, [["essay", 12]]))
        self.assertEqual(host.post("show", None), (200, "It was dark."))
        self.assertEqual(host.kept["own"], {"essay": b"It was dark."})

    def test_a_view_keeps_no_file(self):
        self.assertEqual(TestHost(Keeper).student_view().content, "not-in-a-handler")

    def test_the_contracts_spaces_and_errors_of_files_have_the_contracts_words(self):
        class Err(Exception):
            def __init__(self, value):
                self.value = value

        class StorageError_InvalidName:
            pass

        def read(space, name):
            if not name:
                raise Err(StorageError_InvalidName())
            return f"{space} {name}".encode()

        storage = interfaces({"storage": SimpleNamespace(Space={"OWN": "mine"}, read=read)}, Err)["storage"]
        self.assertEqual(storage.read("own", "a"), b"mine a")
        with self.assertRaises(StorageError) as raised:
            storage.read("own", "")
        self.assertEqual(raised.exception.reason, "invalid-name")

    def test_a_request_is_sent_as_json_with_the_operators_key_and_its_answer_is_read(self):
        host, seen = TestHost(Asker), []
        host.secrets["key"] = "s3cret"

        def other_servers(*request):
            seen.append(request)
            return 201, [("content-type", "application/json")], b"42"

        host.other_servers = other_servers
        self.assertEqual(host.post("ask", {"question": "why?"}), (200, [201, "application/json", 42]))
        headers = [("authorization", "Bearer s3cret"), ("content-type", "application/json")]
        self.assertEqual(seen, [("post", "https://example.org/answers", headers, b'{"question": "why?"}')])

    def test_why_there_is_no_answer_is_an_error_that_a_block_can_tell_apart(self):
        self.assertEqual(TestHost(Asker).post("ask", {}), (502, {"error": "unreachable"}))

    def test_a_block_knows_of_a_learner_what_it_may_know_and_nothing_of_a_stranger(self):
        host = TestHost(Asker)
        self.assertEqual(host.post("greet", None), (200, "Hello, stranger"))
        host.details["display_name"] = "Ada"
        self.assertEqual(host.post("greet", None), (200, "Hello, Ada"))

    def test_the_contracts_errors_have_the_contracts_words(self):
        class Err(Exception):
            def __init__(self, value):
                self.value = value

        class HttpError_TooSlow:
            pass

        def send(_request):
            raise Err(HttpError_TooSlow())

        module = SimpleNamespace(Request=lambda *parts: parts, Method={"GET": "get"}, send=send)
        with self.assertRaises(HttpError) as raised:
            interfaces({"http": module}, Err)["http"].send("https://example.org/")
        self.assertEqual(raised.exception.reason, "too-slow")


if __name__ == "__main__":
    unittest.main()
