/* The list taken along, without a signal: who is here, how many, the guide, and what waits. */
import {
  accepted, addMark, available, dropMark, dropMeeting, giveKey, hasKey, lock, look,
  noteSending, numbers, sweep, touch,
} from "./kept-store.js";
import { childrenPart } from "./kept-children.js";

const root = document.querySelector("[data-kept]");
const part = (name, within = root) => within.querySelector(`[data-${name}]`);
const words = part("words").dataset;
const COUNTS = ["heads", "heads-new", "children"];
const MOST_AT_ONCE = 200;
let state = { meetings: [], marks: [], locked: 0 };
let current = null;
let tries = 0;
let timer = null;
let isSending = false;
let asked = 0;
let refused = false;

const children = childrenPart(root, words, (told) => tap(told));

// What the list says: as it was taken, then every mark in the order of the taps.
function folded(meeting) {
  const seats = new Map(meeting.seats.map((seat) => [seat.seat, { ...seat }]));
  const newcomers = new Map();
  const counts = { ...meeting.counts };
  const waiting = state.marks.filter((mark) => mark.meeting === meeting.number);
  const gone = new Set([...meeting.said, ...waiting].map((mark) => mark.withdraws));
  for (const mark of [...meeting.said, ...waiting]) {
    if (gone.has(mark.id)) continue;
    if (mark.about === "seat") seats.get(mark.seat).here = mark.is_here;
    else if (mark.about === "newcomer") newcomers.set(mark.newcomer, mark);
    else if (mark.about !== "withdrawn") counts[mark.about] = mark.count;
  }
  return { seats: [...seats.values()], newcomers: [...newcomers.values()], counts, waiting };
}

// Showing
function copyOf(name) {
  return part(`${name}-shape`).content.firstElementChild.cloneNode(true);
}
function fill(list, rows, shape) {
  list.replaceChildren(...rows.map(shape));
}
function seatShown(name, label, note, here, tapped) {
  const seat = copyOf("seat");
  const box = part("box", seat);
  part("name", seat).firstChild.data = `${label} `;
  part("note", seat).textContent = note;
  box.checked = Boolean(here);
  box.dataset.seat = name;
  box.addEventListener("change", () => tapped(box.checked));
  return seat;
}
function said(mark) {
  if (mark.child) return `${mark.label}: ${words[mark.about]}`;
  if (mark.about === "withdrawn") return words.withdrawn;
  if (COUNTS.includes(mark.about)) {
    const number = mark.count === null ? words.uncounted : String(mark.count);
    return `${words[mark.about.replace("-n", "N")]}: ${number}`;
  }
  return `${mark.label}: ${mark.is_here ? words.here : words.notHere}`;
}
function waitingShown(mark) {
  const row = copyOf("waiting");
  const time = new Date(mark.tapped_at).toTimeString().slice(0, 5);
  part("what", row).textContent = said(mark);
  part("when", row).textContent = time;
  const button = part("delete", row);
  part("of", button).textContent = ` ${said(mark)}`;
  // That somebody looked, or came in vain, is not for deleting; nor what may have arrived.
  const stays = ["withdrawn", "looked", "kept"].includes(mark.about);
  button.hidden = stays || (mark.child && mark.sent);
  button.addEventListener("click", () => remove(mark));
  return row;
}
function guideShown(step) {
  const row = copyOf("step");
  part("time", row).textContent = step.from;
  part("label", row).textContent = step.label;
  part("says", row).textContent = step.says;
  fill(part("lines", row), step.lines, (line) => {
    const item = document.createElement("li");
    item.textContent = line;
    return item;
  });
  return row;
}
function chooserShown(meeting) {
  const button = copyOf("meeting");
  const isChildren = meeting.kind === "children";
  button.textContent = isChildren ? `${words.children}: ${meeting.when}` : meeting.when;
  button.setAttribute("aria-pressed", String(meeting.number === current));
  button.addEventListener("click", () => {
    current = meeting.number;
    show();
  });
  return button;
}

function show() {
  const { meetings, marks, locked } = state;
  const meeting = meetings.find((each) => each.number === current) || meetings[0];
  current = meeting?.number ?? null;
  part("nothing").hidden = Boolean(meeting) || marks.length + locked > 0;
  part("locked").hidden = !locked;
  part("locked-number").textContent = locked;
  part("waiting").hidden = !marks.length;
  part("waiting-number").textContent = marks.length;
  fill(part("waiting-list"), marks, waitingShown);
  part("status").textContent = statusLine();
  part("asked").hidden = !asked;
  part("refused").hidden = !refused;
  const isChildren = meeting?.kind === "children";
  part("meeting").hidden = !meeting || isChildren;
  if (!isChildren) children.hide();
  part("choose").hidden = meetings.length < 2;
  fill(part("choose"), meetings, chooserShown);
  if (isChildren) children.show(meeting, marks.filter((each) => each.meeting === current));
  else if (meeting) showMeeting(meeting);
}
function showMeeting(meeting) {
  const { seats, newcomers, counts } = folded(meeting);
  part("when").textContent = meeting.when;
  const focused = document.activeElement?.dataset?.seat;
  const people = [
    ...seats.map((seat) =>
      seatShown(seat.seat, seat.alias, seat.note, seat.here, (here) =>
        tap({ about: "seat", seat: seat.seat, label: seat.alias, is_here: here }),
      ),
    ),
    ...newcomers.map((mark) =>
      seatShown(mark.newcomer, mark.alias, words.isNew, mark.is_here, (here) =>
        tap({ ...newcomer(mark.newcomer, mark.alias), is_here: here }),
      ),
    ),
  ];
  part("seats").replaceChildren(...people);
  if (focused) part("seats").querySelector(`[data-seat="${CSS.escape(focused)}"]`)?.focus();
  const here = [...seats, ...newcomers].filter((one) => one.here ?? one.is_here).length;
  part("total").textContent = here + (counts.heads || 0);
  COUNTS.forEach((name) => {
    const input = part(`count-${name}`);
    if (input !== document.activeElement) input.value = counts[name] ?? "";
  });
  if (part("guide").dataset.of !== meeting.number) {
    part("guide").dataset.of = meeting.number;
    fill(part("guide"), meeting.guide, guideShown);
  }
}
function statusLine() {
  if (!state.meetings.length && !state.marks.length) return "";
  if (!state.marks.length) return words.allSent;
  if (isEarly()) return words.early;
  return navigator.onLine ? words.sending : words.offline;
}
const isEarly = () =>
  state.meetings.some((each) => each.number === current && Date.now() < Date.parse(each.starts));

async function refresh() {
  state = await look();
  show();
}

// Tapping
const newcomer = (number, alias) => ({
  about: "newcomer", newcomer: number, alias, label: alias,
});
async function tap(told) {
  touch();
  await addMark(current, told);
  await refresh();
  tries = 0;
  send();
}
part("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const input = part("alias");
  const alias = input.value.trim().replace(/\s+/g, " ");
  const meeting = state.meetings.find((each) => each.number === current);
  const { seats, newcomers } = folded(meeting);
  const known = [...seats, ...newcomers].some(
    (one) => one.alias.toLowerCase() === alias.toLowerCase(),
  );
  part("alias-known").hidden = !known;
  if (!alias || known) return;
  input.value = "";
  await tap({ ...newcomer(crypto.randomUUID(), alias), is_here: true });
  input.focus();
});
COUNTS.forEach((name) => {
  part(`count-${name}`).addEventListener("change", (event) => {
    const { value, validity } = event.target;
    if (!validity.valid) return;
    tap({ about: name, count: value === "" ? null : Number(value) });
  });
});

// Deleting
async function remove(mark) {
  await navigator.locks.request("kept-sending", async () => {
    const now = (await look()).marks.find((each) => each.id === mark.id);
    if (!now) return;
    // It may have arrived: then it must be taken back there, too.
    if (now.child && now.sent) return;
    if (now.sent) await addMark(mark.meeting, { about: "withdrawn", withdraws: mark.id });
    await dropMark(mark.id);
  });
  await refresh();
  send();
}
part("wipe").addEventListener("click", () => part("wipe-sure").showModal());
part("wipe-no").addEventListener("click", () => part("wipe-sure").close());
part("wipe-yes").addEventListener("click", async () => {
  part("wipe-sure").close();
  await dropMeeting(current);
  await refresh();
});

// Sending
async function hello() {
  const answer = await fetch(root.dataset.hello, { cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
function post(number, what, token, told) {
  return fetch(`${root.dataset.kept}${number}/${what}/`, {
    method: "POST",
    redirect: "manual",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(told),
  });
}
async function lockAll() {
  for (const number of await numbers()) await lock(number);
  await refresh();
}
async function sendMarks(number, token) {
  const marks = state.marks.filter((mark) => mark.meeting === number).slice(0, MOST_AT_ONCE);
  if (!marks.length) return;
  await noteSending(marks.map((mark) => mark.id));
  const bare = marks.map(({ label, sent, meeting, ...told }) => told);
  const answer = await post(number, "marks", token, { marks: bare });
  if (answer.status === 404) return lock(number);
  if (answer.status === 410) {
    part("late").hidden = false;
    return dropMeeting(number);
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const told = await answer.json();
  asked = told.asked;
  refused = refused || told.refused.length > 0;
  const arrived = new Set([...told.kept, ...told.refused]);
  await accepted(number, marks.filter((mark) => arrived.has(mark.id)));
  state = await look();
  if (arrived.size) await sendMarks(number, token);
}
async function sendAll() {
  state = await look();
  const open = state.meetings.filter((each) => Date.now() < Date.parse(each.starts));
  const early = new Set(open.map((each) => each.number));
  const waiting = new Set(state.marks.map((mark) => mark.meeting).filter((n) => !early.has(n)));
  if (!waiting.size) return;
  const { signed_in: signedIn, token } = await hello();
  if (!signedIn) return lockAll();
  for (const number of waiting) await sendMarks(number, token);
}
async function send() {
  clearTimeout(timer);
  if (isSending) return;
  isSending = true;
  try {
    await navigator.locks.request("kept-sending", sendAll);
    tries = 0;
  } catch {
    tries += 1;
  }
  isSending = false;
  await refresh();
  if (state.marks.length) {
    const wait = Math.min(60_000, 1_000 * 2 ** Math.min(tries, 6)) * (0.5 + Math.random());
    timer = setTimeout(send, wait);
  }
}

/* With a signal, the server says whose this is: it gives the key to whoever took it, and to
   somebody else nothing. Without one, the device goes by the key it has, if it has one. */
async function recognise() {
  const known = await numbers();
  if (!known.length) return;
  const { signed_in: signedIn, token } = await hello();
  if (!signedIn) return lockAll();
  for (const number of known) {
    const answer = await post(number, "key", token, {});
    if (answer.ok) giveKey(number, (await answer.json()).key);
    // Somebody else is signed in here. Anything but this is a server that is busy or away.
    else if (answer.status === 404 && hasKey(number)) await lock(number);
  }
  touch();
}

async function begin() {
  if (!available()) {
    part("cannot").hidden = false;
    return;
  }
  await sweep();
  try {
    await recognise();
  } catch { /* No signal. */ }
  await refresh();
  send();
}
["pointerdown", "keydown"].forEach((kind) =>
  document.addEventListener(kind, touch, { passive: true, capture: true }),
);
window.addEventListener("online", () => {
  tries = 0;
  send();
});
window.addEventListener("offline", show);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") send();
});
setInterval(() => sweep().then(refresh), 60_000);
window.addEventListener("storage", (event) => {
  // Somebody left in another tab: the key is gone.
  if (event.key === "kept" || event.key === null) refresh();
});
begin();
