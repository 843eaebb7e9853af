// The search page. The index lies in many small files, which explainer/outputs/search.py writes and
// describes: of each shard, a query loads the file of terms for each of its words, and then what is
// shown of the entries that come first. Readers' words are folded and cut as explainer/content/words.py
// does it with authors' words: both must do the same, and a test holds one against the other.

const SILENT = /[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200d\u2060\u20d0-\u20ff\ufe20-\ufe2f\ufeff]+/g;
const SPELT = { ς: "σ", ł: "l", ø: "o", đ: "d", ð: "d", þ: "th", æ: "ae", œ: "oe", ħ: "h", ŋ: "n", ŧ: "t" };
const UNSPACED = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1100-\\u11ff\\u1780-\\u17ff\\u3005-\\u3007\\u3040-\\u30ff\\u3100-\\u31ff\\u3400-\\u9fff\\ua960-\\ua97f\\uac00-\\ud7ff\\u{20000}-\\u{3ffff}";
const PART = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, "gu");
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, "u");
const LONGEST = 40;

export function fold(text) {
  const bare = text.normalize("NFKD").replace(SILENT, "");
  const low = bare.toLowerCase().toUpperCase().toLowerCase();
  return low.replace(/[ςłøđðþæœħŋŧ]/g, (letter) => SPELT[letter]).normalize("NFC");
}

// The words of a text, folded; scripts without spaces in whole runs.
export function parts(text) {
  const words = fold(text).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.flatMap((word) => word.match(PART));
}

// What a reader looks for: terms, and whether each may be the beginning of a longer one.
export function wanted(text) {
  const found = new Map();
  for (const part of parts(text)) {
    const letters = [...part];
    if (!IS_UNSPACED.test(part)) found.set(letters.slice(0, LONGEST).join(""), letters.length > 1);
    else if (letters.length === 1) found.set(part, true);
    else for (let i = 1; i < letters.length; i++) found.set(letters[i - 1] + letters[i], false);
  }
  // A letter by itself is looked for where nothing else is: not the s of "China's".
  const long = [...found].filter(([term]) => term.length > 1 || IS_UNSPACED.test(term));
  return long.length ? long : [...found];
}

// ---- The index ----

class Index {
  #url;
  #files = new Map();

  constructor(url) {
    this.#url = new URL(url, location.href);
  }

  // Asks again whether a file is still what the browser has of it: the files change together.
  load(name) {
    if (!this.#files.has(name)) {
      const file = fetch(new URL(name, this.#url), { cache: "no-cache" }).then((answer) => {
        if (!answer.ok) throw new Error(`${answer.status} ${name}`);
        return answer.json();
      });
      file.catch(() => this.#files.delete(name));
      this.#files.set(name, file);
    }
    return this.#files.get(name);
  }

  async shards() {
    const { together, weights, shards } = await this.load(this.#url.pathname);
    this.together = together;
    this.weights = weights;
    return shards.map(([name, kind, count, pieces]) => {
      // Parts of one whole (story-2025_0, story-2025_1) go on beside each other.
      const whole = name.split("_")[0];
      const age = shards.findIndex(([other]) => other.split("_")[0] === whole);
      return { name, kind, count, pieces, age };
    });
  }

  // The entries of a shard with a term, as number -> weight.
  async #having(shard, term, begins) {
    const second = IS_UNSPACED.test(term) ? 0 : [...term][1]?.codePointAt(0) ?? 0;
    const piece = (term.codePointAt(0) * 31 + second) % shard.pieces;
    const terms = await this.load(`${shard.name}/${piece}.json`);
    const found = new Map();
    for (const [other, places] of Object.entries(terms)) {
      if (other !== term && !(begins && other.startsWith(term))) continue;
      let place = 0;
      for (const step of places) {
        place += step;
        if (step === 0) {
          // Too many have it for a list.
          for (let n = 0; n < shard.count; n++) if (!found.has(n)) found.set(n, 0);
          continue;
        }
        const number = Math.floor(place / this.weights);
        const weight = (place % this.weights) * (other === term ? 1 : 0.6);
        if (weight > (found.get(number) ?? -1)) found.set(number, weight);
      }
    }
    return found;
  }

  // All entries that have every one of the terms, those first in which they say most.
  async find(terms) {
    const shards = await this.shards();
    const having = await Promise.all(
      shards.map((shard) => Promise.all(terms.map(([term, begins]) => this.#having(shard, term, begins)))),
    );
    const all = shards.reduce((sum, shard) => sum + shard.count, 0);
    // A rare term says more than one that many entries have.
    const rarity = terms.map((_, n) => {
      const count = having.reduce((sum, maps) => sum + maps[n].size, 0);
      return Math.log(1 + (all - count + 0.5) / (count + 0.5));
    });
    const found = [];
    shards.forEach((shard, place) => {
      const [first, ...others] = having[place];
      for (const number of first.keys()) {
        if (!others.every((map) => map.has(number))) continue;
        const score = having[place].reduce((sum, map, n) => sum + map.get(number) * rarity[n], 0);
        found.push({ shard, number, score });
      }
    });
    // Shards stand newest first, and so do the entries within one.
    const age = ({ shard, number }) => shard.age + number / shard.count;
    return found.sort((one, other) => other.score - one.score || age(one) - age(other));
  }

  async shown({ shard, number }) {
    const file = await this.load(`${shard.name}/in-${Math.floor(number / this.together)}.json`);
    return file[number % this.together];
  }
}

// ---- The page ----

const AT_FIRST = { topic: 5, question: 5, story: 10 };
const MORE = 20;
const PAUSE = 150; // milliseconds without a key until what was typed is looked for

function start(form) {
  const index = new Index(form.dataset.index);
  const field = form.elements.q;
  const state = document.getElementById("search-state");
  const result = document.getElementById("search-result").content.firstElementChild;
  const language = document.documentElement.lang;
  const title = document.title;
  const forms = new Intl.PluralRules(language);
  let latest = 0; // number of the search that counts: an older one may come to its end behind it
  let timer = 0;
  let settled = true; // whether the next word typed begins another search, with its place in history

  const groups = Object.fromEntries(
    [...document.querySelectorAll("[data-results]")].map((part) => [
      part.dataset.results,
      { part, list: part.querySelector("ul"), more: part.querySelector("button"), found: [], next: 0 },
    ]),
  );

  function say(words, values = {}) {
    state.textContent = words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  function item(entry) {
    const node = result.cloneNode(true);
    const [when, link, also, text] = ["time", "a", "[data-also]", ".card-text"].map((one) => node.querySelector(one));
    link.href = entry.url;
    link.textContent = entry.title;
    text.textContent = entry.summary ?? "";
    if (entry.lang) {
      for (const one of [link.parentNode, text]) [one.lang, one.dir] = [entry.lang, "auto"];
    }
    if (entry.date) [when.textContent, when.dateTime] = [entry.date, entry.iso];
    else when.parentNode.remove();
    if (entry.also) also.querySelector("span").textContent = entry.also.join(", ");
    else also.remove();
    if (!entry.summary) text.remove();
    return node;
  }

  // Shows the next results of a kind; false where a later search has come in between.
  async function show(group, most, search) {
    const some = group.found.slice(group.next, group.next + most);
    const entries = await Promise.all(some.map((one) => index.shown(one)));
    if (search !== latest) return false;
    group.list.append(...entries.map(item));
    group.next += some.length;
    group.more.hidden = group.next >= group.found.length;
    return true;
  }

  function clear() {
    for (const group of Object.values(groups)) {
      group.part.hidden = true;
      group.list.replaceChildren();
      [group.found, group.next] = [[], 0];
    }
  }

  // While one types, a single letter is not looked for: more of it will come.
  async function search(typing = false) {
    clearTimeout(timer);
    const mine = ++latest;
    const query = field.value.trim();
    document.title = query ? `${query} – ${title}` : title;
    const terms = wanted(query);
    if (!terms.length || (typing && terms.every(([term, begins]) => term.length === 1 && !begins))) {
      clear();
      state.textContent = "";
      return;
    }
    try {
      const found = await index.find(terms);
      if (mine !== latest) return;
      clear();
      for (const [kind, group] of Object.entries(groups)) {
        group.found = found.filter((one) => one.shard.kind === kind);
        if (!group.found.length) continue;
        if (!(await show(group, AT_FIRST[kind], mine))) return;
        group.part.querySelector("[data-count]").textContent = group.found.length.toLocaleString(language);
        group.part.hidden = false;
      }
      const form = state.dataset[forms.select(found.length)] ?? state.dataset.other;
      const values = { count: found.length.toLocaleString(language), query };
      say(found.length ? form : state.dataset.nothing, values);
    } catch (error) {
      if (mine !== latest) return;
      clear();
      say(state.dataset.failed);
      console.error(error);
    }
  }

  function keep() {
    const url = new URL(location.href);
    if (field.value.trim()) url.searchParams.set("q", field.value.trim());
    else url.searchParams.delete("q");
    if (url.href === location.href) return;
    history[settled ? "pushState" : "replaceState"](null, "", url);
    settled = false;
  }

  function recall() {
    field.value = new URLSearchParams(location.search).get("q") ?? "";
    settled = true;
    search();
  }

  field.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (event.isComposing) return; // Chinese, Japanese, Korean: the word is not chosen yet
    timer = setTimeout(() => (keep(), search(true)), PAUSE);
  });
  field.addEventListener("compositionend", () => field.dispatchEvent(new Event("input")));
  field.addEventListener("change", () => (keep(), (settled = true)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep();
    settled = true;
    search();
  });
  for (const group of Object.values(groups)) {
    group.more.addEventListener("click", async () => {
      const first = group.next;
      // The button may go away: what it brought is read on from.
      if (await show(group, MORE, latest)) group.list.children[first].querySelector("a").focus();
    });
  }
  addEventListener("popstate", recall);

  // Up and down through the results, as in the list of a field.
  document.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const stops = [field, ...document.querySelectorAll("[data-results]:not([hidden]) .card-title a")];
    const place = stops.indexOf(document.activeElement);
    const next = stops[place + step];
    if (place < 0 || !next) return;
    event.preventDefault();
    next.focus();
  });

  document.getElementById("search-off").hidden = true;
  form.hidden = false;
  recall();
  if (!field.value) field.focus({ preventScroll: true });
}

const form = document.getElementById("search");
if (form) start(form);
