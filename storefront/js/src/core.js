// Gets the manifest, keeps its last good copy, asks for the verdict on this customer, and stores the answers.
// Shows nothing, and never throws at whoever waits for it: what goes wrong is an event. Types: core.d.ts.

import {attempt, createOutbox} from './outbox.js';
import {localStore, sent} from './stores.js';
import {instant, judge, led, read} from './verdict.js';

/** @type {import('./core.js').AnswerStatus[]} */
const PLACES = ['failed', 'queued', 'stored']; // the worst first
const SOON = 2e3, SELDOM = 3e5; // milliseconds between two tries to store an answer: at first, at most

/** @type {(options: import('./core.js').CoreOptions, parts?: import('./core.js').Parts) => import('./core.js').Core<any>} */
export function createCore({
  manifestUrl = '/policy-manifest.json', documents, store = localStore(), customer = '', language, timeout = 5000, now = Date.now,
  surface = null, epoch = null,
}, {complete = (verdict) => verdict, load = () => import('./answers.js'), isWhole = Boolean} = {}) {
  const ids = String(documents ?? '').split(/[\s,]+/).filter(Boolean), said = new Set();
  // A server takes an answer for whoever is signed in: what is known to be nobody's must not wait for the next one.
  const waits = customer || 'lasting' in store ? `policy-answers:${encodeURIComponent(customer)}` : '';
  const copyKey = `policy-manifest:${manifestUrl}`, outbox = createOutbox(waits);
  const own = [], lost = new Set(), sending = new Map(); // of this page: its records, those kept nowhere, those on their way
  let prepared = null, taken, known, checking, tries = 0, timer, closed; // `taken`: the manifest's text; `known`: the records that the store had

  const tell = (type, detail) => review.dispatchEvent(new CustomEvent(type, {detail, cancelable: true}));
  // Each once, as the store has it: that one may say when it was received.
  const once = (list) => [...new Map(list.map((each) => [each?.id, each])).values()];
  // One that it lacks counts as if it came now: where the store's last answer is later than this device's clock, just after that.
  const records = () => {
    const last = Math.max(...known?.map((each) => instant(each?.received_at)).filter(Boolean) ?? []), clock = +now();
    const came = (each) => last > clock ? {...sent(each, clock), received_at: new Date(last + 1).toJSON()} : each;
    return once([...[...own, ...outbox.waiting()].map(came), ...known ?? []]);
  };
  const answers = async () => {
    try { return await load(); } catch (error) { warn('dialog', {error}); }
  };

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
    const manifest = attempt(() => JSON.parse(text)), found = attempt(() => read(manifest));
    if (!manifest) return 'json';
    if (isKept && prepared && found?.epoch === prepared.epoch && found.serial === prepared.serial) return null;
    if (!isKept || prepared || !isWhole(found) || (epoch ?? found.epoch) !== found.epoch) {
      const rules = await import('./copies.js').catch(() => null);
      const fault = rules ? rules.fault(prepared, manifest, found, epoch) : 'dialog';
      if (fault) return fault;
    }
    review.manifest = manifest;
    prepared = found;
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
      await inTime(store.add(record));
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

  /** @type {import('./core.js').Desk['keep']} */
  const keep = async (made) => {
    const places = await Promise.all(made.map(send));
    if (outbox.waiting().length || lost.size) wait();
    return [made, PLACES.find((place) => places.includes(place)) ?? 'nothing'];
  };
  const unsaved = () => once([...outbox.waiting(), ...lost]);

  /** @type {import('./core.js').Desk['retry']} */
  async function retry() {
    clearTimeout(timer);
    const [waiting, status] = await keep(unsaved());
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

  // When time alone changes the decision next: milliseconds since 1970.
  /** @param {[import('./verdict.js').Verdict, import('./verdict.js').Facts]} decided */
  const turns = ([{accept_by, snoozed_until}, {retired, later = []}]) =>
    [retired, instant(accept_by), instant(snoozed_until), ...later.map((row) => row.effective)].filter((at) => at > now());

  async function decide() {
    await recall();
    try {
      known = [...await inTime(store.records())];
    } catch (error) {
      warn('store_read', {error});
    }
    // Until the store was read once, nobody knows what this customer agreed to, or what to ask.
    const found = known ? prepared : null, judged = ids.map((id) => judge(found, id, records(), now()));
    const states = judged.map(([verdict, facts]) => complete(verdict, facts)), result = review.result = led(states);
    review.facts = Object.fromEntries(judged.map(([{document}, facts]) => [document, facts]));
    review.due = states.filter((each) => each.version && each.state !== 'declined' && !each.snoozed_until).map((each) => each.document);
    review.next = Math.min(...judged.flatMap(turns));
    if (states.some((each) => each.reason === 'first_visit')) answers().then((loaded) => loaded?.note(review));
    keep([]); // what waits is sent in a while
    tell('decision', result);
    return result;
  }

  // An id is about what was decided last; details are about the text that they show, whatever was decided since.
  const answer = (name) => async (asked, until) => {
    if (!review.result) await decide();
    const states = (asked ?? review.due).map((each) => each?.row ? each : review.result.documents[each]), loaded = await answers();
    return loaded ? loaded[name](review, states, until) : {records: [], status: 'failed', stored: false, result: review.result};
  };

  const review = Object.assign(new EventTarget(), {
    manifest: null, result: null, facts: null, due: [], next: Infinity, language, lasting: store.lasting !== false, decide, warn,
    check: () => checking ??= Promise.all([refresh(), recallAnswers()]).then(() => {
      checking = null;
      keep(unsaved());
      return decide();
    }),
    accept: answer('accept'), decline: answer('decline'), later: answer('later'), desk: {own, keep, retry, now, surface, tell},

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
