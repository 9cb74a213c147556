// Answers that their store does not have yet. They outlive the page: in localStorage, or in IndexedDB (shelf.js) where that
// has no room. Each waits for its own customer only. Types: outbox.d.ts.

export function attempt(work) {
  try { return work(); } catch { return null; }
}

// One key a record: two tabs that write one list lose an answer between them.
export const readAll = (name) => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(`${name}:`))
  .map((key) => attempt(() => JSON.parse(localStorage.getItem(key))))) ?? [];

export const write = (name, record) => localStorage.setItem(`${name}:${record.id}`, JSON.stringify(record));

/** @type {typeof import('./outbox.js').createOutbox} */
export function createOutbox(name) {
  const shelf = new Map(); // what IndexedDB has
  const change = async (work) => (await import('./shelf.js')).change(name, work);

  return {
    waiting: () => [...readAll(name), ...shelf.values()],
    hold: (record) => attempt(() => write(name, record) ?? true),
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
      attempt(() => localStorage.removeItem(`${name}:${record.id}`));
      if (shelf.delete(record.id)) change((answers) => answers.delete(record.id)).catch(() => {});
    },
  };
}
