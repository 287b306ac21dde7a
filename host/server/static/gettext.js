// The functions by which older front ends translate their words. There is no catalogue behind them: a block's own texts
// come from its package, in the reader's language, before they reach the page.
(() => {
  'use strict';

  /** `%s` in order, or with `named` `%(name)s` by name; `%%` is a percent sign in neither. */
  const interpolate = (format, values, named = false) => {
    if (named) return format.replace(/%\((\w+)\)s/g, (match, name) => String(values[name]));
    const left = [...values];
    return format.replace(/%s/g, () => String(left.shift()));
  };

  Object.assign(window, {
    gettext: (text) => text,
    gettext_noop: (text) => text,
    ngettext: (one, many, count) => (count === 1 ? one : many),
    pgettext: (context, text) => text,
    npgettext: (context, one, many, count) => (count === 1 ? one : many),
    pluralidx: (count) => (count === 1 ? 0 : 1),
    interpolate,
  });
})();
