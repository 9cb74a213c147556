// Whether a customer has to look at a policy: manifest, records and an instant in, a verdict out. What changed for them is
// in changes.js. Pure: it fetches, stores and shows nothing, reads no clock, changes no argument, and no JSON makes it throw.
// Types: verdict.d.ts. The table whose rows are named here stands in the documentation.

const STATES = ['review_required', 'initial', 'declined', 'notice', 'upcoming', 'up_to_date', 'not_applicable', 'unknown'];
const GIVEN = new Map([['accepted', 2], ['acknowledged', 1], ['declined', 0], ['dismissed', 0]]);
const REQUIRED = ['inform', 'acknowledge', 'accept'], SEVERITIES = ['editorial', 'notice', 'material'];
const ANNOUNCEABLE = ['current', 'same_text', 'first_visit', 'editorial']; // rows 7, 8a and 11
const TOLERANCE = 3e5, DAY = 864e5, WEEK = 7 * DAY, FIRST = -621355968e5, LAST = 253402300799e3; // milliseconds
const NUMBER = /^(0|[1-9]\d*)\.(0|[1-9]\d*)$/;
const ADDRESS = /^(https?:|(?![^/?#]*:))[^\0- \x7f]*$/i; // of the web, or relative to it
const INSTANT = /^((?!0000|(?:0001|9999)[^Z]+$)\d{4}-\d\d-(\d\d)T(?!24)\d\d:\d\d:\d\d)(?:(\.\d{1,3})\d*)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

const PERIOD = /^P(?=.*[1-9])(\d{1,3}Y)?(\d{1,3}M)?(\d{1,3}W)?(\d{1,3}D)?$/;

const isText = (value) => typeof value === 'string';
const isTexts = (value) => Array.isArray(value) && value.every(isText);
const isObject = (value) => Object(value) === value && !Array.isArray(value);
const areUnique = (values) => new Set(values).size === values.length;
const written = (at) => new Date(Math.min(Math.ceil(at / 1e3) * 1e3, LAST)).toJSON().replace('.000', '');
const known = (severity) => SEVERITIES.includes(severity) ? severity : 'material';

// A day that no month has would roll over.
/** @type {typeof import('./verdict.js').instant} */
export function instant(value) {
  const [, local, day, fraction = '', offset] = isText(value) && INSTANT.exec(value) || [];
  return new Date(local + 'Z').getUTCDate() === +day ? Date.parse(local + fraction + offset) : NaN;
}

// Months and days of the calendar.
function readPeriod(value) {
  must(isText(value) && PERIOD.test(value));
  const [years, months, weeks, days] = PERIOD.exec(value).slice(1).map((part) => parseInt(part ?? '0'));
  return [12 * years + months, 7 * weeks + days];
}

// When a period that begins at `at` is over: in UTC, on the last day of a month that is too short.
function over(at, [months, days]) {
  const end = new Date(Math.max(at, FIRST)), day = end.getUTCDate();
  end.setUTCMonth(end.getUTCMonth() + months);
  if (end.getUTCDate() < day) end.setUTCDate(0);
  return +end + days * DAY;
}

function must(condition) {
  if (!condition) throw TypeError();
}

function readChange({clause, title, severity, note = '', kinds = [], was = []}) {
  must(isTexts([clause, title, note]) && isTexts(kinds) && isTexts(was));
  return {clause, title, severity: known(severity), note, kinds, was};
}

// Without a text digest, no other version has the same text, as none has the same file.
function readVersion({
  version, sequence, requires, digest, text_digest = digest, severity, withdrawn_at, language = '', summary = '', amends = '',
  translations = {}, accept_by, reconfirm_every, ...row
}) {
  const announced = instant(row.announced_at), effective = instant(row.effective_at), need = REQUIRED.indexOf(requires);
  const due = accept_by == null ? Infinity : instant(accept_by), period = reconfirm_every == null ? null : readPeriod(reconfirm_every);
  const digests = [digest, ...Object.values(translations).map(({digest}) => digest)];
  must(isTexts([version, requires, text_digest, language, summary, amends, ...digests]) && isObject(translations) && NUMBER.test(version));
  must(Number.isSafeInteger(sequence) && !isNaN(announced + effective + due) && areUnique(row.changes.map(({clause}) => clause)));
  return {
    version, sequence, text_digest, language, summary, amends, digests, languages: [null, ...Object.keys(translations)],
    due, period, announced, effective, need: need < 0 ? 2 : need, stands: withdrawn_at == null, severity: known(severity),
    changes: row.changes.map(readChange),
  };
}

function readPolicy({versions, redline, retired_at, head = null, events = []}) {
  const rows = versions.map(readVersion).sort((a, b) => a.sequence - b.sequence);
  const retired = retired_at == null ? Infinity : instant(retired_at);
  must(areUnique(rows.map(({version}) => version)) && areUnique(rows.map(({sequence}) => sequence)));
  must((head === null || isText(head)) && isTexts(events));
  must([redline.url, redline.since ?? ''].every((address) => isText(address) && ADDRESS.test(address)));
  must(rows.length && [redline.all_up_to, redline.window].every(Number.isSafeInteger) && !isNaN(retired));
  return {rows, standing: rows.filter((row) => row.stands), clock: Math.max(...rows.map((row) => row.announced)), retired, redline, head, events};
}

/** @type {typeof import('./verdict.js').prepare} */
export function prepare(manifest) {
  try {
    const {schema_version, serial, epoch = 0, documents} = /** @type {any} */ (manifest);
    must(schema_version === 1 && [serial, epoch].every(Number.isSafeInteger) && isObject(documents));
    return {serial, epoch, policies: new Map(Object.entries(documents).map(([id, entry]) => [id, readPolicy(entry)]))};
  } catch {
    return null;
  }
}

export const readOnce = (manifest) => manifest?.policies instanceof Map ? manifest : prepare(manifest);

// A record with its strength, and null for a malformed one. `at` is by the server's clock: a device that said what time it
// had when it sent the record told what its own is off by, and nothing is answered after it was received.
export function readRecord(record) {
  const {id, document, version, digest, action, until, sent_at, received_at, ...more} = record ?? {};
  const stamped = instant(more.at), strength = GIVEN.get(action), serial = more.manifest_serial ?? 0;
  const received = received_at == null ? Infinity : instant(received_at), sent = sent_at == null ? received : instant(sent_at);
  const off = received < Infinity && Math.abs(received - sent) > TOLERANCE ? received - sent : 0;
  const at = Math.min(stamped + off, received), end = until == null ? 0 : Math.min(instant(until) + at - stamped, at + WEEK);
  const isWhole = isTexts([id, document, version, digest]) && !isNaN(at + end + sent) && Number.isSafeInteger(serial);
  return isWhole && strength >= 0 ? {id, version, digest, action, strength, serial, at, until: end, received} : null;
}

export const inOrder = (...keys) => (a, b) => keys.reduce((order, key) => order || (a[key] > b[key] ? 1 : a[key] < b[key] ? -1 : 0), 0);
export const byTime = inOrder('at', 'id', 'action', 'version');

export const between = (rows, from, to) => rows.filter((row) => row.sequence > from.sequence && row.sequence <= to.sequence);
const isMaterial = (row) => row.severity === 'material';

// The table's rows 3 and 4, while nothing is in force: [state, reason].
function beforeAny({retired}, {t, agreed, later}) {
  if (retired <= t) return ['not_applicable', 'retired'];
  if (!later.length) return ['not_applicable', 'nothing_in_force'];
  return agreed.some(({row}) => row === later.at(-1)) ? ['up_to_date', 'accepted_ahead'] : ['upcoming', 'not_yet_in_force'];
}

// The table's rows 5 to 11, about the version in force: [state, reason].
function about(cur, {standing}, serial, {t, valid, lost, agreed, base, steps}) {
  const lapsed = (found) => cur.need && cur.period && over(Math.max(...found.map(({at}) => at)), cur.period) <= t;
  const answer = valid.findLast(({action}) => action !== 'dismissed');
  const enough = agreed.filter(({strength}) => strength >= cur.need), named = enough.filter(({row}) => row === base);
  const same = enough.filter(({row}) => row.text_digest === cur.text_digest);
  if (lost.some((record) => record.strength && !record.row && record.serial > serial)) return ['up_to_date', 'ahead_of_manifest'];
  if (answer?.action === 'declined' && answer.row.stands && answer.row.sequence <= cur.sequence
    && !between(standing, answer.row, cur).some(isMaterial)) return ['declined', 'declined'];
  if (same.length) return lapsed(same) ? ['review_required', 'reconfirm'] : ['up_to_date', base === cur && named.length ? 'current' : 'same_text'];
  if (!base) {
    const strangers = lost.filter(({action}) => action !== 'dismissed');
    if (!cur.need) return ['up_to_date', 'first_visit'];
    if (answer) return ['review_required', 'no_agreement'];
    if (!strangers.length) return ['initial', 'never_agreed'];
    return ['review_required', strangers.some(({row}) => !row) ? 'unknown_version' : 'digest_mismatch'];
  }
  const urgent = cur.need ? 'review_required' : 'notice', seen = Math.max(...valid.map(({row}) => row.sequence));
  if (steps.some(isMaterial)) return [urgent, 'material'];
  if (!named.length) return [urgent, 'stronger_requirement'];
  if (lapsed(named)) return ['review_required', 'reconfirm'];
  const news = steps.some(({severity, sequence}) => severity === 'notice' && sequence > seen);
  return news ? ['notice', 'notice'] : ['up_to_date', 'editorial'];
}

// The end of the last "Later" that was said to the version in force since it is in force, and is not over; or null.
function snooze({valid, cur, t}) {
  const ends = valid.filter(({row, action, at, until}) => row === cur && action === 'dismissed' && at >= cur.effective && until > t && until <= t + WEEK);
  return ends.length ? written(Math.max(...ends.map(({until}) => until))) : null;
}

function weigh(policy, serial, own, unreadable, now) {
  const {rows, standing, clock, retired} = policy, behind = clock - now > TOLERANCE, t = behind ? clock : +now;
  const told = own.map((record) => ({...record, row: rows.find(({version}) => version === record.version)})).sort(byTime);
  const isValid = ({row, digest}) => row?.digests.includes(digest);
  const valid = told.filter(isValid), lost = told.filter((record) => !isValid(record));
  const cur = retired <= t ? undefined : standing.findLast((row) => row.effective <= t);
  // An agreement is no weaker than its version requires. Where nothing is required now, whatever a customer did is one.
  const agreed = cur?.need === 0 ? valid : valid.filter(({strength, row}) => strength && strength >= row.need);
  const base = cur && standing.findLast((row) => row.sequence <= cur.sequence && agreed.some((each) => each.row === row));
  const later = retired <= t ? [] : standing.filter((row) => (!cur || row.sequence > cur.sequence) && row.effective < retired);
  const steps = base && between(standing, base, cur), facts = {t, valid, lost, agreed, cur, base, steps, later};
  let [state, reason] = cur ? about(cur, policy, serial, facts) : beforeAny(policy, facts);
  const news = later.find((row) => row.severity !== 'editorial' && !valid.some((record) => record.row === row));
  if (news && ANNOUNCEABLE.includes(reason)) state = 'upcoming';
  const row = state === 'upcoming' ? news : STATES.indexOf(state) < 4 ? cur : null;
  // Whoever had agreed is asked by the first date since then.
  const due = STATES.indexOf(state) < 3 && reason !== 'reconfirm' ? Math.min(...(steps ?? [cur]).map((row) => row.due)) : Infinity;
  const verdict = {
    state, reason, ...row && {version: row.version, requires: REQUIRED[row.need]}, ...base && {base: base.version},
    upcoming: later.map(({version}) => version),
    accept_by: due < Infinity ? written(due) : null,
    snoozed_until: STATES.indexOf(state) < 2 ? snooze(facts) : null,
    flags: [behind && 'clock_behind', (unreadable || lost.length > 0) && 'ignored_record', due <= t && 'overdue'].filter(Boolean),
  };
  return [verdict, facts];
}

/** @type {typeof import('./verdict.js').judge} */
export function judge(manifest, document, records, now) {
  const read = readOnce(manifest), policy = read?.policies.get(document);
  const own = Array.isArray(records) ? records.filter((each) => !isText(each?.document) || each.document === document).map(readRecord) : [];
  const told = own.filter(Boolean);
  const [verdict, facts] = policy ? weigh(policy, read.serial, told, told.length < own.length, now) : [];
  const none = {
    document, state: told.length || !read ? 'unknown' : 'not_applicable', reason: read ? 'document_missing' : 'no_manifest',
    version: null, requires: null, base: null, upcoming: [], accept_by: null, snoozed_until: null, flags: [],
  };
  return [/** @type {any} */ ({...none, ...verdict}), {...facts, policy}];
}

/** @type {typeof import('./verdict.js').asksAccept} */
export const asksAccept = ({requires}) => requires === 'accept';

/** @type {typeof import('./verdict.js').mayDecline} */
export const mayDecline = (verdict) => asksAccept(verdict) && verdict.state !== 'upcoming';

/** @type {typeof import('./verdict.js').led} */
export function led(states) {
  const rank = ({state}) => STATES.indexOf(state);
  const worst = states.reduce((lead, each) => rank(each) < rank(lead) ? each : lead, states[0]);
  const {state, reason, document} = worst ?? {state: 'not_applicable', reason: 'no_documents', document: null};
  return {state, reason, document, documents: Object.fromEntries(states.map((each) => [each.document, each]))};
}
