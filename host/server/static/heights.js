// Gives each frame the height that it asks for. The page loads this before its first frame, so that no message is missed
// and a page that one comes back to is drawn with the heights that it had: nothing jumps.
//
// Frames show what blocks wrote, so a message is believed only when it comes from one of this page's own frames and has
// exactly the form that is expected; and it never gets to do more than set that frame's height within limits.
(() => {
  'use strict';

  const LOWEST = 16;
  const HIGHEST = 20000;
  const PREFIX = 'height of ';

  const frames = () => [...document.querySelectorAll('iframe.frame')];
  const usageOf = (frame) => frame.closest('.block').dataset.usage;
  const known = (usage) => Number(sessionStorage.getItem(PREFIX + usage)) || 0;
  const within = (height) => Math.min(Math.max(height, LOWEST), HIGHEST);

  /** As a style sheet, since the frames are not there yet. */
  const sheet = new CSSStyleSheet();
  for (const key of Object.keys(sessionStorage).filter((candidate) => candidate.startsWith(PREFIX))) {
    const usage = key.slice(PREFIX.length);
    sheet.insertRule(`[data-usage="${CSS.escape(usage)}"] > iframe.frame { height: ${within(known(usage))}px }`);
  }
  document.adoptedStyleSheets.push(sheet);

  window.addEventListener('message', ({ data, source }) => {
    if (typeof data !== 'object' || data === null || data.type !== 'blockhouse-height' || !Number.isFinite(data.height)) return;
    const frame = frames().find((candidate) => candidate.contentWindow === source);
    if (!frame) return;
    const usage = usageOf(frame);
    // What it shows while it loads is lower than what it will show: it keeps the height that it had until it is there.
    const height = within(data.loaded === true ? data.height : Math.max(data.height, known(usage)));
    frame.style.height = `${height}px`;
    sessionStorage.setItem(PREFIX + usage, height);
  });
})();
