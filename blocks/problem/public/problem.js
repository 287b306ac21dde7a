// Sends what a learner does with a problem to the block, and shows what comes back.
'use strict';

window.ProblemBlock = function (runtime, element, texts) {
  const find = (selector) => element.querySelector(selector);
  let hint = -1;

  // The block's words may hold escaped text of the learner's; they are shown as text, never as markup.
  const asText = (html) => new DOMParser().parseFromString(html, 'text/html').documentElement.textContent;

  function say(html) {
    const notice = find('.problem-notice');
    if (notice) notice.textContent = asText(html);
  }

  async function send(action, fields) {
    const url = new URL(runtime.handlerUrl(element, 'xmodule_handler', action), window.location.href);
    const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
    if (!response.ok) throw new Error(`the server answered with status ${response.status}`);
    return response.json();
  }

  function answers() {
    return [...new FormData(find('form.problem')).entries()].filter(([, value]) => typeof value === 'string');
  }

  function show(html) {
    find('.problem-block').outerHTML = html;
    hint = -1;
    listen();
    // The button that was pressed is gone; a keyboard or a screen reader goes on at what has happened.
    const notice = find('.problem-notice');
    if (notice) {
      notice.tabIndex = -1;
      notice.focus({ preventScroll: true });
    }
    window.MathJax?.Hub?.Queue(['Typeset', window.MathJax.Hub, element]);
  }

  function showAnswers(reply) {
    for (const [id, answer] of Object.entries(reply.answers)) {
      const place = document.getElementById(`answer_${id}`);
      if (!place) continue;
      if (Array.isArray(answer)) {
        for (const name of answer) {
          document.getElementById(`input_${id}_${name}`)?.closest('.choice')?.classList.add('right-answer');
        }
        const labels = answer.map((name) => document.getElementById(`input_${id}_${name}`)?.labels[0]?.textContent);
        place.textContent = `${texts.answer} ${labels.filter(Boolean).join(', ')}`;
      } else {
        // The author's own HTML, as in the problem itself.
        const html = String(answer);
        place.innerHTML = html;
        if (!html.startsWith('<solution')) place.prepend(`${texts.answer} `);
      }
    }
    say(texts.answers_shown);
  }

  const actions = {
    async problem_check() {
      const reply = await send('problem_check', answers());
      if (reply.contents) show(reply.contents);
      else say(reply.success);
      find('.problem-notice')?.scrollIntoView({ block: 'nearest' });
    },
    async problem_save() {
      const reply = await send('problem_save', answers());
      if (reply.html) show(reply.html);
      else say(reply.msg ?? reply.success);
    },
    async problem_reset() {
      const reply = await send('problem_reset', []);
      if (reply.html) show(reply.html);
      else say(reply.msg ?? reply.success);
    },
    async problem_show() {
      const reply = await send('problem_show', []);
      if (reply.answers) showAnswers(reply);
      else say(reply.success);
    },
    async hint_button() {
      const reply = await send('hint_button', [['hint_index', String(hint + 1)]]);
      if (!reply.success) {
        say(reply.msg);
        return;
      }
      hint = reply.hint_index;
      find('.problem-hint').innerHTML = reply.msg;
    },
  };

  async function act(name) {
    const buttons = [...element.querySelectorAll('[data-action]')];
    const enabled = buttons.filter((button) => !button.disabled);
    enabled.forEach((button) => { button.disabled = true; });
    try {
      await actions[name]();
    } catch (error) {
      say(texts.not_sent);
      runtime.notify?.('error', { title: 'Problem', message: error.message });
    } finally {
      // After a new page these buttons are gone, and enabling them changes nothing.
      enabled.forEach((button) => { button.disabled = false; });
    }
  }

  function listen() {
    find('form.problem')?.addEventListener('submit', (event) => {
      event.preventDefault();
      if (!event.submitter?.disabled && !find('button.submit')?.disabled) act('problem_check');
    });
    for (const button of element.querySelectorAll('button[type="button"][data-action]')) {
      button.addEventListener('click', () => act(button.dataset.action));
    }
  }

  listen();
};
