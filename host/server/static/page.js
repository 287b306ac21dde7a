// The page around the frames: gives each frame the height that it asks for, and shows scores after an answer.
//
// Frames show what blocks wrote, so a message is believed only when it comes from one of this page's own frames and has
// exactly the form that is expected; and it never gets to do more than set that frame's height within limits.
(() => {
  'use strict';

  const LOWEST = 16;
  const HIGHEST = 20000;
  const QUIET_MS = 150;

  const frames = [...document.querySelectorAll('iframe.frame')];
  const blocks = document.querySelector('.blocks');

  const keyOf = (frame) => `height of ${frame.closest('.block').dataset.usage}`;

  const setHeight = (frame, height) => {
    if (!Number.isFinite(height)) return;
    const within = Math.min(Math.max(height, LOWEST), HIGHEST);
    frame.style.height = `${within}px`;
    sessionStorage.setItem(keyOf(frame), within);
  };

  // A page that comes back begins with the heights that it had, so that nothing jumps.
  for (const frame of frames) {
    const known = sessionStorage.getItem(keyOf(frame));
    if (known) setHeight(frame, Number(known));
  }

  const showScores = async () => {
    const response = await fetch(blocks.dataset.scores);
    if (!response.ok) return;
    const scores = await response.json();
    for (const block of blocks.querySelectorAll('.block')) {
      const score = block.querySelector('.score');
      const words = scores[block.dataset.usage] ?? '';
      if (score && score.textContent !== words) score.textContent = words;
    }
  };

  let pending;
  const showScoresSoon = () => {
    clearTimeout(pending);
    pending = setTimeout(() => showScores().catch(() => {}), QUIET_MS);
  };

  window.addEventListener('message', (event) => {
    const frame = frames.find((candidate) => candidate.contentWindow === event.source);
    if (!frame || typeof event.data !== 'object' || event.data === null) return;
    if (event.data.type === 'blockhouse-height') setHeight(frame, event.data.height);
    if (event.data.type === 'blockhouse-handled') showScoresSoon();
  });
})();
