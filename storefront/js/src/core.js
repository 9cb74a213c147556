// Gets the manifest, keeps its last good copy, asks for the verdict on this customer, and stores the answers.
// Shows nothing, and never throws at whoever waits for it: what goes wrong is an event. Types: core.d.ts.

import {attempt, createOutbox} from './outbox.js';
import {localStore} from './stores.js';
import {asksAccept, instant, judge, led, mayDecline, prepare, readRecord} from './verdict.js';

const DAY = 864e5, LAST = 253402300799999; // milliseconds: a day; the last instant that a record can have
const SOON = 2e3, SELDOM = 3e5; // milliseconds between two tries to store an answer: at first, at most

// A page without TLS has no randomUUID; but each object's address ends with one.
const uuid = () => crypto.randomUUID?.() ?? URL.createObjectURL(new Blob()).slice(-36);

/** @type {(options: import('./core.js').CoreOptions, complete?: any) => import('./core.js').Core<any>} */
export function createCore({
  manifestUrl = '/policy-manifest.json', documents, store = localStore(), customer = '', language, timeout = 5000, now = Date.now,
  surface = null, epoch = null,
}, complete = (verdict) => verdict) {
  const ids = String(documents ?? '').split(/[\s,]+/).filter(Boolean), said = new Set();
  // A server takes an answer for whoever is signed in: what is known to be nobody's must not wait for the next one.
  const waits = customer || 'lasting' in store ? `policy-answers:${encodeURIComponent(customer)}` : '';
  const copyKey = `policy-manifest:${manifestUrl}`, outbox = createOutbox(waits);
  const own = [], lost = new Set(), sending = new Map(); // of this page: its records, those kept nowhere, those on their way
  let prepared = null, taken, known, checking, tries = 0, timer, closed; // `taken`: the manifest's text; `known`: the records that the store had

  const tell = (type, detail) => review.dispatchEvent(new CustomEvent(type, {detail, cancelable: true}));
  // Each once, as the store has it: that one may say when it was received.
  const records = () => [...new Map([...own, ...outbox.waiting(), ...known ?? []].map((each) => [each?.id, each])).values()];
  const versions = ({document}) => review.manifest.documents[document].versions;
  const named = (state, version = state.version) => versions(state).find((row) => row.version === version);
  const inForce = (state) => versions(state).filter((row) => row.withdrawn_at == null && !state.upcoming.includes(row.version))
    .reduce((last, row) => row.sequence > last.sequence ? row : last);

  // Whoever listens may keep the line out of the console. A fault that lasts is one line.
  function warn(code, detail) {
    if (tell('warning', {code, ...detail}) && !said.has(code)) console.warn('policy-review:', code, manifestUrl, detail);
    said.add(code);
  }

  // A timer that is left behind keeps a server's process alive.
  function inTime(work) {
    let over;
    const late = new Promise((_, fail) => over = setTimeout(fail, timeout, Error('timeout')));
    return Promise.race([work, late]).finally(() => clearTimeout(over));
  }

  // Takes a manifest that may follow the one at hand; otherwise it says why not. What was kept has been judged when it came,
  // so that what judges is loaded only where there is something new.
  async function take(text, isKept) {
    if (text === taken) return null;
    const manifest = attempt(() => JSON.parse(text)), read = prepare(manifest);
    if (!read) return !manifest ? 'json' : manifest.schema_version !== 1 ? 'schema_version' : 'shape';
    const isJudged = isKept && !prepared && (epoch ?? read.epoch) === read.epoch;
    const rules = isJudged || await import('./copies.js').catch(() => null);
    if (!rules) return 'dialog';
    if (isKept && prepared?.epoch === read.epoch && prepared.serial === read.serial) return null;
    const fault = isJudged ? null : rules.refusal(prepared, read, epoch);
    if (fault) return fault;
    review.manifest = manifest;
    prepared = read;
    taken = text;
    return null;
  }

  // Another tab may know more.
  const recall = () => take(attempt(() => localStorage.getItem(copyKey)), true);

  async function refresh() {
    let fault = 'network', error;
    try {
      // The signal ends a body that never ends, too. A hand-set If-None-Match would cost a preflight.
      const response = await fetch(manifestUrl, {cache: 'no-cache', credentials: 'omit', signal: AbortSignal.timeout(timeout)});
      const text = await response.text();
      await recall();
      fault = !response.ok ? 'status' : await take(text, false);
      if (!fault) attempt(() => localStorage.setItem(copyKey, text));
      error = response.status;
    } catch (thrown) {
      error = thrown;
      if (error.name === 'TimeoutError') fault = 'timeout';
    }
    if (fault) warn(fault, {error});
    const unknown = prepared ? ids.filter((id) => !prepared.policies.has(id)) : [];
    if (!ids.length || unknown.length) warn('documents', {unknown});
  }

  // Says where a record is now: in the store; in the outbox, to be sent again; or in this page's memory and nowhere else.
  async function save(record) {
    let held = waits && outbox.hold(record);
    try {
      await inTime(Promise.resolve(store.add(record)));
      own.push(record); // a list that the store gave out just before lacks it
      outbox.drop(record);
      lost.delete(record);
      return 'stored';
    } catch (error) {
      held ||= waits && await inTime(outbox.shelve(record)).then(() => true, () => false);
      lost[held ? 'delete' : 'add'](record);
      warn('store_write', {error, record});
      return held ? 'queued' : 'failed';
    }
  }

  // What the browser's database tells too late ends the question that it answers.
  async function recallAnswers() {
    let late = false;
    const told = outbox.recall().then(() => { if (late) decide(); }, () => {});
    await inTime(told).catch(() => { late = true; });
  }

  function send(record) {
    if (!sending.has(record.id)) sending.set(record.id, save(record).finally(() => sending.delete(record.id)));
    return sending.get(record.id);
  }

  const keep = async (made) => {
    const places = await Promise.all(made.map(send));
    if (outbox.waiting().length || lost.size) wait();
    return ['failed', 'queued', 'stored'].find((place) => places.includes(place)) ?? 'nothing';
  };
  const unsaved = () => [...new Map([...outbox.waiting(), ...lost].map((record) => [record.id, record])).values()];

  async function retry() {
    clearTimeout(timer);
    const waiting = unsaved(), status = await keep(waiting);
    if (status === 'stored') tries = 0, tell('saved', waiting);
    return [waiting, status];
  }

  function wait() {
    clearTimeout(timer);
    if (closed) return;
    timer = setTimeout(retry, Math.min(SELDOM, SOON * 2 ** tries++) * (.5 + Math.random()));
    /** @type {any} */ (timer).unref?.();
    globalThis.addEventListener?.('online', retry, {once: true});
  }

  // An answer comes after those it replaces, even if the clock was set back; not after what a wrong clock made of them.
  function record({document, base}, row, action, until) {
    const known = records().flatMap((each) => each?.document === document && readRecord(each) || []), stamped = +now();
    const after = (before) => Math.max(stamped, ...before.map((each) => each.at + 1));
    const at = Math.min(after(known), LAST), translated = row.translations?.[language];
    const made = {
      id: uuid(), action, document, version: row.version, sequence: row.sequence,
      language: translated ? language : row.language, digest: (translated ?? row).digest, base,
      manifest_serial: prepared.serial, head: review.manifest.documents[document].head ?? null, at: new Date(at).toJSON(), surface,
      until: action === 'dismissed' ? new Date(Math.min(until, at + 7 * DAY)).toJSON() : null,
      behind: after(known.filter(({received}) => received < Infinity)) - stamped || undefined, // a server's clock has shown that
    };
    own.push(made);
    return made;
  }

  // When time alone changes the decision next: milliseconds since 1970.
  const turns = (state) => [instant(review.manifest?.documents[state.document]?.retired_at), instant(state.accept_by), instant(state.snoozed_until), ...state.upcoming.map((version) => instant(named(state, version).effective_at))];

  async function decide() {
    await recall();
    try {
      known = [...await inTime(Promise.resolve(store.records()))];
    } catch (error) {
      warn('store_read', {error});
    }
    // Until the store was read once, nobody knows what this customer agreed to, or what to ask.
    const read = known ? prepared : null, judged = ids.map((id) => judge(read, id, records(), now()));
    const states = judged.map(([verdict, facts]) => complete(verdict, facts)), result = review.result = led(states);
    review.facts = Object.fromEntries(judged.map(([{document}, facts]) => [document, facts]));
    const first = states.filter(({reason}) => reason === 'first_visit');
    review.due = states.filter(({version, state, snoozed_until}) => version && state !== 'declined' && !snoozed_until)
      .map(({document}) => document);
    review.next = Math.min(...states.flatMap(turns).filter((at) => at > now()));
    keep(first.map((state) => record(state, inForce(state), 'dismissed')));
    tell('decision', result);
    return result;
  }

  // An id is about what was decided last; details are about the text that they show, whatever was decided since.
  async function answer(asked, action, until, told) {
    if (!review.result) await decide();
    const states = (asked ?? review.due).map((each) => each?.row ? each : review.result.documents[each]).filter((state) => state?.version);
    const made = states.map((state) => record(state, state.row ?? named(state), action(state), until || +now() + DAY));
    if (told) made.push(...states.filter(({announced}) => announced).map((state) => record(state, state.announced.row, 'dismissed', 0)));
    const [[kept, status], result] = await Promise.all([made.length ? keep(made).then((place) => [made, place]) : retry(), decide()]);
    const outcome = {records: kept, status, stored: status === 'stored', result};
    tell('answer', outcome);
    return outcome;
  }

  const review = Object.assign(new EventTarget(), {
    manifest: null, result: null, facts: null, due: [], next: Infinity, language, lasting: store.lasting !== false, decide, warn,
    check: () => checking ??= Promise.all([refresh(), recallAnswers()]).then(() => {
      checking = null;
      keep(unsaved());
      return decide();
    }),
    accept: (asked) => answer(asked, (state) => asksAccept(state) ? 'accepted' : 'acknowledged', 0, true),
    decline: (asked) => answer(asked, (state) => mayDecline(state) ? 'declined' : 'dismissed'),
    later: (asked, until) => answer(asked, () => 'dismissed', until),

    address(relative) {
      const here = globalThis.location?.href;
      const url = attempt(() => new URL(relative, new URL(review.manifest.base ?? manifestUrl, new URL(manifestUrl, here))));
      return ['https:', 'http:', 'mailto:'].includes(url?.protocol) ? url.href : null;
    },

    close() {
      closed = true;
      clearTimeout(timer);
      globalThis.removeEventListener?.('online', retry);
    },

    judge: (id, at = now(), more = []) => judge(prepared, id, [...records(), ...more], at),
  });
  return review;
}
