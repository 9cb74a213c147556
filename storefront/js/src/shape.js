// Reads a manifest for decisions, and says whether JSON is one that they can go by. To decide by the part that can be read
// would be a guess. Pure, and only for what is new: a browser keeps what was read. Types: shape.d.ts.

import {inOrder, instant, isText, orNever} from './verdict.js';

const NUMBER = /^(0|[1-9]\d*)\.(0|[1-9]\d*)$/;
const ADDRESS = /^(https?:|(?![^/?#]*:))[^\0- \x7f]*$/i; // of the web, or relative to it
const PERIOD = /^P(?=.*[1-9])(\d{1,3}Y)?(\d{1,3}M)?(\d{1,3}W)?(\d{1,3}D)?$/;
const REQUIRED = ['inform', 'acknowledge', 'accept'];
export const SEVERITIES = ['editorial', 'notice', 'material'];

export const known = (severity) => SEVERITIES.includes(severity) ? severity : 'material';

// Months and days of the calendar. Throws for what is no period.
function readPeriod(value) {
  const [years, months, weeks, days] = PERIOD.exec(value).slice(1).map((part) => parseInt(part) || 0);
  return [12 * years + months, 7 * weeks + days];
}

// Without a text digest, no other version has the same text, as none has the same file.
function readVersion(row) {
  const need = (REQUIRED.indexOf(row.requires) + 3) % 3;
  return {
    text_digest: row.digest, ...row, digests: [row, ...Object.values(row.translations ?? {})].map((each) => each.digest),
    announced: instant(row.announced_at), effective: instant(row.effective_at), due: orNever(row.accept_by),
    period: row.reconfirm_every == null ? null : readPeriod(row.reconfirm_every), stands: row.withdrawn_at == null,
    need, required: REQUIRED[need], severity: known(row.severity),
  };
}

function readPolicy([document, {versions, ...policy}]) {
  const rows = versions.map(readVersion).sort(inOrder('sequence'));
  return {
    events: [], ...policy, document, rows, clock: Math.max(...rows.map((row) => row.announced)), retired: orNever(policy.retired_at),
  };
}

// JSON again, since it is kept. Where it comes to look otherwise, core.js has to keep it under another key.
const read = (manifest) => ({epoch: 0, ...manifest, policies: Object.entries(manifest.documents).map(readPolicy)});

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

/** @type {typeof import('./shape.js').prepare} */
export function prepare(manifest) {
  try {
    const found = read(structuredClone(manifest));
    return found.schema_version === 1 && areAll([found.serial, found.epoch], Number.isSafeInteger) && isObject(found.documents)
      && areAll(found.policies, isPolicy) ? found : null;
  } catch {
    return null;
  }
}
