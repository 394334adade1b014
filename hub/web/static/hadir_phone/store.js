// What this phone keeps: its own key and who it belongs to, and how far its clock is off.

const NAME = "pontive-hadir";
const TABLE = "own";

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run(mode, act) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(TABLE, mode);
      const request = act(transaction.objectStore(TABLE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const read = (name) => run("readonly", (table) => table.get(name));
export const write = (name, value) => run("readwrite", (table) => table.put(value, name));
export const remove = (name) => run("readwrite", (table) => table.delete(name));
