// Denied permissions: who asked for what, and the statement that would have allowed it, to be copied.

import { fill, keyed, made, setTime } from "./nodes.js";

const list = document.getElementById("denials-list");

/** Show the denials of a state. */
export function show(state) {
  keyed(list, state.denials, denial => denial.id, make, update);
  document.getElementById("denials-count").textContent = state.denials.length;
}

function make(denial) {
  const node = made("denial"), button = node.querySelector("button");
  button.addEventListener("click", async () => {
    button.nextElementSibling.textContent = await copied(written(denial)) ? "Copied." : "Select it, and copy it.";
  });
  return node;
}

function update(node, denial) {
  const denied = denial.explicitly ? `Denied explicitly in ${denial.where}: no further statement can allow it.` : "";
  const missing = `Missing in ${denial.where}:`;
  fill(node, { ...denial, statement: written(denial), denied, missing, times: denial.times > 1 ? `${denial.times} times` : "" });
  node.querySelector(".missing").hidden = !denial.statement;
  setTime(node.querySelector("time"), denial.at);
}

function written(denial) {
  return denial.statement ? JSON.stringify(denial.statement, null, 2) : "";
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
