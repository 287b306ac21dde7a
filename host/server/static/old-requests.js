// Older front ends send with XMLHttpRequest, by themselves or through jQuery. What they post to a handler goes the way
// of `fetch` instead, so that it is kept, sent again and carried out once like everybody's (`submissions.js`, which
// comes first). Any other request is the browser's own business. How much of a file has been sent is not told.
(() => {
  'use strict';

  const Browser = window.XMLHttpRequest;
  const { UNSENT, OPENED, DONE } = Browser;

  /** How the answer looks in the type that was asked for. */
  const as = {
    '': (text) => text,
    text: (text) => text,
    json: (text) => { try { return JSON.parse(text); } catch { return null; } },
    arraybuffer: (_, bytes) => bytes,
    blob: (_, bytes, type) => new Blob([bytes], { type }),
    document: (text, _, type) => new DOMParser().parseFromString(text, /xml/.test(type) ? 'application/xml' : 'text/html'),
  };

  window.XMLHttpRequest = class extends Browser {
    /** What is to be posted to a handler; nothing while this is a request of the browser's. */
    #post = null;

    open(method, url, async = true, ...rest) {
      this.#post = null;
      const address = new URL(url, document.baseURI).href;
      // One that the page waits for cannot be sent again, and a browser warns of it.
      if (async && method.toUpperCase() === 'POST' && window.isHandlerAddress(address)) {
        this.#post = { address, headers: new Headers(), calledOff: new AbortController(), response: null, text: '' };
      }
      // Opened in any case: it tells whoever listens.
      super.open(method, url, async, ...rest);
    }

    setRequestHeader(name, value) {
      this.#post?.headers.append(name, value);
      super.setRequestHeader(name, value);
    }

    send(body = null) {
      if (!this.#post) return super.send(body);
      if (this.readyState !== OPENED) throw new DOMException('The object’s state must be OPENED.', 'InvalidStateError');
      this.#deliver(this.#post, body);
    }

    abort() {
      if (!this.#post) return super.abort();
      this.#post.calledOff.abort();
    }

    async #deliver(post, body) {
      const { address, headers, calledOff } = post;
      this.dispatchEvent(new ProgressEvent('loadstart'));
      try {
        // Without these, `fetch` would say it is text.
        if (typeof body === 'string' && !headers.has('content-type')) headers.set('content-type', 'text/plain;charset=UTF-8');
        post.response = await window.fetch(address, { method: 'POST', headers, body, signal: calledOff.signal });
        post.bytes = await post.response.arrayBuffer();
        post.text = new TextDecoder().decode(post.bytes);
      } catch {
        post.response = null;
      }
      // Opened anew meanwhile: nobody waits for this answer.
      if (this.#post !== post) return;
      post.state = DONE;
      this.dispatchEvent(new Event('readystatechange'));
      const outcome = post.response ? 'load' : calledOff.signal.aborted ? 'abort' : 'error';
      this.dispatchEvent(new ProgressEvent(outcome));
      this.dispatchEvent(new ProgressEvent('loadend'));
      if (outcome === 'abort') post.state = UNSENT;
    }

    get readyState() { return this.#post?.state ?? super.readyState; }
    get status() { return this.#post ? this.#post.response?.status ?? 0 : super.status; }
    get statusText() { return this.#post ? this.#post.response?.statusText ?? '' : super.statusText; }
    get responseURL() { return this.#post ? this.#post.response?.url ?? '' : super.responseURL; }
    get responseText() { return this.#post ? this.#post.text : super.responseText; }
    get responseXML() { return this.#post ? null : super.responseXML; }

    get response() {
      const post = this.#post;
      if (!post) return super.response;
      if (!post.response) return this.responseType === '' || this.responseType === 'text' ? '' : null;
      return as[this.responseType](post.text, post.bytes, post.response.headers.get('content-type') ?? '');
    }

    getResponseHeader(name) {
      return this.#post ? this.#post.response?.headers.get(name) ?? null : super.getResponseHeader(name);
    }

    getAllResponseHeaders() {
      if (!this.#post) return super.getAllResponseHeaders();
      return [...(this.#post.response?.headers ?? [])].map(([name, value]) => `${name}: ${value}\r\n`).join('');
    }
  };
})();
