// Sends what was written and shows it on top of the list.
'use strict';

window.JournalBlock = function (runtime, element) {
  const form = element.querySelector('form');
  const area = element.querySelector('textarea');

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const response = await fetch(runtime.handlerUrl(element, 'write'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: area.value }),
    });
    const answer = await response.json();
    if (!response.ok) {
      runtime.notify('error', { title: 'Journal', message: answer.error });
      return;
    }
    area.value = '';
    element.querySelector('ol').insertAdjacentHTML('afterbegin', answer.html);
  });
};
