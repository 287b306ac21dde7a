import assert from "node:assert/strict";
import test from "node:test";
import { block, fail, HttpError } from "blockhouse-sdk";
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
