// Gets the manifest, keeps its last good copy, asks review.js what it means for this customer, and stores the answers.
// Shows nothing, and never throws at whoever waits for it: what goes wrong is an event. Types and events: client.d.ts.

import {refusal} from './copies.js';
import {instant, prepare, reviewAll, reviewState} from './review.js';

const DAY = 864e5, LAST = 253402300799999; // milliseconds: a day; the last instant that a record can have

const asksAccept = ({requires}) => requires !== 'acknowledge' && requires !== 'inform';
const mayDecline = (state) => asksAccept(state) && state.state !== 'upcoming';

// A page without TLS has no randomUUID.
const uuid = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte, place) =>
  (place === 6 ? byte & 15 | 64 : place === 8 ? byte & 63 | 128 : byte).toString(16).padStart(2, '0'))
  .join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

function attempt(work) {
  try { return work(); } catch { return null; }
}

// One key a record: two tabs that write one list lose an answer between them. Denied, it has nothing, and add() says so.
/** @type {typeof import('./client.js').localStore} */
export function localStore(name = 'policy-review') {
  const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key)));
  return {
    records: () => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(`${name}:`)).map(read)) ?? [],
    add: (record) => localStorage.setItem(`${name}:${record.id}`, JSON.stringify(record)),
  };
}

/** @type {typeof import('./client.js').createPolicyReview} */
export function createPolicyReview({
  manifestUrl, documents, store = localStore(), language, timeout = 5000, now = Date.now, surface = null, epoch = null,
}) {
  const copyKey = `policy-manifest:${manifestUrl}`, own = [], unsaved = new Set();
  let prepared = null, known, checking; // for review.js; the records that the store had; the check that is under way

  const tell = (type, detail) => review.dispatchEvent(new CustomEvent(type, {detail}));
  const inTime = (work) => Promise.race([work, new Promise((_, fail) => setTimeout(fail, timeout, new Error('timeout')))]);
  const records = () => [...known ?? [], ...own];
  const versions = ({document}) => review.manifest.documents[document].versions;
  const named = (state) => versions(state).find((row) => row.version === state.version);
  const inForce = (state) => versions(state).filter((row) => row.withdrawn_at == null && !state.upcoming.includes(row.version))
    .reduce((last, row) => row.sequence > last.sequence ? row : last);

  // Takes a manifest that may follow the one at hand; otherwise it says why not. What was kept is no first copy.
  function take(manifest, isFresh) {
    const read = prepare(manifest);
    const fault = !read ? 'shape' : refusal(prepared ?? (isFresh ? null : read), read, epoch);
    if (fault || !isFresh && prepared?.epoch === read.epoch && prepared.serial === read.serial) return fault;
    review.manifest = manifest;
    prepared = read;
    return null;
  }

  const recall = () => take(attempt(() => JSON.parse(localStorage.getItem(copyKey)))); // another tab may know more

  async function refresh() {
    let fault = 'network', error;
    try {
      // The signal ends a body that never ends, too. A hand-set If-None-Match would cost a preflight.
      const response = await fetch(manifestUrl, {cache: 'no-cache', credentials: 'omit', signal: AbortSignal.timeout(timeout)});
      const text = await response.text(), fresh = attempt(() => JSON.parse(text));
      recall();
      fault = !response.ok ? 'status' : !fresh ? 'json' : fresh.schema_version !== 1 ? 'schema_version' : take(fresh, true);
      if (!fault) attempt(() => localStorage.setItem(copyKey, text));
    } catch (thrown) {
      error = thrown;
      if (error.name === 'TimeoutError') fault = 'timeout';
    }
    if (fault) tell('warning', {code: fault, error});
  }

  // Stores records. One that can't be stored stays in this page's memory, and check() tries again.
  const keep = (made) => Promise.all(made.map(async (record) => {
    unsaved.add(record);
    try {
      await inTime(store.add(record));
      unsaved.delete(record);
    } catch (error) {
      tell('warning', {code: 'store_write', error, record});
    }
  }));

  // An answer comes after those it replaces, even if the clock was set back.
  function record({document, base}, row, action, until) {
    const before = records().map((each) => each?.document === document ? instant(each.at) + 1 || 0 : 0);
    const at = Math.min(Math.max(+now(), ...before), LAST), translated = row.translations?.[language];
    const made = {
      id: uuid(), action, document, version: row.version, sequence: row.sequence,
      language: translated ? language : row.language, digest: (translated ?? row).digest, base,
      manifest_serial: prepared.serial, head: review.manifest.documents[document].head ?? null, at: new Date(at).toJSON(), surface,
      until: action === 'dismissed' ? new Date(Math.min(until, at + 7 * DAY)).toJSON() : null,
    };
    own.push(made);
    return made;
  }

  async function decide() {
    recall();
    try {
      known = [...await inTime(store.records())];
    } catch (error) {
      tell('warning', {code: 'store_read', error});
    }
    // Until the store was read once, nobody knows what this customer agreed to, or what to ask.
    const result = review.result = reviewAll(known ? prepared : null, documents, records(), now());
    const states = Object.values(result.documents), first = states.filter(({reason}) => reason === 'first_visit');
    review.due = states.filter(({version, state, snoozed_until}) => version && state !== 'declined' && !snoozed_until)
      .map(({document}) => document);
    keep(first.map((state) => record(state, inForce(state), 'dismissed')));
    tell('decision', result);
    return result;
  }

  // An id is about what was decided last; details are about the text that they show, whatever was decided since.
  async function answer(asked, action, until) {
    if (!review.result) await decide();
    const states = (asked ?? review.due).map((each) => each?.row ? each : review.result.documents[each]).filter((state) => state?.version);
    const made = states.map((state) => record(state, state.row ?? named(state), action(state), until ?? +now() + DAY));
    const [, result] = await Promise.all([keep(made), decide()]);
    const outcome = {records: made, stored: !made.some((each) => unsaved.has(each)), result};
    tell('answer', outcome);
    return outcome;
  }

  const review = Object.assign(new EventTarget(), {
    manifest: null, result: null, due: [], decide,
    check: () => checking ??= refresh().then(() => {
      checking = null;
      keep([...unsaved]);
      return decide();
    }),
    accept: (asked) => answer(asked, (state) => asksAccept(state) ? 'accepted' : 'acknowledged'),
    decline: (asked) => answer(asked, (state) => mayDecline(state) ? 'declined' : 'dismissed'),
    later: (asked, until) => answer(asked, () => 'dismissed', until),

    address(relative) {
      const url = attempt(() => new URL(relative, new URL(review.manifest.base ?? manifestUrl, location.href)));
      return ['https:', 'http:', 'mailto:'].includes(url?.protocol) ? url.href : null;
    },

    // What a dialog shows. An upcoming version is shown as the change that it will be for this customer.
    details(id) {
      const state = review.result?.documents[id], row = state?.version ? named(state) : null;
      if (!row) return null;
      const {base, changes, redline} = state.state === 'upcoming'
        ? reviewState(prepared, id, records(), Date.parse(row.effective_at)) : state;
      return {
        ...state, base, changes, redline: (redline ?? []).map(review.address), policy: review.manifest.documents[id], row,
        url: review.address((row.translations?.[language] ?? row).url), asksAccept: asksAccept(state), mayDecline: mayDecline(state),
      };
    },
  });
  return review;
}
