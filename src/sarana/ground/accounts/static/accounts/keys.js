// Security keys and passkeys: puts the system's question to the key, and its answer into the form.
// A button says what it does by data-key: "sign-in" fetches a question, "ask" and "make" find it on the page.

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => (list || []).map((entry) => ({ ...entry, id: toBytes(entry.id) }));

async function make(question) {
  const given = question.publicKey;
  const made = await navigator.credentials.create({
    publicKey: {
      ...given,
      challenge: toBytes(given.challenge),
      user: { ...given.user, id: toBytes(given.user.id) },
      excludeCredentials: named(given.excludeCredentials),
    },
  });
  return {
    ...about(made),
    response: {
      clientDataJSON: toText(made.response.clientDataJSON),
      attestationObject: toText(made.response.attestationObject),
      transports: made.response.getTransports ? made.response.getTransports() : [],
    },
  };
}

async function ask(question) {
  const given = question.publicKey;
  const found = await navigator.credentials.get({
    publicKey: { ...given, challenge: toBytes(given.challenge), allowCredentials: named(given.allowCredentials) },
  });
  const answer = found.response;
  return {
    ...about(found),
    response: {
      clientDataJSON: toText(answer.clientDataJSON),
      authenticatorData: toText(answer.authenticatorData),
      signature: toText(answer.signature),
      userHandle: answer.userHandle ? toText(answer.userHandle) : null,
    },
  };
}

const about = (credential) => ({
  id: credential.id,
  rawId: toText(credential.rawId),
  type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment,
  clientExtensionResults: credential.getClientExtensionResults(),
});

async function question(button, form) {
  if (button.dataset.key !== "sign-in") return JSON.parse(document.getElementById("question").textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error("no question");
  return (await answer.json()).request_options;
}

for (const button of document.querySelectorAll("[data-key]")) {
  const form = document.getElementById(button.dataset.form);
  const says = document.getElementById(button.dataset.says);
  if (!window.PublicKeyCredential) {
    says.textContent = says.dataset.none;
    says.hidden = false;
    button.disabled = true;
    continue;
  }
  button.addEventListener("click", async () => {
    button.disabled = true;
    says.hidden = true;
    try {
      const put = await question(button, form);
      const answer = button.dataset.key === "make" ? await make(put) : await ask(put);
      form.querySelector("[name=credential]").value = JSON.stringify(answer);
      form.requestSubmit();
    } catch (error) {
      says.textContent = error.name === "InvalidStateError" ? says.dataset.known : says.dataset.failed;
      says.hidden = false;
      button.disabled = false;
    }
  });
}
