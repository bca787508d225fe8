// What pages do in a browser: dark and light, search, types of names in code. Nothing is loaded from elsewhere.
"use strict";

// Before the page is drawn, so that it does not change colour.
const darkPreferred = matchMedia("(prefers-color-scheme: dark)");
const chosen = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
const showTheme = () => {
  const isDark = chosen() ? chosen() === "dark" : darkPreferred.matches;
  document.documentElement.classList.toggle("dark", isDark);
  const button = document.querySelector(".theme");
  if (button) button.textContent = isDark ? "Light" : "Dark";
};
showTheme();
darkPreferred.addEventListener("change", showTheme);

// The index is a script, because a page opened as a file may load scripts and no data.
let index;
const loadIndex = () =>
  index ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.documentElement.dataset.root + "site/search-index.js";
    script.onload = () => resolve(window.searchIndex);
    script.onerror = reject;
    document.head.append(script);
  });

// Every word has to occur. A title that is the word comes first, then the pages to read, then the references.
const search = (pages, query) => {
  const words = query.toLowerCase().split(/\s+/).filter(word => word);
  const score = page => {
    let sum = 0;
    for (const word of words) {
      const title = page.title.toLowerCase();
      const found = title === word ? 100 : title.includes(word) ? 40 : page.headings.toLowerCase().includes(word) ? 12
        : page.content.toLowerCase().includes(word) ? 3 : 0;
      if (found === 0) return 0;
      sum += found;
    }
    return sum + (page.isReference ? 0 : 45);
  };
  return words.length === 0 ? [] : pages.map(page => ({ page, score: score(page) })).filter(found => found.score > 0)
    .sort((a, b) => b.score - a.score).slice(0, 30).map(found => found.page);
};

const excerpt = (page, query) => {
  const word = query.toLowerCase().split(/\s+/).find(part => part && page.content.toLowerCase().includes(part));
  const from = word ? Math.max(0, page.content.toLowerCase().indexOf(word) - 60) : 0;
  return (from > 0 ? "… " : "") + page.content.slice(from, from + 160);
};

const showFound = (list, pages, query) => {
  list.replaceChildren(...search(pages, query).map(page => {
    const [item, link, title, text] = ["li", "a", "strong", "span"].map(name => document.createElement(name));
    link.href = document.documentElement.dataset.root + page.uri;
    title.textContent = page.title;
    text.textContent = excerpt(page, query);
    link.append(title, text);
    item.append(link);
    return item;
  }));
  if (list.children.length === 0) {
    const none = document.createElement("p");
    none.textContent = "No page has all these words.";
    list.append(none);
  }
  list.hidden = query.trim() === "";
};

document.addEventListener("DOMContentLoaded", () => {
  showTheme();
  document.querySelector(".theme").addEventListener("click", () => {
    try { localStorage.setItem("theme", document.documentElement.classList.contains("dark") ? "light" : "dark"); } catch {}
    showTheme();
  });

  const details = document.querySelector("nav details");
  if (matchMedia("(max-width: 50rem)").matches) details.open = false;
  document.querySelector("nav li.active")?.scrollIntoView({ block: "nearest" });

  const input = document.querySelector("input[type=search]");
  const list = document.querySelector(".found");
  input.addEventListener("focus", loadIndex);
  input.addEventListener("input", async () => showFound(list, await loadIndex(), input.value));
  input.form.addEventListener("submit", event => {
    event.preventDefault();
    list.querySelector("a")?.click();
  });
  document.addEventListener("keydown", event => {
    if (event.key === "Escape") list.hidden = true;
    if (event.key !== "/" || /^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) return;
    event.preventDefault();
    input.focus();
  });
  document.addEventListener("click", event => { if (!input.form.contains(event.target)) list.hidden = true; });
});
