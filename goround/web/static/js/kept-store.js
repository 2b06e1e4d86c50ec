/* What a device keeps of a meeting taken along: locked, for a while, and gone at a word.

   IndexedDB holds nothing but locked boxes (AES-GCM). The key lies in localStorage, because only
   there it can be taken away in the very moment somebody leaves: without it a box is noise. The
   server has the key as well and gives it to whoever took the meeting along, and to nobody else.
   A mark that waits is kept, locked, until its owner signs in again, or until it is too late. */
const KEYS = "kept";
const TOUCHED = "kept-at";
const SHARED = "kept-shared";
const WIPE = "kept-wipe";
const HOUR = 3_600_000;
// Without a touch: a device of one's own may lie in a pocket for the length of a meeting.
const OWN_HOLDS = 3 * HOUR;
const SHARED_HOLDS = HOUR / 6;
const LATE = 14 * 24 * HOUR;

export const available = () =>
  Boolean(window.isSecureContext && window.indexedDB && window.crypto?.subtle && navigator.locks);

const exclusively = (work) => navigator.locks.request("kept", work);
const answer = (asked) =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

let base = null;
function database() {
  base ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("kept", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("meetings", { keyPath: "number" });
      asked.result.createObjectStore("marks", { keyPath: "id" });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
  return base;
}
async function changing(work) {
  const change = (await database()).transaction(["meetings", "marks"], "readwrite", {
    durability: "strict",
  });
  const done = new Promise((resolve, reject) => {
    change.oncomplete = resolve;
    change.onabort = () => reject(change.error);
  });
  const said = await work(change.objectStore("meetings"), change.objectStore("marks"));
  await done;
  return said;
}
async function all(name) {
  const store = (await database()).transaction(name).objectStore(name);
  return answer(store.getAll());
}

// Keys
const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const keys = () => JSON.parse(localStorage.getItem(KEYS) || "{}");
export const hasKey = (number) => number in keys();
export function giveKey(number, hex) {
  localStorage.setItem(KEYS, JSON.stringify({ ...keys(), [number]: hex }));
}
export function dropKey(number) {
  const left = keys();
  delete left[number];
  localStorage.setItem(KEYS, JSON.stringify(left));
}
export function touch() {
  localStorage.setItem(TOUCHED, String(Date.now()));
}
async function keyTo(number) {
  const hex = keys()[number];
  if (!hex) throw new Error("locked");
  return crypto.subtle.importKey("raw", bytes(hex), "AES-GCM", false, ["encrypt", "decrypt"]);
}
async function lockUp(number, id, told) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode(id);
  const plain = new TextEncoder().encode(JSON.stringify(told));
  const how = { name: "AES-GCM", iv, additionalData };
  return { iv, data: await crypto.subtle.encrypt(how, await keyTo(number), plain) };
}
async function unlock(number, id, box) {
  const additionalData = new TextEncoder().encode(id);
  const how = { name: "AES-GCM", iv: box.iv, additionalData };
  const plain = await crypto.subtle.decrypt(how, await keyTo(number), box.data);
  return JSON.parse(new TextDecoder().decode(plain));
}

/* What is in a box; null without its key, or with a key to something else. */
const opened = (number, id, box) =>
  hasKey(number) ? unlock(number, id, box).catch(() => null) : null;

// Meetings and marks
export async function keep({ key, ...meeting }) {
  giveKey(meeting.number, key);
  touch();
  const { number, is_shared: isShared } = meeting;
  if (isShared) localStorage.setItem(SHARED, "1");
  else localStorage.removeItem(SHARED);
  const until = Date.parse(meeting.until);
  const ends = Date.parse(meeting.ends);
  const box = await lockUp(number, number, { ...meeting, said: [] });
  await exclusively(() =>
    changing((meetings) => meetings.put({ number, until, ends, isShared, next: 1, box })),
  );
}

/* Everything that can be read now: meetings with their marks, and how many marks are locked. */
export async function look() {
  const [rows, waiting] = [await all("meetings"), await all("marks")];
  const meetings = [];
  for (const row of rows) {
    const told = await opened(row.number, row.number, row.box);
    if (told) meetings.push({ ...told, next: row.next });
  }
  const marks = [];
  for (const row of waiting) {
    const told = await opened(row.meeting, row.id, row.box);
    const { id, place, meeting, sent } = row;
    if (told) marks.push({ ...told, id, place, meeting, sent });
  }
  marks.sort((one, other) => one.place - other.place);
  return { meetings, marks, locked: waiting.length - marks.length };
}
export async function numbers() {
  const named = [...(await all("meetings")).map((row) => row.number)];
  return [...new Set([...named, ...(await all("marks")).map((row) => row.meeting)])];
}

export function addMark(number, told) {
  return exclusively(async () => {
    const id = crypto.randomUUID();
    const box = await lockUp(number, id, { ...told, tapped_at: new Date().toISOString() });
    await changing(async (meetings, marks) => {
      const meeting = await answer(meetings.get(number));
      const others = (await answer(marks.getAll())).filter((row) => row.meeting === number);
      const place = meeting?.next ?? Math.max(...others.map((row) => row.place)) + 1;
      const late = meeting ? meeting.until + LATE : others[0].late;
      marks.add({ id, meeting: number, place, late, sent: false, box });
      if (meeting) meetings.put({ ...meeting, next: place + 1 });
    });
  });
}
export function dropMark(id) {
  return exclusively(() => changing((_meetings, marks) => answer(marks.delete(id))));
}
/* Remember before sending: whether it arrived is not known until the answer is here. */
export function noteSending(ids) {
  return exclusively(() =>
    changing(async (_meetings, marks) => {
      for (const id of ids) {
        const row = await answer(marks.get(id));
        if (row) marks.put({ ...row, sent: true });
      }
    }),
  );
}
/* The server has these: they are part of what the meeting's list says, and wait no more. */
export function accepted(number, arrived) {
  return exclusively(async () => {
    const row = (await all("meetings")).find((each) => each.number === number);
    const box = row && (await lockUp(number, number, await withSaid(row, arrived)));
    await changing(async (meetings, marks) => {
      arrived.forEach((mark) => marks.delete(mark.id));
      if (box) meetings.put({ ...(await answer(meetings.get(number))), box });
    });
  });
}
async function withSaid(row, arrived) {
  const meeting = await unlock(row.number, row.number, row.box);
  // Nobody's name stays once it has arrived, nor what is to be known of a child who went home.
  const said = arrived.map(({ id, sent, meeting: _n, adult, ...told }) => ({ ...told, id }));
  const gone = new Set(said.filter((mark) => mark.about === "went").map((mark) => mark.child));
  const children = meeting.children?.map((child) =>
    gone.has(child.child) ? { ...child, allergies: "", needs: "" } : child,
  );
  return { ...meeting, children, said: [...meeting.said, ...said] };
}

// Going away
export function dropMeeting(number) {
  return exclusively(async () => {
    await changing(async (meetings, marks) => {
      meetings.delete(number);
      const rows = await answer(marks.getAll());
      rows.filter((row) => row.meeting === number).forEach((row) => marks.delete(row.id));
    });
    dropKey(number);
  });
}
/* Nobody reads anything here before the same person has signed in. The list of a shared device
   goes for good; marks that wait stay, locked. */
export async function lock(number) {
  dropKey(number);
  await exclusively(() =>
    changing(async (meetings) => {
      const row = await answer(meetings.get(number));
      if (row?.isShared) meetings.delete(number);
    }),
  );
}
/* What is over goes: on every visit, and while the page is open. */
export async function sweep() {
  const now = Date.now();
  const touched = Number(localStorage.getItem(TOUCHED) || 0);
  const wipe = localStorage.getItem(WIPE);
  const rows = await all("meetings");
  const holds = (row) =>
    row.isShared ? now < touched + SHARED_HOLDS : now < Math.max(touched, row.ends) + OWN_HOLDS;
  for (const row of rows) {
    if (!hasKey(row.number)) continue;
    if (now >= row.until || !holds(row)) await lock(row.number);
  }
  await exclusively(() =>
    changing(async (meetings, marks) => {
      const gone = (row) => wipe || now >= row.until || (row.isShared && !hasKey(row.number));
      rows.filter(gone).forEach((row) => meetings.delete(row.number));
      const late = (await answer(marks.getAll())).filter((row) => now >= row.late);
      late.forEach((row) => marks.delete(row.id));
    }),
  );
  localStorage.removeItem(WIPE);
}
