// What a block's author imports. A block is one object: its fields, its views and its handlers.
//
//     export default block({
//       name: "counter", displayName: "Counter", version: "0.1.0",
//       fields: { count: field.integer({ scope: "user_state" }) },
//       studentView: ({ fields }) => fragment(html`<p>${fields.count}</p>`),
//       handlers: { press({ fields }) { fields.count += 1; return { count: fields.count }; } },
//     });
//
// Each view and handler takes the call: `fields`, and the interfaces of `wit/` by their names (`usage`, `files`, `user`,
// `publish`, `log`, `clock`, `random`, `i18n`). A block that asks for `capabilities` and is granted them has `http`,
// `secrets`, `storage` and `userDetails`, too. The engine has no fetch, no timers and no DOM.
export { block } from "./block.js";
export { BlockError, fail } from "./error.js";
export { field } from "./field.js";
export { escape, Fragment, fragment, html } from "./fragment.js";
export { HttpError, StorageError } from "./granted.js";
export { Response } from "./handler.js";
export { decode, encode } from "./text.js";
