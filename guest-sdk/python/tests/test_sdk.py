import json
import unittest

from blockhouse_sdk import Block, Field, Fragment, fail, handler
from blockhouse_sdk.error import Failure
from blockhouse_sdk.testing import TestHost


class Counter(Block):
    name, display_name, version = "counter", "Counter", "1.0.0"
    count = Field(int, scope="user_state")
    names = Field(list, scope="user_state")

    def student_view(self, context):
        return Fragment(f"<p>{self.count}</p>")

    @handler
    def press(self, body):
        self.count += body["by"]
        if self.count > 9:
            fail(400, "too much")
        return self.count

    @handler
    def enter(self, name):
        self.names.append(name)


class Sdk(unittest.TestCase):
    def test_a_changed_field_is_stored_also_inside_of_a_list(self):
        host = TestHost(Counter)
        self.assertEqual(host.post("press", {"by": 2}), (200, 2))
        host.post("enter", "Ada")
        self.assertEqual((host.field("count"), host.field("names")), (2, ["Ada"]))

    def test_a_block_says_in_its_definition_that_its_own_view_shows_the_score(self):
        class Graded(Counter):
            has_score, shows_score = True, True

        self.assertIs(json.loads(Graded.describe())["shows_score"], True)
        self.assertNotIn("shows_score", json.loads(Counter.describe()))

    def test_looking_stores_nothing(self):
        host = TestHost(Counter)
        host.student_view()
        self.assertEqual(host.stored, {})

    def test_an_error_with_a_status_is_an_answer_and_keeps_the_writes(self):
        host = TestHost(Counter)
        self.assertEqual(host.post("press", {"by": 10}), (400, {"error": "too much"}))
        self.assertEqual(host.field("count"), 10)

    def test_any_other_error_is_a_failure_of_the_call_and_keeps_nothing(self):
        host = TestHost(Counter)
        with self.assertRaisesRegex(Failure, "KeyError"):
            host.post("press", {})
        self.assertEqual(host.stored, {})

    def test_a_body_that_is_no_json_and_a_handler_that_is_not_there_are_answers(self):
        host = TestHost(Counter)
        self.assertEqual(host.post("press", b"{")[0], 400)
        self.assertEqual(host.post("count", {})[0], 404)

    def test_what_a_block_can_do_shows_in_its_methods(self):
        self.assertEqual(Counter.exports(), ["definition", "student-view", "handlers"])

    def test_a_block_is_told_of_a_reset_and_may_change_its_fields(self):
        class Told(Counter):
            def on_reset(self, fields, score):
                self.count = 7 if fields and not score else 0

        host = TestHost(Told)
        host.on_reset(score=False)
        self.assertEqual(host.field("count"), 7)
        self.assertIn("reset", Told.exports())

    def test_a_block_reads_what_its_author_put_beside_it(self):
        class Reader(Counter):
            @handler
            def read(self, name):
                found = self.host.files.read(name)
                return None if found is None else found.decode()

        host = TestHost(Reader)
        host.files["tides.txt"] = b"high"
        self.assertEqual(host.post("read", "tides.txt"), (200, "high"))
        self.assertEqual(host.post("read", "none.txt"), (200, None))


if __name__ == "__main__":
    unittest.main()
