// What an operator grants a block that asks for it (`capabilities`), in JavaScript's own words. A block without the grant
// does not have it.
import { decode, encode } from "./text.js";

/** Why there is no answer of another server. `reason` is the contract's word for it, such as `too-slow`. */
export class HttpError extends Error {
  constructor(reason, why) {
    super(why === undefined ? reason : `${reason}: ${why}`);
    this.name = "HttpError";
    this.reason = reason;
  }
}

/** What another server answered, whatever its status. */
class HttpResponse {
  constructor({ status, headers, body }) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** The first header of this name. */
  header(name) {
    return this.headers.find(([other]) => other === name.toLowerCase())?.[1];
  }

  /** The body as text; null where it is no UTF-8. */
  text() {
    return decode(this.body);
  }

  json() {
    return JSON.parse(this.text());
  }
}

function lowered({ url, method = "GET", headers = {}, body = "" }) {
  const request = { url, method: method.toLowerCase(), headers: Object.entries(headers) };
  if (body instanceof Uint8Array) return { ...request, body };
  if (typeof body === "string") return { ...request, body: encode(body) };
  if (!request.headers.some(([name]) => name.toLowerCase() === "content-type")) {
    request.headers.push(["content-type", "application/json"]);
  }
  return { ...request, body: encode(JSON.stringify(body)) };
}

/**
 * Sends a request; only a handler may. `body` is a text, bytes, or a value that is sent as JSON. Throws an `HttpError`
 * where there is no answer.
 */
function send(http, request) {
  try {
    return new HttpResponse(http.send(lowered(request)));
  } catch (error) {
    if (typeof error?.tag !== "string") throw error;
    throw new HttpError(error.tag, error.val);
  }
}

/** Why a file cannot be kept or read. `reason` is the contract's word for it, such as `full`. */
export class StorageError extends Error {
  constructor(reason, why) {
    super(why === undefined ? reason : `${reason}: ${why}`);
    this.name = "StorageError";
    this.reason = reason;
  }
}

function stored(question) {
  try {
    return question() ?? undefined;
  } catch (error) {
    if (typeof error?.tag !== "string") throw error;
    throw new StorageError(error.tag, error.val);
  }
}

/**
 * Files of whoever is here (`"own"`) or of everybody (`"shared"`). What is written is a text or bytes; bytes are read. They
 * are kept also when the handler then calls `fail`, so check first and write last.
 */
function storage({ keptFiles, read, write, delete: remove }) {
  const bytes = (data) => (typeof data === "string" ? encode(data) : data);
  return {
    keptFiles: (space) => stored(() => keptFiles(space)),
    read: (space, name) => stored(() => read(space, name)),
    write: (space, name, data) => stored(() => write(space, name, bytes(data))),
    delete: (space, name) => stored(() => remove(space, name)),
  };
}

/** Throws what the host says where it refuses. */
function asked(question) {
  try {
    return question() ?? undefined;
  } catch (error) {
    throw typeof error === "string" ? new Error(`the host refused: ${error}`) : error;
  }
}

/** The granted ones among the host's interfaces. */
export function granted({ http, secrets, storage: files, userDetails }) {
  return {
    ...(http && { http: { send: (request) => send(http, request) } }),
    ...(secrets && { secrets: { get: (name) => asked(() => secrets.get(name)) } }),
    ...(files && { storage: storage(files) }),
    ...(userDetails && {
      userDetails: {
        displayName: () => asked(userDetails.displayName),
        username: () => asked(userDetails.username),
        email: () => asked(userDetails.email),
      },
    }),
  };
}
