// Whether a customer has to look at a policy: manifest, records and an instant in, a verdict out. What changed for them is
// in changes.js. Pure: it fetches, stores and shows nothing, reads no clock, changes no argument, and no JSON makes it throw.
// Types: verdict.d.ts. The table whose rows are named here stands in the documentation.

const GIVEN = new Map([['accepted', 2], ['acknowledged', 1], ['declined', 0], ['dismissed', 0]]);
const REQUIRED = ['inform', 'acknowledge', 'accept'];
export const SEVERITIES = ['editorial', 'notice', 'material'];
const ANNOUNCEABLE = ['current', 'same_text', 'first_visit', 'editorial']; // rows 7, 8a and 11
// Each state with the reasons that lead to it, from the one to act on first.
const STATES = [
  ['review_required', 'no_agreement', 'unknown_version', 'digest_mismatch', 'material', 'stronger_requirement', 'reconfirm'],
  ['initial', 'never_agreed'], ['declined'], ['notice'], ['upcoming', 'not_yet_in_force'],
  ['up_to_date', 'accepted_ahead', 'ahead_of_manifest', ...ANNOUNCEABLE], ['not_applicable', 'retired', 'nothing_in_force'], ['unknown'],
];
const DECLINED = 2, NOTICE = 3, UPCOMING = 4; // places in it
const TOLERANCE = 3e5, DAY = 864e5, WEEK = 7 * DAY, FIRST = -621355968e5, LAST = 253402300799e3; // milliseconds
const INSTANT = /^((?!0000|(?:0001|9999)[^Z]+$)\d{4}-\d\d-(\d\d)T(?!24)\d\d:\d\d:\d\d)(?:(\.\d{1,3})\d*)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const PERIOD = /^P(?=.*[1-9])(\d{1,3}Y)?(\d{1,3}M)?(\d{1,3}W)?(\d{1,3}D)?$/;

export const isText = (value) => typeof value === 'string';
export const known = (severity) => SEVERITIES.includes(severity) ? severity : 'material';
// Null for what never comes.
const written = (at) => isFinite(at) ? new Date(Math.min(Math.ceil(at / 1e3) * 1e3, LAST)).toJSON().replace('.000', '') : null;

// A day that no month has would roll over.
/** @type {typeof import('./verdict.js').instant} */
export function instant(value) {
  const [, local, day, fraction = '', offset] = isText(value) && INSTANT.exec(value) || [];
  return new Date(local + 'Z').getUTCDate() === +day ? Date.parse(local + fraction + offset) : NaN;
}

const orNever = (value) => value == null ? Infinity : instant(value);

// Months and days of the calendar. Throws for what is no period.
function readPeriod(value) {
  const [years, months, weeks, days] = PERIOD.exec(value).slice(1).map((part) => parseInt(part) || 0);
  return [12 * years + months, 7 * weeks + days];
}

// When a period that begins at `at` is over: in UTC, on the last day of a month that is too short.
function over(at, [months, days]) {
  const end = new Date(Math.max(at, FIRST)), day = end.getUTCDate();
  end.setUTCMonth(end.getUTCMonth() + months);
  if (end.getUTCDate() < day) end.setUTCDate(0);
  return +end + days * DAY;
}

// Without a text digest, no other version has the same text, as none has the same file.
const readVersion = (row) => ({
  text_digest: row.digest, ...row, digests: [row, ...Object.values(row.translations ?? {})].map((each) => each.digest),
  announced: instant(row.announced_at), effective: instant(row.effective_at), due: orNever(row.accept_by),
  period: row.reconfirm_every == null ? null : readPeriod(row.reconfirm_every), stands: row.withdrawn_at == null,
  need: (REQUIRED.indexOf(row.requires) + 3) % 3, severity: known(row.severity),
});

function readPolicy(policy) {
  const rows = policy.versions.map(readVersion).sort(inOrder('sequence'));
  return {
    events: [], ...policy, rows, standing: rows.filter((row) => row.stands), clock: Math.max(...rows.map((row) => row.announced)),
    retired: orNever(policy.retired_at),
  };
}

/** @type {typeof import('./verdict.js').read} */
export const read = (manifest) => ({
  epoch: 0, ...manifest, policies: new Map(Object.entries(manifest.documents).map(([id, policy]) => [id, readPolicy(policy)])),
});

// A record with its strength, and null for a malformed one. `at` is by the server's clock: a device that said what time it
// had when it sent the record told what its own is off by, and nothing is answered after it was received.
export function readRecord(given) {
  const record = given ?? {}, stamped = instant(record.at), strength = GIVEN.get(record.action), serial = record.manifest_serial ?? 0;
  const received = orNever(record.received_at), sent = orNever(record.sent_at ?? record.received_at);
  const off = received < Infinity && Math.abs(received - sent) > TOLERANCE ? received - sent : 0;
  const at = Math.min(stamped + off, received);
  const until = record.until == null ? 0 : Math.min(instant(record.until) + at - stamped, at + WEEK);
  const isWhole = [record.id, record.document, record.version, record.digest].every(isText) && !isNaN(at + until + sent)
    && Number.isSafeInteger(serial) && strength >= 0;
  return isWhole ? {...record, strength, serial, at, until, received} : null;
}

export const inOrder = (...keys) => (a, b) => keys.reduce((order, key) => order || +(a[key] > b[key]) - +(a[key] < b[key]), 0);
export const byTime = inOrder('at', 'id', 'action', 'version');

export const between = (rows, from, to) => rows.filter((row) => row.sequence > from.sequence && row.sequence <= to.sequence);
const isMaterial = (row) => row.severity === 'material';
const isAnswer = (record) => record.action !== 'dismissed';

// The table's rows 3 to 11. Rows 3 and 4 are those while nothing is in force.
function reasonOf({cur, serial, standing, retired, t, valid, lost, agreed, base, steps, later}) {
  if (!cur) {
    if (retired <= t) return 'retired';
    if (!later.length) return 'nothing_in_force';
    return agreed.some((record) => record.row === later.at(-1)) ? 'accepted_ahead' : 'not_yet_in_force';
  }
  const lapsed = (found) => cur.need && cur.period && over(Math.max(...found.map((record) => record.at)), cur.period) <= t;
  const answer = valid.findLast(isAnswer);
  const enough = agreed.filter((record) => record.strength >= cur.need), named = enough.filter((record) => record.row === base);
  const same = enough.filter((record) => record.row.text_digest === cur.text_digest);
  if (lost.some((record) => record.strength && !record.row && record.serial > serial)) return 'ahead_of_manifest';
  if (answer?.action === 'declined' && answer.row.stands && answer.row.sequence <= cur.sequence
    && !between(standing, answer.row, cur).some(isMaterial)) return 'declined';
  if (same.length) return lapsed(same) ? 'reconfirm' : base === cur && named.length ? 'current' : 'same_text';
  if (!base) {
    const strangers = lost.filter(isAnswer);
    if (!cur.need) return 'first_visit';
    if (answer) return 'no_agreement';
    if (!strangers.length) return 'never_agreed';
    return strangers.some((record) => !record.row) ? 'unknown_version' : 'digest_mismatch';
  }
  const seen = Math.max(...valid.map((record) => record.row.sequence));
  if (steps.some(isMaterial)) return 'material';
  if (!named.length) return 'stronger_requirement';
  if (lapsed(named)) return 'reconfirm';
  return steps.some((row) => row.severity === 'notice' && row.sequence > seen) ? 'notice' : 'editorial';
}

// The end of the last "Later" that was said to the version in force since it is in force, and is not over.
function snooze({valid, cur, t}) {
  return Math.max(...valid.filter((record) => record.row === cur && !isAnswer(record) && record.at >= cur.effective
    && record.until > t && record.until <= t + WEEK).map((record) => record.until));
}

function weigh(policy, serial, own, unreadable, now) {
  const {rows, standing, clock, retired} = policy, behind = clock - now > TOLERANCE, t = behind ? clock : +now;
  const told = own.map((record) => ({...record, row: rows.find((row) => row.version === record.version)})).sort(byTime);
  const isValid = (record) => record.row?.digests.includes(record.digest);
  const valid = told.filter(isValid), lost = told.filter((record) => !isValid(record));
  const cur = retired <= t ? undefined : standing.findLast((row) => row.effective <= t);
  // An agreement is no weaker than its version requires. Where nothing is required now, whatever a customer did is one.
  const agreed = valid.filter((record) => cur?.need === 0 || record.strength && record.strength >= record.row.need);
  const base = cur && standing.findLast((row) => row.sequence <= cur.sequence && agreed.some((record) => record.row === row));
  const later = standing.filter((row) => retired > t && row.effective < retired && (!cur || row.sequence > cur.sequence));
  const steps = base && between(standing, base, cur), facts = {policy, standing, retired, serial, t, valid, lost, agreed, cur, base, steps, later};
  const reason = reasonOf(facts);
  const news = later.find((row) => row.severity !== 'editorial' && !valid.some((record) => record.row === row));
  let rank = STATES.findIndex((row) => row.includes(reason));
  if (rank === 0 && !cur.need) rank = NOTICE; // nothing is asked of anybody
  if (news && ANNOUNCEABLE.includes(reason)) rank = UPCOMING;
  const row = rank === UPCOMING ? news : rank < UPCOMING ? cur : null;
  // Whoever had agreed is asked by the first date since then.
  const due = rank < NOTICE && reason !== 'reconfirm' ? Math.min(...(steps ?? [cur]).map((row) => row.due)) : Infinity;
  const verdict = {
    state: STATES[rank][0], reason, ...row && {version: row.version, requires: REQUIRED[row.need]}, ...base && {base: base.version},
    upcoming: later.map((row) => row.version), accept_by: written(due),
    snoozed_until: written(rank < DECLINED ? snooze(facts) : Infinity),
    flags: [behind && 'clock_behind', (unreadable || lost.length > 0) && 'ignored_record', due <= t && 'overdue'].filter(Boolean),
  };
  return [verdict, facts];
}

/** @type {typeof import('./verdict.js').judge} */
export function judge(manifest, document, records, now) {
  const policy = manifest?.policies.get(document);
  const own = Array.isArray(records) ? records.filter((each) => !isText(each?.document) || each.document === document).map(readRecord) : [];
  const told = own.filter(Boolean);
  const [verdict, facts] = policy ? weigh(policy, manifest.serial, told, told.length < own.length, now) : [];
  const none = {
    document, state: told.length || !manifest ? 'unknown' : 'not_applicable', reason: manifest ? 'document_missing' : 'no_manifest',
    version: null, requires: null, base: null, upcoming: [], accept_by: null, snoozed_until: null, flags: [],
  };
  return [/** @type {any} */ ({...none, ...verdict}), {...facts}];
}

/** @type {typeof import('./verdict.js').led} */
export function led(states) {
  const worst = STATES.flatMap(([state]) => states.filter((each) => each.state === state))[0];
  const {state = 'not_applicable', reason = 'no_documents', document = null} = worst ?? {};
  return {state, reason, document, documents: Object.fromEntries(states.map((each) => [each.document, each]))};
}
