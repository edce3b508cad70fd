/* Lotse's only script. Every page works without it: it saves a hand's way, never a step of the work.
   A key sequence belongs to the first element whose aria-keyshortcuts names it: links are followed, fields get the focus. */
(() => {
  "use strict";
  const PAUSE_MS = 2000, AGAIN_MS = 10000;
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const keysOff = document.body.dataset.keys === "off";
  let begun = "", timer = 0;

  const isField = (el) => el.isContentEditable || /^(input|select|textarea)$/i.test(el.tagName);
  const say = (text) => { const live = find("#live"); if (live) live.textContent = text; };

  function act(keys) {
    const el = find(`[aria-keyshortcuts="${keys}"]`);
    if (!el) return false;
    if (isField(el)) { el.focus(); el.select?.(); } else el.click();
    return true;
  }

  /* j, k: the rows of lists and tables; the focus lies on the row's link, so Enter opens it by itself */
  const rows = () => all("main .lo-item, main tbody tr").filter((row) => row.getClientRects().length && find("a[href]", row));
  function step(by) {
    const list = rows(), at = list.findIndex((row) => row.contains(document.activeElement));
    const row = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + by, 0), list.length - 1)];
    if (row) find("a.t, th a, a[href]", row).focus();
  }
  function tick() {
    const box = find('input[type="checkbox"]', document.activeElement.closest(".lo-item, tr") || document.createElement("i"));
    if (box) box.click();
  }

  /* two versions: changing one's own chooses it */
  document.addEventListener("input", ({ target: el }) => {
    const mine = el.closest(".lo-version");
    if (mine && el.name[4] !== ".") find("input", mine).checked = 1;
  });

  /* 1–5 on a focused scale */
  function rate(el, digit) {
    const scale = el.matches('.lo-seg input[type="radio"]') && el.closest(".lo-seg");
    const choice = scale && all("input", scale).find((input) => input.value === digit);
    if (!choice) return false;
    choice.checked = true;
    choice.focus();
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }

  /* a review: 1–9 choose a criterion, o w m judge it, and the next one follows */
  const findings = all("[data-finding]");
  const begin = (finding) => (find("input:checked", finding) || find('input[type="radio"]', finding))?.focus();
  function judge(key) {
    const digit = Number(key), at = findings.findIndex((one) => one.contains(document.activeElement));
    if (digit > 0) return findings[digit - 1] ? (begin(findings[digit - 1]), true) : false;
    const choice = at >= 0 && find(`input[data-key="${key}"]`, findings[at]);
    if (!choice) return false;
    choice.checked = true;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    say(choice.parentElement.textContent.trim());
    begin(findings[Math.min(at + 1, findings.length - 1)]);
    return true;
  }

  function single(key) {
    if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
    else if (key === "x") tick();
    else if (key === "?") find("#keys")?.showModal();
    else if (key === "/") return act("/");
    else return judge(key);
    return true;
  }

  document.addEventListener("keydown", (event) => {
    const el = document.activeElement || document.body, key = event.key;
    if (event.defaultPrevented || event.isComposing) return;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = el.form || find('main [aria-keyshortcuts="Control+Enter"]')?.form;
      if (form) { event.preventDefault(); form.requestSubmit(find('button:not([type="button"])', form)); }
      return;
    }
    if (keysOff || event.ctrlKey || event.metaKey || event.altKey || find("dialog[open]")) return;
    if (/^[1-5]$/.test(key) && rate(el, key)) { event.preventDefault(); return; }
    if (isField(el) && !el.matches(".lo-seg input") || key.length > 1) return; /* nobody types into a scale */
    clearTimeout(timer);
    const sequence = begun ? `${begun} ${key}` : key;
    begun = "";
    if (sequence.length > 1 ? act(sequence) : single(key)) event.preventDefault();
    else if (key === "g" || key === "n") { begun = key; timer = setTimeout(() => { begun = ""; }, PAUSE_MS); }
  });

  /* a second click on Save does nothing; the server would know it anyway */
  const release = (form) => { delete form.dataset.sent; all("button", form).forEach((button) => button.removeAttribute("aria-disabled")); };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    all("button", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
    setTimeout(release, AGAIN_MS, form);
  });
  /* a form that is kept while it is filled in, and when the page goes away */
  all("form[data-saves]").forEach((form) => {
    let due = 0;
    const save = () => {
      if (!due || form.dataset.sent) return;
      due = clearTimeout(due);
      const body = new FormData(form);
      body.set("draft", 1);
      fetch(form.action, { method: "POST", body, keepalive: true }).catch(() => {});
    };
    form.addEventListener("input", () => { clearTimeout(due); due = setTimeout(save, 500); });
    addEventListener("pagehide", save);
  });

  addEventListener("pageshow", (event) => { if (event.persisted) all("form[data-sent]").forEach(release); });

  /* quick choices beside a date */
  all("[data-needs-script]").forEach((el) => { el.hidden = false; });
  document.addEventListener("click", (event) => {
    const quick = event.target.closest("button[data-fills]"), field = quick && document.getElementById(quick.dataset.fills);
    if (!field) return;
    field.value = quick.dataset.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
    say(quick.textContent.trim());
  });

  const told = all("[data-told]").map((el) => el.textContent.trim().replace(/\s+/g, " ")).join(" ");
  if (told) setTimeout(say, 150, told);
  find("[data-errors]")?.focus();

  /* A line of views that is wider than the phone begins where one is. */
  for (const here of all(".lo-views [aria-current]")) here.parentElement.scrollLeft = here.offsetLeft - (here.parentElement.clientWidth - here.offsetWidth) / 2;
})();
