// Answers that their store does not have yet. They outlive the page: in localStorage, or in IndexedDB where that has no
// room. Each waits for its own customer only. Types: outbox.d.ts.

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

  const database = (mode, work) => new Promise((done, fail) => {
    const opening = indexedDB.open(name);
    opening.onerror = fail;
    // Whoever only looks leaves no empty database behind.
    opening.onupgradeneeded = () => mode === 'readonly' ? opening.transaction.abort()
      : opening.result.createObjectStore('answers', {keyPath: 'id'});
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('answers', mode), asked = work(transaction.objectStore('answers'));
      transaction.onabort = fail;
      transaction.oncomplete = () => done(asked.result);
    };
  });

  return {
    waiting: () => [...attempt(() => readAll(name)) ?? [], ...shelf.values()],
    hold: (record) => attempt(() => localStorage.setItem(key(record), JSON.stringify(record)) ?? true),
    async shelve(record) {
      await database('readwrite', (answers) => answers.put(record));
      shelf.set(record.id, record);
    },
    async recall() {
      for (const record of await database('readonly', (answers) => answers.getAll())) shelf.set(record.id, record);
    },
    drop(record) {
      attempt(() => localStorage.removeItem(key(record)));
      if (shelf.delete(record.id)) database('readwrite', (answers) => answers.delete(record.id)).catch(() => {});
    },
  };
}
