// Cards that come up at links to entries: what the link leads to, in a few words. These stand in the
// page, hidden, or beside another link to the same entry; those of topics in one file that all pages
// share, too. Without this the links are plain links. A card can be pointed at, stays as long as it or
// its link is, and goes away at Escape (WCAG 2.2, 1.4.13).
(() => {
  "use strict";

  const BEFORE = 300; // milliseconds that a link is pointed at before its card comes up
  const AFTER = 250; // and until it goes, so that the pointer may move on to the card
  const GAP = 6; // pixels between both

  const made = new Map(); // path -> card that did not stand in the page
  let number = 0; // of cards made
  let topics = null; // promise of the file of topics
  let shown = null;
  let link = null;
  let wanted = null;
  let timer = 0;

  function linkAt(node) {
    const found = node instanceof Element ? node.closest("main a[href]") : null;
    // Who steps through results sees the summary of each: a card would cover the next ones.
    if (!found || found.closest(".peek, [data-results]")) return null;
    const drawn = found.href.baseVal; // in a drawing
    const { origin, pathname } = drawn ? new URL(drawn, location.href) : found;
    return origin === location.origin && pathname !== location.pathname ? [found, pathname] : null;
  }

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

  async function fromFile(path) {
    const url = document.querySelector("script[data-summaries]")?.dataset.summaries;
    if (!url) return;
    topics ??= fetch(url).then((answer) => answer.json()).catch(() => ({}));
    const found = (await topics)[path];
    return found && (made.get(path) ?? cardFrom(found));
  }

  async function cardOf(path) {
    const ready = document.querySelector(`.peek[data-peek="${CSS.escape(path)}"]`);
    if (ready) return ready;
    if (!made.get(path)?.isConnected) made.delete(path);
    const card = made.get(path) ?? fromPage(path) ?? (await fromFile(path));
    if (card) made.set(path, card);
    return card;
  }

  function place(rect) {
    shown.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = shown;
    const page = document.documentElement;
    const fits = rect.bottom + GAP + height <= page.clientHeight || rect.top < height + GAP;
    const start = getComputedStyle(page).direction === "rtl" ? rect.right - width : rect.left;
    const left = Math.max(GAP, Math.min(start, page.clientWidth - width - GAP));
    shown.style.top = `${(fits ? rect.bottom + GAP : rect.top - height - GAP) + scrollY}px`;
    shown.style.left = `${left + scrollX}px`;
  }

  async function show([target, path], event) {
    wanted = target;
    const card = await cardOf(path);
    if (wanted !== target) return; // the reader has moved on
    hide();
    if (!card) return;
    [link, shown] = [target, card];
    link.setAttribute("aria-describedby", card.id);
    // A link may go over several lines: the card belongs to that which is pointed at.
    const rects = [...link.getClientRects()];
    const under = rects.find((one) => event.clientY >= one.top && event.clientY <= one.bottom);
    place(under ?? rects[0] ?? link.getBoundingClientRect());
  }

  function hide() {
    clearTimeout(timer);
    wanted = null;
    if (!shown) return;
    shown.hidden = true;
    link.removeAttribute("aria-describedby");
    [link, shown] = [null, null];
  }

  function later(milliseconds, action) {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    if (shown?.contains(event.target) || link?.contains(event.target)) {
      clearTimeout(timer);
      return;
    }
    const found = linkAt(event.target);
    if (found) later(BEFORE, () => show(found, event));
    else if (shown) later(AFTER, hide);
    else hide();
  });
  document.addEventListener("pointerleave", () => shown && later(AFTER, hide));
  document.addEventListener("focusin", (event) => {
    const found = linkAt(event.target);
    if (found && event.target.matches(":focus-visible")) show(found, event);
    else if (shown && !shown.contains(event.target)) hide();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === link && !shown.matches(":hover")) hide();
    if (event.target === wanted) wanted = null;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  document.addEventListener("explainer:renewed", hide);
  addEventListener("pagehide", hide);
  addEventListener("resize", hide);
})();
