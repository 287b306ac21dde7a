// What a view returns: HTML, what it needs on its page, and how its script starts.

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as HTML, in an element or in a quoted attribute. */
export const escape = (text) => String(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);

/** HTML that is not to be escaped again. */
class Html {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

const inside = (value) => {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(inside).join("");
  return value === null || value === undefined || value === false ? "" : escape(value);
};

/** A template whose values are escaped, except for what comes out of `html` itself. Lists are joined. */
export const html = (parts, ...values) =>
  new Html(parts.reduce((text, part, at) => text + inside(values[at - 1]) + part));

/** A rendered view. Every method adds to it and returns it. */
export class Fragment {
  #resources = [];
  #init = null;
  #arguments = null;

  constructor(content) {
    this.content = inside(content);
  }

  #add(kind, data, mimetype, placement) {
    this.#resources.push({ kind, data, mimetype, placement });
    return this;
  }

  /** A style sheet of the package, for instance `public/poll.css`. */
  css(url) {
    return this.#add("url", url, "text/css", "head");
  }

  /** A script of the package, for instance `public/poll.js`. */
  js(url) {
    return this.#add("url", url, "application/javascript", "foot");
  }

  /** The global function of that script which starts the page, and its third argument. */
  init(name, args = null) {
    this.#init = name;
    this.#arguments = args;
    return this;
  }

  static lower(view) {
    const fragment = view instanceof Fragment ? view : new Fragment(view);
    const args = fragment.#arguments;
    return {
      content: fragment.content,
      resources: fragment.#resources,
      initFunction: fragment.#init,
      initArguments: args === null ? null : JSON.stringify(args),
    };
  }
}

/** A fragment of `html`. Plain text is escaped. */
export const fragment = (content) => new Fragment(content);
