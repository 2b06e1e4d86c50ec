/* Whether the adult who stands there may have a child, without anybody's name on the device.

   The list holds fingerprints; what is typed is made into one too, by the same rules as on the
   server: see ``domain/children/adults.py`` and ``children_list.py``. */
const LENGTH = 32;

/* A name as it is compared: without order, capitals, accents, dots and hyphens. */
export function wordsOf(name) {
  const plain = name.toUpperCase().toLowerCase().replaceAll("ς", "σ").normalize("NFKD");
  const bare = plain.replace(/\p{Mn}/gu, "").replace(/[^\p{L}\p{N}]/gu, " ");
  return [...new Set(bare.split(" ").filter(Boolean))].sort();
}

export async function fingerprint(salt, child, kind, text) {
  const raw = Uint8Array.from(salt.match(/../g), (pair) => parseInt(pair, 16));
  const how = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", raw, how, false, ["sign"]);
  const said = new TextEncoder().encode(`${kind} ${child} ${text}`);
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, said));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, LENGTH);
}

/* A typed name is taken for a barred adult's as soon as all its words are in theirs, or theirs in
   it: rather once too careful. */
export async function whoItIs(salt, child, name) {
  const words = wordsOf(name);
  const print = await fingerprint(salt, child.child, "adult", words.join(" "));
  const each = await Promise.all(words.map((word) => fingerprint(salt, child.child, "word", word)));
  const meant = (barred) =>
    barred.length > 0 &&
    (each.every((one) => barred.includes(one)) || barred.every((one) => each.includes(one)));
  return {
    print,
    isEmpty: !words.length,
    isBarred: words.length > 0 && child.barred.some(meant),
    isListed: child.listed.includes(print),
  };
}

export async function isCode(salt, child, typed) {
  const plain = typed.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
  return (await fingerprint(salt, child.child, "code", plain)) === child.code;
}
