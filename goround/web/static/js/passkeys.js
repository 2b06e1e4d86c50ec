/* Passkeys: asks the browser what the page asks for, and sends its answer in the page's form. */
(() => {
  "use strict";

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");
  const withBytes = (listed) => listed && listed.map((one) => ({ ...one, id: toBytes(one.id) }));

  function readable(options) {
    const asked = { ...options.publicKey };
    asked.challenge = toBytes(asked.challenge);
    if (asked.user) asked.user = { ...asked.user, id: toBytes(asked.user.id) };
    if (asked.excludeCredentials) asked.excludeCredentials = withBytes(asked.excludeCredentials);
    if (asked.allowCredentials) asked.allowCredentials = withBytes(asked.allowCredentials);
    return { publicKey: asked };
  }

  function sendable(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature"]) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: {},
    });
  }

  async function answer(form) {
    const options = readable(JSON.parse(form.dataset.passkey));
    const act = form.dataset.act === "create" ? "create" : "get";
    try {
      form.elements.answer.value = sendable(await navigator.credentials[act](options));
    } catch {
      form.querySelector("[data-passkey-failed]").hidden = false;
      return;
    }
    form.submit();
  }

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    if (!window.PublicKeyCredential) {
      form.querySelector("[data-passkey-missing]").hidden = false;
      return;
    }
    const button = form.querySelector("button");
    button.disabled = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer(form);
    });
  });
})();
