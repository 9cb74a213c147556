// Answers that their store does not have yet. They outlive the page: in localStorage, or in IndexedDB (shelf.js) where that
// has no room. Each waits for its own customer only. Types: outbox.d.ts.

export function attempt(work) {
  try { return work(); } catch { return null; }
}

// One key a record: two tabs that write one list lose an answer between them.
export const readAll = (name) => Object.keys(localStorage).filter((key) => key.startsWith(`${name}:`))
  .map((key) => attempt(() => JSON.parse(localStorage.getItem(key))));

/** @type {typeof import('./outbox.js').createOutbox} */
export function createOutbox(name) {
  const shelf = new Map(); // what IndexedDB has
  const key = ({id}) => `${name}:${id}`;
  const change = async (work) => (await import('./shelf.js')).change(name, work);

  return {
    waiting: () => [...attempt(() => readAll(name)) ?? [], ...shelf.values()],
    hold: (record) => attempt(() => localStorage.setItem(key(record), JSON.stringify(record)) ?? true),
    async shelve(record) {
      await change((answers) => answers.put(record));
      shelf.set(record.id, record);
    },
    async recall() {
      // To look leaves no empty database behind. Chromium makes an unhandled error of looking where an origin can have none.
      const found = origin === 'null' ? [] : await indexedDB.databases();
      if (!found.some((each) => each.name === name)) return;
      for (const record of await change((answers) => answers.getAll())) shelf.set(record.id, record);
    },
    drop(record) {
      attempt(() => localStorage.removeItem(key(record)));
      if (shelf.delete(record.id)) change((answers) => answers.delete(record.id)).catch(() => {});
    },
  };
}
