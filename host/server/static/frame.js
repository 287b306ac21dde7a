// The JavaScript runtime v1 (spec 2.17) inside a block's frame: it starts the blocks of this document, tells them where
// their handlers are, and tells the page around it how high the document is.
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
    },
  };

  const argumentsOf = (element) => {
    const script = [...element.children].find((child) => child.matches('script.xblock_json_init_args'));
    return script ? JSON.parse(script.textContent) : {};
  };

  /** Children first, so that a parent's Init finds them ready. */
  const start = (element) => {
    childElements(element).forEach(start);
    const { init, name, usage, blockType } = element.dataset;
    let block = {};
    if (init) {
      try {
        block = new window[init](runtime, element, argumentsOf(element)) || {};
      } catch (error) {
        // One block's script never keeps the others from starting.
        console.error(`The block ${usage} could not start`, error);
      }
    }
    Object.assign(block, { element, name, type: blockType, runtime });
    started.set(element, block);
    element.classList.add('xblock-initialized');
    element.dispatchEvent(new CustomEvent('xblock-initialized', { bubbles: true }));
  };

  const reportHeight = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    tell({ type: 'blockhouse-height', height });
  };

  /** The page shows scores, so it wants to know when a handler was called, however the block did it. */
  const reportCalls = () => {
    const patterns = Object.values(urls).map((url) => url.slice(0, url.indexOf('handler_name')));
    const isCall = (entry) => patterns.some((pattern) => entry.name.startsWith(pattern));
    new PerformanceObserver((list) => {
      if (list.getEntries().some(isCall)) tell({ type: 'blockhouse-handled' });
    }).observe({ type: 'resource' });
  };

  childElements(document.documentElement).forEach(start);
  new ResizeObserver(reportHeight).observe(document.documentElement);
  // A browser observes no sizes in frames that are far from what is seen, so say it once everything is loaded, too.
  window.addEventListener('load', reportHeight);
  reportHeight();
  reportCalls();
})();
