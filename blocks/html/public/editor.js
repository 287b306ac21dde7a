/** Sends the form to the block and says how it went. */
function HtmlEditor(runtime, element) {
  const form = element.querySelector('form');
  const status = form.querySelector('[role=status]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    status.textContent = 'Saving…';
    const fields = Object.fromEntries(new FormData(form));
    const body = JSON.stringify(fields);
    try {
      const answer = await fetch(runtime.handlerUrl(element, 'studio_submit'), { method: 'POST', body });
      if (!answer.ok) throw new Error((await answer.json()).detail);
      status.textContent = 'Saved.';
      runtime.notify('save', { state: 'end' });
    } catch (error) {
      status.textContent = `Not saved: ${error.message}`;
      runtime.notify('error', { message: error.message });
    }
  });
}
