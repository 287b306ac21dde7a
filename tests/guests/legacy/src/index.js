// A block whose front end is written as it was for Open edX: it expects libraries on its page, and asks for them.
import { block, fragment, html } from "blockhouse-sdk";

export default block({
  name: "legacy",
  displayName: "Legacy",
  version: "0.1.0",
  frameLibraries: ["jquery", "underscore", "gettext", "mathjax"],

  studentView({ usage }) {
    return fragment(html`<p class="formula">\\(a^2\\)</p><p class="words"></p><button type="button">Count</button><output></output>`)
      .js(usage.resourceUrl("public/legacy.js"))
      .init("LegacyBlock");
  },

  handlers: {
    count: (call, { numbers }) => ({ sum: numbers.reduce((sum, number) => sum + number, 0) }),
  },
});
