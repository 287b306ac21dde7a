// Some blocks are completed by looking at them (spec 3.9.7). A block counts as seen when half of it, or half of the
// window's height of it, was in view for five seconds; then this says so, once, to the address that the page came with.

const LONG_ENOUGH_MS = 5000;
/** How often the browser says that more or less of a block is in view. */
const STEPS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** The clock of each block that is in view. */
const clocks = new Map();

const stop = (block) => {
  clearTimeout(clocks.get(block));
  clocks.delete(block);
};

const complete = async (block) => {
  const url = block.dataset.seen;
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ completion: 1 }) });
  // What could not be told now is told when the page is opened again.
  if (response.ok) block.dispatchEvent(new CustomEvent('blockhouse-seen', { bubbles: true }));
};

const observer = new IntersectionObserver((entries) => {
  for (const { target: block, intersectionRatio, intersectionRect } of entries) {
    const isSeen = intersectionRatio >= 0.5 || intersectionRect.height >= window.innerHeight / 2;
    if (!isSeen) {
      stop(block);
    } else if (!clocks.has(block)) {
      clocks.set(block, setTimeout(() => {
        observer.unobserve(block);
        complete(block).catch(() => {});
      }, LONG_ENOUGH_MS));
    }
  }
}, { threshold: STEPS });

/** A page in the background is not looked at. */
const watch = () => {
  for (const block of document.querySelectorAll('[data-seen]')) {
    if (document.visibilityState === 'visible') {
      observer.observe(block);
    } else {
      observer.unobserve(block);
      stop(block);
    }
  }
};
document.addEventListener('visibilitychange', watch);
watch();
