// From the object that an author writes to the functions that a component exports.
import { failure } from "./error.js";
import { Fields } from "./field.js";
import { Fragment } from "./fragment.js";
import { granted } from "./granted.js";
import { answer } from "./handler.js";

let attached;

/** Gives all blocks the host's interfaces; done once, before any call. */
export function attach(host) {
  const authoredField = (key, name) => {
    const json = host.usage.authoredField(key, name);
    return json === null || json === undefined ? undefined : JSON.parse(json);
  };
  attached = { ...host, ...granted(host), usage: { ...host.usage, authoredField } };
}

/** The frame around one call: fields on demand, the method, then the changed fields. */
function framed(spec, method) {
  if (attached === undefined) throw new Error("no host: call blocks through TestHost of blockhouse-sdk/testing");
  const fields = new Fields(attached.fields, spec.fields);
  try {
    const result = method({ ...attached, fields });
    Fields.save(fields);
    return result;
  } catch (error) {
    // Anything else that is thrown here would end the component without a message.
    throw failure(error);
  }
}

function definition(spec) {
  return {
    name: spec.name,
    version: spec.version,
    display_name: spec.displayName,
    icon: spec.icon,
    has_children: spec.hasChildren,
    has_score: spec.hasScore,
    ...(spec.showsScore && { shows_score: true }),
    completion: spec.completion,
    fields: Object.entries(spec.fields).map(([name, declared]) => ({ name, ...declared })),
    handlers: [...Object.keys(spec.handlers), ...Object.keys(spec.requests)],
    capabilities: spec.capabilities,
    ...(spec.frameLibraries.length > 0 && { frame_libraries: spec.frameLibraries }),
  };
}

const VIEWS = ["studentView", "publicView", "authorView", "studioView"];

const DEFAULTS = {
  icon: "other",
  hasChildren: false,
  hasScore: false,
  showsScore: false,
  completion: "completable",
  fields: {},
  handlers: {},
  requests: {},
  capabilities: [],
  frameLibraries: [],
};

/**
 * A block. `name`, `displayName` and `version` are needed; `fields` are declared with `field`; `frameLibraries` names what
 * its front end expects on the page (`jquery`, `underscore`, `gettext`, `mathjax`); `showsScore` says that its own view
 * says the score, so that the page need not show it once more; `studentView`,
 * `publicView`, `authorView` and `studioView` take a call and return a fragment; `handlers` take a call and the JSON that was posted and return
 * JSON, `requests` take the whole request and return a `Response`; `olx` takes the element's text and returns field
 * values; `maxScore`, `index` and `studentViewData` take a call; `onReset` takes a call and `{ fields, score }`, which
 * say what an operator takes away from the learner.
 */
export function block(author) {
  const spec = { ...DEFAULTS, ...author };
  for (const needed of ["name", "displayName", "version"]) {
    if (typeof spec[needed] !== "string") throw new TypeError(`a block needs \`${needed}\``);
  }
  const view = (render) => ({
    render: (context) => framed(spec, (call) => Fragment.lower(render({ ...call, context: JSON.parse(context) }))),
  });
  const exports = { definition: { describe: () => JSON.stringify(definition(spec)) } };
  for (const name of VIEWS) {
    if (spec[name]) exports[name] = view(spec[name]);
  }
  if (Object.keys(spec.handlers).length + Object.keys(spec.requests).length > 0) {
    exports.handlers = {
      handle: (name, request) => framed(spec, (call) => ({ ...answer(spec, name, call, request) })),
    };
  }
  if (spec.olx) {
    exports.olx = {
      parse(element) {
        try {
          return JSON.stringify(spec.olx(element));
        } catch (error) {
          throw failure(error);
        }
      },
    };
  }
  if (spec.maxScore) exports.grading = { maxScore: () => framed(spec, spec.maxScore) };
  if (spec.index) exports.indexing = { index: () => framed(spec, (call) => JSON.stringify(spec.index(call))) };
  if (spec.studentViewData) {
    exports.studentViewData = { data: () => framed(spec, (call) => JSON.stringify(spec.studentViewData(call))) };
  }
  if (spec.onReset) {
    exports.reset = {
      onReset: (fields, score) => framed(spec, (call) => void spec.onReset(call, { fields, score })),
    };
  }
  return Object.freeze({ exports, capabilities: spec.capabilities });
}
