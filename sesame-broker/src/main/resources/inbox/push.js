// Turns notices on for this browser, keeps its subscription fresh with each visit, and ends it when its person signs out.

const { root, push: key, form } = document.body.dataset;
const KEPT = "sesame-device";
const can = isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
const part = document.getElementById("this-device");

const registered = () => navigator.serviceWorker.getRegistration(root);

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (one) => one.charCodeAt(0));
}

function isOurs(subscription) {
  const used = subscription.options?.applicationServerKey;
  if (!used) return true; // this browser doesn't say
  const own = bytes(key);
  return new Uint8Array(used).every((one, at) => one === own[at]);
}

async function subscribe() {
  const registration = await navigator.serviceWorker.register(`${root}push-worker.js`, { scope: root });
  await navigator.serviceWorker.ready;
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
}

function send(path, subscription) {
  const { endpoint, keys } = subscription.toJSON();
  const fields = { form, endpoint, p256dh: keys.p256dh, auth: keys.auth, id: localStorage.getItem(KEPT) ?? "" };
  return fetch(root + path, { method: "POST", body: new URLSearchParams(fields) });
}

/** What is on the screen of it goes as well: it may be another person's. */
async function end() {
  localStorage.removeItem(KEPT);
  const registration = await registered();
  for (const one of await registration?.getNotifications() ?? []) one.close();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

/** Tells the broker of this browser as it is now. The broker says whether it is turned on for who is signed in. */
async function renew() {
  let subscription = await (await registered())?.pushManager.getSubscription();
  if (!subscription && !localStorage.getItem(KEPT)) return "off";
  if (Notification.permission !== "granted") return "off";
  if (subscription && !isOurs(subscription)) {
    await subscription.unsubscribe();
    subscription = null;
  }
  const answer = await send("devices/renew", subscription ?? await subscribe());
  if (answer.ok) {
    localStorage.setItem(KEPT, await answer.text());
    return "on";
  }
  if (answer.status === 404) await end();
  return "off";
}

/** What a page shows needs no notification any more. */
async function clear() {
  const seen = document.querySelector("[data-request]")?.dataset.request ?? (document.getElementById("list") ? "inbox" : null);
  if (!seen) return;
  for (const one of await (await registered())?.getNotifications({ tag: seen }) ?? []) one.close();
}

function show(state, words) {
  if (!part) return;
  for (const one of part.querySelectorAll("[data-when]")) one.hidden = !one.dataset.when.split(" ").includes(state);
  if (words) part.querySelector(`[data-when="${state}"] [data-words]`).textContent = words;
  const here = state === "on" && document.getElementById(localStorage.getItem(KEPT));
  if (here) here.querySelector("[data-here]").hidden = false;
}

async function turnOn() {
  show("working");
  if (await Notification.requestPermission() !== "granted") return show("denied");
  try {
    await end(); // a new address, at which nothing waits that was meant for somebody else
    const answer = await send("devices", await subscribe());
    const words = await answer.text();
    if (!answer.ok) {
      await end();
      return show("refused", words);
    }
    localStorage.setItem(KEPT, words);
    location.replace(`${root}devices`);
  } catch (problem) {
    show("unreachable", problem.message);
  }
}

/** An iPhone or iPad, whose sites have notices only from the home screen. */
const onHomeScreenOnly = () =>
  !navigator.standalone && (/iPhone|iPad/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1));

async function begin() {
  if (!can) return show(!isSecureContext ? "insecure" : onHomeScreenOnly() ? "home-screen" : "unable");
  clear();
  const state = await renew().catch(() => "off");
  show(state === "off" && Notification.permission === "denied" ? "denied" : state);
}

document.getElementById("push-on")?.addEventListener("click", turnOn);

document.addEventListener("submit", (event) => {
  const leaving = event.target;
  if (!can || !/\/(sign-out|sessions\/end)$/.test(leaving.getAttribute("action")) || !localStorage.getItem(KEPT)) return;
  event.preventDefault();
  const patience = new Promise((resolve) => { setTimeout(resolve, 2_000); });
  Promise.race([end().catch(() => {}), patience]).then(() => leaving.submit());
});

begin();
