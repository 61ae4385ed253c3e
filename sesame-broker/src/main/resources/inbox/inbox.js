// Makes the pages live. Everything works without it: it changes nothing, decides nothing, and shows only what the broker wrote as a page.
"use strict";

const body = document.body;
const behind = body.dataset.now ? Date.parse(body.dataset.now) - Date.now() : 0;
const now = () => Date.now() + behind;
const main = document.getElementById("main");

/* Times */

const parts = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
const thisYear = new Intl.DateTimeFormat(undefined, parts);
const anyYear = new Intl.DateTimeFormat(undefined, { ...parts, year: "numeric" });

function left(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds <= 0) return "time is over";
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days left`;
  if (hours >= 1) return `${hours} h ${minutes % 60} min left`;
  return minutes >= 1 ? `${minutes} min ${seconds % 60} s left` : `${seconds} s left`;
}

function tell() {
  for (const time of document.querySelectorAll("[data-countdown]")) {
    const rest = Date.parse(time.dateTime) - now();
    const text = left(rest);
    if (time.textContent !== text) time.textContent = text;
    time.classList.toggle("soon", rest < 60_000);
  }
}

function localize() {
  for (const time of document.querySelectorAll("[data-moment]")) {
    time.title = time.dateTime;
    const at = new Date(time.dateTime);
    time.textContent = (at.getFullYear() === new Date(now()).getFullYear() ? thisYear : anyYear).format(at);
  }
}

function say(text) {
  document.getElementById("said").textContent = text;
}

/* The answer: one tap sends one. */

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id !== "answer") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
});

// Coming back by the browser's own button shows the page as it was: ask anew.
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

/* Keys */

const rows = () => [...document.querySelectorAll("a.row")];

function step(by) {
  const all = rows();
  const at = all.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
  all[next]?.focus();
}

/** From the list, to the request's own page: nobody answers what they haven't seen. */
function answerWith(id) {
  const button = document.getElementById(id);
  if (button) return button.focus();
  const row = document.activeElement;
  if (row?.matches("a.row")) location.assign(`${row.href}#${id}`);
}

const inbox = `${body.dataset.root}inbox`;

function search() {
  const field = document.getElementById("search");
  if (field) field.focus(); else location.assign(`${inbox}#search`);
}

function up() {
  const crumb = document.querySelector(".crumb a");
  if (crumb) crumb.click(); else if (!document.getElementById("list")) location.assign(inbox);
}

const does = {
  j: () => step(1),
  k: () => step(-1),
  a: () => answerWith("approve"),
  d: () => answerWith("deny"),
  u: up,
  "/": search,
  "?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("textarea, select, input:not([type=radio])");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const key = does[event.key.toLowerCase()]; // the shift lock may be on
  if (!key) return;
  event.preventDefault();
  key();
});

document.getElementById("keys-close")?.addEventListener("click", () => document.getElementById("keys").close());
if (["#approve", "#deny", "#search"].includes(location.hash)) document.querySelector(location.hash)?.focus();

/* Live */

const request = () => document.querySelector("[data-request]");

/** The story as the broker wrote it, before its times were made local. */
const wordsOf = (page) => page.querySelector(".story")?.textContent;
const dueOf = (page) => Date.parse(page.querySelector(".story")?.dataset.due);
let words = wordsOf(document);
let due = dueOf(document);

/** The least that has to change: what is typed, in focus or read in another part is left alone. */
function changed(fresh) {
  const part = request() ? "[data-request]" : "#list";
  const [old, next] = [document.querySelector(part), fresh.querySelector(part)];
  if (!old || !next) return null;
  if (part === "#list") return old.innerHTML === next.innerHTML ? null : part;
  if (old.dataset.version !== next.dataset.version) return part;
  return words === wordsOf(fresh) ? null : ".story";
}

const fieldsOf = (part) => [...part.querySelectorAll("textarea, select, input:not([type=hidden])")];
const named = (part) => fieldsOf(part).map((field) => `${field.name} ${field.type}`).join("\n");

function holds(field) {
  if (field.type === "radio" || field.type === "checkbox") return field.checked;
  return field.tagName === "SELECT" ? field.selectedIndex : field.value;
}

/** Whether somebody is at a form: the focus is in it, or it holds what the broker didn't write there. */
function inUse(old, next) {
  if (!fieldsOf(old).length || named(old) !== named(next)) return false;
  const others = fieldsOf(next);
  return old.contains(document.activeElement) || fieldsOf(old).some((field, index) => holds(field) !== holds(others[index]));
}

/** All of the request's page anew, but for forms in use: these stay where they are, and only what they carry unseen changes. */
function renew(old, next) {
  let at = old.firstElementChild;
  for (const part of [...next.children]) {
    const same = part.id && old.querySelector(`:scope > #${part.id}`);
    if (!same || !inUse(same, part)) { old.insertBefore(part, at); continue; }
    while (at && at !== same) { const gone = at; at = at.nextElementSibling; gone.remove(); }
    at = same.nextElementSibling;
    for (const field of part.querySelectorAll("input[type=hidden]")) {
      const own = same.querySelector(`input[type=hidden][name="${field.name}"]`);
      if (own) own.value = field.value;
    }
  }
  while (at) { const gone = at; at = at.nextElementSibling; gone.remove(); }
  old.dataset.version = next.dataset.version;
}

/** What was typed into a form that is gone by now, because the request was decided: it was never sent, and is there to copy. */
function keepUnsent(old, next) {
  const typed = [...old.querySelectorAll("textarea, input[type=text]")].filter((field) =>
    !field.form?.dataset.sent && field.value.trim() && field.value !== field.defaultValue && !next.querySelector(`#${field.id}`));
  if (!typed.length || document.getElementById("unsent")) return;
  const unsent = document.createElement("section");
  unsent.id = "unsent";
  unsent.className = "standing";
  const heading = document.createElement("h2");
  heading.textContent = "You had typed this, and it wasn't sent";
  unsent.append(heading, ...typed.map((field) => Object.assign(document.createElement("pre"), { textContent: field.value })));
  old.before(unsent);
}

/** Puts what the broker shows now in place of what stands here; what is being typed, folded open or in focus stays so. */
function replace(fresh) {
  due = dueOf(fresh);
  const part = changed(fresh);
  if (!part) return;
  words = wordsOf(fresh);
  patience = SECOND;
  const old = document.querySelector(part);
  const next = fresh.querySelector(part);
  const focused = document.activeElement?.id;
  keepUnsent(old, next);
  // In these parts what has no name keeps its order: nothing goes, and what comes, comes last.
  for (const folds of [".theirs details", ".story li details", "details[id]"]) {
    const others = [...next.querySelectorAll(folds)];
    old.querySelectorAll(folds).forEach((details, index) => {
      const other = details.id ? next.querySelector(`#${details.id}`) : others[index];
      if (other) other.open = details.open;
    });
  }
  if (part === "[data-request]") renew(old, document.adoptNode(next)); else old.replaceWith(document.adoptNode(next));
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  document.title = fresh.title;
  localize();
  tell();
}

/** After a refused form the address is the form's, which can't be looked at. */
const address = () => location.href.replace(/(\/approvals\/[^/?#]+)\/[^?#]+/, "$1");

/** Something happened that couldn't be looked at. */
let stale = false;
let loading = false;
let again = false;

async function reload() {
  if (loading) { again = true; return; }
  loading = true;
  try {
    const answer = await fetch(address(), { headers: { Accept: "text/html" }, cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.status >= 500) throw new Error("not now");
    stale = false;
    if (!fresh.body.dataset.cursor) return leave(fresh); // it is made for nobody in particular
    cursor = fresh.body.dataset.cursor;
    if (stream?.readyState === EventSource.OPEN) offline(false);
    replace(fresh);
  } catch {
    stale = true;
    offline(true);
  } finally {
    loading = false;
    if (again) { again = false; reload(); } else lookLater();
  }
}

const SECOND = 1_000;
const MINUTE = 60_000;
let looking = null;
let patience = SECOND;

/** What the broker sends about a request is no event: its page looks again when something is due, and once a minute. */
function lookLater() {
  clearTimeout(looking);
  if (ended || document.hidden || !request()) return;
  const rest = due - now();
  let wait = rest > 0 ? rest + SECOND / 2 : MINUTE;
  // What is due and isn't done may never be: it is looked for less and less often.
  if (rest <= 0) { wait = patience; patience *= 2; }
  looking = setTimeout(reload, Math.min(wait, MINUTE));
}

/** Signed out elsewhere, or gone: nothing stays on the screen that may not be read any more. */
function leave(fresh) {
  stream?.close();
  ended = true;
  main.replaceChildren(...document.adoptNode(fresh.getElementById("main")).childNodes);
  document.title = fresh.title;
  say(fresh.title);
}

function offline(is) {
  const notice = document.getElementById("offline");
  if (notice) notice.hidden = !is;
}

let stream = null;
let cursor = body.dataset.cursor;
let ended = false;
let retry = 0;

function happened(event) {
  cursor = event.lastEventId;
  const what = JSON.parse(event.data);
  const shown = request();
  if (shown && shown.dataset.request !== what.approval_id) return;
  if (!shown && event.type === "changed") return lookSoon(what.status);
  if (event.type === "asked") say(`New request: ${what.summary}`);
  if (event.type === "decision") say(`A request is ${what.status}.`);
  reload();
}

let soon = null;

/** More time, or a run that goes on: a list shows it within seconds, however many there are. */
function lookSoon(status) {
  const list = document.getElementById("list");
  if (list?.dataset.pending !== `${status === "pending"}`) return;
  soon ??= setTimeout(() => { soon = null; reload(); }, 2 * SECOND);
}

function connect() {
  if (ended || document.hidden || stream) return;
  stream = new EventSource(`${body.dataset.root}v1/inbox/stream?cursor=${encodeURIComponent(cursor)}`);
  stream.addEventListener("ready", (event) => {
    cursor = event.lastEventId;
    retry = 0;
    offline(false);
    if (stale) reload();
  });
  for (const name of ["asked", "decision", "changed"]) stream.addEventListener(name, happened);
  stream.onerror = () => {
    offline(true);
    stream.close();
    stream = null;
    retry = Math.min(retry + 1, 6);
    // A cursor too old, a session that ended, a broker that restarts: the page itself says which.
    setTimeout(async () => { await reload(); connect(); }, 2 ** retry * 250 * (0.75 + Math.random() / 2));
  };
}

// A browser holds six connections to one host: a page that nobody sees needs none.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    stream?.close();
    stream = null;
    clearTimeout(looking);
  } else {
    connect();
    if (cursor && request()) reload();
  }
});

localize();
tell();
setInterval(tell, 1000);
if (cursor) {
  window.addEventListener("offline", () => offline(true));
  window.addEventListener("online", () => { stream?.close(); stream = null; connect(); });
  connect();
  lookLater();
}
