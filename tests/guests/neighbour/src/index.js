// A block that wants to know what is near it.
import { block, fragment, html } from "blockhouse-sdk";

export default block({
  name: "neighbour",
  displayName: "Neighbour",
  version: "0.1.0",

  studentView: () => fragment(html`<p>next door</p>`),

  handlers: {
    near: ({ usage }) => ({ parent: usage.parent() ?? null, siblings: usage.siblings() }),
    ask({ usage }, { key, field }) {
      try {
        return { value: usage.authoredField(key, field) ?? null };
      } catch (refusal) {
        return { refused: String(refusal.payload ?? refusal) };
      }
    },
  },
});
