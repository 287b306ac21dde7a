"""A reflection journal: each learner writes down what they think, and finds it again."""

from datetime import datetime, timezone

from blockhouse_sdk import Block, Field, Fragment, escape, fail, handler

MOST_LETTERS = 5_000
MOST_ENTRIES = 200


class Journal(Block):
    name, display_name, version = "journal", "Reflection journal", "0.1.0"

    title = Field(str, scope="settings", default="Reflection journal")
    question = Field(str, scope="settings", default="What did you learn, and what is still open?")
    entries = Field(list, scope="user_state", help="What this learner wrote: `written` (ISO 8601, UTC) and `text`.")

    def student_view(self, context):
        usage = self.host.usage
        written = "".join(self._entry(entry) for entry in reversed(self.entries))
        return (
            Fragment(
                f'<section class="journal"><h3>{escape(self.title)}</h3><p>{escape(self.question)}</p>'
                f'<form><textarea required maxlength="{MOST_LETTERS}" aria-label="{escape(self.question)}"></textarea>'
                f"<button>Write it down</button></form><ol>{written}</ol></section>"
            )
            .css(usage.resource_url("public/journal.css"))
            .js(usage.resource_url("public/journal.js"))
            .init("JournalBlock")
        )

    @handler
    def write(self, body):
        text = body.get("text") if isinstance(body, dict) else None
        if not isinstance(text, str) or not text.strip():
            fail(400, "there is nothing written")
        if len(text) > MOST_LETTERS:
            fail(400, f"an entry has at most {MOST_LETTERS} letters")
        if len(self.entries) >= MOST_ENTRIES:
            fail(409, "the journal is full")
        now = datetime.fromtimestamp(self.host.clock.now() / 1000, timezone.utc)
        entry = {"written": now.isoformat(timespec="minutes"), "text": text.strip()}
        self.entries.append(entry)
        self.host.publish.completion(1.0)
        return {"html": self._entry(entry)}

    @staticmethod
    def _entry(entry):
        written = escape(entry["written"])
        return f'<li><time datetime="{written}">{written[:10]}</time> {escape(entry["text"])}</li>'
