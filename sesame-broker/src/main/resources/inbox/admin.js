// Makes the admin pages handier. Everything works without it.
"use strict";

/* One tap sends one. */

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
});

/* What is shown once. */

for (const button of document.querySelectorAll("[data-copy]")) {
  const secret = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(secret.textContent);
      button.textContent = "Copied";
      say("Copied.");
    } catch {
      getSelection().selectAllChildren(secret); // where pages may not write there, keys can
      say("Selected. Copy it with your keys.");
    }
  });
}

// A page that was left may be kept as it was: not with this on it.
addEventListener("pagehide", () => {
  for (const secret of document.querySelectorAll("[data-secret]")) secret.textContent = "shown once";
});

// Loading it anew, or coming back to it, shows where it belongs, without it; the browser would else want to send the form again.
const belongs = document.querySelector("[data-belongs]");
if (belongs) history.replaceState(null, "", belongs.href);

/* What was done is said once. */

const here = new URL(location.href);
if (here.searchParams.has("done")) {
  here.searchParams.delete("done");
  history.replaceState(null, "", here);
}
