import unittest
from types import SimpleNamespace

from blockhouse_sdk import Block, HttpError, fail, handler
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


class Granted(unittest.TestCase):
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
