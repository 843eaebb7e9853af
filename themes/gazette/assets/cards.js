// Makes cards for links whose card does not stand in the page (see peek.js): of what the page says of
// the entry under a headline, or of the file with the summaries of topics, which all pages share.

// Cards by path; how many there were; a promise of the file.
const made = new Map();
let number = 0;
let topics = null;

function cardFrom({ label, title, summary, lang }, date) {
  const card = document.createElement("div");
  card.className = "peek";
  card.id = `peek-made-${++number}`;
  card.hidden = true;
  const parts = [["label", label], ["peek-title", title, lang], ["peek-text", summary, lang], ["date", date]];
  for (const [name, text, language] of parts) {
    if (!text) continue;
    const part = document.createElement("p");
    part.className = name;
    part.textContent = text;
    if (language) [part.lang, part.dir] = [language, "auto"];
    card.append(part);
  }
  document.querySelector("main").append(card);
  return card;
}

// The summary of an entry may be seen elsewhere in the page, under its headline.
function fromPage(path) {
  for (const one of document.querySelectorAll("main .card-title a")) {
    const title = one.closest(".card-title");
    const text = one.pathname === path && title.parentElement.querySelector(":scope > :is(.card-text, .standfirst)");
    if (!text) continue;
    const [label, date] = [".label", ".date"].map((name) => text.closest("li, article")?.querySelector(name)?.textContent);
    return cardFrom({ label, title: one.textContent, summary: text.textContent, lang: title.lang }, date);
  }
}

async function fromFile(path, url) {
  if (!url) return;
  topics ??= fetch(url).then((answer) => answer.json()).catch(() => ({}));
  const found = (await topics)[path];
  return found && (made.get(path) ?? cardFrom(found));
}

// Returns the card of the entry at a path, or nothing; `url` is that of the file.
export async function find(path, url) {
  if (!made.get(path)?.isConnected) made.delete(path);
  const card = made.get(path) ?? fromPage(path) ?? (await fromFile(path, url));
  if (card) made.set(path, card);
  return card;
}
