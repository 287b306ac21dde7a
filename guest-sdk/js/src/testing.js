// A host in memory, so that a block's tests run in Node without wasm.
import { attach } from "./block.js";
import { decode, encode } from "./text.js";

/** One block with one learner in front of it. */
export class TestHost {
  stored = new Map();
  grades = [];
  completions = [];
  events = [];
  logged = [];
  now = 1_700_000_000_000;
  kind = "learner";
  files = new Map();
  /** Secrets by name, and what is known of the learner: for a block that may know. */
  secrets = {};
  /** Files that the block keeps, by space and name: `kept.own.get("essay")`. */
  kept = { own: new Map(), shared: new Map() };
  details = {};
  /** Answers requests to other servers: takes a request, gives `{ status, headers, body }` or throws `{ tag, val }`. */
  otherServers = () => {
    throw { tag: "unreachable", val: "this test has no other servers" };
  };
  #exports;

  constructor(block) {
    this.#exports = block.exports;
  }

  /** Sets a field as if it had been stored before. */
  with(name, value) {
    this.stored.set(name, JSON.stringify(value));
    return this;
  }

  /** Puts an author's file beside the block: `en.srt` for `/static/en.srt`. */
  withFile(name, text) {
    this.files.set(name, encode(text));
    return this;
  }

  /** The stored value of a field; undefined while it is unset. */
  field(name) {
    const json = this.stored.get(name);
    return json === undefined ? undefined : JSON.parse(json);
  }

  #call(method, inHandler = false) {
    // A call that fails leaves nothing behind.
    const before = new Map(this.stored);
    const kept = { own: new Map(this.kept.own), shared: new Map(this.kept.shared) };
    attach(this.#host(inHandler));
    try {
      return method(this.#exports);
    } catch (failure) {
      this.stored = before;
      this.kept = kept;
      throw new Error(failure.message, { cause: failure });
    }
  }

  #host(inHandler) {
    return {
      fields: {
        get: (name) => this.stored.get(name) ?? null,
        set: (name, json) => void this.stored.set(name, json),
        delete: (name) => void this.stored.delete(name),
      },
      usage: {
        key: () => "lb:test:block:test:1",
        contextKey: () => "lib:test:block",
        children: () => [],
        parent: () => null,
        siblings: () => [],
        authoredField: () => null,
        handlerUrl: (name) => `/handler/${name}`,
        resourceUrl: (path) => `/resource/${path}`,
        staticUrl: (name) => `/static/${name}`,
      },
      files: { read: (name) => this.files.get(name) },
      user: { kind: () => this.kind, anonymousStudentId: () => "0".repeat(32) },
      publish: {
        grade: (earned, max, onlyIfHigher) => void this.grades.push({ earned, max, onlyIfHigher }),
        completion: (fraction) => void this.completions.push(fraction),
        event: (name, json) => void this.events.push({ name, data: JSON.parse(json) }),
      },
      log: { write: (level, message) => void this.logged.push({ level, message }) },
      clock: { now: () => this.now },
      random: { u64: () => 4 },
      i18n: { locale: () => "en", text: () => null },
      http: {
        send: (request) => {
          const { status = 200, headers = [], body = "" } = this.otherServers(request);
          return { status, headers, body: typeof body === "string" ? encode(body) : body };
        },
      },
      secrets: { get: (name) => this.secrets[name] ?? null },
      storage: {
        keptFiles: (space) =>
          [...this.kept[space]].map(([name, data]) => ({ name, bytes: BigInt(data.length) })),
        read: (space, name) => this.kept[space].get(name) ?? null,
        write: (space, name, data) => {
          if (!inHandler) throw { tag: "not-in-a-handler" };
          this.kept[space].set(name, data);
        },
        delete: (space, name) => {
          if (!inHandler) throw { tag: "not-in-a-handler" };
          this.kept[space].delete(name);
        },
      },
      userDetails: {
        displayName: () => this.details.displayName ?? null,
        username: () => this.details.username ?? null,
        email: () => this.details.email ?? null,
      },
    };
  }

  studentView(context = {}) {
    return this.#call((exports) => exports.studentView.render(JSON.stringify(context)));
  }

  publicView(context = {}) {
    return this.#call((exports) => exports.publicView.render(JSON.stringify(context)));
  }

  /** Tells the block that an operator takes away what the learner has. */
  onReset({ fields = true, score = true } = {}) {
    return this.#call((exports) => exports.reset.onReset(fields, score));
  }

  /** Calls a handler as a page would. Gives the status and the body, as JSON where it is that. */
  post(name, body) {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const request = { method: "POST", suffix: "", query: "", headers: [], body: encode(text) };
    const response = this.#call((exports) => exports.handlers.handle(name, request), true);
    const answer = decode(response.body);
    try {
      return { status: response.status, body: JSON.parse(answer) };
    } catch {
      return { status: response.status, body: answer };
    }
  }
}
