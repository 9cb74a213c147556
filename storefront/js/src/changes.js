// What changed for a customer between the version that they agreed to and the one in force: clause by clause, and where
// to read it. Pure. Types: changes.d.ts.

import {known, SEVERITIES} from './shape.js';
import {between} from './verdict.js';

/** @type {typeof import('./changes.js').changesOf} */
export const changesOf = ({changes}) => changes.map(({clause, title, severity, note = '', kinds = [], was = []}) =>
  ({clause, title, severity: known(severity), note, kinds, was}));

// What became of clauses in `steps`, in the last version's order, then those gone; `origins` are first ids.
/** @returns {any[]} */
function union(steps) {
  const each = steps.map(changesOf), all = each.flat(), living = new Map(), lost = new Map();
  const joined = (parts) => ({rows: parts.flatMap(({rows}) => rows), origins: [...new Set(parts.flatMap(({origins}) => origins))]});
  const add = (map, name, part) => map.set(name, joined([map.get(name) ?? part, part]));
  let order = [];
  for (const changes of each) {
    const before = new Map(living);
    for (const name of changes.flatMap(({was}) => was)) living.delete(name);
    for (const row of changes) {
      const {clause, kinds, was} = row, gone = kinds.includes('removed');
      const own = !kinds.includes('added') && (!was[0] || kinds.includes('merged') && (!was[1] || before.has(clause)));
      const past = (own ? [clause, ...was] : was).map((name) => before.get(name) ?? {rows: [], origins: [name]});
      if (lost.has(clause) && !gone) past.push(lost.get(clause)), lost.delete(clause);
      const now = joined([...past, {rows: [row], origins: []}]);
      if (gone) now.origins.forEach((name) => add(lost, name, {...now, origins: [name]})), living.delete(clause);
      else living.set(clause, now);
    }
    const older = order;
    order = changes.map((row) => row.clause).filter((name) => living.has(name));
    older.reduce((place, name) => {
      if (!order.includes(name)) order.splice(place, 0, name);
      return order.indexOf(name) + 1;
    }, 0);
    order = order.filter((name) => living.has(name));
  }
  for (const [name, part] of [...lost]) for (const heir of order.filter((each) => each === name || living.get(each).origins.includes(name))) {
    add(living, heir, part), lost.delete(name);
  }
  return [...order.map((name) => [name, living.get(name)]), ...lost].map(([clause, {rows, origins}]) => {
    const own = all.filter((row) => rows.includes(row)), gone = lost.has(clause);
    const told = (kind) => origins[0] && (gone ? ['added'] : ['added', 'removed']).includes(kind) ? 'modified' : kind;
    return {
      clause, title: (own.findLast((row) => row.clause === clause && !gone) ?? own.at(-1)).title,
      kinds: [...new Set(own.flatMap((row) => row.kinds.map(told)))].sort(),
      severity: SEVERITIES.findLast((word) => own.some(({severity}) => severity === word)),
      notes: [...new Set(own.map((row) => row.note).filter(Boolean))],
    };
  });
}

// The address of the redline from `base` to `cur`, or else of all that changed since `base`. Where a manifest tells of no
// such page: the fewest steps, the longest first.
function redlines({redline: {url, since, all_up_to, window}, rows}, base, cur) {
  const found = [], near = (from, to) => to.sequence <= all_up_to || to.sequence - from.sequence <= window;
  if (since && !near(base, cur)) return [since.replaceAll('{from}', base.version)];
  for (let from = base, to; from !== cur; from = to) {
    const within = between(rows, from, cur).filter((row) => near(from, row));
    to = within.findLast((row) => row.stands) ?? within.at(-1);
    if (!to) return [];
    found.push(url.replaceAll('{from}', from.version).replaceAll('{to}', to.version));
  }
  return found;
}

/** @type {typeof import('./changes.js').since} */
export function since({policy, base, cur, steps}) {
  if (!base || base === cur) return {changes: null, redline: null};
  return {changes: union(steps), redline: redlines(policy, base, cur)};
}
