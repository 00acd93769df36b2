// The SPARQL page's text field as an editor. Without it the page works by its form alone.

import Yasqe from "@zazuko/yasqe";
import { markWrongLine, modeWith } from "./syntax.js";
import { completeFrom } from "./terms.js";

const form = document.querySelector("form[data-editor]");
const field = form.querySelector("textarea");
const label = form.querySelector(`label[for="${field.id}"]`);

const prefixes = prefixesOf(field.dataset.prefixes);

markWrongLine(Yasqe, field.dataset.wrong);
completeFrom(Yasqe, {
  endpoint: form.dataset.endpoint,
  search: form.dataset.search,
  language: form.dataset.language,
  prefixes,
});

// The field stays in the form, out of sight, and is what is sent.
field.hidden = true;
const place = document.createElement("div");
field.after(place);

const editor = new Yasqe(place, {
  value: field.value,
  mode: modeWith(Yasqe, prefixes),
  screenReaderLabel: label.textContent.trim(),
  // Tab goes on to the button, as in any form; a list of completions takes it while it is open.
  extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-Enter": run, "Cmd-Enter": run, "Ctrl-S": false },
  autocapitalize: false,
  editorHeight: "auto",
  viewportMargin: Infinity,
  resizeable: false,
  showQueryButton: false,
  // The address of the page is the link to share, and nothing is kept in the browser.
  createShareableLink: null,
  consumeShareLink: null,
  persistenceId: null,
});

const input = editor.getInputField();
const help = form.querySelector("[data-keys]");
if (help) {
  help.hidden = false;
  input.setAttribute("aria-describedby", help.id);
}
for (const name of ["aria-invalid", "aria-describedby"]) {
  const said = [input.getAttribute(name), field.getAttribute(name)].filter(Boolean).join(" ");
  if (said) input.setAttribute(name, said);
}
editor.on("autocompletionShown", (_, list) => {
  list.hints.setAttribute("aria-label", field.dataset.completions);
  // A list that scrolls must be reachable with the keyboard.
  list.hints.tabIndex = 0;
});
label.addEventListener("click", () => editor.focus());
editor.on("change", () => { field.value = editor.getValue(); });

const wrong = Number(field.dataset.line);
if (wrong) {
  editor.addLineClass(wrong - 1, "background", "wrong-line");
  editor.setCursor({ line: wrong - 1, ch: 0 });
}

function run() {
  field.value = editor.getValue();
  form.requestSubmit();
}

function prefixesOf(text) {
  return new Map(
    [...text.matchAll(/PREFIX ([^:\s]+): <([^>]+)>/g)].map(([, name, iri]) => [name, iri]),
  );
}
