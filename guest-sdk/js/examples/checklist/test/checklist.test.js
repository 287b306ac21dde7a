import assert from "node:assert/strict";
import test from "node:test";
import { TestHost } from "blockhouse-sdk/testing";
import checklist from "../src/index.js";

const host = () => new TestHost(checklist).with("entries", ["Read <this>", "Write"]);

test("what is ticked is shown ticked, and counts", () => {
  const learner = host();
  assert.deepEqual(learner.post("tick", { index: 1, done: true }).body, { ticked: [1] });
  assert.match(learner.studentView().content, /data-index="1" checked/);
  assert.deepEqual(learner.completions, [0.5]);
});

test("a tick can be taken back", () => {
  const learner = host().with("ticked", [0, 1]);
  assert.deepEqual(learner.post("tick", { index: 0, done: false }).body, { ticked: [1] });
});

test("an entry that is not there is refused", () => {
  for (const index of [-1, 2, 0.5, "0", null]) assert.equal(host().post("tick", { index, done: true }).status, 400);
});

test("an author's text is no HTML", () => {
  assert.match(host().studentView().content, /Read &lt;this&gt;/);
});
