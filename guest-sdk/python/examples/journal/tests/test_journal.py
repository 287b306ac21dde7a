import unittest

from blockhouse_sdk.testing import TestHost
from journal import Journal


class Writing(unittest.TestCase):
    def test_what_was_written_is_found_again(self):
        host = TestHost(Journal)
        self.assertEqual(host.post("write", {"text": " I learned <b>. "})[0], 200)
        self.assertIn("I learned &lt;b&gt;.</li>", host.student_view().content)
        self.assertEqual(host.completions, [1.0])

    def test_an_entry_has_the_hosts_time(self):
        host = TestHost(Journal)
        host.post("write", {"text": "a"})
        self.assertEqual(host.field("entries"), [{"written": "2023-11-14T22:13+00:00", "text": "a"}])

    def test_nothing_and_too_much_are_refused(self):
        for text in ["", "  ", None, 5, "a" * 5_001]:
            self.assertEqual(TestHost(Journal).post("write", {"text": text})[0], 400)
        self.assertEqual(TestHost(Journal).post("write", [])[0], 400)


if __name__ == "__main__":
    unittest.main()
