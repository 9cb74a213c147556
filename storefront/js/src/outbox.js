// Answers that their store does not have yet. They outlive the page: in localStorage, or in IndexedDB (shelf.js) where that
// has no room. Each waits for its own customer only. Types: outbox.d.ts.

export function attempt(work) {
  try { return work(); } catch { return null; }
}

// One key a record: two tabs that write one list lose an answer between them.
export const readAll = (name) => attempt(() => Object.entries(localStorage).filter(([key]) => key.startsWith(`${name}:`))
  .map(([, text]) => attempt(() => JSON.parse(text)))) ?? [];

export const write = (name, record) => localStorage.setItem(`${name}:${record.id}`, JSON.stringify(record));

/** @type {typeof import('./outbox.js').createOutbox} */
export function createOutbox(name) {
  let shelf; // what IndexedDB has, once that was looked at
  const open = async () => shelf = await (await import('./shelf.js')).open(name);

  return {
    values: () => [...readAll(name), ...shelf?.answers.values() ?? []],
    set: (record) => attempt(() => write(name, record) ?? true),
    put: async (record) => (await open()).put(record),
    async open() {
      // To look leaves no empty database behind. Chromium makes an unhandled error of looking where an origin can have none.
      if (origin !== 'null' && (await indexedDB.databases()).some((each) => each.name === name)) await open();
    },
    delete(record) {
      attempt(() => localStorage.removeItem(`${name}:${record.id}`));
      shelf?.delete(record);
    },
  };
}
