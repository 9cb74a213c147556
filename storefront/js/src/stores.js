// Where a customer's records are kept: in the browser, or at the shop's own server. Types: stores.d.ts.

import {attempt, readAll, write} from './outbox.js';
import {instant} from './verdict.js';

/** @type {typeof import('./stores.js').localStore} */
export function localStore(name = 'policy-review') {
  return {
    lasting: !!attempt(() => localStorage),
    records: () => readAll(name),
    add: (record) => write(name, record),
  };
}

// `sent_at` tells a clock that is wrong, by the clock that stamped `at`: the device's, set forward by what it was `behind` the
// answers that the server had. Once it is past `at`, it may have been set right, and what it was behind tells nothing.
/** @type {typeof import('./stores.js').sent} */
export const sent = ({behind = 0, ...record}, now = Date.now()) =>
  ({...record, sent_at: new Date(now < instant(record.at) ? now + behind : now).toJSON()});

/** @type {typeof import('./stores.js').serverStore} */
export function serverStore(url, headers) {
  const call = async (request) => {
    const answer = await fetch(url, {cache: 'no-store', ...request});
    if (answer.redirected || !answer.ok) throw Error(`${answer.url} ${answer.status}`);
    return answer;
  };
  return {
    records: async () => (await (await call({headers})).json()).flat(), // what is no list fails, a text too
    // `keepalive`: the answer of somebody who leaves the page is sent all the same.
    add: (record) => call({
      method: 'POST', keepalive: true, body: JSON.stringify(sent(record)),
      headers: {'Content-Type': 'application/json', ...headers},
    }),
  };
}
