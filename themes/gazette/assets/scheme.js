// The switch between light and dark colours. Without it the reader's system decides.
(() => {
  "use strict";

  const KEY = "colour-scheme";
  const page = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  // A browser may refuse storage; the choice then holds for this page only.
  function recall() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  function remember(scheme) {
    try {
      if (scheme === null) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, scheme);
    } catch { /* see above */ }
  }

  let chosen = recall();
  const isDark = () => (chosen ? chosen === "dark" : system.matches);

  function show() {
    if (chosen) page.dataset.scheme = chosen;
    else delete page.dataset.scheme;
    const button = document.getElementById("scheme");
    if (!button) return;
    button.hidden = false;
    button.setAttribute("aria-label", isDark() ? button.dataset.light : button.dataset.dark);
  }

  // Before anything is painted.
  show();
  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("explainer:renewed", show);
  system.addEventListener("change", show);
  addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    chosen = event.newValue;
    show();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#scheme")) return;
    const next = isDark() ? "light" : "dark";
    // Who wants what the system has follows it again.
    chosen = next === (system.matches ? "dark" : "light") ? null : next;
    remember(chosen);
    show();
  });
})();
