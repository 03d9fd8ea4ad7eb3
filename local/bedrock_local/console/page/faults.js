// Faults: those that are on, and a form for each kind that can be switched on.

import { fill, keyed, made } from "./nodes.js";
import { order } from "./server.js";

const on = document.getElementById("faults-on");
const kinds = document.getElementById("faults-kinds");

/** Show the faults of a state; `done` is called after one was switched. */
export function show(state, done) {
  keyed(kinds, state.kinds, kind => kind.kind, kind => form(kind, done), fill);
  keyed(on, state.faults, fault => fault.id, fault => switched(fault, done), (node, { id, kind, ...members }) => {
    const given = Object.entries(members).filter(([, value]) => value !== "");
    fill(node, { kind, members: given.map(([name, value]) => `${name}: ${value}`).join(", ") });
  });
  document.getElementById("faults-count").textContent = state.faults.length;
}

function switched(fault, done) {
  const node = made("fault"), button = node.querySelector("button");
  button.setAttribute("aria-label", `Switch off ${fault.kind}`);
  button.addEventListener("click", async () => {
    await order("faults/remove", { id: fault.id });
    await done();
    // The button is gone, and who came by keyboard is not to begin anew.
    (on.querySelector("button") ?? kinds.querySelector("button")).focus();
  });
  return node;
}

function form(kind, done) {
  const node = made("kind"), form = node.querySelector("form");
  form.querySelector("button").setAttribute("aria-label", `Switch on ${kind.kind}`);
  form.querySelector(".members").append(...kind.members.map(field));
  form.addEventListener("submit", async event => {
    event.preventDefault();
    form.querySelector(".problem").textContent = await order("faults/add", { kind: kind.kind, ...given(form, kind) });
    await done();
  });
  return node;
}

function field(member) {
  const label = document.createElement("label");
  const input = document.createElement(member.choices.length ? "select" : "input");
  for (const choice of member.choices) input.append(new Option(choice || "any", choice));
  if (!member.choices.length) {
    input.type = member.type;
    if (member.type === "number") input.step = member.whole ? "1" : "any";
  }
  input.name = member.name;
  if (member.value === null) input.required = true;
  else input.value = member.value;
  label.append(`${member.name.replace("_", " ")} `, input);
  return label;
}

function given(form, kind) {
  return Object.fromEntries(kind.members.map(({ name, type }) => {
    const value = form.elements[name].value;
    return [name, type === "number" ? Number(value) : value];
  }));
}
