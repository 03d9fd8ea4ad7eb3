// Nodes of the page: made of templates, filled with text, and kept as long as what they show is there.

/** Make a node of a template. */
export function made(name) {
  return document.getElementById(name).content.firstElementChild.cloneNode(true);
}

/** Write texts where a node has a place for them; markup in them is text. */
export function fill(node, texts) {
  for (const place of node.querySelectorAll("[data-text]")) {
    const text = texts[place.dataset.text];
    if (text !== undefined && place.textContent !== text) place.textContent = text;
  }
}

/** Show items as children of a list: what is there stays, and only what differs is written anew. */
export function keyed(list, items, keyOf, make, update) {
  const nodes = list.nodes ?? (list.nodes = new Map());
  const wanted = new Map(items.map(item => [keyOf(item), item]));
  for (const [key, node] of nodes) {
    if (wanted.has(key)) continue;
    node.remove();
    nodes.delete(key);
  }
  let at = list.firstElementChild;
  for (const [key, item] of wanted) {
    let node = nodes.get(key);
    if (!node) nodes.set(key, node = make(item));
    const seen = JSON.stringify(item);
    if (node.seen !== seen) {
      node.seen = seen;
      update(node, item);
    }
    if (node === at) at = at.nextElementSibling;
    else list.insertBefore(node, at);
  }
}

/** Show a point in time as this machine's clock has it. */
export function setTime(node, iso) {
  if (node.dateTime === iso) return;
  const time = new Date(iso);
  node.dateTime = iso;
  node.title = time.toLocaleString();
  node.textContent = time.toLocaleTimeString();
}

/** Mark a status by what it means: going on, good, bad. */
export function setStatus(node, status) {
  const bad = /FAILED|ROLLBACK|Failed|Expired/.test(status);
  const over = /COMPLETE$|Completed$|Stopped/.test(status);
  node.dataset.means = bad ? "bad" : over ? "good" : "going";
}
