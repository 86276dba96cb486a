// Text search in one page of the register. Everything else on the page works without it.
(() => {
  const box = document.querySelector(".find");
  if (!box) return;
  const input = box.querySelector("input");
  const rows = [...document.querySelectorAll(".register tbody tr")].map((row) => [row, row.textContent.toLowerCase()]);
  const search = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const [row, text] of rows) row.hidden = !words.every((word) => text.includes(word));
  };
  box.hidden = false;
  input.addEventListener("input", search);
  search();
})();
