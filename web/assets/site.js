// What a page does better with JavaScript. Everything works without it.

const year = 60 * 60 * 24 * 365;
const remember = (name, value) => {
  document.cookie = `${name}=${value}; path=/; max-age=${year}; samesite=lax`;
};
const remembered = (name) => document.cookie.split("; ").find((c) => c.startsWith(`${name}=`))?.slice(name.length + 1);

// Times are shown in the reader's zone from the next page on.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && remembered("zone") !== zone) remember("zone", zone);

// A page with errors puts the keyboard where they are listed.
document.getElementById("faults")?.focus();

// A form that is sent twice by a double click is sent once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// The menu closes with Escape and when something else is chosen.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
});
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});

// A page is live: when something it shows changes, it is fetched again and its main part replaced. Not while somebody is writing on it.
const main = document.getElementById("main");
const stale = document.getElementById("stale");
let place = main?.dataset.position; // in the feed of events
let stream, waiting, retry, fetching, missed, refusals = 0;

const written = (field) => field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
  : field.tagName === "SELECT" ? field.selectedIndex !== Math.max(0, [...field.options].findIndex((o) => o.defaultSelected)) // the first is chosen where none is marked
  : field.type !== "hidden" && field.value !== field.defaultValue;
const fields = () => [...main.querySelectorAll("input, textarea, select")];
const writing = () => fields().some(written) || fields().includes(document.activeElement);

// Where the keyboard is: an id, or which of the links and buttons with the same address and text.
const nameOf = (e) => e.id || `${e.tagName} ${e.getAttribute("href") ?? e.name} ${e.textContent}`;
const focusable = () => [...main.querySelectorAll("[id], a, button, summary")];

const replaceMain = (text) => {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const next = fresh.getElementById("main");
  if (!next || next.innerHTML === main.innerHTML) return;
  const at = main.contains(document.activeElement) ? nameOf(document.activeElement) : "";
  const open = [...main.querySelectorAll("details[open] > summary")].map(nameOf);
  const { scrollX, scrollY } = window;
  main.replaceChildren(...next.childNodes);
  document.title = fresh.title;
  for (const summary of main.querySelectorAll("summary")) if (open.includes(nameOf(summary))) summary.parentElement.open = true;
  if (at) focusable().find((e) => nameOf(e) === at)?.focus({ preventScroll: true });
  scrollTo(scrollX, scrollY);
  main.dispatchEvent(new Event("replaced"));
};

const refresh = async () => {
  waiting = undefined;
  if (document.hidden) { missed = true; return; }
  missed = false;
  if (writing()) { stale.hidden = false; later(3000); return; }
  if (fetching) return later(500);
  fetching = true;
  try {
    const answer = await fetch(location.href, { headers: { "Pmo-Live": "1" } });
    if (answer.redirected) { location.reload(); return; } // the session has ended
    const text = await answer.text();
    if (writing()) return later(3000);
    if (answer.ok) replaceMain(text);
    stale.hidden = true;
  } catch { later(5000); } finally { fetching = false; }
};
const later = (pause) => { waiting ??= setTimeout(refresh, pause); };

const follow = () => {
  clearTimeout(retry);
  if (stream || document.hidden) return;
  const query = new URLSearchParams({ after: place });
  if (main.dataset.live !== "all") query.set("request", main.dataset.live);
  stream = new EventSource(`/events?${query}`);
  const moved = (event) => { place = event.lastEventId || place; refusals = 0; };
  // Many may show the same: they do not all ask at the same moment.
  const changed = (event) => { moved(event); later(200 + Math.random() * (main.dataset.live === "all" ? 1500 : 300)); };
  stream.addEventListener("position", moved);
  stream.addEventListener("entry", changed);
  stream.addEventListener("reset", changed);
  // A server that refuses, or is away, is asked less and less often: after some seconds at first, at last every two to four minutes.
  stream.onerror = () => { unfollow(); retry = setTimeout(follow, 2000 * 2 ** Math.min(refusals++, 6) * (1 + Math.random())); };
};
const unfollow = () => { stream?.close(); stream = undefined; };

if (place) {
  follow();
  // A page that nobody sees takes no connection. It catches up from its place when it is seen again.
  document.addEventListener("visibilitychange", () => { if (document.hidden) { unfollow(); return; } follow(); if (missed) later(0); });
  addEventListener("pagehide", unfollow);
  addEventListener("pageshow", (event) => { if (event.persisted) { follow(); later(0); } });
}

// A card of the board can be dragged to a column: that opens the page that asks for what the move needs. Links on the card do the same.
let dragged;
main?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-move]")?.dataset.move;
  if (event.target.matches?.("[data-move]")) event.dataTransfer.setData("text/plain", ""); // Firefox drags nothing without data
});
const target = (event) => dragged && event.target.closest?.("[data-stage]");
const mark = (column) => main.querySelectorAll(".target").forEach((e) => e !== column && e.classList.remove("target"));
main?.addEventListener("dragover", (event) => {
  const column = target(event);
  mark(column);
  if (!column) return;
  event.preventDefault();
  column.classList.add("target");
});
main?.addEventListener("dragend", () => { mark(); dragged = undefined; });
main?.addEventListener("drop", (event) => {
  const column = target(event);
  if (!column) return;
  event.preventDefault();
  location.href = `${dragged}?to=${column.dataset.stage}`;
});
const draggable = () => main?.querySelectorAll("[data-move]").forEach((card) => { card.draggable = true; });
draggable();
main?.addEventListener("replaced", draggable);

// What somebody writes into a form with a draft is saved while they write.
const saving = new Map();
const saveDraft = async (form) => {
  clearTimeout(saving.get(form));
  saving.delete(form);
  if (form.dataset.sent) return;
  const body = new URLSearchParams(new FormData(form));
  body.set("step", "draft");
  try { await fetch(form.action, { method: "POST", body, keepalive: true, headers: { "Pmo-Live": "1" } }); } catch { /* it is saved with the next letter, or by hand */ }
};
main?.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.hasAttribute("data-draft")) return;
  clearTimeout(saving.get(form));
  saving.set(form, setTimeout(saveDraft, 1500, form));
});
addEventListener("pagehide", () => [...saving.keys()].forEach(saveDraft));

// Requests that may ask for the same are shown as somebody writes the title.
const similar = document.getElementById("similar");
const title = document.getElementById(similar?.dataset.from);
let looking;
title?.addEventListener("input", () => {
  clearTimeout(looking);
  looking = setTimeout(async () => {
    const answer = await fetch(`/similar?${new URLSearchParams({ title: title.value.slice(0, 200) })}`, { headers: { "Pmo-Live": "1" } });
    if (answer.ok && !answer.redirected) similar.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  }, 400);
});
