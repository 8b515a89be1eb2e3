// The token stands behind the # of the link, which no browser sends. It is sent when the button is pressed and not when
// the page is opened: programs that open every link of a mail spend nothing.
"use strict";

const form = document.querySelector("form");
const button = form.querySelector("button");
const said = document.querySelector("#said");
const password = document.querySelector("#password");
const token = new URLSearchParams(location.hash.slice(1)).get("token");

/// Shows one of the texts that the page brings along.
function say(name) {
  said.replaceChildren(document.querySelector(`template[data-say="${name}"]`).content.cloneNode(true));
}

/// The last word: there is nothing left to press.
function end(name) {
  form.hidden = true;
  say(name);
  said.focus();
  // The link is of no more use, so that it need not stay in the history.
  history.replaceState(null, "", location.pathname);
}

/// What is wrong with the password, and how to do better, as far as the service said.
function sayWhatIsWrong(problem) {
  const wrong = (problem.errors ?? []).find((error) => error.pointer === "/new_password");
  const known = ["too_short", "too_long", "weak_password"];
  say(known.includes(wrong?.code) ? wrong.code : "unfit");
  if (wrong?.suggestions?.length) {
    const list = document.createElement("ul");
    list.lang = "en";
    for (const suggestion of wrong.suggestions) {
      list.append(Object.assign(document.createElement("li"), { textContent: suggestion }));
    }
    said.append(list);
  }
  password.setAttribute("aria-invalid", "true");
  password.focus();
}

async function send() {
  const body = password ? { token, new_password: password.value } : { token };
  const answer = await fetch(form.dataset.to, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.ok) return end("done");
  if (answer.status === 410) return end("spent");
  if (answer.status === 409) return end("taken");
  if (answer.status === 422 && password) return sayWhatIsWrong(await answer.json());
  if (answer.status === 422) return end("spent");
  say("later");
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  password?.removeAttribute("aria-invalid");
  try {
    await send();
  } catch {
    say("later");
  } finally {
    button.disabled = false;
  }
});

document.querySelector("#show")?.addEventListener("change", (event) => {
  password.type = event.target.checked ? "text" : "password";
});

if (token) form.hidden = false;
else say("incomplete");
