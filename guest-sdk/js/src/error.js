/** An answer that the learner's browser is to see, with this HTTP status. The block's writes are kept. */
export class BlockError extends Error {
  constructor(status, message) {
    super(message);
    this.name = "BlockError";
    this.status = status;
  }
}

/** Ends a handler with this status, 400 to 599, and the body `{"error": message}`. */
export function fail(status, message) {
  throw new BlockError(status, message);
}

/** The WIT record `failure`: nothing that the call wrote is kept. */
export function failure(error) {
  if (error instanceof Error) return { message: `${error.name}: ${error.message}` };
  // What the host refuses comes as a variant: `{ tag: "unknown-field", val: "colour" }`.
  if (typeof error?.tag === "string") return { message: [error.tag, error.val].filter(Boolean).join(": ") };
  return { message: String(error?.message ?? error) };
}
