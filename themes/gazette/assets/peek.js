// Cards that come up at links to entries: what the link leads to, in a few words. They stand in the
// page, hidden, or cards.js makes them. Without this the links are plain links. A card can be pointed at,
// stays as long as it or its link is, and goes away at Escape (WCAG 2.2, 1.4.13).
(() => {
  "use strict";

  // Milliseconds that a link is pointed at before its card comes up, and until that goes, so that the
  // pointer may move on to it; pixels between both.
  const BEFORE = 300;
  const AFTER = 250;
  const GAP = 6;

  let shown = null;
  let link = null;
  let wanted = null;
  let timer = 0;

  function linkAt(node) {
    const found = node instanceof Element ? node.closest("main a[href]") : null;
    // Who steps through results sees the summary of each: a card would cover the next ones.
    if (!found || found.closest(".peek, [data-results]")) return null;
    // In a drawing it is an object.
    const drawn = found.href.baseVal;
    const { origin, pathname } = drawn ? new URL(drawn, location.href) : found;
    return origin === location.origin && pathname !== location.pathname ? [found, pathname] : null;
  }

  async function cardOf(path) {
    const ready = document.querySelector(`.peek[data-peek="${CSS.escape(path)}"]`);
    if (ready) return ready;
    const { cards, summaries } = document.querySelector("script[data-cards]").dataset;
    // Without an answer from the host a link is a plain link.
    return import(cards).then(({ find }) => find(path, summaries), () => null);
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
    // The reader may have moved on.
    if (wanted !== target) return;
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
