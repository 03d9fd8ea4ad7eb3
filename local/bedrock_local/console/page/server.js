// What the page asks of the server that it came from: what has changed, and that something be done.

const known = new Map();

/** Ask for what is shown; null if it is as it was at the last call. */
export async function latest(path) {
  const tag = known.get(path);
  const answer = await fetch(path, { headers: tag ? { "If-None-Match": tag } : {} });
  if (answer.status === 304) return null;
  if (!answer.ok) throw new Refused(answer.status);
  known.set(path, answer.headers.get("ETag"));
  return answer.json();
}

/** Forget what was shown, so that the next call answers in full. */
export function forget(path) {
  known.delete(path);
}

/** Have something done; return why it cannot be, empty if it is done. */
export async function order(path, body) {
  const headers = { "Content-Type": "application/json", "X-Bedrock-Local-Console": "1" };
  try {
    const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    return answer.ok ? "" : (await answer.json()).message;
  } catch {
    return "the local AWS does not answer";
  }
}

export class Refused extends Error {
  constructor(status) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}
