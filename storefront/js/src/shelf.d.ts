/** Answers in IndexedDB, which has room where localStorage has none. */

/** What `work` asked of the answers in the database `name`, which is made if it isn't there. Rejected where that is denied. */
export function change<Value>(name: string, work: (answers: IDBObjectStore) => IDBRequest<Value>): Promise<Value>;
