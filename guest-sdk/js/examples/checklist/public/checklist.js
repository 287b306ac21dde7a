// Sends each tick, and takes it back where it could not be kept.
'use strict';

window.ChecklistBlock = function (runtime, element) {
  const count = element.querySelector('output');

  async function tick(box) {
    const response = await fetch(runtime.handlerUrl(element, 'tick'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ index: Number(box.dataset.index), done: box.checked }),
    });
    if (!response.ok) {
      box.checked = !box.checked;
      runtime.notify('error', { title: 'Checklist', message: 'Your tick could not be kept. Please try again.' });
      return;
    }
    count.value = (await response.json()).ticked.length;
  }

  for (const box of element.querySelectorAll('input[type="checkbox"]')) {
    box.addEventListener('change', () => tick(box));
  }
};
