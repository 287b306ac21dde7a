// Delivers what a learner sends, although the connection may be slow or gone.
//
// Whatever a block posts to a handler goes through here: with `fetch`, or with an older request (`old-requests.js`). The submissions of one block leave one after the
// other. One that does not arrive is kept and sent again, always under the same key, so the server carries it out once
// (`Idempotency-Key`). The block only waits longer for its answer. The page around is told, so that it can say so and
// keep what would be lost with this document.
//
// An editor says on which draft of its block an edit is based. What somebody else has saved meanwhile is not overwritten: the
// block hears of it (409).
(() => {
  'use strict';

  /** Milliseconds before the next attempt; the last one repeats. */
  const PAUSES = [500, 1000, 2000, 4000, 8000, 15000];
  /** What the server answers when the same request may succeed a little later. */
  const LATER = [408, 429, 502, 503, 504];
  /** How often a server that says "later" is asked before the block hears of it. */
  const PATIENCE = 5;

  const urls = JSON.parse(document.getElementById('blockhouse-handler-urls').textContent);
  const prefixes = Object.entries(urls).map(([usage, url]) => [usage, url.slice(0, url.indexOf('handler_name'))]);
  const usageOf = (url) => prefixes.find(([, prefix]) => url.startsWith(prefix))?.[0];
  window.isHandlerAddress = (url) => usageOf(url) !== undefined;

  const browserFetch = window.fetch.bind(window);
  const tell = (state, submission) => {
    const { usage, key, url, headers, text } = submission;
    window.parent.postMessage({ type: 'blockhouse-delivery', state, usage, key, url, headers, text }, '*');
    window.dispatchEvent(new CustomEvent('blockhouse-delivery', { detail: { state, usage } }));
  };

  /** A score or a completion that the call published: for pages of other sites, which cannot ask for it. */
  const tellPublished = (usage, response) => {
    const published = response.headers.get('blockhouse-published');
    if (published) window.parent.postMessage({ type: 'blockhouse-published', usage, ...JSON.parse(published) }, '*');
  };

  /** Ends when the pause is over, or earlier when the connection is back or the learner asks for it. */
  const pause = (attempt, atLeast = 0) => new Promise((resolve) => {
    const ends = new AbortController();
    const end = () => { ends.abort(); resolve(); };
    const random = 0.5 + Math.random() / 2;
    const timer = setTimeout(end, Math.max(atLeast * 1000, PAUSES[Math.min(attempt, PAUSES.length - 1)] * random));
    ends.signal.addEventListener('abort', () => clearTimeout(timer));
    window.addEventListener('online', end, { signal: ends.signal });
    window.addEventListener('message', (event) => {
      if (event.source === window.parent && event.data?.type === 'blockhouse-retry') end();
    }, { signal: ends.signal });
  });

  /** The draft that is edited in this document: its number. Each edit that is taken makes the next one. */
  const edited = document.documentElement.dataset;
  const draft = () => (edited.draft ? { 'blockhouse-draft': edited.draft } : {});
  const keepDraft = (response) => {
    const number = response.headers.get('blockhouse-draft');
    if (number && edited.draft) edited.draft = number;
  };

  const isLater = (response) =>
    LATER.includes(response.status) || (response.status === 409 && response.headers.has('retry-after'));

  async function deliver(submission) {
    const { url, headers, body, signal } = submission;
    for (let attempt = 0; ; attempt += 1) {
      let response;
      try {
        response = await browserFetch(url, { method: 'POST', headers: { ...headers, ...draft() }, body, signal, credentials: 'omit' });
      } catch (error) {
        // Only a connection that failed; a request that the block itself called off is over.
        if (signal.aborted) {
          tell('failed', submission);
          throw error;
        }
      }
      if (response && !(isLater(response) && attempt < PATIENCE)) {
        tell(response.ok ? 'delivered' : 'failed', submission);
        tellPublished(submission.usage, response);
        keepDraft(response);
        return response;
      }
      tell('waiting', submission);
      await pause(attempt, Number(response?.headers.get('retry-after') ?? 0));
    }
  }

  /** The last submission of each block. */
  const last = new Map();

  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    const usage = usageOf(request.url);
    // Without a cookie, only this says in which language the page is read.
    if (usage && !request.headers.has('accept-language')) request.headers.set('accept-language', document.documentElement.lang);
    if (!usage || request.method !== 'POST') return browserFetch(request);
    const key = crypto.getRandomValues(new Uint32Array(4)).reduce((text, word) => text + word.toString(16).padStart(8, '0'), '');
    const before = last.get(usage);
    const turn = (async () => {
      const body = await request.arrayBuffer();
      const headers = { ...Object.fromEntries(request.headers), 'idempotency-key': key };
      // A file is sent again as long as this document lives; the page keeps text only.
      const text = /json|urlencoded|text/.test(headers['content-type'] ?? '') ? new TextDecoder().decode(body) : null;
      const submission = { usage, key, url: request.url, headers, body, text, signal: request.signal };
      tell('sending', submission);
      // Whatever became of the one before, this one is next.
      await before?.catch(() => {});
      return deliver(submission);
    })();
    last.set(usage, turn);
    return turn;
  };
})();
