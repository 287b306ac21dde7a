// Shows a block in a page of another site:
//
//     <script src="https://HOST/embed.js" data-block="USAGE KEY" data-token="TOKEN" async></script>
//
// The block stands where the script does. `data-token` is what the platform made for the person who looks; without it
// they are a visitor. `data-view`, `data-version` and `data-show-title` are as in the address of the frame.
//
// The frame says `blockhouse:score` ({ earned, possible }), `blockhouse:completion` (a number from 0 to 1) and
// `blockhouse:event` ({ name, data }) as events that bubble. They are for showing: what counts is what the host tells
// the platform itself.
(() => {
  'use strict';

  const LOWEST = 16;
  const HIGHEST = 20000;

  const script = document.currentScript;
  const { block, token, view = token ? 'student_view' : 'public_view', version, showTitle } = script.dataset;
  const address = new URL(`/xblocks/v2/${encodeURIComponent(block)}/embed/${view}/`, script.src);
  for (const [name, value] of Object.entries({ token, version, show_title: showTitle })) {
    if (value !== undefined) address.searchParams.set(name, value || 'true');
  }

  const frame = document.createElement('iframe');
  frame.src = address;
  frame.title = script.dataset.title ?? 'A learning block';
  frame.setAttribute('sandbox', 'allow-scripts allow-forms allow-popups');
  frame.style.cssText = 'display: block; width: 100%; height: 12rem; border: 0;';
  script.before(frame);

  const say = (name, detail) => frame.dispatchEvent(new CustomEvent(`blockhouse:${name}`, { bubbles: true, detail }));
  const isShare = (value) => Number.isFinite(value) && value >= 0 && value <= 1;

  window.addEventListener('message', ({ source, data }) => {
    if (source !== frame.contentWindow || typeof data !== 'object' || data === null) return;
    if (data.type === 'blockhouse-height' && Number.isFinite(data.height)) {
      frame.style.height = `${Math.min(Math.max(data.height, LOWEST), HIGHEST)}px`;
    }
    if (data.type === 'blockhouse-published') {
      const { score, completion } = data;
      if (Number.isFinite(score?.earned) && Number.isFinite(score?.possible)) say('score', score);
      if (isShare(completion)) say('completion', completion);
    }
    if (data.type === 'xblock-event') say('event', { name: String(data.eventName), data: data.data });
  });
})();
