// Keeps what a frame could not deliver, so that it is not lost with the page: the next page of this site that the same
// browser opens delivers it first, in order, and under the same key, so that nothing is carried out twice.
//
// The submissions come from frames and are not believed: only addresses of handlers are sent to, never with cookies.
// So a frame reaches nothing through here that it could not reach itself.
const PLACE = 'blockhouse outbox';
const MOST = 50;
const LONGEST = 64 * 1024;
/** Milliseconds after which the address's token may not be valid any more. */
const TOO_OLD = 2 * 24 * 3600 * 1000;
const HANDLER = /^\/api\/xblock\/v2\/xblocks\/[^/]+\/handler\/[^/]+\/.+$/;

const read = () => {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? '[]');
    return kept.filter(({ since }) => Date.now() - since < TOO_OLD);
  } catch {
    return [];
  }
};

const write = (kept) => localStorage.setItem(PLACE, JSON.stringify(kept));

/** Whether it has the form of a submission to a handler of this site. */
const isSubmission = ({ key, url, headers, text }) => {
  const isText = (value) => typeof value === 'string' && value.length <= LONGEST;
  return isText(key) && isText(url) && isText(text) && typeof headers === 'object' && headers !== null
    && URL.canParse(url) && new URL(url).origin === location.origin && HANDLER.test(new URL(url).pathname);
};

export function keep(submission) {
  if (!isSubmission(submission)) return;
  const { usage, key, url, headers, text } = submission;
  const kept = read();
  if (kept.length >= MOST || kept.some((other) => other.key === key)) return;
  const contentType = String(headers['content-type'] ?? 'application/json');
  write([...kept, { usage, key, url, contentType, text, since: Date.now() }]);
}

export function forget({ key }) {
  const kept = read();
  if (kept.some((other) => other.key === key)) write(kept.filter((other) => other.key !== key));
}

/** Whether something waits. */
export const isWaiting = () => read().length > 0;

/**
 * Delivers what an earlier page left, in order, and says which blocks have got something. It ends at the first one that
 * cannot be delivered now; one that the server refuses is forgotten and counted.
 */
export async function deliver() {
  const delivered = new Set();
  let refused = 0;
  for (const submission of read()) {
    const { key, url, contentType, text, usage } = submission;
    const headers = { 'content-type': contentType, 'idempotency-key': key };
    let response;
    try {
      response = await fetch(url, { method: 'POST', headers, body: text, credentials: 'omit' });
    } catch {
      break;
    }
    if (response.status >= 500 || response.status === 429 || response.headers.has('retry-after')) break;
    forget(submission);
    if (response.ok || response.status === 409) delivered.add(usage);
    else refused += 1;
  }
  return { delivered, refused };
}
