// Looks at every page of the site in headless Chromium and lists what is wrong.
// node check.mjs FOLDER [FOLDER FOR SCREENSHOTS]
import { createServer } from "node:http";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { contrastFaults, pageFaults } from "./page-faults.mjs";

const [folder, screenshots] = [resolve(process.argv[2]), process.argv[3]];
const pages = readdirSync(folder, { recursive: true }).filter(name => name.endsWith(".html")).sort();
const isReference = page => /^(reference|csharp)\//.test(page);
const faults = [];
const fault = (page, what) => faults.push(`${page}: ${what}`);

// Under a path of its own, so that an address from the root of the host is a broken link.
const types = {
  ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png",
};
const base = "/docs/";
const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://site").pathname);
  const file = join(folder, path.slice(base.length));
  if (!path.startsWith(base) || !existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
  response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" }).end(readFileSync(file));
});
await new Promise(ready => server.listen(0, "127.0.0.1", ready));
const origin = `http://127.0.0.1:${server.address().port}`;

const executablePath = process.env.CHROMIUM
  ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });

const open = async options => {
  const context = await browser.newContext({ viewport: { width: 400, height: 800 }, ...options });
  const tab = await context.newPage();
  tab.on("console", message => {
    if (["error", "warning"].includes(message.type())) fault(tab.url(), `the console says: ${message.text()}`);
  });
  tab.on("pageerror", error => fault(tab.url(), `a script fails: ${error.message}`));
  tab.on("request", request => {
    const isHere = request.url().startsWith(origin) || /^(data|file):/.test(request.url());
    if (!isHere) fault(tab.url(), `asks another host for ${request.url()}`);
  });
  tab.on("response", response => {
    if (response.status() >= 400) fault(tab.url(), `${response.url()} is answered by ${response.status()}`);
  });
  return tab;
};

// Every page at 400 pixels in the light: content, width, formulas, pictures; links and anchors are compared at the end.
const [ids, links] = [new Map(), []];
const light = await open({ colorScheme: "light" });
let formulas = 0, pictures = 0;
for (const page of pages) {
  await light.goto(origin + base + page, { waitUntil: "load" });
  const seen = await light.evaluate(pageFaults);
  seen.faults.forEach(what => fault(page, what));
  formulas += seen.formulas;
  pictures += seen.pictures;
  ids.set(page, new Set(seen.ids));
  seen.links.forEach(href => links.push({ page, url: new URL(href) }));
}
for (const { page, url } of links) {
  if (url.protocol === "mailto:" || (/^https?:$/.test(url.protocol) && url.origin !== origin)) continue;
  const target = decodeURIComponent(url.pathname).slice(base.length);
  const anchor = decodeURIComponent(url.hash.slice(1));
  if (target === "" || !existsSync(join(folder, target))) fault(page, `links to ${url.pathname}, which is not there`);
  else if (anchor && !ids.get(target)?.has(anchor)) fault(page, `links to ${target}#${anchor}, an anchor that is not there`);
}
if (formulas === 0) fault("the site", "has no formula");
if (pictures === 0) fault("the site", "has no picture");

// The pages to read, and the first ones of the references, in both themes: every text stands out from its ground.
const dark = await open({ colorScheme: "dark", viewport: { width: 1400, height: 900 } });
const read = pages.filter(page => !isReference(page) || /\/(index|.*[.-]smoothed)\.html$/i.test(page));
for (const tab of [light, dark]) for (const page of read) {
  await tab.goto(origin + base + page, { waitUntil: "load" });
  (await tab.evaluate(contrastFaults)).forEach(what => fault(page, `${tab === dark ? "dark" : "light"}: ${what}`));
}

// The switch and the search, from a server and from a file.
for (const address of [origin + base + "index.html", pathToFileURL(join(folder, "index.html")).href]) {
  await light.goto(address);
  const isDark = () => light.evaluate(() => document.documentElement.classList.contains("dark"));
  const before = await isDark();
  await light.click(".theme");
  if ((await isDark()) === before) fault(address, "the switch between dark and light does nothing");
  await light.click(".theme");
  const searches = [["ranking", "tutorial.html"], ["Smoothed.maximizer", "reference/"], ["WithEpsilon", "csharp/"]];
  for (const [query, expected] of searches) {
    await light.fill("input[type=search]", query);
    await light.waitForSelector(".found:not([hidden]) :is(a, p)");
    const found = await light.$$eval(".found a", items => items.map(item => item.getAttribute("href")));
    if (!found.some(href => href.includes(expected))) fault(address, `a search for '${query}' finds ${found.length} pages, ${expected} not among them`);
    await light.fill("input[type=search]", "");
  }
}

if (screenshots) {
  mkdirSync(screenshots, { recursive: true });
  for (const colorScheme of ["light", "dark"]) for (const width of [400, 1400]) {
    const tab = await open({ colorScheme, viewport: { width, height: 1000 } });
    for (const page of read) {
      await tab.goto(origin + base + page, { waitUntil: "load" });
      await tab.screenshot({ path: join(screenshots, `${page.replaceAll("/", "-").slice(0, -5)}-${colorScheme}-${width}.png`) });
    }
  }
}

await browser.close();
server.close();
faults.forEach(text => console.log(text));
const counts = [`${pages.length} pages`, `${links.length} links`, `${formulas} formulas`, `${pictures} pictures`];
console.log(`${counts.join(", ")}; ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
