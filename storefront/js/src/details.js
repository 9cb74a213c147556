// What a dialog shows of one document: the version to look at, what changed for this customer, and what is announced.
// Pure. Types: details.d.ts.

import {asksAccept, mayDecline} from './answers.js';
import {since} from './changes.js';

/** @type {typeof import('./details.js').address} */
export function address({manifest, manifestUrl}, relative) {
  try {
    const {href} = new URL(relative, new URL(manifest.base ?? '', new URL(manifestUrl, globalThis.location?.href)));
    return /^(https?|mailto):/.test(href) ? href : null;
  } catch { return null; }
}

/** @type {typeof import('./details.js').details} */
export function details(review, id) {
  const state = review.result?.documents[id], policy = review.manifest?.documents[id];
  if (!state?.version) return null;
  const absolute = ({changes, redline}) => ({changes, redline: (redline ?? []).map((each) => address(review, each))});

  const look = (version) => {
    const row = policy.versions.find((each) => each.version === version);
    return {version, row, url: address(review, (row.translations?.[review.language] ?? row).url)};
  };

  // A version that is announced is shown as the change that it will be.
  const ahead = (version, records = []) => {
    const found = look(version), [{base}, facts] = review.judge(id, Date.parse(found.row.effective_at), records);
    return {...found, base, ...absolute(since(facts))};
  };

  const isAhead = state.state === 'upcoming';
  const shown = {
    ...state, policy, asksAccept: asksAccept(state), mayDecline: mayDecline(state),
    ...isAhead ? ahead(state.version) : {...look(state.version), ...absolute(since(review.facts.find(([{document}]) => document === id)[1]))},
  };
  // What would be asked next is told along with it.
  const answer = {id, document: id, action: 'accepted', ...shown.row, at: '9999-12-31T23:59:59Z'};
  const [next] = isAhead ? [state] : review.judge(id, undefined, [answer]);
  return {...shown, announced: !isAhead && next.state === 'upcoming' ? ahead(next.version, [answer]) : null};
}
