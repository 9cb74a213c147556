// The answers of one customer in IndexedDB, where localStorage has no room for them. Types: shelf.d.ts.

const shelves = new Map(); // each customer's, once that was read

const change = (name, work) => new Promise((done, fail) => {
  const opening = indexedDB.open(name);
  opening.onerror = fail;
  opening.onupgradeneeded = () => opening.result.createObjectStore('answers', {keyPath: 'id'});
  opening.onsuccess = () => {
    const transaction = opening.result.transaction('answers', 'readwrite'), asked = work(transaction.objectStore('answers'));
    transaction.onabort = fail;
    transaction.oncomplete = () => done(asked.result);
  };
});

/** @type {typeof import('./shelf.js').open} */
export async function open(name) {
  const found = await change(name, (answers) => answers.getAll()), answers = shelves.get(name) ?? new Map();
  shelves.set(name, answers);
  for (const record of found) answers.set(record.id, record);
  return {
    answers,
    async put(record) {
      await change(name, (stored) => stored.put(record));
      answers.set(record.id, record);
    },
    delete({id}) {
      if (answers.delete(id)) change(name, (stored) => stored.delete(id)).catch(() => {});
    },
  };
}
