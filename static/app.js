// What pages do beyond links and forms. No handler stands in the markup and nothing is evaluated,
// so the strict content security policy holds. Attributes it reads are listed in docs/front-end.md.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const page = document.documentElement;
const on = (type, act, root = document) => root.addEventListener(type, act);

// Lists that poll also listen to `catch-up`: a clock ran out (clocks.js), the page is seen again, the network is back.
const catchUp = () => window.htmx?.trigger(document.body, "catch-up");

// Toast
let hiding;
function toast(text) {
  const box = $("#toast");
  if (!box || !text) return;
  $("[data-words]", box).textContent = text;
  box.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(hideToast, 8000);
}
function hideToast() {
  const box = $("#toast");
  if (box) box.hidden = true;
}
on("toast", (event) => toast(event.detail.text ?? event.detail.value));

// Counts of the sidebar and of the bar of the phone, told with an answer that changed a part of the page.
on("counts", (event) => {
  for (const place of $$("[data-count]")) {
    const count = event.detail[place.dataset.count];
    if (count === undefined) continue;
    (place.firstElementChild ?? place).textContent = count;
    place.hidden = !count;
  }
});

// Says what went wrong where it went wrong: in the slot of the form, so that nothing typed is lost.
function problem(source, text) {
  const slot = slotFor(source);
  if (!slot) return toast(text);
  const note = document.createElement("div");
  note.className = "note bad";
  note.setAttribute("role", "alert");
  note.textContent = text;
  slot.replaceChildren(note);
  slot.scrollIntoView({ block: "nearest" });
}
function slotFor(source) {
  const meant = (slot) => !slot.closest("form") || slot.closest("form").contains(source);
  for (let place = source; place; place = place.parentElement) {
    const slots = $$("[data-problem]", place).filter(meant);
    const before = (slot) => slot.compareDocumentPosition(source) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (slots.length) return slots.findLast(before) ?? slots[0]; // the one right above it
  }
  return null;
}

// Dialogs. What htmx swaps into #dialog opens it; the focus goes back to what opened it.
// Going back replaces the whole body, so nothing of the page is kept here: it is looked up when it is used.
const dialog = () => $("#dialog");
let opener;
function openDialog(shown, from = document.activeElement) {
  if (!shown || shown.open) return;
  opener = from;
  shown.showModal();
  ($("[data-errors]", shown) ?? $("[autofocus], .q", shown) ?? shown).focus();
}
// A strip of tabs that is wider than the phone shows where one is.
function showTab() {
  for (const tab of $$(".tabs > [aria-current]")) {
    const [strip, place] = [tab.parentElement.getBoundingClientRect(), tab.getBoundingClientRect()];
    if (place.left >= strip.left && place.right <= strip.right) continue;
    tab.parentElement.scrollLeft += place.left - strip.left - (strip.width - place.width) / 2;
  }
}
function focusLost() {
  return !document.activeElement || document.activeElement === document.body;
}
// In a dialog that came back: to what is wrong; to its first choice where the swap took away what had the focus.
function focusIn(asking) {
  const wrong = $("[data-errors], [aria-invalid=true]", asking);
  (wrong ?? (focusLost() ? $("[autofocus]", asking) : null))?.focus();
}
function focusHeading(root) {
  const heading = root?.matches?.("h1, h2") ? root : $("[data-errors], h1, h2", root ?? document);
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
document.addEventListener("close", ({ target }) => { // it does not bubble, so it is caught on its way down
  if (!target.matches("dialog")) return;
  const back = opener?.closest("details.menu:not([open])")?.firstElementChild ?? opener; // a menu that closed
  const left = focusLost() || target.contains(document.activeElement);
  if (back?.isConnected) back.focus();
  else if (left) focusHeading($$("[data-focus]").find(visible) ?? $("#main")); // the act took its opener away
  if (target === dialog()) target.replaceChildren();
}, true);

on("click", (event) => {
  const target = event.target;
  const opens = target.closest("[data-open]");
  if (opens && document.getElementById(opens.dataset.open)) {
    event.preventDefault();
    openDialog(document.getElementById(opens.dataset.open), opens);
  }
  const closes = target.closest("[data-close]");
  if (closes?.closest("dialog")) {
    event.preventDefault();
    closes.closest("dialog").close();
  }
  if (target.matches("dialog") && event.detail) target.close();
  if (target.closest("[data-dismiss]")) hideToast();
  if (target.closest("[data-print]")) window.print();
  if (target.closest("[data-clear]")) clearPicks();
  const copies = target.closest("[data-copy]");
  if (copies) navigator.clipboard?.writeText(copies.dataset.copy).then(() => toast("Copied"));
  const also = target.closest("[data-also]"); // the link is followed (a call begins) and the dialog opens beside it
  if (also) htmx.ajax("GET", also.dataset.also, { source: also, target: "#dialog" });
  const asks = target.closest('[hx-target="#dialog"]');
  for (const menu of $$("details.menu[open]")) if (!menu.contains(target) || asks) menu.open = false;
});

// A menu that holds a form: its first field takes the focus. The event does not bubble, so it is caught on its way down.
document.addEventListener("toggle", ({ target }) => {
  if (target.matches("details[data-focus-first]") && target.open) $("input:not([type=hidden])", target)?.focus();
}, true);

// Sending. One request a form at a time; the button says so and is free again afterwards.
function busy(form, sending, button) {
  for (const one of $$("button:not([type=button])", form)) {
    if (!sending) one.removeAttribute("aria-busy");
    else if (!button || one === button) one.setAttribute("aria-busy", "true");
  }
  form.toggleAttribute("data-sending", sending);
}
const OFFLINE = "You are offline. Nothing was sent; what you typed is kept.";
document.addEventListener("submit", (event) => {
  const form = event.target;
  const theme = form.matches("[data-theme-form]") && event.submitter?.value;
  if (theme) page.dataset.theme = theme;
  if (form.hasAttribute("data-sending") || !navigator.onLine) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!navigator.onLine) problem(form, OFFLINE);
  } else if (form.getAttribute("method") === "post") busy(form, true, event.submitter);
}, true);
on("pageshow", () => $$("form[data-sending]").forEach((form) => busy(form, false)), window);

// htmx
const isUserAct = (element) => element.matches("form, button, a");
on("htmx:confirm", (event) => {
  const source = event.detail.elt;
  if (source.matches("button, a") && source.getAttribute("aria-busy") === "true") event.preventDefault();
  const { target } = event.detail; // on the phone a list has no pane beside it: the link is followed instead
  if (source.matches("a[data-row]") && target && !visible(target)) {
    event.preventDefault();
    location.href = source.href;
  }
});
on("htmx:beforeRequest", (event) => {
  const source = event.detail.elt;
  const polls = source.getAttribute("hx-trigger")?.includes("every");
  if (polls && (document.hidden || !navigator.onLine)) event.preventDefault();
  else if (source.matches("button, a")) source.setAttribute("aria-busy", "true");
});
on("htmx:afterRequest", (event) => {
  const source = event.detail.elt;
  if (source.matches("button, a")) source.removeAttribute("aria-busy");
  if (source.matches("form")) busy(source, false);
  const { status } = event.detail.xhr; // 0 when the server could not be reached
  const done = status >= 200 && status < 400 && event.detail.requestConfig.verb !== "get" && !stale;
  if (done) source.closest("#dialog")?.close();
});
on("htmx:targetError", (event) => busy(event.detail.elt, false));
let picked = [];
on("htmx:beforeSwap", (event) => {
  const { xhr, target, requestConfig } = event.detail;
  const elt = requestConfig?.elt ?? target; // the event comes from the target, the answer is for who asked
  if (signedOut(xhr)) {
    event.detail.shouldSwap = false;
    stale = true;
    return problem(elt, "You were signed out. Sign in in another tab and send this again; it is kept here.");
  }
  picked = $$("[name=pick]:checked", target).map((mark) => mark.value);
  const aimed = xhr.getResponseHeader("HX-Retarget");
  if (aimed) return;
  if (isRefusal(xhr)) aim(event, slotFor(elt));
  else if (xhr.status === 422) aim(event, elt.closest("#dialog, #dialog-page"));
});
function aim(event, target) {
  if (!target) return;
  event.detail.target = target;
  event.detail.swapOverride = "innerHTML";
  event.detail.shouldSwap = true;
  event.detail.isError = false;
}
const isRefusal = (xhr) => [403, 409, 422].includes(xhr.status) && !/<(html|form)\b/i.test(xhr.responseText);
function signedOut(xhr) {
  const address = $("meta[name=sign-in]")?.content;
  if (!address || !xhr.responseURL || location.pathname === address) return false;
  return new URL(xhr.responseURL).pathname === address;
}
// Signing in again changes the token that guards forms; this page takes over the new one.
let stale = false;
async function renew() {
  const answer = await fetch(location.href).catch(() => null); // not reached: as if nothing was renewed
  if (!answer?.ok || signedOut({ responseURL: answer.url })) return false;
  stale = false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body.getAttribute("hx-headers");
  document.body.setAttribute("hx-headers", fresh);
  for (const field of $$("[name=csrfmiddlewaretoken]")) field.value = JSON.parse(fresh)["X-CSRFToken"];
  return true;
}
async function sayTooOld(elt) {
  const renewed = await renew();
  problem(elt, renewed
    ? "This page was open for too long and is renewed now. Nothing was saved and nothing is lost: send it again."
    : "This page is too old to send. Nothing was saved; what you typed is kept here. Sign in in another tab, then send it again.");
  if (!renewed) stale = true;
}
on("htmx:afterSwap", (event) => {
  const { target, requestConfig } = event.detail;
  if (target?.id === "dialog") openDialog(target, requestConfig.elt);
  if (target?.matches("[data-problem]")) target.scrollIntoView({ block: "nearest" });
  if (target?.id === "palette-list") target.dataset.answers = $("#palette .q").value;
});
on("htmx:afterSettle", (event) => {
  const { target, elt, requestConfig } = event.detail;
  for (const mark of $$("[name=pick]", target)) mark.checked ||= picked.includes(mark.value);
  picked = [];
  if (requestConfig?.elt.matches("a[data-row]")) {
    for (const row of $$("a[data-row][aria-current]")) row.removeAttribute("aria-current");
    requestConfig.elt.setAttribute("aria-current", "true");
  }
  countPicks();
  if (!target) return; // a page of the history
  const asking = target.closest("dialog[open], #dialog-page");
  if (asking) return focusIn(asking);
  const asked = isUserAct(requestConfig?.elt ?? elt) && !$("dialog[open]");
  if (asked && (target.matches("[data-focus]") || focusLost())) focusHeading(target.isConnected ? target : $("#main"));
});
on("htmx:historyRestore", catchUp); // what the history kept is as old as the visit
const SAID = {
  403: "You may not do this. Your manager or an admin may.",
  404: "It is gone: merged, deleted, or the address is wrong.",
  429: "Too many requests. Wait a minute, then try again.",
  503: "The database cannot be reached. Nothing was saved; try again in a minute.",
};
on("htmx:responseError", (event) => {
  const { xhr, elt } = event.detail;
  if (!isUserAct(elt)) return;
  const said = xhr.getResponseHeader("HX-Trigger");
  if (said === "too-old") return sayTooOld(elt);
  if (said === "overtaken") return problem(elt, "Two people changed this at the same moment. Nothing was saved; try again.");
  if (said === "too-long") return problem(elt, "This question takes too long; narrow it. Nothing was saved.");
  problem(elt, SAID[xhr.status] ?? "Something broke on our side. Nothing was saved; try again.");
});
on("htmx:sendError", (event) => {
  if (!isUserAct(event.detail.elt)) return;
  problem(event.detail.elt, navigator.onLine ? "The server cannot be reached. Nothing was saved; try again." : OFFLINE);
});

// Network and visibility
function showNetwork() {
  const bar = $(".offline");
  if (bar) bar.hidden = navigator.onLine;
  page.toggleAttribute("data-offline", !navigator.onLine);
}
on("online", () => { showNetwork(); catchUp(); }, window);
on("offline", showNetwork, window);
on("visibilitychange", () => {
  if (document.hidden) return;
  if (stale) renew();
  catchUp();
});

// Selecting rows
function countPicks() {
  const whole = $("[name=whole]:checked");
  const number = whole ? whole.dataset.total : $$("[name=pick]:checked").length;
  for (const place of $$(".bulk [data-n]")) place.textContent = number;
  const all = $("[name=all]");
  if (!all) return;
  const marks = $$("[name=pick]");
  if (whole) for (const mark of marks) mark.checked = true;
  const ticked = marks.filter((mark) => mark.checked).length;
  all.checked = ticked > 0 && ticked === marks.length;
  all.indeterminate = ticked > 0 && ticked < marks.length;
}
function clearPicks() {
  for (const mark of $$("[name=pick], [name=all], [name=whole]")) mark.checked = false;
  countPicks();
}
on("change", ({ target }) => {
  if (!target.matches("[name=all], [name=pick], [name=whole]")) return;
  if (target.name === "all") for (const mark of $$("[name=pick]")) mark.checked = target.checked;
  if (target.name !== "whole" && !target.checked) for (const mark of $$("[name=whole]")) mark.checked = false;
  countPicks();
});

// Keyboard
const FIELDS = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const visible = (element) => element.getClientRects().length > 0;
let going = 0;

function press(key, root = document) {
  const target = $$(`[data-key="${CSS.escape(key)}"]`, root).find(visible);
  if (!target) return false;
  if (!target.matches(FIELDS)) target.click();
  if (target.matches("input, textarea, select")) target.focus(); // Enter sends what was chosen
  return true;
}
function move(step) {
  const rows = $$("[data-row]").filter(visible);
  if (!rows.length) return press(step > 0 ? "j" : "k"); // a lead's page: the one after it, the one before it
  const here = rows.findIndex((row) => row.matches(".kfocus") || row.contains(document.activeElement));
  const start = here < 0 ? rows.findIndex((row) => row.matches("[aria-current]")) : here;
  const row = rows[Math.min(Math.max(start + step, 0), rows.length - 1)];
  $(".kfocus")?.classList.remove("kfocus");
  row.classList.add("kfocus");
  (row.matches("a") ? row : $("a", row))?.focus();
}
function togglePick() {
  const row = $(".kfocus") ?? document.activeElement?.closest("[data-row]");
  const mark = row && $("[name=pick]", row);
  if (!mark) return;
  mark.checked = !mark.checked;
  countPicks();
}
function goTo(key) {
  const link = $$(`[data-go="${CSS.escape(key)}"]`)[0];
  if (link) location.href = link.href;
}
function escape() {
  for (const menu of $$("details.menu[open]")) { menu.open = false; $("summary", menu).focus(); }
  clearPicks();
}
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: togglePick,
  "?": () => openDialog($("#keys")),
  escape,
};
function palette(event) {
  const links = $$("#palette .list a").filter(visible);
  const here = links.indexOf(document.activeElement);
  const answers = $("#palette-list").dataset.answers;
  if (event.key === "Enter" && here < 0 && links.length && answers && answers === event.target.value) {
    event.preventDefault();
    return links[0].click();
  }
  if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  const next = here + (event.key === "ArrowDown" ? 1 : -1);
  (next < 0 ? $("#palette .q") : links[Math.min(next, links.length - 1)])?.focus();
}
on("keydown", (event) => {
  const { key, target } = event;
  if ((event.metaKey || event.ctrlKey) && key.toLowerCase() === "k" && $("#palette")) {
    event.preventDefault();
    return openDialog($("#palette"));
  }
  if ($("#palette[open]")) return palette(event);
  const name = key.toLowerCase();
  if (name === "escape" && target.closest?.("details.menu[open]")) return escape(); // from its fields too
  if (event.metaKey || event.ctrlKey || event.altKey || target.matches?.(FIELDS)) return;
  if (page.dataset.shortcuts === "off" && name !== "escape") return;
  const open = $("dialog[open]");
  if (open) {
    if (/^[1-9]$/.test(name) && !event.repeat && press(name, open)) event.preventDefault();
    return;
  }
  if (event.repeat && name !== "j" && name !== "k") return;
  if (Date.now() - going < 900) { going = 0; return goTo(name); }
  if (name === "g") { going = Date.now(); return; }
  if (KEYS[name]) return KEYS[name]();
  if (name.length === 1 && press(name)) event.preventDefault();
});

// The session ends: say so two minutes before, while there is time to save.
const ends = Number(document.body.dataset.sessionLeft);
if (ends > 120) setTimeout(() => toast("You will be signed out in 2 minutes. Save what you typed."), (ends - 120) * 1000);

$("[data-errors]")?.focus();
showNetwork();
showTab();
countPicks();
