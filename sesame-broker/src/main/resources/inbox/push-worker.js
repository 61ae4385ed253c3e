// Shows what the broker pushes, and opens the request that it is about. It keeps nothing and answers no request of a page.
"use strict";

const root = self.registration.scope;
const approval = /^ap_[a-z2-7]{26}$/;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data.json();
  } catch {
    // A browser wants something shown for every push, whatever came of it.
  }
  const quiet = told.quiet === true;
  event.waitUntil(self.registration.showNotification(String(told.title || "Sesame has news for you"), {
    body: String(told.body || ""),
    tag: String(told.tag || "inbox"),
    renotify: !quiet,
    silent: quiet,
    icon: `${root}icon-192.png`,
    data: { approval: told.approval },
  }));
});

/** A page of this site and no other: the message names an approval, never an address. */
function pageOf(notification) {
  const id = notification.data?.approval;
  return root + (approval.test(id) ? `approvals/${id}` : "inbox");
}

async function open(page) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((one) => one.url.split("#")[0] === page);
  return there ? there.focus() : self.clients.openWindow(page);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(pageOf(event.notification)));
});
