// What is open in a list: more is asked for and shown of that alone.

import { forget, latest } from "./server.js";

/** Follow what is open; `path` answers about an id, and `show` shows it. */
export function opened(list, path, show) {
  const pathOf = node => `${path}?id=${encodeURIComponent(node.about)}`;

  async function renew() {
    for (const details of list.querySelectorAll(":scope > li > details[open]")) {
      const seen = await latest(pathOf(details.parentElement));
      if (seen) show(details, seen);
    }
  }

  function follow(node, id) {
    const details = node.querySelector("details");
    node.about = id;
    details.addEventListener("toggle", () => {
      if (!details.open) return;
      forget(pathOf(node));
      // Where nobody answers, the page says so at its next look.
      renew().catch(() => {});
    });
  }

  return { follow, renew };
}
