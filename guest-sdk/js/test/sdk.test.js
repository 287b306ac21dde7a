import assert from "node:assert/strict";
import test from "node:test";
import { block, decode, encode, fail, field, fragment, html } from "blockhouse-sdk";
import { TestHost } from "blockhouse-sdk/testing";

const counter = block({
  name: "counter",
  displayName: "Counter",
  version: "1.0.0",
  fields: {
    count: field.integer({ scope: "user_state" }),
    names: field.list({ scope: "user_state" }),
  },
  studentView: ({ fields }) => fragment(html`<p>${fields.count} ${fields.names}</p>`),
  handlers: {
    press({ fields }, { by }) {
      fields.count += by;
      if (by > 9) fail(400, "too much");
      if (by < 0) throw new RangeError("negative");
      return fields.count;
    },
    name({ fields }, name) {
      fields.names.push(name);
    },
  },
});

test("a changed field is stored, also inside of a list", () => {
  const host = new TestHost(counter);
  assert.deepEqual(host.post("press", { by: 2 }), { status: 200, body: 2 });
  host.post("name", JSON.stringify("Ada"));
  assert.deepEqual([host.field("count"), host.field("names")], [2, ["Ada"]]);
});

test("a block says in its definition that its own view shows the score", () => {
  const graded = block({ name: "graded", displayName: "Graded", version: "1.0.0", hasScore: true, showsScore: true });
  assert.equal(JSON.parse(graded.exports.definition.describe()).shows_score, true);
  assert.equal(JSON.parse(counter.exports.definition.describe()).shows_score, undefined);
});

test("looking stores nothing", () => {
  const host = new TestHost(counter);
  host.studentView();
  assert.equal(host.stored.size, 0);
});

test("an error with a status is an answer and keeps the writes", () => {
  const host = new TestHost(counter);
  assert.deepEqual(host.post("press", { by: 10 }), { status: 400, body: { error: "too much" } });
  assert.equal(host.field("count"), 10);
});

test("any other error is a failure of the call and keeps nothing", () => {
  const host = new TestHost(counter);
  assert.throws(() => host.post("press", { by: -1 }), /RangeError: negative/);
  assert.equal(host.stored.size, 0);
});

test("a body that is no JSON and a handler that is not there are answers", () => {
  const host = new TestHost(counter);
  assert.equal(host.post("press", "{").status, 400);
  assert.equal(host.post("constructor", {}).status, 404);
});

test("html escapes what learners wrote", () => {
  const host = new TestHost(counter).with("names", ["<script>"]);
  assert.equal(host.studentView().content, "<p>0 &lt;script&gt;</p>");
});

test("text survives its bytes, and bytes that are no text are told", () => {
  for (const text of ["", "plain", "é€😀"]) assert.equal(decode(encode(text)), text);
  for (const bytes of [[0xff], [0xc0, 0x80], [0xe2, 0x82], [0xed, 0xa0, 0x80]]) assert.equal(decode(bytes), null);
});

test("a block is told of a reset, and of what is taken away", () => {
  const told = [];
  const teller = block({
    name: "told",
    displayName: "Told",
    version: "1.0.0",
    onReset: (call, what) => void told.push(what),
  });
  const host = new TestHost(teller);
  host.onReset({ score: false });
  assert.deepEqual(told, [{ fields: true, score: false }]);
});

test("a block reads what its author put beside it", () => {
  const reader = block({
    name: "reader",
    displayName: "Reader",
    version: "1.0.0",
    handlers: {
      read({ files }, name) {
        const bytes = files.read(name);
        return bytes === undefined ? null : decode(bytes);
      },
    },
  });
  const host = new TestHost(reader).withFile("tides.txt", "high");
  assert.equal(host.post("read", JSON.stringify("tides.txt")).body, "high");
  assert.equal(host.post("read", JSON.stringify("none.txt")).body, null);
});

test("the module of the frame is what the frame has", async () => {
  await assert.rejects(import("../frame.js?outside"), /frame of Blockhouse/);
  globalThis.blockhouse = { block: () => "the block", HandlerError: class extends Error {} };
  const frame = await import("blockhouse-sdk/frame");
  assert.equal(frame.block(), "the block");
  assert.equal(frame.HandlerError, globalThis.blockhouse.HandlerError);
});
