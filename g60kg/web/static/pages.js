// Additions to pages that work without JavaScript: scroll positions, copying of addresses,
// and opening of details for links and for printing.

// On a narrow screen the menu overflows: scroll to the current item.
const item = document.querySelector(".top nav [aria-current]");
const menu = item?.closest("ul");
if (menu) {
  const [inner, outer] = [item.getBoundingClientRect(), menu.getBoundingClientRect()];
  menu.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  const label = button.textContent;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent;
    await navigator.clipboard.writeText(text);
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}

// The editor, where there is one, keeps the field up to date.
for (const share of document.querySelectorAll("[data-share]")) {
  if (!navigator.clipboard) continue;
  const label = share.textContent;
  share.hidden = false;
  share.addEventListener("click", async () => {
    const link = new URL(share.form.action);
    link.searchParams.set("query", share.form.elements.query.value);
    await navigator.clipboard.writeText(link.href);
    share.textContent = share.dataset.done;
    setTimeout(() => { share.textContent = label; }, 2000);
  });
}

// A link to a quotation opens its facts.
const openTarget = () => document.querySelector(":target > details")?.setAttribute("open", "");
addEventListener("load", openTarget);
addEventListener("hashchange", openTarget);

// Open the quotations, not what is aside, for printing.
const folded = new Set();
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open], .aside)")) {
    details.open = true;
    folded.add(details);
  }
});
addEventListener("afterprint", () => {
  for (const details of folded) details.open = false;
  folded.clear();
});
