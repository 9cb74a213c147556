// Gets the manifest, keeps its last good copy, asks review.js what it means for this customer, and stores the answers.
// Shows nothing, and never throws at whoever waits for it: what goes wrong is an event. Types and events: client.d.ts.

import {reviewAll, reviewState} from './review.js';

const DAY = 864e5; // milliseconds, how long "Later" holds

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const isManifest = (value) => isObject(value) && Number.isInteger(value.serial) && isObject(value.documents)
  && Object.values(value.documents).every((entry) => Array.isArray(entry?.versions) && entry.versions.every(isObject));
const asksAccept = ({requires}) => requires !== 'acknowledge' && requires !== 'inform';
const mayDecline = (state) => asksAccept(state) && state.state !== 'upcoming';

// A page without TLS has no randomUUID.
const uuid = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte, place) =>
  (place === 6 ? byte & 15 | 64 : place === 8 ? byte & 63 | 128 : byte).toString(16).padStart(2, 0))
  .join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

function attempt(work) {
  try { return work(); } catch { return null; }
}

// One key a record: two tabs that write one list lose an answer between them. Denied, it has nothing, and add() says so.
export function localStore(name = 'policy-review') {
  const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key)));
  return {
    records: () => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(`${name}:`)).map(read)) ?? [],
    add: (record) => localStorage.setItem(`${name}:${record.id}`, JSON.stringify(record)),
  };
}

export function createPolicyReview({
  manifestUrl, documents, store = localStore(), language, timeout = 5000, now = Date.now, surface = null,
}) {
  const copyKey = `policy-manifest:${manifestUrl}`, own = [], unsaved = new Set();
  let known, checking; // the records that the store had; the check that is under way

  const tell = (type, detail) => review.dispatchEvent(new CustomEvent(type, {detail}));
  const inTime = (work) => Promise.race([work, new Promise((_, fail) => setTimeout(fail, timeout, new Error('timeout')))]);
  const all = () => [...known ?? [], ...own];
  const versions = ({document}) => review.manifest.documents[document].versions;
  const named = (state) => versions(state).find((row) => row.version === state.version);
  const inForce = (state) => versions(state).filter((row) => row.withdrawn_at == null && !state.upcoming.includes(row.version))
    .reduce((last, row) => row.sequence > last.sequence ? row : last);

  function recall() {
    const copy = attempt(() => JSON.parse(localStorage.getItem(copyKey)));
    if (isManifest(copy) && !(copy.serial <= review.manifest?.serial)) review.manifest = copy;
  }

  async function refresh() {
    let step = 'network';
    const demand = (name, holds) => { if (!holds) throw new Error(step = name); };
    try {
      // The signal ends a body that never ends, too. A hand-set If-None-Match would cost a preflight.
      const response = await fetch(manifestUrl, {cache: 'no-cache', credentials: 'omit', signal: AbortSignal.timeout(timeout)});
      demand('status', response.ok);
      const text = await response.text(), fresh = attempt(() => JSON.parse(text));
      demand('json', isObject(fresh));
      demand('schema_version', fresh.schema_version === 1);
      demand('shape', isManifest(fresh));
      recall(); // another tab may know more by now
      demand('serial', !(fresh.serial < review.manifest?.serial));
      review.manifest = fresh;
      attempt(() => localStorage.setItem(copyKey, text));
    } catch (error) {
      tell('warning', {code: error.name === 'TimeoutError' ? 'timeout' : step, error});
    }
  }

  // Stores records. One that can't be stored stays in this page's memory, and check() tries again.
  const keep = (records) => Promise.all(records.map(async (record) => {
    unsaved.add(record);
    try {
      await inTime(store.add(record));
      unsaved.delete(record);
    } catch (error) {
      tell('warning', {code: 'store_write', error, record});
    }
  }));

  function record(state, row, action, until) {
    const at = +now(), translated = row.translations?.[language], {document, base} = state;
    const made = {
      id: uuid(), action, document, version: row.version, sequence: row.sequence,
      language: translated ? language : row.language, digest: (translated ?? row).digest, base,
      manifest_serial: review.manifest.serial, at: new Date(at).toJSON(), surface,
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
    const result = review.result = reviewAll(known ? review.manifest : null, documents, all(), now());
    const states = Object.values(result.documents), first = states.filter(({reason}) => reason === 'first_visit');
    keep(first.map((state) => record(state, inForce(state), 'dismissed')));
    review.due = states.filter(({document, state, version, snoozed_until}) => state === 'upcoming'
      ? !all().some((each) => each?.document === document && each.version === version)
      : !snoozed_until && ['review_required', 'initial', 'notice'].includes(state)).map(({document}) => document);
    tell('decision', result);
    return result;
  }

  async function answer(ids, action, until) {
    if (!review.result) await decide();
    const states = (ids ?? review.due).map((id) => review.result.documents[id]).filter((state) => state?.version);
    const records = states.map((state) => record(state, named(state), action(state), until ?? +now() + DAY));
    const [, result] = await Promise.all([keep(records), decide()]);
    const outcome = {records, stored: !records.some((each) => unsaved.has(each)), result};
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
    accept: (ids) => answer(ids, (state) => asksAccept(state) ? 'accepted' : 'acknowledged'),
    decline: (ids) => answer(ids, (state) => mayDecline(state) ? 'declined' : 'dismissed'),
    later: (ids, until) => answer(ids, () => 'dismissed', until),

    address(relative) {
      const url = attempt(() => new URL(relative, new URL(review.manifest.base ?? manifestUrl, location)));
      return ['https:', 'http:', 'mailto:'].includes(url?.protocol) ? url.href : null;
    },

    details(id) {
      const state = review.result?.documents[id], row = state?.version ? named(state) : null;
      if (!row) return null;
      // An upcoming version is shown as the change that it will be for this customer when it takes effect.
      const {base, changes, redline} = state.state === 'upcoming'
        ? reviewState(review.manifest, id, all(), Date.parse(row.effective_at)) : state;
      return {
        ...state, base, changes, redline: (redline ?? []).map(review.address), policy: review.manifest.documents[id], row,
        url: review.address((row.translations?.[language] ?? row).url), asksAccept: asksAccept(state), mayDecline: mayDecline(state),
      };
    },
  });
  return review;
}
