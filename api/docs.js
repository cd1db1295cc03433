"use strict";
// Renders /openapi.json: operations by resource, with parameters, bodies and answers; schemas below. Nothing is loaded from elsewhere.
const el = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};

const typeOf = (schema) => {
  if (!schema) return "";
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    return el("a", { href: "#schema-" + name }, name);
  }
  const type = [].concat(schema.type || "any").filter((t) => t !== "null").join(" or ");
  if (type === "array") return el("span", {}, "list of ", typeOf(schema.items));
  if (type === "object" && schema.additionalProperties && schema.additionalProperties !== true) return el("span", {}, "map to ", typeOf(schema.additionalProperties));
  return schema.enum ? schema.enum.join(" | ") : type + (schema.format ? " (" + schema.format + ")" : "");
};

const limits = (s) => ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "default"]
  .filter((k) => s && s[k] !== undefined).map((k) => k + " " + s[k]).join(", ");

const table = (heads, rows) => el("table", {},
  el("thead", {}, el("tr", {}, ...heads.map((h) => el("th", { scope: "col" }, h)))),
  el("tbody", {}, ...rows.map((cells) => el("tr", {}, ...cells.map((c) => el("td", {}, c))))));

const properties = (schema) => table(["Field", "Type", "Needed", "Meaning"], Object.entries(schema.properties || {}).map(([name, s]) =>
  [el("code", {}, name), typeOf(s), (schema.required || []).includes(name) ? "yes" : "", [s.description, limits(s)].filter(Boolean).join("; ")]));

const contentType = (content) => {
  const first = Object.entries(content || {})[0];
  return first ? el("span", {}, typeOf(first[1].schema), " as " + first[0]) : "";
};

const operation = (method, path, op) => {
  const body = el("details", { id: op.operationId },
    el("summary", {}, el("span", { className: "method" }, method.toUpperCase()), el("span", { className: "path" }, path), " — " + (op.summary || "")),
    el("p", {}, op.description || ""));
  if (op.parameters) {
    body.append(el("h4", {}, "Parameters"), table(["Name", "In", "Type", "Needed", "Meaning"], op.parameters.map((p) =>
      [el("code", {}, p.name), p.in, typeOf(p.schema), p.required ? "yes" : "", [p.description || (p.schema || {}).description, limits(p.schema)].filter(Boolean).join("; ")])));
  }
  if (op.requestBody) body.append(el("h4", {}, "Body"), el("p", {}, contentType(op.requestBody.content)));
  body.append(el("h4", {}, "Answers"), table(["Status", "Meaning", "Body"], Object.entries(op.responses).map(([status, r]) =>
    [status, r.description, contentType(r.content)])));
  return body;
};

const render = (doc) => {
  document.getElementById("title").textContent = doc.info.title + " API, v" + doc.info.version;
  document.getElementById("about").textContent = doc.info.description || "";
  const main = document.getElementById("main"), index = document.getElementById("index"), groups = new Map();
  for (const [path, item] of Object.entries(doc.paths)) {
    for (const [method, op] of Object.entries(item)) {
      const tag = (op.tags || ["other"])[0];
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push([method, path, op]);
    }
  }
  main.replaceChildren();
  const list = el("ul");
  for (const [tag, ops] of groups) {
    main.append(el("h2", {}, tag), ...ops.map(([m, p, op]) => operation(m, p, op)));
    list.append(...ops.map(([m, p, op]) => el("li", {}, el("a", { href: "#" + op.operationId }, m.toUpperCase() + " " + p))));
  }
  index.replaceChildren(list);
  main.append(el("h2", {}, "Schemas"), ...Object.entries(doc.components.schemas).map(([name, s]) =>
    el("details", { id: "schema-" + name }, el("summary", {}, el("code", {}, name)), el("p", {}, s.description || ""), properties(s))));
};

const reveal = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") target.open = true;
};

document.getElementById("filter").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase();
  for (const node of document.querySelectorAll("main details")) node.hidden = !node.textContent.toLowerCase().includes(words);
});
window.addEventListener("hashchange", reveal);

fetch("/openapi.json").then((answer) => answer.json()).then(render).then(reveal).catch(() => {
  document.getElementById("main").textContent = "The OpenAPI document could not be read.";
});
