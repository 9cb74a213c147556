// The answers of one customer in IndexedDB, where localStorage has no room for them. Types: shelf.d.ts.

/** @type {typeof import('./shelf.js').change} */
export const change = (name, work) => new Promise((done, fail) => {
  const opening = indexedDB.open(name);
  opening.onerror = fail;
  opening.onupgradeneeded = () => opening.result.createObjectStore('answers', {keyPath: 'id'});
  opening.onsuccess = () => {
    const transaction = opening.result.transaction('answers', 'readwrite'), asked = work(transaction.objectStore('answers'));
    transaction.onabort = fail;
    transaction.oncomplete = () => done(asked.result);
  };
});
