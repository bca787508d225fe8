// What is wrong with the page that is open. Both functions run in the browser and use nothing around them.

export const pageFaults = () => {
  const faults = [];
  const text = document.querySelector("main")?.innerText.trim() ?? "";
  if (text.length < 80) faults.push(`has ${text.length} characters of text`);
  if (document.querySelectorAll("h1, h2").length === 0) faults.push("has no heading");
  const isShown = element => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0;
  };
  const formulas = [...document.querySelectorAll("math")];
  for (const formula of formulas) if (!isShown(formula)) faults.push(`shows no formula where there is ${formula.textContent}`);
  if (/\$\$|\\\[|\\frac/.test(text.replace(/`[^`]*`/g, ""))) faults.push("has a formula that is no MathML");
  const pictures = [...document.querySelectorAll("img")];
  for (const picture of pictures)
    if (!picture.complete || picture.naturalWidth === 0 || !isShown(picture)) faults.push(`does not show ${picture.getAttribute("src")}`);
    else if (!picture.alt) faults.push(`says nothing in words of ${picture.getAttribute("src")}`);
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) {
    const wide = [...document.querySelectorAll("main *")].find(element =>
      element.getBoundingClientRect().right > clientWidth + 1 && !element.closest("pre, .wide, .formula"));
    faults.push(`is ${scrollWidth} pixels wide in a window of ${clientWidth}: ${wide?.outerHTML.slice(0, 120)}`);
  }
  return {
    faults,
    formulas: formulas.length,
    pictures: pictures.length,
    ids: [...document.querySelectorAll("[id], a[name]")].flatMap(element => [element.id, element.getAttribute("name")]).filter(id => id),
    links: [...document.querySelectorAll("a[href]")].map(link => link.href),
  };
};

// Texts whose contrast is below that of the WCAG's level AA, 4.5 (3 for large ones).
export const contrastFaults = () => {
  const channels = colour => (colour.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const luminance = colour => {
    const [r, g, b] = channels(colour).map(x => x / 255).map(x => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((channels(colour)[3] ?? 1) === 1) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const faults = new Set();
  for (const element of document.querySelectorAll("body *")) {
    if (![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()) || element.checkVisibility?.() === false) continue;
    const style = getComputedStyle(element);
    const [a, b] = [luminance(style.color), luminance(ground(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5))
      faults.add(`contrast ${contrast.toFixed(1)} of ${element.tagName} ${element.className}: ${element.textContent.trim().slice(0, 40)}`);
  }
  return [...faults].slice(0, 5);
};
