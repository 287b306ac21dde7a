// The page around the frames: shows scores and progress after an answer, and says whether what the learner did has been
// saved.
//
// Frames show what blocks wrote, so a message is believed only when it comes from one of this page's own frames and has
// exactly the form that is expected; and it never gets to do more than change the words below that frame, and keep a
// submission for later.
import * as outbox from './outbox.js';

const QUIET_MS = 150;
/** How long a submission may take before the page speaks of it. */
const PATIENCE_MS = 400;

const frames = [...document.querySelectorAll('iframe.frame')];
const blocks = document.querySelector('.blocks');
const words = blocks.dataset;

const blockOf = (frame) => frame.closest('.block');

/** A text that did not change is not read out again. */
const write = (element, text) => {
  if (element && element.textContent !== text) element.textContent = text;
};

const showStanding = async () => {
  const response = await fetch(words.standing);
  if (!response.ok) return;
  const standing = await response.json();
  for (const block of blocks.querySelectorAll('.block')) {
    const { score, done } = standing.blocks[block.dataset.usage] ?? {};
    write(block.querySelector('.score'), score ?? '');
    block.querySelector('.done')?.toggleAttribute('hidden', !done);
    if (done) delete block.dataset.seen;
  }
  write(document.querySelector('.unit-progress'), standing.progress ?? '');
};

let pending;
const showStandingSoon = () => {
  clearTimeout(pending);
  pending = setTimeout(() => showStanding().catch(() => {}), QUIET_MS);
};
blocks.addEventListener('blockhouse-seen', showStandingSoon);

/** What each frame has under way, by key: 'sending' or 'waiting'. */
const underWay = new Map(frames.map((frame) => [frame, new Map()]));

const say = (frame, text, state) => {
  const line = blockOf(frame).querySelector('.delivery');
  if (!line || line.dataset.state === state) return;
  line.dataset.state = state;
  line.querySelector('.delivery-text').textContent = text;
  line.querySelector('button').hidden = state !== 'waiting';
};

const showDelivery = (frame, last) => {
  const states = [...underWay.get(frame).values()];
  if (states.includes('waiting')) say(frame, words.waiting, 'waiting');
  else if (states.length > 0) setTimeout(() => underWay.get(frame).size > 0 && say(frame, words.saving, 'saving'), PATIENCE_MS);
  else if (last === 'failed') say(frame, words.failed, 'failed');
  else say(frame, words.saved, 'saved');
};

const onDelivery = (frame, message) => {
  const { state, key } = message;
  if (typeof key !== 'string' || !['sending', 'waiting', 'delivered', 'failed'].includes(state)) return;
  if (state === 'sending' || state === 'waiting') {
    underWay.get(frame).set(key, state);
    outbox.keep(message);
  } else {
    underWay.get(frame).delete(key);
    outbox.forget(message);
  }
  showDelivery(frame, state);
};

window.addEventListener('message', (event) => {
  const frame = frames.find((candidate) => candidate.contentWindow === event.source);
  if (!frame || typeof event.data !== 'object' || event.data === null) return;
  if (event.data.type === 'blockhouse-handled') showStandingSoon();
  if (event.data.type === 'blockhouse-delivery') onDelivery(frame, event.data);
});

for (const frame of frames) {
  blockOf(frame).querySelector('.delivery button')?.addEventListener('click', () => {
    frame.contentWindow.postMessage({ type: 'blockhouse-retry' }, '*');
  });
}

/** What an earlier page left goes first; the blocks that it was for are shown anew. */
const deliverWhatWasLeft = async () => {
  if (!outbox.isWaiting()) return;
  const { delivered, refused } = await outbox.deliver();
  for (const frame of frames.filter((candidate) => delivered.has(blockOf(candidate).dataset.usage))) {
    frame.src = frame.getAttribute('src');
    say(frame, words.saved, 'saved');
  }
  if (refused > 0) document.querySelector('.lost').hidden = false;
  if (delivered.size > 0) showStandingSoon();
};
deliverWhatWasLeft();
window.addEventListener('online', deliverWhatWasLeft);

// An answer that has not arrived is kept, but whoever leaves now should know that it has not.
window.addEventListener('beforeunload', (event) => {
  const states = [...underWay.values()].flatMap((submissions) => [...submissions.values()]);
  if (states.includes('waiting')) event.preventDefault();
});
