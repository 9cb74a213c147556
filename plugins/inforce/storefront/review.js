// Decides whether a customer has to look at a policy: manifest, records and an instant in, a state out.
// Pure: it fetches, stores and shows nothing, reads no clock, changes no argument and never throws. Types: review.d.ts.

const WORST_FIRST = ['review_required', 'initial', 'declined', 'notice', 'upcoming', 'up_to_date', 'not_applicable', 'unknown'];
const ABOUT_CUR = WORST_FIRST.slice(0, 4);
const STRENGTH = new Map([['accepted', 2], ['acknowledged', 1], ['declined', 0], ['dismissed', 0]]);
const REQUIRED = new Map([['accept', 2], ['acknowledge', 1], ['inform', 0]]);
const SEVERITIES = ['editorial', 'notice', 'material'];
const CLOCK_TOLERANCE = 300e3, LONGEST_SNOOZE = 7 * 864e5; // milliseconds
const INSTANT = /^((?!0000)\d{4}-\d\d-(\d\d)T(?!24)\d\d:\d\d:\d\d)(?:(\.\d{1,3})\d*)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const isText = (value) => typeof value === 'string';
const list = (value) => Array.isArray(value) ? value : [];
const whole = (value, otherwise) => Number.isInteger(value) ? value : otherwise;
const required = (row) => REQUIRED.get(row.requires) ?? 2;
const severity = (row) => SEVERITIES.includes(row.severity) ? row.severity : 'material';

// Milliseconds since 1970 of an RFC 3339 instant, NaN for anything else. A day that no month has would roll over.
function instant(value) {
  const [, local, day, fraction = '', offset] = isText(value) && INSTANT.exec(value) || [];
  return new Date(local + 'Z').getUTCDate() === +day ? Date.parse(local + fraction + offset) : NaN;
}

const isRow = (row) => isObject(row) && Number.isInteger(row.sequence) && isText(row.version) && isText(row.digest)
  && !isNaN(instant(row.announced_at) + instant(row.effective_at));
const stands = (row) => row.withdrawn_at == null;

const hasDigest = (row, digest) => row.digest === digest || isObject(row.translations)
  && Object.values(row.translations).some((other) => isObject(other) && other.digest === digest);

// A record with its strength, the version it names and whether it is valid; null for a malformed one.
function readRecord(record, rows) {
  const {id, version, digest, action, until, manifest_serial: serial} = record ?? {};
  const at = instant(record?.at), strength = STRENGTH.get(action);
  if (!isText(id) || !isText(version) || !isText(digest) || isNaN(at) || strength === undefined) return null;
  const row = rows.find((each) => each.version === version);
  return {id, action, strength, at, until, serial, row, valid: !!row && hasDigest(row, digest)};
}

const byTime = (a, b) => a.at - b.at || (a.id < b.id ? -1 : +(a.id > b.id));
const between = (rows, from, to) => rows.filter((row) => row.sequence > from.sequence && row.sequence <= to.sequence);

// An agreement is no weaker than its version requires. Where nothing is required now, whatever a customer did is one.
const agreements = (valid, cur) => cur && !required(cur) ? valid
  : valid.filter((record) => record.strength && record.strength >= required(record.row));

// The table's rows 1 to 4, before any version is in force: [state, reason].
function decideWithout({documents, policy, t, standing, cur, told, agreed}) {
  if (!documents) return ['unknown', 'no_manifest'];
  if (!policy) return [told.length ? 'unknown' : 'not_applicable', 'document_missing'];
  if (instant(policy.retired_at) <= t) return ['not_applicable', 'retired'];
  if (cur) return null;
  if (!standing.length) return ['not_applicable', 'nothing_in_force'];
  const ahead = agreed.some(({row}) => row === standing.at(-1));
  return ahead ? ['up_to_date', 'accepted_ahead'] : ['upcoming', 'not_yet_in_force'];
}

// The table's rows 5 to 11, about the version in force: [state, reason].
function decide({serial, standing, cur, base, steps, told, valid, agreed}) {
  const need = required(cur), answer = valid.findLast((record) => record.action !== 'dismissed');
  const isMaterial = (row) => severity(row) === 'material';
  const enough = agreed.filter((record) => record.strength >= need);
  if (told.some((record) => record.strength && !record.row && whole(record.serial, 0) > serial)) {
    return ['up_to_date', 'ahead_of_manifest'];
  }
  if (answer?.action === 'declined' && stands(answer.row) && answer.row.sequence <= cur.sequence
    && !between(standing, answer.row, cur).some(isMaterial)) return ['declined', 'declined'];
  if (enough.some(({row}) => row === cur)) return ['up_to_date', 'current'];
  if (isText(cur.text_digest) && enough.some(({row}) => row.text_digest === cur.text_digest)) return ['up_to_date', 'same_text'];
  if (!base) {
    const strangers = told.filter((record) => !record.valid);
    if (!need) return ['up_to_date', 'first_visit'];
    if (answer) return ['review_required', 'no_agreement'];
    if (!strangers.length) return ['initial', 'never_agreed'];
    return ['review_required', strangers.some((record) => !record.row) ? 'unknown_version' : 'digest_mismatch'];
  }
  const urgent = need ? 'review_required' : 'notice';
  if (steps.some(isMaterial)) return [urgent, 'material'];
  if (!agreed.some(({row, strength}) => row === base && strength >= need)) return [urgent, 'stronger_requirement'];
  const seen = Math.max(...valid.map(({row}) => row.sequence));
  const news = steps.some((row) => severity(row) === 'notice' && row.sequence > seen);
  return news ? ['notice', 'notice'] : ['up_to_date', 'editorial'];
}

// The end of the last "Later" that was said to the version in force since it is in force, and is not over; or null.
function snooze({valid, cur, t}) {
  const ends = valid
    .filter(({row, action, at}) => row === cur && action === 'dismissed' && at >= instant(cur.effective_at))
    .map(({at, until}) => Math.min(instant(until), at + LONGEST_SNOOZE))
    .filter((end) => end > t);
  return ends.length ? new Date(Math.ceil(Math.max(...ends) / 1e3) * 1e3).toJSON().replace('.000', '') : null;
}

// Which clauses changed in `steps`, along their lineage: those that the last version changed come first, removed ones last.
function union(steps) {
  const all = [];
  let clauses = new Map(); // clause -> its rows, whether it was added on the way, whether it is removed
  for (const {changes} of steps) {
    const rows = list(changes).filter((row) => isObject(row) && isText(row.clause));
    const named = new Set(rows.flatMap((row) => list(row.was)));
    const next = new Map();
    for (const row of rows) {
      const kinds = list(row.kinds), removed = kinds.includes('removed');
      const before = [row.clause, ...list(row.was)].flatMap((name) => clauses.get(name) ?? []);
      const added = kinds.includes('added') ? !before.length
        : before.length === 1 && before[0].added && !kinds.includes('merged');
      all.push(row);
      if (removed && (added || named.has(row.clause))) continue;
      next.set(row.clause, {rows: new Set(before.flatMap((old) => [...old.rows]).concat(row)), added, removed});
    }
    for (const row of rows) named.add(row.clause);
    clauses = new Map([...next, ...[...clauses].filter(([name]) => !named.has(name))]);
  }
  return [...clauses].sort(([, a], [, b]) => a.removed - b.removed)
    .map(([clause, {rows, removed}]) => summed(clause, all.filter((row) => rows.has(row)), removed));
}

// What its rows say of one clause, together.
function summed(clause, rows, removed) {
  const kinds = new Set(rows.flatMap((row) => list(row.kinds).filter(isText)));
  if (kinds.has('removed') && kinds.delete('added')) kinds.add('modified');
  if (!removed) kinds.delete('removed');
  const {title} = rows.at(-1), severities = rows.map(severity);
  return {
    clause, title: isText(title) ? title : clause, kinds: [...kinds].sort(),
    severity: SEVERITIES.findLast((word) => severities.includes(word)),
    notes: rows.map((row) => row.note).filter((note) => isText(note) && note),
  };
}

// The addresses of the redlines from `base` to `cur`: one, or the fewest steps, the longest first.
function redlines(template, rows, base, cur) {
  const {url, all_up_to, window} = isObject(template) ? template : {}, found = [];
  for (let from = base; isText(url) && from !== cur;) {
    const within = between(rows, from, cur).filter(({sequence}) =>
      sequence <= whole(all_up_to, 0) || sequence - from.sequence <= whole(window, 0));
    const to = within.findLast(stands) ?? within.at(-1);
    if (!to) return [];
    found.push(url.split('{from}').join(from.version).split('{to}').join(to.version));
    from = to;
  }
  return found;
}

function lookUp(manifest, document, records, now) {
  const documents = isObject(manifest) && isObject(manifest.documents) ? manifest.documents : null;
  const entry = documents && Object.hasOwn(documents, document) ? documents[document] : null;
  const policy = isObject(entry) && Array.isArray(entry.versions) ? entry : null;
  const rows = policy ? policy.versions.filter(isRow).sort((a, b) => a.sequence - b.sequence) : [], standing = rows.filter(stands);
  const own = list(records).filter((record) => !isObject(record) || record.document === document)
    .map((record) => readRecord(record, rows));
  const told = own.filter(Boolean).sort(byTime), valid = told.filter((record) => record.valid);
  const last = Math.max(...rows.map((row) => instant(row.announced_at))), behind = last - now > CLOCK_TOLERANCE, t = behind ? last : +now;
  const cur = standing.findLast((row) => instant(row.effective_at) <= t), agreed = agreements(valid, cur);
  const base = cur && standing.findLast((row) => row.sequence <= cur.sequence && agreed.some((record) => record.row === row));
  const flags = [behind && 'clock_behind', valid.length < own.length && 'ignored_record'].filter(Boolean);
  return {
    documents, policy, rows, standing, told, valid, t, cur, agreed, base, flags, serial: whole(manifest?.serial, Infinity),
    steps: base ? between(standing, base, cur) : [], later: cur ? standing.filter((row) => row.sequence > cur.sequence) : standing,
  };
}

export function reviewState(manifest, document, records, now) {
  const facts = lookUp(manifest, document, records, now), {policy, valid, cur, base, steps, later, flags} = facts;
  const early = decideWithout(facts), unnamed = later.filter((row) => !valid.some((record) => record.row === row));
  let [state, reason] = early ?? decide(facts), row = ABOUT_CUR.includes(state) ? cur : null;
  if (reason === 'not_yet_in_force') row = unnamed[0] ?? later[0];
  else if (!early && state === 'up_to_date' && reason !== 'ahead_of_manifest') {
    row = unnamed.find((each) => severity(each) !== 'editorial') ?? null;
    if (row) state = 'upcoming';
  }
  const ended = state === 'not_applicable', compared = !early && base && base !== cur;
  return {
    document, state, reason, version: row?.version ?? null, base: !early && base ? base.version : null,
    requires: row?.requires ?? null, changes: compared ? union(steps) : null,
    redline: compared ? redlines(policy.redline, facts.rows, base, cur) : null,
    upcoming: ended ? [] : later.map((each) => each.version), snoozed_until: early ? null : snooze(facts), flags,
  };
}

export function reviewAll(manifest, documents, records, now) {
  const states = documents.map((document) => reviewState(manifest, document, records, now));
  const rank = ({state}) => WORST_FIRST.indexOf(state);
  const lead = states.reduce((worst, each) => rank(each) < rank(worst) ? each : worst, states[0]);
  return {
    state: lead?.state ?? 'not_applicable', reason: lead?.reason ?? 'no_documents', document: lead?.document ?? null,
    documents: Object.fromEntries(states.map((each) => [each.document, each])),
  };
}
