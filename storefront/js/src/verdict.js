// Whether a customer has to look at a policy: manifest, records and an instant in, a verdict out. What changed for them is
// in changes.js. Pure: it fetches, stores and shows nothing, reads no clock, changes no argument, and no JSON makes it throw.
// Types: verdict.d.ts. The table whose rows are named here stands in the documentation.

const GIVEN = ['dismissed', 'declined', 'acknowledged', 'accepted']; // from the weakest
// Each state with the reasons that lead to it, from the one to act on first.
const STATES = [
  'review_required no_agreement unknown_version digest_mismatch material stronger_requirement reconfirm', 'initial never_agreed',
  'declined', 'notice', 'upcoming not_yet_in_force', 'up_to_date accepted_ahead ahead_of_manifest',
  'up_to_date current same_text first_visit editorial', 'not_applicable document_missing retired nothing_in_force', 'unknown no_manifest',
];
const DECLINED = 2, NOTICE = 3, UPCOMING = 4, ANNOUNCEABLE = 6, UNKNOWN = 8; // places in it; ANNOUNCEABLE are rows 7, 8a and 11
const TOLERANCE = 3e5, DAY = 864e5, WEEK = 6048e5, FIRST = -621355968e5, LAST = 253402300799e3; // milliseconds
export const NEVER = 864e13; // the last that a date can be, since JSON has no Infinity
const INSTANT = /^((?!0000|(?:0001|9999).*\d$)\d{4}-\d\d-(\d\d)T(?!24)\d\d:\d\d:\d\d)(?:(\.\d{1,3})\d*)?(Z|[+-](?!2[4-9])[0-2]\d:[0-5]\d)$/;

export const isText = (value) => typeof value === 'string';
// Null for what never comes.
const written = (at) => Math.abs(at) < NEVER ? new Date(Math.min(Math.ceil(at / 1e3) * 1e3, LAST)).toJSON().replace('.000', '') : null;

// A day that no month has would roll over.
/** @type {typeof import('./verdict.js').instant} */
export function instant(value) {
  const [, local, day, fraction = '', offset] = isText(value) && INSTANT.exec(value) || [];
  return new Date(local + 'Z').getUTCDate() === +day ? Date.parse(local + fraction + offset) : NaN;
}

/** @type {typeof import('./verdict.js').orNever} */
export const orNever = (value) => value == null ? NEVER : instant(value);

// When a period that begins at `at` is over: in UTC, on the last day of a month that is too short.
function over(at, [months, days]) {
  const end = new Date(Math.max(at, FIRST)), day = end.getUTCDate();
  end.setUTCMonth(end.getUTCMonth() + months);
  if (end.getUTCDate() < day) end.setUTCDate(0);
  return +end + days * DAY;
}

// A record with its strength, and null for a malformed one. `at` is by the server's clock: a device that said what time it
// had when it sent the record told what its own is off by, and nothing is answered after it was received.
export function readRecord(given, rows = []) {
  const record = {...given}, stamped = instant(record.at), place = GIVEN.indexOf(record.action), serial = record.manifest_serial ?? 0;
  const received = orNever(record.received_at), sent = orNever(record.sent_at ?? record.received_at);
  const off = received < NEVER && Math.abs(received - sent) > TOLERANCE ? received - sent : 0;
  const at = Math.min(stamped + off, received);
  const until = record.until == null ? 0 : Math.min(instant(record.until) + at - stamped, at + WEEK);
  const isWhole = [record.id, record.document, record.version, record.digest].every(isText) && !isNaN(at + until + sent)
    && Number.isSafeInteger(serial) && place >= 0;
  return isWhole ? {...record, row: rows.find((each) => each.version === record.version), strength: place && place - 1, serial, at, until, received} : null;
}

export const inOrder = (...keys) => (a, b) => keys.reduce((order, key) => order || +(a[key] > b[key]) - +(a[key] < b[key]), 0);
export const byTime = /* @__PURE__ */ inOrder('at', 'id', 'action', 'version');

export const between = (rows, from, to) => rows.filter((row) => row.sequence > from.sequence && row.sequence <= to.sequence);
const isMaterial = (row) => row.severity === 'material';
const isAnswer = (record) => record.action !== 'dismissed';

// The reasons stand in the order of the table's rows, the first that holds. Rows 3 and 4 are those while nothing is in force.
/** @type {typeof import('./verdict.js').judge} */
export function judge(manifest, document, records, now) {
  const policy = manifest?.policies.find((each) => each.document === document), {rows = [], clock = -NEVER, retired = NEVER} = {...policy};
  const behind = clock - +now > TOLERANCE, t = behind ? clock : +now;
  const own = records.filter((each) => !isText(each?.document) || each.document === document).map((each) => readRecord(each, rows));
  const told = own.filter(Boolean).sort(byTime);
  const valid = told.filter((record) => record.row?.digests.includes(record.digest));
  const standing = rows.filter((row) => row.stands && retired > t), cur = standing.findLast((row) => row.effective <= t);
  // An agreement is no weaker than its version requires. Where nothing is required now, whatever a customer did is one.
  const agreed = valid.filter((record) => cur?.need === 0 || record.strength >= (record.row.need || 1));
  const base = standing.findLast((row) => row.sequence <= cur?.sequence && agreed.some((record) => record.row === row));
  const later = standing.filter((row) => row.effective < retired && !(row.sequence <= cur?.sequence));
  const steps = base && between(standing, base, cur), answer = valid.findLast(isAnswer), strangers = told.filter(isAnswer);
  const enough = agreed.filter((record) => record.strength >= cur?.need), named = enough.filter((record) => record.row === base);
  const same = enough.filter((record) => record.row.text_digest === cur.text_digest);
  const lapsed = (found) => cur.need && cur.period && over(Math.max(...found.map((record) => record.at)), cur.period) <= t;
  const reason = !manifest ? 'no_manifest' : !policy ? 'document_missing' : retired <= t ? 'retired'
    : !cur ? !later.length ? 'nothing_in_force' : agreed.some((record) => record.row === later.at(-1)) ? 'accepted_ahead' : 'not_yet_in_force'
    : told.some((record) => record.strength && !record.row && record.serial > manifest.serial) ? 'ahead_of_manifest'
    : answer?.action === 'declined' && answer.row.stands && answer.row.sequence <= cur.sequence
      && !between(standing, answer.row, cur).some(isMaterial) ? 'declined'
    : same.length ? lapsed(same) ? 'reconfirm' : base === cur && named.length ? 'current' : 'same_text'
    : !base ? !cur.need ? 'first_visit' : answer ? 'no_agreement' : strangers.some((record) => !record.row) ? 'unknown_version'
      : strangers.length ? 'digest_mismatch' : 'never_agreed'
    : steps.some(isMaterial) ? 'material' : !named.length ? 'stronger_requirement' : lapsed(named) ? 'reconfirm'
    : steps.some((row) => row.severity === 'notice' && !valid.some((record) => record.row.sequence >= row.sequence)) ? 'notice' : 'editorial';
  const news = later.find((row) => row.severity !== 'editorial' && !valid.some((record) => record.row === row));
  let rank = STATES.findIndex((row) => row.includes(reason));
  if (!rank && !cur.need) rank = NOTICE; // nothing is asked of anybody
  if (news && rank === ANNOUNCEABLE) rank = UPCOMING;
  if (!policy && told.length) rank = UNKNOWN;
  const row = rank < UPCOMING ? cur : rank === UPCOMING && news;
  // Whoever had agreed is asked by the first date since then.
  const due = rank < NOTICE && reason !== 'reconfirm' ? Math.min(...(steps ?? [cur]).map((row) => row.due)) : NEVER;
  // The end of the last "Later" that was said to the version in force since it is in force, and is not over.
  const snoozed = rank < DECLINED ? Math.max(...valid.filter((record) => record.row === cur && !isAnswer(record) && record.at >= cur.effective
    && record.until > t && record.until <= t + WEEK).map((record) => record.until)) : NEVER;
  return /** @type {any} */ ([{
    document, state: STATES[rank].split(' ')[0], reason, version: row?.version ?? null, requires: row?.required ?? null, base: base?.version ?? null,
    upcoming: later.map((row) => row.version), accept_by: written(due), snoozed_until: written(snoozed),
    flags: [behind && 'clock_behind', policy && valid.length < own.length && 'ignored_record', due <= t && 'overdue'].filter(isText),
  }, {
    policy, told, cur, base, steps, turns: [retired, due, snoozed, ...later.map((row) => row.effective)],
  }]);
}

/** @type {typeof import('./verdict.js').led} */
export function led(states) {
  const worst = STATES.flatMap((row) => states.filter((each) => row.startsWith(each.state)))[0];
  const {state = 'not_applicable', reason = 'no_documents', document = null} = worst ?? {};
  return {state, reason, document, documents: Object.fromEntries(states.map((each) => [each.document, each]))};
}
