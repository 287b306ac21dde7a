// Sends the vote, then shows what the learner may see: the results, or thanks.
'use strict';

window.PollBlock = function (runtime, element, args) {
  const form = element.querySelector('.poll-form');
  const results = element.querySelector('.poll-results');
  const thanks = element.querySelector('.poll-thanks');
  const status = element.querySelector('.poll-status');

  async function post(handler, body) {
    const response = await fetch(runtime.handlerUrl(element, handler), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`${handler} answered ${response.status}`);
    }
    return response.json();
  }

  function fillIn(row) {
    const line = results.querySelector(`[data-key="${CSS.escape(row.key)}"]`);
    line.classList.toggle('poll-chosen', row.choice);
    line.querySelector('meter').value = row.percent;
    line.querySelector('[data-percent]').textContent = row.percent;
    line.querySelector('[data-count]').textContent = row.count;
  }

  async function showResults() {
    const { tally, total } = await post('get_results', {});
    tally.forEach(fillIn);
    results.hidden = false;
    results.focus();
    status.textContent = `${args.texts.votes} ${total}`;
  }

  async function vote(choice) {
    const answer = await post('vote', { choice });
    if (!answer.success) {
      status.textContent = answer.errors.join(' ');
      return;
    }
    form.hidden = !answer.can_vote;
    thanks.hidden = false;
    if (args.private_results) {
      status.textContent = args.texts.counted;
    } else {
      await showResults();
    }
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = form.querySelector('[type="submit"]');
    button.disabled = true;
    try {
      await vote(new FormData(form).get('choice'));
    } catch (error) {
      status.textContent = args.texts.not_counted;
      runtime.notify('error', { title: 'Poll', message: String(error) });
    } finally {
      button.disabled = false;
    }
  });
};
