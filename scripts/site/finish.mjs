// Makes fsdocs's output complete in itself: formulas become MathML, addresses relative, and the search index a script.
// node finish.mjs FOLDER
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import temml from "temml";

const folder = process.argv[2];
const pages = readdirSync(folder, { recursive: true }).filter(name => name.endsWith(".html"));

const decoded = text => text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code))
  .replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
const plain = html => decoded(html.replace(/<[^>]*>/g, "")).trim();

const mathML = (page, tex, displayMode) => {
  try {
    return temml.renderToString(decoded(tex).trim(), { displayMode, throwOnError: true });
  } catch (error) {
    throw new Error(`${page}: ${error.message} in the formula ${decoded(tex)}`);
  }
};

// The anchors that GitHub gives the same headings, so that links work in both places.
const slugs = () => {
  const used = new Map();
  return title => {
    const slug = title.toLowerCase().replace(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-") || "part";
    const times = used.get(slug) ?? 0;
    used.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  };
};

const languages = { fsharp: "F#", fs: "F#", csharp: "C#", cs: "C#", python: "Python", sh: "Shell", text: "Output", xml: "XML" };

// A graph of arrows as a list, since its renderer is a script from elsewhere.
const arrows = code => {
  const names = new Map([...code.matchAll(/(\w+)\[([^\]]+)\]/g)].map(([, id, name]) => [id, name]));
  const uses = new Map();
  for (const [, from, to] of code.matchAll(/(\w+)(?:\[[^\]]*\])? --&gt; (\w+)/g)) uses.set(from, [...(uses.get(from) ?? []), to]);
  const item = ([from, to]) => `<li>${names.get(from)} uses ${to.map(id => names.get(id)).join(", ")}</li>`;
  return `<ul>${[...uses].map(item).join("")}</ul>`;
};

const codeBlock = (language, code) => {
  if (language === "mermaid") return arrows(code);
  const label = languages[language] ? `<div class="language">${languages[language]}</div>` : "";
  return `<div class="code ${language}">${label}<pre tabindex="0"><code>${code.trimEnd()}</code></pre></div>`;
};

// A block of F# and then one of C#, with nothing between them, say the same.
const block = language => `(<div class="code ${language}">(?:(?!<div class="code ).)*?</pre></div>)`;
const sideBySide = new RegExp(`${block("fsharp")}\\s*${block("csharp")}`, "gs");

// Pages that prose names by their files.
const linked = (html, titles) => html.split(/(<(?:code|pre|a|h\d)\b.*?<\/(?:code|pre|a|h\d)>|<[^>]*>)/s).map((part, i) =>
  i % 2 === 1 ? part : part.replace(/docs\/([\w-]+)\.md/g, (found, name) =>
    titles.has(name) ? `<a href="@root@/${name}.html">${titles.get(name)}</a>` : found)).join("");

const finished = (page, html) => {
  const root = "../".repeat(page.split("/").length - 1) || "./";
  const slug = slugs();
  const contents = [];
  const [before, body, after] = html.split(/<!-- (?:begin|end) -->/);
  const titles = new Map([...before.matchAll(/href="@root@\/([\w-]+)\.html">\s*([^<]*?)\s*<\/a>/g)].map(([, name, title]) => [name, title]));
  const main = linked(body, titles)
    .replace(/^(\s*<(?:div[^>]*>\s*<)?)h2([^>]*>.*?<\/)h2>/s, page.startsWith("reference/") ? "$1h1$2h1>" : "$&")
    // What needs scripts from elsewhere, or copies to a clipboard.
    .replace(/<div class="icon-button-row">(?:<div[^>]*>.*?<\/div>|<a[^>]*>.*?<\/a>|\s)*<\/div>/gs, "")
    .replace(/<fsdocs-details-toggle>.*?<\/fsdocs-details-toggle>|<iconify-icon.*?<\/iconify-icon>/gs, "")
    .replace(/<div(?: popover)? class="fsdocs-tip"[^>]*><div class="member-tooltip">.*?<\/div><\/div>/gs, "")
    .replace(/ (?:data-fsdocs-tip|data-fsdocs-tip-unique|onmouseover|onmouseout)="[^"]*"/g, "")
    .replaceAll("<details>", "<details open>")
    .replace(/<table class="pre">(?:<tbody>)?<tr><td(?: class="snippet")?>(.*?)<\/td>\s*<\/tr>\s*(?:<\/tbody>)?<\/table>/gs, "$1")
    .replace(/<pre[^>]*><code(?: (?:class|lang)="(?:language-)?([\w-]*)[^"]*")?>(.*?)<\/code><\/pre>/gs,
      (_, language, code) => codeBlock(language ?? "", code))
    .replace(/href="([^":]*)\.md(#[^"]*)?"/g, 'href="$1.html$2"')
    .replace(sideBySide, '<div class="pair">$1$2</div>')
    .replace(/<table[^>]*>/g, found => `<div class="wide" tabindex="0">${found}`)
    .replaceAll("</table>", "</table></div>")
    .replace(/<p><span class="math">\\\[(.*?)\\\]<\/span><\/p>/gs,
      (_, tex) => `<div class="formula" tabindex="0">${mathML(page, tex, true)}</div>`)
    .replace(/<span class="math">\\([[(])(.*?)\\[\])]<\/span>/gs, (_, kind, tex) => mathML(page, tex, kind === "["))
    .replace(/<h([1-5])([^>]*)>(.*?)<\/h\1>/gs, (_, level, attributes, inner) => {
      const title = inner.replace(/<a (?:name|class)="[^"]*"[^>]*>(.*?)<\/a>/s, "$1");
      const id = /id="([^"]*)"/.exec(attributes + inner)?.[1] ?? slug(plain(title));
      const entry = `<li class="level-${level}"><a href="#${id}">${plain(title).replaceAll("<", "&lt;")}</a></li>`;
      if (level === "2" || level === "3") contents.push(entry);
      return `<h${level} id="${id}">${title.replace(/<a id="[^"]*"><\/a>/, "")}</h${level}>`;
    });
  const list = contents.length > 1 ? `<p>On this page</p><ul>${contents.join("")}</ul>` : "";
  const own = new RegExp(`<li class="nav-item[^"]*">(\\s*<a [^>]*href="@root@/${page.replaceAll(".", "\\.")}")`);
  return (before + main + after.replace("<!-- contents -->", list))
    .replace(own, '<li class="nav-item active">$1 aria-current="page"').replaceAll("@root@/", root);
};

for (const page of pages) {
  const path = join(folder, page);
  const html = readFileSync(path, "utf8");
  if (html.includes("<!-- begin -->")) writeFileSync(path, finished(page, html));
}

const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")).map(entry => {
  const uri = entry.uri.replace("@root@/", "");
  return {
    uri,
    title: plain(entry.title),
    headings: (entry.headings ?? []).map(plain).join(" "),
    content: plain(entry.content).replace(/\s+/g, " "),
    isReference: /^(reference|csharp)\//.test(uri),
  };
});
writeFileSync(join(folder, "site", "search-index.js"), `window.searchIndex = ${JSON.stringify(index)};\n`);
// What fsdocs writes beside the pages.
const isBeside = name => name.endsWith(".md") || ["index.json", "NuGet.config", "Dockerfile"].includes(name);
for (const name of readdirSync(folder, { recursive: true })) if (isBeside(name)) rmSync(join(folder, name));
console.log(`${pages.length} pages, ${index.length} entries of the search index`);
