// Makes docfx's pages of the C# types pages for fsdocs: no links to elsewhere, references as links between the pages.
// node csharp-pages.mjs FOLDER
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const space = "Perturbed.Functional.CSharp.";
const unescaped = text => text.replace(/\\(.)/g, "$1");

// docfx's names: M(T) is at the anchor N_M_T_ on the page of the type.
const reference = id => {
  const uid = decodeURIComponent(id);
  const anchor = uid.replace(/[^A-Za-z0-9]/g, "_");
  const name = uid.replace(/\(.*$/, "").replace(/``?\d+$/, "");
  const [type, member] = [name, name.replace(/\.[^.]+$/, "")].map(part => `${part.replace("`", "-")}.md`);
  const text = `\`${name.replace(space, "").replace(/#ctor/, "new")}\``;
  if (existsSync(join(folder, type))) return `[${text}](${type})`;
  if (!existsSync(join(folder, member))) return text;
  // Cases of an enumeration have no anchors.
  const isEnumeration = readFileSync(join(folder, member), "utf8").includes("public enum ");
  return `[${text}](${member}${isEnumeration ? "" : `#${anchor}`})`;
};

const withoutSection = (text, title) =>
  text.replace(new RegExp(`^#### ${title}\\n[\\s\\S]*?(?=^#{1,4} |^\`\`\`|(?![\\s\\S]))`, "gm"), "");

// Comments are no Markdown: their stars and underscores are themselves.
const escaped = text => text.split(/(\[[^\]]*\]\([^)]*\)|<[^>]*>|`[^`]*`)/).map((part, i) =>
  i % 2 === 1 ? part : part.replace(/(?<!\\)[*_]/g, "\\$&")).join("");

const prose = text =>
  escaped(text.replace(/<xref href="([^"]*)"[^>]*><\/xref>/g, (_, id) => reference(id))
    .replace(/\[((?:\\.|[^\]\\])*)\]\(((?:\\.|[^)\\])*)\)/g, (_, shown, target) =>
      target.startsWith("https:") ? shown : `[${shown}](${unescaped(target)})`)
    .replace(/<(\/?)(?!\/?(?:a|code|xref|p|ul|ol|li|br|pre|em|strong|see|paramref)\b)/g, "&lt;$1").replaceAll("\\>", "&gt;")
    .replace(/^ {2,}(?=\S)/gm, "").replace(/^ (?=\S)/gm, ""));

for (const page of readdirSync(folder).filter(name => name.endsWith(".md"))) {
  const path = join(folder, page);
  let text = readFileSync(path, "utf8");
  for (const title of ["Inheritance", "Implements", "Inherited Members", "Extension Methods"]) text = withoutSection(text, title);
  const title = unescaped(/^# (?:<a[^>]*><\/a> )?\w+ (.*)$/m.exec(text)[1]).replace(space, "");
  const parts = text.split(/(^```[\s\S]*?^```$|<pre>[\s\S]*?<\/pre>)/m).map((part, i) => (i % 2 === 0 ? prose(part) : part));
  writeFileSync(path, `---\ntitle: ${title} (C#)\n---\n${parts.join("")}`);
}
