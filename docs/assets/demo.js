// The demonstration on /storefront/: a customer with one record and a chosen day, before the real client and dialog.

import {createPolicyReview} from '../storefront/client.js';
import {openDialog} from '../storefront/dialog.js';

const TOLD = {
  review_required: 'They are asked to look again.',
  initial: 'They are asked to read it for the first time.',
  notice: 'They are told once; nothing holds them up.',
  upcoming: 'They are told what is coming.',
  up_to_date: 'They see nothing: all is well.',
  not_applicable: 'They see nothing: no version is in force.',
  unknown: 'They see nothing: the manifest could not be read.',
};

const [form, agreed, day, told, decision] = ['', '-agreed', '-day', '-told', '-decision']
  .map((name) => document.getElementById(`demo${name}`));
const manifestUrl = new URL('../policy-manifest.json', import.meta.url).href;

// Records live as long as the page shows them: a demonstration leaves nothing in a visitor's browser.
function customer(versions, number, now) {
  const row = versions.find(({version}) => version === number), records = [];
  if (row) {
    records.push({
      id: 'demo', action: 'accepted', document: 'privacy', version: row.version, digest: row.digest,
      at: row.announced_at, manifest_serial: 0,
    });
  }
  const store = {records: () => records, add: (record) => { records.push(record); }};
  return createPolicyReview({manifestUrl, documents: ['privacy'], store, language: 'en', now: () => now});
}

function show(review) {
  const {state} = review.result.documents.privacy;
  told.textContent = TOLD[state];
  decision.textContent = JSON.stringify(review.result.documents.privacy, null, 2);
}

async function start() {
  const manifest = await (await fetch(manifestUrl, {cache: 'no-cache'})).json(), {versions} = manifest.documents.privacy;
  const standing = versions.filter((row) => !row.withdrawn_at);
  agreed.append(...standing.map(({version}) => new Option(`version ${version}`, version, true, false)));
  agreed.value = standing[0].version;
  day.value = new Date(Math.max(Date.now(), Date.parse(standing.at(-1).effective_at) + 864e5)).toJSON().slice(0, 10);
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const review = customer(versions, agreed.value, Date.parse(`${day.value}T12:00:00Z`));
    review.addEventListener('decision', () => show(review));
    await review.check();
    openDialog(review);
  });
}

start();
