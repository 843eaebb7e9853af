// What `explainer serve` adds to each page: it reloads what was built anew and keeps the reader's
// place, says why the site was not built, and shows what the page is made from. No release has it.
// Texts come from content that nobody has checked: they become text nodes, never markup.
(() => {
  "use strict";

  const script = document.currentScript;
  if (!script) return;

  const { page = "", session = "" } = script.dataset;
  const firstBuild = Number(script.dataset.build) || 0;
  const base = script.dataset.base || basePath();

  const PLACE = `place:${location.pathname}${location.search}`;
  const AWAY_AFTER = 2000; // milliseconds of silence before the reader is told
  const RETRY_AFTER = 1000;
  const MOST_PROBLEMS = 100;
  const LONGEST_TEXT = 600; // characters, as in the terminal: a message may quote anything
  const LONGEST_LINE = 400;
  const FIELD = "input, textarea, select, [contenteditable]";
  const PICTURE = /\.(svg|png|jpe?g|gif|webp|avif)$/i;
  const SHEET_PART = /\.(css|woff2?|ttf|otf)$/i;
  const PICTURES = {
    src: "img[src], source[src], video[src], audio[src], input[src], embed[src]",
    srcset: "img[srcset], source[srcset]",
    poster: "video[poster]",
    href: "link[rel~=icon][href], image[href]",
    data: "object[data]",
  };
  // What is obeyed instead of shown: control characters, and marks that turn the order of letters.
  const HIDDEN = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

  const isMissing = page === "404.html" && !location.pathname.endsWith("/404.html");

  let build = firstBuild;
  let stream = null;
  let retry = 0;
  let awayTimer = 0;
  let isAway = false;
  let isGone = false;
  let held = null; // the place that is being restored
  let problems = [];
  let hasFailed = false;
  let problemsKey = "";
  let about = null;
  let aboutTurn = 0;
  let renewal = 0;
  let returnTo = null;
  let isPanelOpen = Boolean(recall("sessionStorage", "panel"));
  const swaps = new Map(); // a style sheet's link -> the one that is about to follow it

  // ---- Small tools ----

  const list = (value) => (Array.isArray(value) ? value : []);
  const records = (value) => list(value).filter((one) => one && typeof one === "object");
  const texts = (value) => list(value).map(visible).filter(Boolean);
  const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

  function visible(value) {
    if (value === null || value === undefined || typeof value === "object") return "";
    return String(value).replace(HIDDEN, (mark) => {
      return `<U+${mark.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}>`;
    });
  }

  function shortened(value) {
    const text = visible(value);
    return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text;
  }

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children.filter(Boolean));
    return element;
  }

  const put = (parent, ...children) => parent.replaceChildren(...children.filter(Boolean));

  /** An element for text in any language: its direction is its own and does not leak. */
  const said = (tag, className, value) => make(tag, { class: className, dir: "auto" }, shortened(value));

  function button(id, text, action) {
    const element = make("button", { id, type: "button" }, text);
    element.addEventListener("click", action);
    return element;
  }

  // A browser may refuse storage; the preview then merely forgets.
  function recall(area, key) {
    try {
      return JSON.parse(window[area].getItem(`explainer-preview:${key}`));
    } catch {
      return null;
    }
  }

  function remember(area, key, value) {
    try {
      if (value === null) window[area].removeItem(`explainer-preview:${key}`);
      else window[area].setItem(`explainer-preview:${key}`, JSON.stringify(value));
    } catch { /* see above */ }
  }

  function decoded(path) {
    try {
      return decodeURIComponent(path);
    } catch {
      return path;
    }
  }

  function parsed(address) {
    return URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI) : null;
  }

  /** The site's path on the server, from the end of this page's address; null where it has another. */
  function basePath() {
    const here = decoded(location.pathname);
    const ends = page ? [page, page.replace(/(^|\/)index\.html$/, "$1")] : [];
    const end = ends.find((one) => here.endsWith(`/${one}`));
    return end === undefined ? null : here.slice(0, here.length - end.length);
  }

  /** An address within the site, with or without the base path; null where it leads elsewhere. */
  function within(url) {
    if (typeof url !== "string" || !url.startsWith("/")) return null;
    const target = parsed(url);
    if (target?.origin !== location.origin) return null;
    const path = target.pathname + target.search + target.hash;
    return base && !decoded(target.pathname).startsWith(base) ? base + path.slice(1) : path;
  }

  // ---- The stream of news ----

  function connect() {
    disconnect();
    if (document.hidden) return; // six connections are all that a browser has for one host
    expectNews();
    stream = new EventSource(`/_explainer/events?${new URLSearchParams({ page, session, build })}`);
    stream.addEventListener("state", (event) => hear(event.data));
    stream.addEventListener("error", () => {
      // Asked anew by ourselves: browsers wait long, give up at some answers, and ask for an old build.
      disconnect();
      expectNews();
      retry = setTimeout(connect, RETRY_AFTER);
    });
  }

  function disconnect() {
    clearTimeout(retry);
    stream?.close();
    stream = null;
  }

  function expectNews() {
    awayTimer ||= setTimeout(() => setAway(true), AWAY_AFTER);
  }

  function setAway(away) {
    clearTimeout(awayTimer);
    awayTimer = 0;
    isAway = away;
    renderNotices();
  }

  function rest() {
    disconnect();
    setAway(false);
  }

  function hear(data) {
    let state = null;
    try {
      state = JSON.parse(data);
    } catch { /* cut off */ }
    if (!state || typeof state !== "object") return;
    setAway(false);
    const files = new Set(list(state.files));
    const isFirst = firstBuild === 0 && state.build > 0;
    if (isGone || isFirst || isBehindSheet(files) || isBehindScript(files)) {
      if (state.page !== "gone") {
        reload();
        return;
      }
    } else if (state.page === "changed" && !isMissing) {
      renew();
      return;
    }
    if (isMissing && state.build > build) lookAgain();
    isGone = state.page === "gone";
    build = Number(state.build) || build;
    freshen(files);
    renderNotices();
    showProblems(records(state.problems), Boolean(state.failed));
    askAbout();
  }

  /** Load the page if there is one now where there was none. */
  async function lookAgain() {
    try {
      if ((await fetch(location.href, { method: "HEAD", cache: "no-store" })).ok) reload();
    } catch { /* the next build is another chance */ }
  }

  // ---- The new page in the place of the old one ----

  /** Change what has changed; where more than words and markup may have, load the page anew. */
  async function renew() {
    if (runsScripts(document)) {
      reload();
      return;
    }
    disconnect();
    const turn = ++renewal;
    let next = null;
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (answer.ok && !answer.redirected) {
        next = new DOMParser().parseFromString(await answer.text(), "text/html");
      }
    } catch { /* the server has ended: the reload will show it, or the page that is back */ }
    if (turn !== renewal) return;
    const newer = next && clientOf(next);
    const isOurs = newer?.dataset.page === page && newer.dataset.session === session;
    if (!isOurs || runsScripts(next) || sheetsOf(next) !== sheetsOf(document)) {
      reload();
      return;
    }
    patchAttributes(document.documentElement, next.documentElement);
    patch(document.head, next.head);
    patch(document.body, next.body);
    document.dispatchEvent(new Event("explainer:renewed"));
    build = Number(newer.dataset.build) || build;
    connect();
  }

  const clientOf = (tree) => tree.querySelector(`script[src="${script.getAttribute("src")}"]`);
  /** An address without the version that `newest` gave it. */
  const unversioned = (url) => parsed(url.replace(/[?&]v=\d+$/, ""))?.href;

  /** Whether scripts of the theme run that may have changed the page since, and would not do it anew. */
  function runsScripts(tree) {
    const runs = (one) => /^$|javascript|ecmascript|module/i.test(one.type) && !("renews" in one.dataset);
    return [...tree.scripts].some((one) => runs(one) && one !== clientOf(tree));
  }

  function sheetsOf(tree) {
    const sheets = [...tree.querySelectorAll("link[rel~=stylesheet], style")];
    return sheets.filter((one) => ![...swaps.values()].includes(one))
      .map((one) => unversioned(one.getAttribute("href") ?? "") + one.textContent).join("\n");
  }

  /** Make a node the same as another one, and leave alone what is the same in both. */
  function patch(old, now) {
    if (old.isEqualNode(now)) return;
    if (old.nodeName !== now.nodeName) {
      old.replaceWith(document.adoptNode(now));
      return;
    }
    if (old.nodeType !== Node.ELEMENT_NODE) {
      old.data = now.data;
      return;
    }
    patchAttributes(old, now);
    const mine = [...old.childNodes];
    const theirs = [...now.childNodes];
    while (mine.length && theirs.length && mine[0].isEqualNode(theirs[0])) {
      mine.shift();
      theirs.shift();
    }
    let behind = null;
    while (mine.length && theirs.length && mine.at(-1).isEqualNode(theirs.at(-1))) {
      behind = mine.pop();
      theirs.pop();
    }
    while (mine.length && theirs.length) patch(mine.shift(), theirs.shift());
    for (const one of mine) one.remove();
    for (const one of theirs) old.insertBefore(document.adoptNode(one), behind);
  }

  function patchAttributes(old, now) {
    // Whether a reader has opened it is none of the server's business.
    const isOurs = (name) => name === "open" && old.nodeName === "DETAILS";
    for (const { name, value } of [...now.attributes]) {
      const known = old.getAttribute(name) ?? "";
      const isNewest = /[?&]v=\d+$/.test(known) && unversioned(known) === unversioned(value);
      if (!old.hasAttribute(name) || (known !== value && !isNewest)) {
        if (!isOurs(name)) old.setAttribute(name, value);
      }
    }
    for (const { name } of [...old.attributes]) {
      if (!now.hasAttribute(name) && !isOurs(name)) old.removeAttribute(name);
    }
  }

  // ---- A reload that keeps the reader's place ----

  function reload() {
    disconnect(); // what is told from now on, the new page will hear
    remember("sessionStorage", PLACE, {
      x: held?.x ?? scrollX,
      y: held?.y ?? scrollY,
      focus: document.activeElement?.id,
      ownFocus: root.activeElement?.id,
      details: allDetails().map(([key, element]) => [key, element.open]),
      pictures: [...(held?.pictures ?? []), ...lazyPictures().filter(isSeen).map(pathOf)],
      restoration: held?.restoration ?? history.scrollRestoration,
    });
    history.scrollRestoration = "manual";
    location.reload();
  }

  const lazyPictures = () => [...document.images].filter((image) => image.loading === "lazy");
  const isSeen = (image) => image.complete && image.getBoundingClientRect().top < innerHeight;
  const pathOf = (image) => image.src.split("?")[0];

  /** All details of the page with a name that outlives edits elsewhere in it. */
  function allDetails() {
    const seen = new Map();
    return [...document.querySelectorAll("details")].map((element) => {
      const name = element.id || element.querySelector("summary")?.textContent || "";
      seen.set(name, (seen.get(name) ?? 0) + 1);
      return [`${seen.get(name)} ${name}`, element];
    });
  }

  function restorePlace() {
    const place = recall("sessionStorage", PLACE);
    remember("sessionStorage", PLACE, null);
    if (!place) return;
    if (performance.getEntriesByType("navigation")[0]?.type !== "reload") {
      history.scrollRestoration = place.restoration; // another visit: the reload never came
      return;
    }
    const wasOpen = new Map(place.details);
    for (const [key, element] of allDetails()) element.open = wasOpen.get(key) ?? element.open;
    focusQuietly(root.getElementById(place.ownFocus ?? "") ?? document.getElementById(place.focus ?? ""));
    hold(place);
  }

  /** Keep the page where it was until all that moves it is there, or the reader takes over. */
  function hold(place) {
    const inputs = ["wheel", "touchmove", "pointerdown", "keydown", "pagehide"];
    // A lazy picture above the place would never load, and the text below it would stand higher.
    const hurried = lazyPictures().filter((image) => place.pictures.includes(pathOf(image)));
    for (const image of hurried) image.loading = "eager";
    let quietFrames = 0;
    held = place;

    function letGo() {
      held = null;
      for (const type of inputs) removeEventListener(type, letGo, true);
      for (const image of hurried) image.loading = "lazy";
      history.scrollRestoration = place.restoration;
    }

    function isSettled() {
      const isLate = (image) => image.loading !== "lazy" && !image.complete;
      if (document.readyState !== "complete" || document.fonts.status !== "loaded") return false;
      return ![...document.images].some(isLate);
    }

    function step() {
      if (held !== place) return;
      scrollTo({ left: place.x, top: place.y, behavior: "instant" });
      quietFrames = isSettled() ? quietFrames + 1 : 0;
      if (quietFrames > 3) letGo();
      else requestAnimationFrame(step);
    }

    for (const type of inputs) addEventListener(type, letGo, { capture: true, passive: true });
    step();
  }

  // ---- Style sheets and pictures, without a reload ----

  /** Whether a sheet shows a changed picture: browsers do not ask for it again before a reload. */
  function isBehindSheet(files) {
    return performance.getEntriesByType("resource").some(({ initiatorType, name }) => {
      return initiatorType === "css" && PICTURE.test(fileOf(parsed(name), files));
    });
  }

  /** Whether a script that runs in the page is another one now. */
  function isBehindScript(files) {
    return [...document.scripts].some((one) => one.src && one !== script && fileOf(parsed(one.src), files));
  }

  function freshen(files) {
    const found = new Set();
    const isChanged = (url) => {
      const file = fileOf(url, files);
      if (file) found.add(file);
      return Boolean(file);
    };
    freshenPictures(isChanged);
    const sheets = [...document.querySelectorAll("link[rel~=stylesheet][href]")].filter((link) => {
      return ![...swaps.values()].includes(link) && parsed(link.href)?.origin === location.origin;
    });
    const changed = sheets.filter((link) => isChanged(parsed(link.href)));
    // What the page does not name itself, a sheet may: a font, a picture, an imported sheet.
    const isOther = (file) => !found.has(file) && (SHEET_PART.test(file) || PICTURE.test(file));
    const hasOther = [...files].some(isOther);
    for (const link of hasOther ? sheets : changed) swap(link);
  }

  /** Which of some outputs a URL shows; where the base path is not known, any end of it may fit. */
  function fileOf(url, files) {
    if (url?.origin !== location.origin) return "";
    let path = decoded(url.pathname);
    if (base) path = path.startsWith(base) ? `/${path.slice(base.length)}` : "";
    while (path.includes("/")) {
      path = path.slice(path.indexOf("/") + 1);
      if (files.has(path)) return path;
      if (base) break;
    }
    return "";
  }

  function newest(url) {
    url.searchParams.set("v", build);
    return url.href;
  }

  function freshenPictures(isChanged) {
    const fresh = (text) => {
      const url = parsed(text);
      return isChanged(url) ? newest(url) : text;
    };
    for (const [attribute, selector] of Object.entries(PICTURES)) {
      for (const element of document.querySelectorAll(selector)) {
        const old = element.getAttribute(attribute);
        // In a srcset the widths look like URLs of no output, and stay.
        const now = attribute === "srcset" ? old.replace(/[^\s,]\S*[^\s,]/g, fresh) : fresh(old);
        if (now !== old) element.setAttribute(attribute, now);
      }
    }
  }

  /** Put a newer sheet behind an old one, which goes when the newer one is there: nothing flashes. */
  function swap(link) {
    const address = newest(parsed(link.href));
    if (link.href === address || swaps.get(link)?.href === address) return;
    swaps.get(link)?.remove();
    const next = link.cloneNode();
    const follow = () => {
      if (swaps.get(link) !== next) return;
      if (link.sheet && next.sheet) next.sheet.disabled = link.sheet.disabled;
      swaps.delete(link);
      link.remove();
    };
    next.addEventListener("load", follow);
    next.addEventListener("error", follow);
    next.href = address;
    swaps.set(link, next);
    link.after(next);
    if (link.disabled) follow(); // never loads, so never tells
  }

  // ---- What is shown: the corner with its button and panel, notices, the problems ----

  const host = make("explainer-preview", { lang: "en" });
  const root = host.attachShadow({ mode: "open" });
  const status = make("p", { class: "unseen", role: "status", "aria-live": "polite" });
  const toggle = button("toggle", "", () => {
    if (hasFailed) showOverlay(overlay.hidden, true);
    else showPanel(panel.hidden);
  });
  const notices = make("div", { class: "notices", role: "status", "aria-live": "polite" });
  const dialog = { role: "dialog", tabindex: "-1", hidden: "" }; // not modal: the page stays in reach
  const panel = make("section", { id: "panel", class: "sheet", "aria-label": "Preview of this page", ...dialog });
  const overlay = make("section", { id: "problems", class: "sheet wide", "aria-labelledby": "heading", ...dialog });
  const stage = make("aside", { class: "stage", "aria-label": "Preview" }, toggle, notices, panel, overlay, status);

  function renderNotices() {
    const goneText = "This page is no longer part of the site. ";
    const home = make("a", { href: base ?? "/" }, "Go to the start");
    const shown = [
      isGone && make("p", {}, goneText, home),
      isAway && make("p", {}, "The preview has ended or is starting again."),
    ].filter(Boolean);
    // Left alone where they say it already: the link may have the reader's focus.
    if (shown.map((one) => one.textContent).join("") !== notices.textContent) notices.replaceChildren(...shown);
    toggle.classList.toggle("away", isAway);
  }

  function renderToggle() {
    const errors = problems.filter((one) => one.severity === "error").length;
    const warnings = hasFailed ? 0 : records(about?.warnings).length;
    const shown = hasFailed ? overlay : panel;
    put(
      toggle,
      make("span", { class: "dot", "aria-hidden": "true" }),
      make("span", {}, "Preview"),
      hasFailed && make("span", { class: "failed" }, errors ? count(errors, "error") : "not built"),
      warnings > 0 && make("span", { class: "count" }, count(warnings, "warning")),
      badge(about),
    );
    toggle.classList.toggle("failing", hasFailed);
    toggle.setAttribute("aria-controls", shown.id);
    toggle.setAttribute("aria-expanded", String(!shown.hidden));
  }

  function badge(entry) {
    const until = visible(entry?.until);
    const embargoed = until ? `Embargoed until ${until}` : "Embargoed";
    const words = { draft: "Draft", embargoed, expired: "Expired" };
    const text = Object.hasOwn(words, entry?.status) && words[entry.status];
    return text && make("span", { class: "badge" }, text);
  }

  const bar = (title, id, close) => make("div", { class: "bar" }, title, button(id, "Close", close));

  function focusQuietly(element) {
    element?.focus({ preventScroll: true });
  }

  function moveCorner() {
    const corner = stage.dataset.corner === "start" ? "end" : "start";
    stage.dataset.corner = corner;
    remember("localStorage", "corner", corner);
  }

  // ---- The panel ----

  function showPanel(isOpen) {
    const hadFocus = panel.contains(root.activeElement);
    isPanelOpen = isOpen;
    remember("sessionStorage", "panel", isOpen || null);
    panel.hidden = !isOpen;
    renderToggle();
    if (isOpen) focusQuietly(panel);
    else if (hadFocus) focusQuietly(toggle);
  }

  function askAbout() {
    const turn = ++aboutTurn;
    const ask = () => turn === aboutTurn && fetchAbout(turn);
    const idle = window.requestIdleCallback ?? ((callback) => setTimeout(callback, 200));
    const wait = () => idle(ask, { timeout: 2000 });
    if (document.readyState === "complete") wait();
    else addEventListener("load", wait, { once: true });
  }

  async function fetchAbout(turn) {
    try {
      const response = await fetch(`/_explainer/about?${new URLSearchParams({ page })}`, { cache: "no-store" });
      const facts = response.ok ? await response.json() : about;
      if (turn !== aboutTurn || JSON.stringify(facts) === JSON.stringify(about)) return;
      about = facts && typeof facts === "object" ? facts : null;
      renderPanel();
      renderToggle();
    } catch { /* the stream says that the server is away */ }
  }

  function renderPanel() {
    const focused = panel.contains(root.activeElement) ? root.activeElement.id : "";
    put(
      panel,
      bar(make("p", { class: "label" }, visible(about?.kind) || "Preview"), "close-panel", () => showPanel(false)),
      ...(about ? aboutParts() : [make("p", { class: "quiet" }, "What this page is made from is not known.")]),
      make("div", { class: "foot" }, button("corner", "Move to the other corner", moveCorner)),
    );
    if (focused) focusQuietly(root.getElementById(focused) ?? panel);
  }

  function aboutParts() {
    const todo = records(about.todo);
    const total = Number(about.todo_count) || todo.length;
    const warnings = records(about.warnings);
    return [
      said("h2", "title", about.title),
      badge(about),
      about.file && fileRow(about.file),
      ...part("Missing here", texts(about.missing).map((text) => said("li", "missing", text))),
      ...records(about.groups).flatMap((group) => part(visible(group.name), records(group.items).map(entryItem))),
      ...part(count(warnings.length, "warning"), problemItems(warnings, "warning")),
      ...part(`To do on this site (${total})`, todo.map(entryItem), total - todo.length),
    ];
  }

  function part(name, items, more = 0) {
    if (!items.length) return [];
    const rest = more > 0 && make("p", { class: "more quiet" }, `and ${more} more`);
    return [make("h3", { class: "label", dir: "auto" }, name), make("ul", {}, ...items), rest];
  }

  function fileRow(file) {
    const copy = button("copy", "Copy", async () => {
      try {
        await navigator.clipboard.writeText(file);
        status.textContent = copy.textContent = "Copied";
        setTimeout(() => { copy.textContent = "Copy"; }, 2000);
      } catch { /* not allowed: the path can still be selected */ }
    });
    copy.setAttribute("aria-label", "Copy the path of the file");
    return make("p", { class: "file" }, said("code", "path", file), navigator.clipboard && copy);
  }

  function entryItem(entry) {
    const address = within(entry.url);
    const title = said("bdi", "", entry.title || entry.file);
    const missing = texts(entry.missing);
    const notes = [visible(entry.note), missing.length > 0 && `missing: ${missing.join(", ")}`].filter(Boolean);
    const words = make("p", {}, address ? make("a", { href: address }, title) : title);
    const mark = badge(entry);
    if (mark) words.append(" ", mark);
    return make(
      "li",
      {},
      words,
      notes.length > 0 && said("p", "note", notes.join("; ")),
      entry.file && said("p", "path quiet", entry.file),
    );
  }

  // ---- The problems ----

  function showProblems(found, failed) {
    const key = JSON.stringify([found, failed]);
    if (key === problemsKey) return;
    const isMended = hasFailed && !failed;
    [problems, hasFailed, problemsKey] = [found, failed, key];
    if (failed) renderOverlay();
    if (isMended) status.textContent = "The site is built again.";
    if (!failed) remember("sessionStorage", "dismissed", null);
    const active = deepFocus();
    panel.hidden = failed || !isPanelOpen;
    showOverlay(failed && recall("sessionStorage", "dismissed") !== key, false, active);
  }

  const deepFocus = () => root.activeElement ?? document.activeElement;

  function showOverlay(isOpen, isAsked, active = deepFocus()) {
    const hadFocus = overlay.contains(active);
    if (isAsked) remember("sessionStorage", "dismissed", isOpen ? null : problemsKey);
    if (isOpen && !hadFocus) returnTo = active === document.body ? null : active;
    overlay.hidden = !isOpen;
    renderToggle();
    // Who is writing in a field of the page goes on writing.
    if (isOpen && !hadFocus && !active?.matches(FIELD)) focusQuietly(overlay);
    if (isOpen || !hadFocus) return;
    focusQuietly(returnTo);
    if (isAsked && deepFocus() !== returnTo) focusQuietly(toggle);
  }

  function renderOverlay() {
    const errors = problems.filter((one) => one.severity === "error");
    const warnings = problems.filter((one) => one.severity !== "error");
    const what = `The site was not built${errors.length ? `: ${count(errors.length, "error")}` : ""}.`;
    const seen = firstBuild ? "You see the last good version." : "There is no good version yet.";
    const focused = overlay.contains(root.activeElement) ? root.activeElement.id : "";
    const summary = make("summary", { id: "warnings" }, count(warnings.length, "warning"));
    status.textContent = `${what} ${seen}`;
    put(
      overlay,
      bar(make("h2", { id: "heading" }, `${what} ${seen}`), "dismiss", () => showOverlay(false, true)),
      problemList(errors, "error"),
      warnings.length > 0 && make("details", {}, summary, problemList(warnings, "warning")),
    );
    if (focused) focusQuietly(root.getElementById(focused) ?? overlay);
  }

  function problemList(found, noun) {
    return found.length > 0 && make("ul", { class: "problems" }, ...problemItems(found, noun));
  }

  function problemItems(found, noun) {
    const more = found.length - MOST_PROBLEMS;
    const items = found.slice(0, MOST_PROBLEMS).map(problemItem);
    return more > 0 ? [...items, make("li", { class: "quiet" }, `and ${count(more, `more ${noun}`)}`)] : items;
  }

  function problemItem(problem) {
    const place = problem.line > 0 ? `:${problem.line}${problem.column > 0 ? `:${problem.column}` : ""}` : "";
    return make(
      "li",
      {},
      make("p", { class: "place" }, said("bdi", "path", problem.file), place, " ", said("span", "code", problem.code)),
      said("p", "sentence", problem.message),
      typeof problem.source === "string" && problem.source && sourceLine(problem),
      ...list(problem.hints).map((hint) => said("p", "hint", hint)),
    );
  }

  /** The line of the file with its columns marked; a very long one is cut around them. */
  function sourceLine({ source, column, end_column: endColumn }) {
    const letters = Array.from(source); // columns count characters, not UTF-16
    const start = Math.min(Math.max(column - 1, 0), letters.length) || 0;
    const first = letters.length > LONGEST_LINE ? Math.max(start - LONGEST_LINE / 4, 0) : 0;
    const last = Math.min(first + LONGEST_LINE, letters.length);
    const end = Math.min(Math.max(endColumn - 1 || 0, start + 1), last);
    const piece = (from, to) => visible(letters.slice(from, to).join("").replaceAll("\t", "    "));
    const marked = column > 0 ? make("mark", {}, piece(start, end) || " ") : piece(start, end);
    const before = (first > 0 ? "…" : "") + piece(first, start);
    const after = piece(end, last) + (last < letters.length ? "…" : "");
    return make("pre", { class: "source", dir: "auto" }, before, marked, after);
  }

  // ---- Looks ----

  const STYLE = `
    :host { all: initial !important; position: fixed !important; inset: auto !important; z-index: 2147483647 !important; color-scheme: light dark !important; }
    @media print { :host { display: none !important; } }
    .stage {
      --paper: #fffdf8; --ink: #1c1917; --quiet: #5d564f; --hair: #d9d2c6; --shade: #f4efe6; --mark: #ffe08a; --fault: #9b1c1c; --good: #2f7d4f;
      --sans: system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", sans-serif;
      --serif: Georgia, "Iowan Old Style", "Times New Roman", "Liberation Serif", serif;
      --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
      position: fixed; inset: auto .75em .75em; display: flex; flex-direction: column-reverse; align-items: flex-end; gap: .5em;
      max-block-size: calc(100vh - 5em); max-block-size: calc(100dvh - 5em); pointer-events: none;
      color: var(--ink); font: .875em/1.45 var(--sans); text-align: start; overflow-wrap: anywhere;
    }
    @media (prefers-color-scheme: dark) {
      .stage { --paper: #221f1c; --ink: #ebe5db; --quiet: #b3aaa0; --hair: #48423c; --shade: #2d2925; --mark: #6b5200; --fault: #f2a7a0; --good: #7cc79a; }
    }
    .stage[data-corner="start"] { align-items: flex-start; }
    .stage > * { direction: ltr; box-sizing: border-box; max-inline-size: 100%; pointer-events: auto; }
    [hidden] { display: none !important; }
    .unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    h2, h3, p, ul, pre { margin: 0; padding: 0; font: inherit; }
    ul { list-style: none; }
    a { color: inherit; text-decoration-color: var(--fault); text-underline-offset: .15em; }
    a:hover { text-decoration-thickness: 2px; }
    :focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }

    button { min-block-size: 2.15em; padding: .2em .75em; border: 1px solid var(--hair); border-radius: 2px; background: var(--paper); color: var(--ink); font: 600 1em/1.3 var(--sans); cursor: pointer; }
    button:hover { background: var(--shade); }
    #toggle { display: flex; flex: none; flex-wrap: wrap; align-items: center; gap: .15em .65em; min-block-size: 2.5em; padding-inline: .85em; border-color: var(--quiet); box-shadow: 0 1px 4px #0003; text-align: start; }
    .dot { inline-size: 0; border: .3em solid var(--good); border-radius: 50%; }
    .failing .dot { border-color: var(--fault); }
    .away .dot { border-color: var(--quiet); border-width: .15em; inline-size: .3em; block-size: .3em; }
    .count, .failed { padding-inline-start: .65em; border-inline-start: 1px solid var(--hair); font-weight: 400; }
    .failed { color: var(--fault); font-weight: 600; }
    .badge { display: inline-block; padding: 0 .4em; border: 1px solid; border-radius: 2px; color: var(--fault); font: 600 .8571em/1.45 var(--sans); }

    .notices { display: grid; flex: none; gap: .5em; }
    .notices p { padding: .6em .85em; border: 1px solid var(--quiet); border-inline-start: 4px solid var(--fault); background: var(--paper); box-shadow: 0 1px 4px #0003; }
    .sheet { min-block-size: 0; flex: 0 1 auto; inline-size: 27em; padding: 0 1.15em 1.15em; overflow-y: auto; overscroll-behavior: contain; border: 1px solid var(--quiet); border-block-start: 3px solid var(--ink); background: var(--paper); box-shadow: 0 4px 24px #0004; }
    .sheet:focus-visible { outline-offset: -5px; }
    .wide { align-self: center; inline-size: 62em; border-block-start-color: var(--fault); }
    .bar { position: sticky; inset-block-start: 0; z-index: 1; display: flex; align-items: center; justify-content: space-between; gap: 1em; margin-inline: -1.15em; padding: .6em 1.15em; border-block-end: 1px solid var(--hair); background: var(--paper); }
    .bar button { flex: none; }
    .bar h2 { font: 600 1.2857em/1.25 var(--serif); text-wrap: balance; }
    .label { color: var(--quiet); font: 600 .8571em/1.4 var(--sans); letter-spacing: .06em; text-transform: uppercase; }
    .quiet { color: var(--quiet); }
    .title { margin-block: .6em .35em; font: 500 1.5714em/1.2 var(--serif); text-wrap: balance; }
    .path, .code { font: .8571em/1.45 var(--mono); }
    .file { display: flex; align-items: center; justify-content: space-between; gap: .75em; margin-block-start: .5em; }
    .file button { flex: none; font-weight: 400; }
    h3.label { margin-block-start: 1.5em; padding-block: .5em .35em; border-block-start: 1px solid var(--ink); }
    li + li { margin-block-start: .55em; }
    .missing::before { content: "– "; }
    .note { color: var(--quiet); }
    .more, .quiet { padding-block-start: .35em; }
    li .path.quiet { padding: 0; }
    .foot { margin-block-start: 1.5em; padding-block-start: 1em; border-block-start: 1px solid var(--hair); }
    .foot button { font-weight: 400; }

    .problems > li, details li { padding-block: .9em; border-block-end: 1px solid var(--hair); margin: 0; }
    .problems > li:last-child { border: 0; padding-block-end: 0; }
    .place { color: var(--quiet); font: .8571em/1.45 var(--mono); }
    .place .path { font-size: 1em; color: var(--ink); font-weight: 600; }
    .place .code { font-size: 1em; }
    .sentence { margin-block-start: .2em; font-size: 1.0714em; font-weight: 600; }
    .source { margin-block: .45em; padding: .5em .75em; border-inline-start: 3px solid var(--hair); background: var(--shade); font: .9286em/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
    mark { background: var(--mark); color: var(--ink); box-shadow: 0 2px var(--fault); }
    .hint { color: var(--quiet); }
    .hint::before { content: "→ "; }
    summary { padding-block: .75em; border-block-start: 1px solid var(--ink); font-weight: 600; cursor: pointer; }
    .problems + details { margin-block-start: 1em; }
    @media (forced-colors: active) { .dot { forced-color-adjust: none; } mark { outline: 1px solid; } }
  `;

  // ---- Start ----

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  root.append(stage);
  stage.dataset.corner = recall("localStorage", "corner") === "start" ? "start" : "end";
  panel.hidden = !isPanelOpen;
  renderPanel();
  renderToggle();
  document.documentElement.append(host);
  restorePlace();

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
    if (!overlay.hidden) showOverlay(false, true);
    else if (!panel.hidden) showPanel(false);
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : connect()));
  addEventListener("pagehide", rest); // an open stream would keep the page out of the back/forward cache
  addEventListener("pageshow", (event) => event.persisted && connect());
  connect();
  askAbout();
})();
