import assert from "node:assert/strict";
import test from "node:test";
import { block, fail, HttpError, StorageError } from "blockhouse-sdk";
import { TestHost } from "blockhouse-sdk/testing";
import { decode } from "../src/text.js";

const asker = block({
  name: "asker",
  displayName: "Asker",
  version: "1.0.0",
  capabilities: ["http", "secrets", "user-details"],
  handlers: {
    ask({ http, secrets }, { question }) {
      try {
        const answer = http.send({
          url: "https://example.org/answers",
          method: "POST",
          headers: { authorization: `Bearer ${secrets.get("key")}` },
          body: { question },
        });
        return { status: answer.status, type: answer.header("Content-Type"), said: answer.json() };
      } catch (error) {
        if (error instanceof HttpError) fail(502, error.reason);
        throw error;
      }
    },
    greet: ({ userDetails }) => `Hello, ${userDetails.displayName() ?? "stranger"}`,
  },
});

test("a request is sent as JSON with the operator's key, and its answer is read", () => {
  const host = new TestHost(asker);
  host.secrets = { key: "s3cret" };
  const seen = [];
  host.otherServers = (request) => {
    seen.push({ ...request, body: decode(request.body) });
    return { status: 201, headers: [["content-type", "application/json"]], body: "42" };
  };
  const { body } = host.post("ask", { question: "why?" });
  assert.deepEqual(body, { status: 201, type: "application/json", said: 42 });
  assert.deepEqual(seen, [
    {
      url: "https://example.org/answers",
      method: "post",
      headers: [
        ["authorization", "Bearer s3cret"],
        ["content-type", "application/json"],
      ],
      body: '{"question":"why?"}',
    },
  ]);
});

test("why there is no answer is an error that a block can tell apart", () => {
  const host = new TestHost(asker);
  host.otherServers = () => {
    throw { tag: "too-slow" };
  };
  assert.deepEqual(host.post("ask", { question: "why?" }), { status: 502, body: { error: "too-slow" } });
});

test("a block knows of a learner what it may know, and nothing of a stranger", () => {
  const host = new TestHost(asker);
  assert.equal(host.post("greet", null).body, "Hello, stranger");
  host.details = { displayName: "Ada" };
  assert.equal(host.post("greet", null).body, "Hello, Ada");
});

const keeper = block({
  name: "keeper",
  displayName: "Keeper",
  version: "1.0.0",
  capabilities: ["storage"],
  studentView({ storage }) {
    try {
      storage.write("own", "view", "x");
    } catch (error) {
      if (error instanceof StorageError) return error.reason;
      throw error;
    }
  },
  handlers: {
    handIn({ storage }, { essay }) {
      storage.write("own", "essay", essay);
      return storage.keptFiles("own").map(({ name, bytes }) => [name, Number(bytes)]);
    },
    show: ({ storage }) => decode(storage.read("own", "essay") ?? new Uint8Array()),
    drop: ({ storage }) => void storage.delete("own", "essay"),
  },
});

test("a file is kept, read and taken away", () => {
  const host = new TestHost(keeper);
  assert.deepEqual(host.post("handIn", { essay: "It was dark." }).body, [["essay", 12]]);
  assert.equal(host.post("show", {}).body, "It was dark.");
  assert.equal(decode(host.kept.own.get("essay")), "It was dark.");
  host.post("drop", {});
  assert.equal(host.kept.own.size, 0);
});

test("a view keeps no file", () => {
  assert.equal(new TestHost(keeper).studentView().content, "not-in-a-handler");
});
