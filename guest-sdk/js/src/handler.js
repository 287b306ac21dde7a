// Requests to a handler and its responses.
import { BlockError, fail } from "./error.js";
import { decode, encode } from "./text.js";

const JSON_TYPE = "application/json; charset=utf-8";

/** A handler's answer, where JSON is not enough. */
export class Response {
  constructor(body, { status = 200, type = "text/plain; charset=utf-8", headers = {} } = {}) {
    this.status = status;
    this.headers = [["content-type", type], ...Object.entries(headers)];
    this.body = typeof body === "string" ? encode(body) : body;
  }

  static json(value, options = {}) {
    return new Response(JSON.stringify(value ?? null), { type: JSON_TYPE, ...options });
  }
}

/** The body of a request as JSON, or an answer with status 400. */
function json(request) {
  if (request.method !== "POST") fail(405, "Method must be POST");
  const text = decode(request.body);
  try {
    return JSON.parse(text);
  } catch {
    return fail(400, "Invalid JSON");
  }
}

/** Calls a handler and makes a response of what it returns or of the `BlockError` that it throws. */
export function answer(spec, name, call, request) {
  const plain = Object.hasOwn(spec.handlers, name);
  if (!plain && !Object.hasOwn(spec.requests, name)) {
    return Response.json({ error: `this block has no handler \`${name}\`` }, { status: 404 });
  }
  try {
    if (!plain) return spec.requests[name](call, request);
    return Response.json(spec.handlers[name](call, json(request)));
  } catch (error) {
    if (!(error instanceof BlockError)) throw error;
    const headers = error.status === 405 ? { allow: "POST" } : {};
    return Response.json({ error: error.message }, { status: error.status, headers });
  }
}
