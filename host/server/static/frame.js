// The JavaScript runtime v1 (spec 2.17) inside a block's frame: it starts the blocks of this document, tells them where
// their handlers are, and tells the page around it how high the document is. Beside it stands a smaller interface for
// new front ends, `blockhouse.block(element)`, whose types are in `guest-sdk/js/frame.d.ts`.
//
// The document has no origin. It reaches nothing but the addresses that it was given, each of which carries its own
// authorization.
(() => {
  'use strict';

  const BLOCK = '.xblock-v1';
  const urls = JSON.parse(document.getElementById('blockhouse-handler-urls').textContent);

  /** The JavaScript block of each started element. */
  const started = new Map();

  /** Old front ends hand over jQuery objects; both mean the block's element. */
  const blockOf = (element) => {
    const node = element instanceof Node ? element : element[0];
    return node.closest(BLOCK);
  };

  /** The blocks below an element that are not inside another block. */
  const childElements = (element) =>
    [...element.querySelectorAll(BLOCK)].filter((child) => child.parentElement.closest(BLOCK) === (element.matches(BLOCK) ? element : null));

  const tell = (message) => window.parent.postMessage(message, '*');

  const runtime = {
    handlerUrl(element, handlerName, suffix = '', query = '') {
      const pattern = urls[blockOf(element).dataset.usage];
      const url = pattern.replace('handler_name', encodeURIComponent(handlerName));
      return url + suffix + (query ? `?${query}` : '');
    },

    children(element) {
      return childElements(blockOf(element)).map((child) => started.get(child)).filter(Boolean);
    },

    childMap(element, name) {
      return runtime.children(element).find((child) => child.name === name);
    },

    notify(eventName, data) {
      tell({ type: 'xblock-event', eventName, data });
      window.dispatchEvent(new CustomEvent(`blockhouse-event:${eventName}`, { detail: data }));
    },
  };

  /** A handler's answer that is no success. */
  class HandlerError extends Error {
    constructor(handler, response, answer) {
      super(`the handler ${handler} answered with status ${response.status}`);
      Object.assign(this, { name: 'HandlerError', status: response.status, answer });
    }
  }

  /** The modern interface of the block that an element belongs to. */
  const block = (inside) => {
    const element = blockOf(inside);
    const { usage } = element.dataset;
    return {
      element,
      usage,

      async call(handler, data = null) {
        const url = runtime.handlerUrl(element, handler);
        const headers = { 'content-type': 'application/json' };
        const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(data) });
        const text = await response.text();
        const isJson = (response.headers.get('content-type') ?? '').includes('json');
        const answer = isJson && text ? JSON.parse(text) : text;
        if (!response.ok) throw new HandlerError(handler, response, answer);
        return answer;
      },

      on(event, listener) {
        const isDelivery = event === 'delivery';
        const name = isDelivery ? 'blockhouse-delivery' : `blockhouse-event:${event}`;
        const hear = ({ detail }) => {
          if (!isDelivery) listener(detail);
          else if (detail.usage === usage) listener(detail.state);
        };
        window.addEventListener(name, hear);
        return () => window.removeEventListener(name, hear);
      },

      notify: (event, data) => runtime.notify(event, data),
    };
  };

  const argumentsOf = (element) => {
    const script = [...element.children].find((child) => child.matches('script.xblock_json_init_args'));
    return script ? JSON.parse(script.textContent) : {};
  };

  /** Children first, so that a parent's Init finds them ready. */
  const start = (element) => {
    childElements(element).forEach(start);
    const { init, name, usage, blockType } = element.dataset;
    let jsBlock = {};
    if (init) {
      try {
        jsBlock = new window[init](runtime, element, argumentsOf(element)) || {};
      } catch (error) {
        // One block's script never keeps the others from starting.
        console.error(`The block ${usage} could not start`, error);
      }
    }
    Object.assign(jsBlock, { element, name, type: blockType, runtime });
    started.set(element, jsBlock);
    element.classList.add('xblock-initialized');
    element.dispatchEvent(new CustomEvent('xblock-initialized', { bubbles: true }));
  };

  const reportHeight = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    tell({ type: 'blockhouse-height', height, loaded: document.readyState === 'complete' });
  };

  /** The page shows scores, so it wants to know when a handler was called, however the block did it. */
  const reportCalls = () => {
    const patterns = Object.values(urls).map((url) => url.slice(0, url.indexOf('handler_name')));
    const isCall = (entry) => patterns.some((pattern) => entry.name.startsWith(pattern));
    new PerformanceObserver((list) => {
      if (list.getEntries().some(isCall)) tell({ type: 'blockhouse-handled' });
    }).observe({ type: 'resource' });
  };

  window.blockhouse = Object.freeze({ block, HandlerError });
  childElements(document.documentElement).forEach(start);
  new ResizeObserver(reportHeight).observe(document.documentElement);
  // A browser observes no sizes in frames that are far from what is seen, so say it once everything is loaded, too.
  window.addEventListener('load', reportHeight);
  reportHeight();
  reportCalls();
})();
