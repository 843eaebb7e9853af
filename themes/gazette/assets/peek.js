// Cards that come up at links to entries: what the link leads to, in a few words. They stand in the
// page, hidden; without this the links are plain links. A card can be pointed at, stays as long as
// it or its link is, and goes away at Escape (WCAG 2.2, 1.4.13).
(() => {
  "use strict";

  const BEFORE = 300; // milliseconds that a link is pointed at before its card comes up
  const AFTER = 250; // and until it goes, so that the pointer may move on to the card
  const GAP = 6; // pixels between both

  let shown = null;
  let link = null;
  let timer = 0;

  const cardOf = (node) => {
    const found = node instanceof Element ? node.closest("a[href]") : null;
    if (!found || found.closest(".peek")) return [];
    const drawn = found.href.baseVal; // in a drawing
    const { origin, pathname } = drawn ? new URL(drawn, location.href) : found;
    const card = document.querySelector(`.peek[data-peek="${CSS.escape(pathname)}"]`);
    const isElsewhere = origin !== location.origin || pathname === location.pathname;
    return card && !isElsewhere ? [found, card] : [];
  };

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

  function show(target, card, event) {
    hide();
    [link, shown] = [target, card];
    link.setAttribute("aria-describedby", card.id);
    // A link may go over several lines: the card belongs to that which is pointed at.
    const rects = [...link.getClientRects()];
    const under = rects.find((one) => event.clientY >= one.top && event.clientY <= one.bottom);
    place(under ?? rects[0] ?? link.getBoundingClientRect());
  }

  function hide() {
    clearTimeout(timer);
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
    const [target, card] = cardOf(event.target);
    if (card) later(BEFORE, () => show(target, card, event));
    else if (shown) later(AFTER, hide);
    else clearTimeout(timer);
  });
  document.addEventListener("pointerleave", () => shown && later(AFTER, hide));
  document.addEventListener("focusin", (event) => {
    const [target, card] = cardOf(event.target);
    if (card && target.matches(":focus-visible")) show(target, card, event);
    else if (shown && !shown.contains(event.target)) hide();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === link && !shown.matches(":hover")) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  document.addEventListener("explainer:renewed", hide);
  addEventListener("pagehide", hide);
  addEventListener("resize", hide);
})();
