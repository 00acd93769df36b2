// Additions to pages that work without JavaScript: scroll positions, copying of addresses,
// charts as PNG, and opening of details for links and for printing.

// On a narrow screen the menu overflows: scroll to the current item.
const item = document.querySelector(".top nav [aria-current]");
const menu = item?.closest("ul");
if (menu) {
  const [inner, outer] = [item.getBoundingClientRect(), menu.getBoundingClientRect()];
  menu.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
}

// Show a button that copies a text, and says for two seconds that it did.
function copies(button, text) {
  const label = button.textContent;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text());
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    copies(button, () => document.getElementById(button.dataset.copy).textContent);
  }
  for (const button of document.querySelectorAll("[data-share]")) {
    copies(button, () => {
      const { action, elements } = button.form;
      const link = new URL(action);
      // The editor, where there is one, keeps the field up to date.
      link.searchParams.set("query", elements.query.value);
      return link.href;
    });
  }
}

// Save the SVG of the link before the button as PNG, with twice its pixels.
for (const button of document.querySelectorAll("[data-png]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const [image, canvas] = [new Image(), document.createElement("canvas")];
    image.src = button.previousElementSibling.href;
    await image.decode();
    [canvas.width, canvas.height] = [2 * image.naturalWidth, 2 * image.naturalHeight];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const link = document.createElement("a");
    [link.href, link.download] = [canvas.toDataURL(), button.dataset.png];
    link.click();
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
