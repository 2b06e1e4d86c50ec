/* The children's list taken along: who is here, who comes and goes, with whom.

   What a tap means is worked out again where it arrives; here it is checked against the list as it
   was taken. ``tap`` keeps one mark; nothing here sends or stores anything. */
import { isCode, whoItIs } from "./adult-names.js";

const MOST_CODES = 5;

export function childrenPart(root, words, tap) {
  const part = (name, within = root) => within.querySelector(`[data-child-${name}]`);
  const section = part("list");
  const ask = part("ask");
  const form = part("ask-form");
  const wrongCodes = new Map();
  let meeting = null;
  let marks = [];
  let asked = null;

  // What the list says: as it was taken, then every mark in the order of the taps.
  function folded() {
    const children = new Map(
      meeting.children.map((each) => [each.child, { ...each, listed: [...each.listed] }]),
    );
    for (const mark of marks) {
      const child = children.get(mark.child);
      if (!child) continue;
      if (mark.about === "came") Object.assign(child, { here: true, since: mark.tapped_at });
      if (mark.about === "went") child.here = false;
      // A parent's yes is for the day.
      if (mark.parent_agrees || mark.seen === "parent") child.listed.push(mark.print);
    }
    return [...children.values()];
  }

  // Adults and children
  const adults = () => Number(part("adults").value) || 0;
  function cover(children) {
    const known = Object.values(meeting.bands).filter(Boolean);
    const strictest = known.length ? Math.min(...known) : null;
    let share = 0;
    for (const { band } of children) {
      const perAdult = band in meeting.bands ? meeting.bands[band] : strictest;
      if (!perAdult) return { needed: null, short: 0 };
      share += 1 / perAdult;
    }
    const needed = Math.ceil(share - 1e-9);
    return { needed, short: Math.max(0, needed - adults()) };
  }
  const acceptedShort = () => Math.max(0, ...marks.map((mark) => mark.short || 0));
  function shortWords({ needed }) {
    return `${words.tooFew} ${words.needed}: ${needed}. ${words.withThem}: ${adults()}.`;
  }

  // Showing
  function rowShown(child) {
    const row = part("shape").content.firstElementChild.cloneNode(true);
    const [needs, go] = [part("needs", row), part("go", row)];
    part("name", row).textContent = child.alias;
    const since = child.since ? `, ${words.since} ${clock(child.since)}` : "";
    part("age", row).textContent = child.age + (child.here ? since : "");
    needs.hidden = !child.here || !(child.allergies || child.needs);
    part("of", needs).textContent = ` ${child.alias}`;
    needs.addEventListener("click", () => showNeeds(child));
    go.firstChild.data = child.here ? words.signOut : words.signIn;
    go.classList.toggle("button-quiet", child.here);
    part("of", go).textContent = ` ${child.alias}`;
    go.addEventListener("click", () => open(child));
    return row;
  }
  const clock = (time) => new Date(time).toTimeString().slice(0, 5);

  function show(shown, waiting) {
    if (meeting?.number !== shown.number) {
      const last = [...shown.said, ...waiting].findLast((mark) => "adults" in mark);
      part("adults").value = last?.adults ?? shown.adults ?? 1;
    }
    meeting = shown;
    marks = [...shown.said, ...waiting];
    section.hidden = false;
    part("when").textContent = shown.when;
    const children = folded();
    const here = children.filter((child) => child.here);
    part("number").textContent = here.length;
    part("here").replaceChildren(...here.map(rowShown));
    part("away").replaceChildren(...children.filter((child) => !child.here).map(rowShown));
    part("nobody").hidden = here.length > 0;
    showCover(here);
  }
  function showCover(here) {
    const found = cover(here);
    part("too-few").hidden = !found.short;
    part("too-few-words").textContent = shortWords(found);
    const isFull = meeting.places !== null && here.length >= meeting.places;
    part("full").hidden = !isFull;
  }
  function hide() {
    meeting = null;
    section.hidden = true;
    [ask, part("keep"), part("known")].forEach((dialog) => dialog.close());
    part("known-words").textContent = "";
    form.reset();
  }

  // What is to be known, for as long as the child is here
  async function showNeeds(child) {
    await tap({ about: "looked", child: child.child, label: child.alias });
    part("known-title").textContent = child.alias;
    part("known-words").textContent = [child.allergies, child.needs].filter(Boolean).join("\n");
    part("known").showModal();
  }
  part("known").addEventListener("close", () => (part("known-words").textContent = ""));

  // Somebody comes, somebody goes
  function open(child) {
    asked = child;
    form.reset();
    wrong("");
    const comes = !child.here;
    part("ask-title").textContent = `${child.alias}: ${comes ? words.comes : words.goes}`;
    part("comes").hidden = !comes;
    part("goes").hidden = comes;
    part("ask-yes").textContent = comes ? words.signIn : words.handOver;
    const then = cover([...folded().filter((each) => each.here), child]);
    part("owed").hidden = !comes || then.short <= acceptedShort();
    part("owed-words").textContent = shortWords(then);
    ask.showModal();
  }
  function wrong(text) {
    part("wrong").textContent = text;
    part("wrong").hidden = !text;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const child = folded().find((each) => each.child === asked.child);
    const told = Object.fromEntries(new FormData(form));
    const who = await whoItIs(meeting.salt, child, told.adult);
    if (who.isEmpty) return wrong(words.noName);
    const found = child.here ? await goes(child, told, who) : comes(child, told, who);
    if (typeof found === "string") return wrong(found);
    ask.close();
    const common = { child: child.child, label: child.alias, adults: adults(), print: who.print };
    await tap({ ...common, adult: told.adult.trim(), ...found });
    if (who.isBarred) keep(child);
  });
  function comes(child, told, who) {
    const agrees = Boolean(told.parent_agrees);
    if (!who.isListed && !who.isBarred && !agrees) return words.notListedIn;
    const isOwed = !part("owed").hidden;
    if (isOwed && !told.accepts) return words.sayWhat;
    const short = isOwed ? cover([...folded().filter((each) => each.here), child]).short : 0;
    const accepts = isOwed ? told.accepts : "";
    return { about: "came", parent_agrees: agrees && !who.isBarred, accepts, short };
  }
  async function goes(child, told, who) {
    // Nobody learns from a wrong code or a missing tick that they are barred.
    if (who.isBarred) return { about: "kept", adult: "" };
    if (!told.seen) return words.howKnown;
    if (!who.isListed && told.seen !== "parent") return words.notListedOut;
    if (told.seen === "code") {
      const tries = wrongCodes.get(child.child) || 0;
      if (tries >= MOST_CODES) return words.tooManyCodes;
      if (!(await isCode(meeting.salt, child, told.code))) {
        wrongCodes.set(child.child, tries + 1);
        return words.wrongCode;
      }
    }
    return { about: "went", seen: told.seen };
  }
  function keep(child) {
    part("keep-title").textContent = `${words.keep} ${child.alias}`;
    part("keep").showModal();
  }
  root.querySelectorAll("[data-child-close]").forEach((button) =>
    button.addEventListener("click", () => button.closest("dialog").close()),
  );
  part("adults").addEventListener("change", () => {
    if (meeting) showCover(folded().filter((child) => child.here));
  });

  return { show, hide };
}
