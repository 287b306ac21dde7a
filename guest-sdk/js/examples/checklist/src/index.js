// A list of things to do. Each learner ticks their own; the block is done when all of them are.
import { block, fail, field, fragment, html } from "blockhouse-sdk";

const entry = (text, index, done) => html`
  <li><label><input type="checkbox" data-index="${index}" ${done ? html`checked` : ""}> ${text}</label></li>`;

export default block({
  name: "checklist",
  displayName: "Checklist",
  version: "0.1.0",
  fields: {
    display_name: field.string({ scope: "settings", default: "Checklist" }),
    entries: field.list({ scope: "settings", help: "What there is to do, one text each." }),
    ticked: field.list({ scope: "user_state", help: "The indexes of what this learner has done." }),
  },

  studentView({ fields, usage }) {
    const { display_name: name, entries, ticked } = fields;
    const items = entries.map((text, index) => entry(text, index, ticked.includes(index)));
    return fragment(html`<section class="checklist">
  <h3>${name}</h3>
  <ul>${items}</ul>
  <p><output>${ticked.length}</output> of ${entries.length} done</p>
</section>`)
      .css(usage.resourceUrl("public/checklist.css"))
      .js(usage.resourceUrl("public/checklist.js"))
      .init("ChecklistBlock");
  },

  handlers: {
    tick({ fields, publish }, { index, done }) {
      const known = Number.isInteger(index) && index >= 0 && index < fields.entries.length;
      if (!known) fail(400, `there is no entry ${JSON.stringify(index)}`);
      const others = fields.ticked.filter((ticked) => ticked !== index);
      fields.ticked = done ? [...others, index].sort((a, b) => a - b) : others;
      publish.completion(fields.ticked.length / fields.entries.length);
      return { ticked: fields.ticked };
    },
  },
});
