// Gets the manifest, keeps its last good copy, asks for the verdict on this customer, and stores the answers.
// Shows nothing, and never throws at whoever waits for it: what goes wrong is an event. Types: core.d.ts.

import {attempt, createOutbox} from './outbox.js';
import {localStore, sent} from './stores.js';
import {instant, judge as decided, led, NEVER} from './verdict.js';

const SOON = 2e3, SELDOM = 3e5; // milliseconds between two tries to store an answer: at first, at most

/** @type {(...asked: Parameters<typeof import('./core.js').createCore>) => import('./core.js').Core<any>} */
export function createCore({
  manifestUrl = '/policy-manifest.json', documents, store = localStore(), customer = '', language, timeout = 5000, now = Date.now,
  surface, epoch,
}, judge = decided, load = () => import('./answers.js')) {
  const ids = String([documents]).match(/[^\s,]+/g) ?? [], said = {};
  // A server takes an answer for whoever is signed in: what is known to be nobody's must not wait for the next one.
  const waits = customer || 'lasting' in store ? 'policy-answers:' + encodeURIComponent(customer) : '';
  const copyKey = `policy-manifest:${manifestUrl}`, outbox = createOutbox(waits);
  const own = [], lost = new Set(), sending = {}; // of this page: its records, those kept nowhere, those on their way
  let copy = null, known, checking, tries = 0, timer, closed; // `copy`: of the manifest, as copies.js read it; `known`: the records that the store had

  const tell = (type, detail) => review.dispatchEvent(new CustomEvent(type, {detail, cancelable: true}));
  // Each once, as the store has it: that one may say when it was received.
  const once = (list) => [...new Map(list.map((each) => [each?.id, each])).values()];
  // One that it lacks counts as if it came now: where the store's last answer is later than this device's clock, just after that.
  const records = () => {
    const had = known ?? [], clock = +now(), last = Math.max(...had.map((each) => instant(each?.received_at) || 0));
    const came = (each) => last > clock ? {...sent(each, clock), received_at: new Date(last + 1).toJSON()} : each;
    return once([...[...own, ...outbox.values()].map(came), ...had]);
  };
  const answers = () => load().catch((error) => /** @type {any} */ (warn('dialog', {error})));

  // Whoever listens may keep the line out of the console. A fault that lasts is one line.
  function warn(code, detail) {
    if (tell('warning', {code, ...detail})) said[code] ??= console.warn('policy-review:', code, manifestUrl, detail) ?? true;
  }

  // A signal that is left behind keeps no server's process alive, as a timer would.
  const inTime = (work) => Promise.race([work, new Promise((_, fail) => {
    const signal = AbortSignal.timeout(timeout);
    signal.onabort = () => fail(signal.reason);
  })]);

  // Takes a copy of the manifest that may follow the one at hand; otherwise it says why not. One that was kept was examined
  // and read when it came, so that what does that is loaded only where there is something new.
  async function take(text, kept) {
    if (text === copy?.text) return null;
    const [fault, found] = kept && !copy && kept.epoch === epoch ? [null, kept]
      : await import('./copies.js').then((rules) => rules.judge(copy, text, epoch), () => ['dialog']);
    if (!fault) copy = found;
    return fault;
  }

  // Another tab may know more.
  async function recall() {
    const kept = attempt(() => JSON.parse(localStorage[copyKey]));
    if (kept) await take(kept.text, kept);
  }

  async function refresh() {
    let fault, error;
    try {
      // The signal ends a body that never ends, too. A hand-set If-None-Match would cost a preflight.
      const response = await fetch(manifestUrl, {cache: 'no-cache', credentials: 'omit', signal: AbortSignal.timeout(timeout)});
      const text = await response.text();
      await recall();
      fault = response.ok ? await take(text) : 'status';
      if (!fault) attempt(() => localStorage.setItem(copyKey, JSON.stringify(copy)));
      error = response.status;
    } catch (thrown) {
      error = thrown;
      fault = error.name === 'TimeoutError' ? 'timeout' : 'network';
    }
    if (fault) warn(fault, {error});
  }

  // Says where a record is now: in the store; in the outbox, to be sent again; or in this page's memory and nowhere else.
  async function save(record) {
    let held = waits && outbox.set(record);
    try {
      await inTime(store.add(record));
      own.push(record); // a list that the store gave out just before lacks it
      outbox.delete(record);
      lost.delete(record);
      return 'stored';
    } catch (error) {
      held ||= waits && await inTime(outbox.put(record)).then(() => true, () => false);
      lost[held ? 'delete' : 'add'](record);
      warn('store_write', {error, record});
      return held ? 'queued' : 'failed';
    }
  }

  // What the browser's database tells too late ends the question that it answers.
  async function recallAnswers() {
    let late;
    await inTime(outbox.open().then(() => late && decide(), () => {})).catch(() => late = true);
  }

  const send = (record) => sending[record.id] ??= save(record).finally(() => delete sending[record.id]);

  const unsaved = () => once([...outbox.values(), ...lost]);

  // What is left over is tried again in a while. A timer that is left behind keeps no server's process alive.
  /** @type {import('./core.js').RecordLog['keep']} */
  async function keep(made) {
    const places = await Promise.all(made.map(send));
    clearTimeout(timer);
    if (!closed && unsaved().length) {
      timer = setTimeout(retry, Math.min(SELDOM, SOON * 2 ** tries++) * (.5 + Math.random()));
      if (!globalThis.document) /** @type {any} */ (timer).unref?.();
      globalThis.addEventListener?.('online', retry);
    }
    return [made, places.sort()[0] ?? 'nothing']; // the worst is the first by the alphabet, too: failed, queued, stored
  }

  /** @type {import('./core.js').RecordLog['retry']} */
  async function retry() {
    const [waiting, status] = await keep(unsaved());
    if (status === 'stored') tries = 0, tell('saved', waiting);
    return [waiting, status];
  }

  // Until the store was read once, nobody knows what this customer agreed to, or what to ask. What is no copy, but was kept in
  // its place, cannot be gone by.
  const judgeAll = () => {
    review.manifest = copy && JSON.parse(copy.text);
    return ids.map((id) => review.judge(id));
  };

  async function decide() {
    await recall();
    try {
      known = [...await inTime(store.records())];
    } catch (error) {
      warn('store_read', {error});
    }
    const facts = attempt(judgeAll) ?? (copy = null, localStorage.removeItem(copyKey), judgeAll());
    const states = facts.map(([verdict]) => verdict), result = led(states);
    Object.assign(review, {
      facts, result, due: states.filter((each) => each.version && each.state !== 'declined' && !each.snoozed_until).map((each) => each.document),
      next: Math.min(...facts.flatMap(([, {turns}]) => turns).filter((at) => at > +now() && at < NEVER)),
    });
    if (states.some((each) => each.reason === 'first_visit')) answers().then((loaded) => loaded?.note(review));
    keep([]); // what waits is sent in a while
    tell('decision', result);
    return result;
  }

  // An id is about what was decided last; details are about the text that they show, whatever was decided since.
  const answer = (name) => async (asked, until) => {
    if (!review.result) await decide();
    const {result, due} = review, loaded = await answers();
    return loaded ? loaded[name](review, asked ?? due, until, result) : {records: [], status: 'failed', stored: false, result};
  };

  const review = Object.assign(new EventTarget(), {
    manifest: null, result: null, due: [], next: Infinity, language, manifestUrl, lasting: store.lasting !== false, decide, warn,
    check: () => checking ??= Promise.all([refresh(), recallAnswers()]).then(async () => {
      checking = null;
      retry();
      const result = await decide(), unknown = ids.filter((id) => result.documents[id].reason === 'document_missing');
      if (!ids.length || unknown.length) warn('documents', {unknown});
      return result;
    }),
    accept: answer('accept'), decline: answer('decline'), later: answer('later'), log: {own, keep, retry, now, surface},

    close() {
      closed = true;
      clearTimeout(timer);
      globalThis.removeEventListener?.('online', retry);
    },

    judge: (id, at = now(), more = []) => judge(known && copy, id, [...records(), ...more], at),
  });
  return review;
}
