// How a block declares its fields, and how it meets them: as properties that are read when they are first used, and
// stored when a call has changed them.

const TYPES = ["boolean", "date", "dict", "float", "integer", "list", "string", "any"];

const declare = (type) => ({ scope = "settings", default: initial = null, ...more } = {}) => ({
  type,
  scope,
  default: initial,
  ...more,
});

/** `field.TYPE({ scope, default, help, display_name, values })`, as in the block's definition. */
export const field = Object.freeze(Object.fromEntries(TYPES.map((type) => [type, declare(type)])));

const EMPTY = { boolean: false, dict: {}, float: 0, integer: 0, list: [], string: "" };

function initial(declaration) {
  const value = declaration.default ?? EMPTY[declaration.type] ?? null;
  return structuredCopy(value);
}

const structuredCopy = (value) => (value === null ? null : JSON.parse(JSON.stringify(value)));

/** The fields of one call. `save` stores those that changed, also inside of a list or an object. */
export class Fields {
  #store;
  #declarations;
  #used = new Map();

  constructor(store, declarations) {
    this.#store = store;
    this.#declarations = declarations;
    for (const name of Object.keys(declarations)) {
      Object.defineProperty(this, name, {
        enumerable: true,
        get: () => this.#use(name).value,
        set: (value) => {
          this.#use(name).value = value;
        },
      });
    }
    Object.freeze(this);
  }

  #use(name) {
    let used = this.#used.get(name);
    if (used === undefined) {
      const stored = this.#store.get(name) ?? null;
      const value = stored === null ? initial(this.#declarations[name]) : JSON.parse(stored);
      used = { value, before: JSON.stringify(value) };
      this.#used.set(name, used);
    }
    return used;
  }

  static save(fields) {
    for (const [name, used] of fields.#used) {
      const after = JSON.stringify(used.value);
      if (after === undefined) fields.#store.delete(name);
      else if (after !== used.before) fields.#store.set(name, after);
    }
  }
}
