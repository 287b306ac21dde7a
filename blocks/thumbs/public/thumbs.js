// Sends a vote when a thumb is pressed and shows the tally that comes back.
'use strict';

window.ThumbsBlock = function (runtime, element) {
  const counts = (direction) => element.querySelector(`[data-count="${direction}"]`);

  async function vote(direction) {
    const response = await fetch(runtime.handlerUrl(element, 'vote'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ voteType: direction }),
    });
    if (!response.ok) {
      runtime.notify('error', { title: 'Vote', message: 'Your vote could not be counted. Please try again.' });
      return;
    }
    const tally = await response.json();
    counts('up').value = tally.up;
    counts('down').value = tally.down;
  }

  for (const button of element.querySelectorAll('[data-vote]')) {
    button.addEventListener('click', () => vote(button.dataset.vote));
  }
};
