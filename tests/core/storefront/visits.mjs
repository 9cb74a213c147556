// Many visits to a made-up shop with the real client in each page: its outbox, its retries, its stamps. Around it are fake
// stores, networks and clocks: writes that fail or whose answer is lost, manifests from a stale cache, full and denied
// storage, tabs that stay open, clocks that are set, several devices of one customer, customers who share one, guests who sign in.
// Call: node visits.mjs VISITS SEED [FAULT]; it prints what was wrong and how much of each thing happened. FAULT breaks
// the shop on purpose, so that it can be seen to be found out.

import {createPolicyReview} from '../../../storefront/js/src/client.js';
import {merge} from '../../../storefront/js/src/review.js';
import {sent} from '../../../storefront/js/src/stores.js';

const [visits, seed, fault] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const MINUTE = 6e4, DAY = 864e5, DECADE = 3650 * DAY, START = Date.UTC(2026, 0, 1), PER_SHOP = 500;
const OFF = [0, 0, 0, 25 * 60 * MINUTE, DECADE, -25 * 60 * MINUTE, -DECADE]; // by how much a device's clock is ahead

let state = seed;
const random = (below) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor(state / 2 ** 32 * below);
};
const one = (list) => list[random(list.length)];
const chance = (percent) => random(100) < percent;
const written = (at) => new Date(at).toJSON();
const settled = () => new Promise((done) => setImmediate(done));

const told = {wrong: [], lost: [], seen: {prompts: 0, answers: 0, queued: 0, failed: 0, 'lost replies': 0, 'sign-ins': 0, 'long-lived': 0}};

// What a browser has for one device. The client looks for these names whenever it needs them.
class Storage {
  getItem(key) { return this[key] ?? null; }
  setItem(key, value) {
    if (device.isFull) throw Error('QuotaExceededError');
    this[key] = value;
  }
  removeItem(key) { delete this[key]; }
}
let device = null;
Object.defineProperty(globalThis, 'localStorage', {get: () => device.storage});
globalThis.addEventListener = (_, retry) => device.waiting.add(retry);
globalThis.removeEventListener = (_, retry) => device.waiting.delete(retry);
globalThis.setTimeout = () => 0; // whatever waits is called when the device is said to be online
globalThis.clearTimeout = () => {};
AbortSignal.timeout = () => ({});
globalThis.fetch = async () => ({ok: !chance(10), status: 500, text: async () => chance(5) ? '<html>' : JSON.stringify(one(shop.cached.slice(-2)))});

let shop = null;

class Shop {
  now = START; rows = []; cached = []; kept = new Map(); truth = new Map(); visits = 0;
  devices = Array.from({length: 12}, (_, place) => ({
    storage: new Storage(), waiting: new Set(), tabs: [], off: one(OFF), isFull: false, person: `person ${place % 5}`, guest: null,
  }));

  release() {
    const sequence = this.rows.length + 1, effective = Math.max(this.now, ...this.rows.map((row) => Date.parse(row.effective_at)))
      + one([0, 0, 7]) * DAY;
    this.rows.push({
      version: `${sequence}.0`, sequence, digest: `digest ${sequence}`, requires: one(['accept', 'acknowledge']), url: `${sequence}/`,
      language: 'en', severity: one(['material', 'notice', 'editorial']), changes: [], announced_at: written(this.now),
      effective_at: written(effective),
    });
    const privacy = {redline: {url: '{from}..{to}', all_up_to: 9, window: 5}, versions: [...this.rows]};
    this.cached.push({schema_version: 1, serial: sequence, documents: {privacy}});
  }

  of(person) {
    if (!this.kept.has(person)) this.kept.set(person, new Map());
    return this.kept.get(person);
  }

  // The server as the documentation asks for it: one record an id, stamped when it came. It sees the session, and no more.
  store(from, heard, made) {
    const session = () => from.guest ?? from.person;
    return {
      records: async () => {
        if (chance(5)) throw Error('500');
        heard.clear();
        for (const id of this.of(session()).keys()) heard.add(id);
        return [...this.of(session()).values()];
      },
      add: async (record) => {
        if (chance(20)) throw Error('500');
        const {behind, ...rest} = record, own = this.of(session());
        const posted = JSON.parse(JSON.stringify(sent(fault === 'believes' ? rest : record, this.now + from.off)));
        if (!own.has(record.id)) own.set(record.id, {...posted, received_at: written(this.now)});
        if (fault === 'forgets' && chance(2)) own.delete(record.id);
        if (chance(15)) {
          told.seen['lost replies']++;
          throw Error('the line went dead');
        }
        made.add(record.id); // it may be an answer of a page before, sent by this one
      },
    };
  }
}

function opened() {
  const whose = device.guest ?? device.person, from = device, heard = new Set(), made = new Set();
  const review = createPolicyReview({
    manifestUrl: 'https://policies.example/policy-manifest.json', documents: 'privacy', store: shop.store(from, heard, made),
    customer: fault === 'anybody' ? 'anybody' : whose, now: () => shop.now + from.off,
  });
  review.addEventListener('warning', (event) => event.preventDefault());
  const tab = {review, whose, heard, made, unkept: new Set()};
  review.addEventListener('answer', ({detail}) => noted(tab, detail));
  review.addEventListener('saved', ({detail}) => detail.forEach(({id}) => tab.unkept.delete(id)));
  device.tabs.push(tab);
  return tab;
}

function noted(tab, {status, records}) {
  for (const {id} of records) tab.unkept[status === 'failed' ? 'add' : 'delete'](id);
  if (status in told.seen) told.seen[status]++;
}

// Whoever leaves a page that said "Could not be saved" knows that it was not.
function close(tab) {
  tab.review.close();
  device.tabs = device.tabs.filter((each) => each !== tab);
  for (const id of tab.unkept) shop.truth.get(id).isTold = true;
}

// Whether it was right to ask, and right not to, told without rows and reasons: by the last answer, and by what it covers.
function judge({review, whose, heard, made}) {
  const waiting = Object.keys(localStorage).filter((key) => key.startsWith('policy-answers:')).map((key) => key.split(':')[2]);
  const known = [...heard, ...made, ...waiting].map((id) => shop.truth.get(id)).filter((each) => each?.whose === whose);
  const {versions} = review.manifest?.documents.privacy ?? {versions: []}, {state: told_, reason} = review.result.documents.privacy;
  const clock = Math.max(...versions.map((row) => Date.parse(row.announced_at))), now = shop.now + device.off;
  const begun = versions.filter((row) => Date.parse(row.effective_at) <= (clock - now > 5 * MINUTE ? clock : now)), cur = begun.at(-1);
  if (!cur || told_ === 'unknown') return;
  const agrees = ({action, row}) => action === 'accepted' || action === 'acknowledged' && row.requires === 'acknowledge';
  const covers = (each) => agrees(each) && (cur.requires !== 'accept' || each.action === 'accepted')
    && begun.some(({version}) => version === each.row.version) && begun.every((row) => row.sequence <= each.row.sequence || row.severity !== 'material');
  const asks = ['review_required', 'initial'].includes(told_), last = known.filter(agrees).sort((a, b) => a.row.sequence - b.row.sequence).at(-1);
  if (asks) told.seen.prompts++;
  if (asks && last && covers(last)) told.wrong.push(['asked again', whose, told_, reason]);
  if (!asks && !['declined', 'upcoming', 'notice'].includes(told_) && reason !== 'ahead_of_manifest' && !known.some(covers)) {
    told.wrong.push(['never asked', whose, told_, reason]);
  }
}

async function answer(tab) {
  const {review, whose} = tab, shown = review.details('privacy'), what = one(['accept', 'accept', 'accept', 'decline', 'later']);
  if (!shown) return;
  const {records} = await review[what]([shown]), looks = [shown, ...shown.announced ? [shown.announced] : []];
  for (const record of records) {
    const look = looks.find(({version}) => version === record.version);
    if (record.digest !== look?.row.digest) told.wrong.push(['another text', record]);
    else shop.truth.set(record.id, {...record, row: look.row, at: shop.now, whose, isTold: false});
    tab.made.add(record.id);
    told.seen.answers++;
  }
  const {state: now} = review.result.documents.privacy;
  if (what === 'accept' && ['review_required', 'initial', 'declined'].includes(now)) told.wrong.push(['asked after accepting', now]);
}

// Whether an answer is still to be sent: no clock that is set meanwhile can be noticed.
const waits = () => device.tabs.some(({unkept}) => unkept.size) || Object.keys(device.storage).some((key) => key.startsWith('policy-answers:'));

async function visit() {
  shop.visits++;
  device.isFull = chance(10);
  if (chance(5)) signIn();
  if (chance(3) && !waits()) device.off = one(OFF);
  let tab = one(device.tabs);
  if (!tab || chance(60)) {
    if (device.tabs.length > 2) close(one(device.tabs));
    tab = opened();
  } else told.seen['long-lived']++;
  if (chance(20)) [...device.waiting].forEach((retry) => (device.waiting.delete(retry), retry()));
  await tab.review[chance(70) ? 'check' : 'decide']();
  await settled();
  judge(tab);
  if (tab.review.due.length && chance(70)) await answer(tab);
  await settled();
}

// A guest becomes a customer, whose server puts the two lists together; or somebody else signs in.
function signIn() {
  [...device.tabs].forEach(close);
  told.seen['sign-ins']++;
  device.person = `person ${random(5)}`;
  device.guest = device.guest ? null : `guest ${random(1e9)}`;
}

// An answer that waited longer than its clock was behind the others can't be told from one whose clock was set right.
function isTakenForSetRight({id, at, sent_at, received_at}) {
  return shop.truth.get(id).behind && sent_at >= at && Date.parse(received_at) - Date.parse(sent_at) > 5 * MINUTE;
}

// Everybody's answers are sent at last.
async function settle() {
  for (device of shop.devices) {
    [...device.tabs].forEach(close);
    device.isFull = false;
    const names = new Set(Object.keys(device.storage).filter((key) => key.startsWith('policy-answers:')).map((key) => decodeURIComponent(key.split(':')[1])));
    for (const whose of names) {
      device.guest = device.person = whose;
      for (let tries = 0; tries < 60 && Object.keys(device.storage).some((key) => key.startsWith(`policy-answers:${encodeURIComponent(whose)}:`)); tries++) {
        const tab = opened();
        await tab.review.check();
        await settled();
        close(tab);
      }
    }
  }
  for (const [id, {whose, isTold, action, version, digest}] of shop.truth) {
    const kept = shop.of(whose).get(id);
    if (!kept && !isTold) told.lost.push(['lost', whose, action, version]);
    if (kept && (kept.action !== action || kept.version !== version || kept.digest !== digest)) told.lost.push(['changed', kept]);
  }
  for (const [whose, own] of shop.kept) {
    const mine = [...own.values()].filter(({id}) => shop.truth.get(id));
    const strange = [...own.keys()].filter((id) => shop.truth.get(id)?.whose !== whose);
    if (strange.length) told.lost.push(['somebody else\'s', whose, strange.length]);
    const order = merge(mine.filter((each) => !isTakenForSetRight(each))).map(({id}) => shop.truth.get(id).at);
    if (order.some((at, place) => at < order[place - 1])) told.lost.push(['another order', whose]);
  }
}

for (let done = 0; done < visits; done += shop.visits) {
  shop = new Shop();
  shop.release();
  while (shop.visits < Math.min(PER_SHOP, visits - done)) {
    shop.now += random(300) * MINUTE + MINUTE;
    if (shop.rows.length < 9 && chance(2)) shop.release();
    device = one(shop.devices);
    await visit();
  }
  await settle();
}
console.log(JSON.stringify({...told, wrong: told.wrong.slice(0, 5), lost: told.lost.slice(0, 5), counts: [told.wrong.length, told.lost.length]}));
