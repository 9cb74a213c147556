// Whether JSON is a manifest that a decision can go by. To decide by the part that can be read would be a guess.
// Pure, and only for what is new: what was kept has been looked at when it came. Types: shape.d.ts.

import {isText, read} from './verdict.js';

const NUMBER = /^(0|[1-9]\d*)\.(0|[1-9]\d*)$/;
const ADDRESS = /^(https?:|(?![^/?#]*:))[^\0- \x7f]*$/i; // of the web, or relative to it

const isObject = (value) => Object(value) === value && !Array.isArray(value);
const areAll = (values, test) => Array.isArray(values) && values.every(test);
const differ = (rows, key) => new Set(rows.map((row) => row[key])).size === rows.length;

const isChange = ({clause, title, note = '', kinds = [], was = []}) =>
  areAll(kinds, isText) && areAll(was, isText) && areAll([clause, title, note], isText);

const isVersion = ({translations = {}, language = '', summary = '', amends = '', reconfirm_every, ...row}) =>
  areAll([row.version, row.requires, row.text_digest, language, summary, amends, reconfirm_every ?? '', ...row.digests], isText)
  && NUMBER.test(row.version) && Number.isSafeInteger(row.sequence) && !isNaN(row.announced + row.effective + row.due)
  && isObject(translations) && areAll(row.changes, isChange) && differ(row.changes, 'clause');

const isPolicy = ({rows, redline, retired, head = null, events = []}) =>
  rows.length && areAll(rows, isVersion) && differ(rows, 'version') && differ(rows, 'sequence') && !isNaN(retired)
  && isText(head ?? '') && areAll(events, isText) && areAll([redline.all_up_to, redline.window], Number.isSafeInteger)
  && areAll([redline.url, redline.since ?? ''], (address) => isText(address) && ADDRESS.test(address));

/** @type {typeof import('./shape.js').isWhole} */
export function isWhole(found) {
  try {
    return found.schema_version === 1 && areAll([found.serial, found.epoch], Number.isSafeInteger) && isObject(found.documents)
      && areAll([...found.policies.values()], isPolicy);
  } catch {
    return false;
  }
}

/** @type {typeof import('./shape.js').prepare} */
export function prepare(manifest) {
  try {
    const found = read(structuredClone(manifest));
    return isWhole(found) ? found : null;
  } catch {
    return null;
  }
}
