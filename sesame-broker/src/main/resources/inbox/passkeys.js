// Asks the browser for a passkey: to add one, to sign in, to approve what weighs much. It sends a form of the page with the answer in it, so
// that whatever comes of it is a page as always. It decides nothing.
"use strict";

(() => {
  const knows = window.isSecureContext && window.PublicKeyCredential && navigator.credentials;

  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  /** As `parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON` do, which not every browser has yet. */
  function options(json, does) {
    const parse = PublicKeyCredential[does === "create" ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON"];
    if (parse) return parse.call(PublicKeyCredential, json);
    const whole = (one) => ({ ...one, id: bytes(one.id) });
    const read = { ...json, challenge: bytes(json.challenge) };
    if (json.user) read.user = whole(json.user);
    if (json.excludeCredentials) read.excludeCredentials = json.excludeCredentials.map(whole);
    if (json.allowCredentials) read.allowCredentials = json.allowCredentials.map(whole);
    return read;
  }

  /** As its `toJSON` does. */
  function written(credential) {
    if (credential.toJSON) return credential.toJSON();
    const from = credential.response;
    const response = { clientDataJSON: text(from.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (from[name]) response[name] = text(from[name]);
    }
    if (from.getTransports) response.transports = from.getTransports();
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  }

  const sayings = {
    NotAllowedError: "Nothing was done: it was cancelled, took too long, or there is no passkey for it here.",
    InvalidStateError: "This device has a passkey of yours already.",
    SecurityError: `This browser takes no passkey at ${location.host}. Open the broker by the name that the passkey was made for.`,
    NotSupportedError: "This device can't make such a passkey.",
  };

  function say(form, sentence) {
    const place = form.querySelector("[data-passkey-says]");
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  async function ask(form) {
    const does = form.dataset.passkey === "create" ? "create" : "get";
    const fields = new URLSearchParams();
    for (const name of ["form", "seen", "changed"]) if (form.elements[name]) fields.set(name, form.elements[name].value);
    const answer = await fetch(form.dataset.options, { method: "POST", body: fields });
    if (!answer.ok) throw new Error(answer.headers.get("Content-Type")?.startsWith("text/plain") ? await answer.text() : "");
    const asked = await answer.json();
    const credential = await navigator.credentials[does]({ publicKey: options(asked.publicKey, does) });
    form.elements.credential.value = JSON.stringify(written(credential));
    form.elements.ticket.value = asked.ticket;
  }

  /** What was changed is looked at first, and signed for then. */
  const isEdited = (form) => [...form.elements].some((field) => field.name.startsWith("edit-") &&
    (field.options ? !field.selectedOptions[0].defaultSelected : field.value !== field.defaultValue));

  /** Not in place of the button's own work, but before it. */
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const isOurs = form.dataset.passkey && (form.dataset.passkey !== "approve" || (event.submitter?.id === "approve" && !isEdited(form)));
    if (!isOurs || form.elements.credential.value) return;
    event.preventDefault();
    event.stopPropagation();
    if (form.dataset.asking) return;
    form.dataset.asking = "yes";
    say(form, "");
    try {
      if (!knows) throw new DOMException("", "SecurityError");
      await ask(form);
      if (form.isConnected) form.requestSubmit(event.submitter);
    } catch (problem) {
      const own = problem instanceof DOMException ? sayings[problem.name] : problem.message;
      say(form, own || "That didn't work. Load the page anew and try again.");
    } finally {
      delete form.dataset.asking;
    }
  }, { capture: true });

  for (const form of document.querySelectorAll("form.passkey")) {
    if (knows) form.querySelector("button[hidden]").hidden = false;
    else say(form, "This browser takes no passkeys at this address.");
  }
})();
