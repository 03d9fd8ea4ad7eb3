// Stacks: the list, and of those that are open their events and resources.

import { fill, keyed, made, setStatus, setTime } from "./nodes.js";
import { opened } from "./opened.js";

const list = document.getElementById("stacks-list");
const { follow, renew } = opened(list, "stack", detail);

export { renew };

/** Show the stacks of a state. */
export function show(state) {
  keyed(list, state.stacks, stack => stack.id, make, update);
  document.getElementById("stacks-count").textContent = state.stacks.length;
}

function make(stack) {
  const node = made("stack");
  follow(node, stack.id);
  return node;
}

function update(node, stack) {
  fill(node.querySelector("summary"), { ...stack, place: `${stack.account}, ${stack.region}` });
  setStatus(node.querySelector(".status"), stack.status);
  setTime(node.querySelector("time"), stack.updated);
}

function detail(details, seen) {
  keyed(details.querySelector(".events"), seen.events, event => event.EventId, () => made("event"), (node, event) => {
    fill(node, event);
    setStatus(node.querySelector(".status"), event.ResourceStatus);
    setTime(node.querySelector("time"), event.Timestamp);
  });
  const resources = details.querySelector(".resources"), nameOf = resource => resource.LogicalResourceId;
  keyed(resources, seen.resources, nameOf, () => made("resource"), (node, resource) => {
    fill(node, resource);
    setStatus(node.querySelector(".status"), resource.ResourceStatus);
  });
  keyed(details.querySelector(".logs"), seen.logs, ([name]) => name, () => made("log"), (node, [name, lines]) => {
    fill(node, { name, lines });
  });
  keyed(details.querySelector(".outputs"), seen.outputs, ([name]) => name, () => made("output"), (node, [name, value]) => {
    fill(node, { name, value });
  });
}
