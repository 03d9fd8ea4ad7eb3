// Jobs: the list, and of those that are open their times and latest records.

import { fill, keyed, made, setStatus, setTime } from "./nodes.js";
import { opened } from "./opened.js";
import { order } from "./server.js";

const list = document.getElementById("jobs-list");
const { follow, renew } = opened(list, "job", detail);
const filter = document.getElementById("jobs-filter");
let shown = { jobs: [], jobs_in_all: 0 };

filter.addEventListener("input", () => show(shown));

export { renew };

/** Show the jobs of a state, as far as the filter wants them. */
export function show(state) {
  shown = state;
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = state.jobs.filter(job => {
    const text = `${job.name} ${job.status} ${job.model} ${job.id}`.toLowerCase();
    return words.every(word => text.includes(word));
  });
  keyed(list, wanted, job => job.id, make, update);
  document.getElementById("jobs-count").textContent = state.jobs_in_all;
  const some = wanted.length < state.jobs_in_all;
  document.getElementById("jobs-shown").textContent = some ? `${wanted.length} of ${state.jobs_in_all}` : "";
}

function make(job) {
  const node = made("job"), button = node.querySelector(".stop");
  follow(node, job.id);
  fill(node.querySelector("dl"), job);
  button.addEventListener("click", async () => {
    button.nextElementSibling.textContent = await order("jobs/stop", { id: job.id });
  });
  return node;
}

function update(node, job) {
  const [processed, total, success, error] = job.counts;
  const failed = error ? `, ${error} failed` : "";
  fill(node.querySelector("summary"), { ...job, counts: total ? `${processed} of ${total} records${failed}` : "" });
  const status = node.querySelector(".status"), progress = node.querySelector("progress");
  setStatus(status, job.status);
  progress.hidden = !total;
  progress.max = total || 1;
  progress.value = processed;
  progress.title = `${success} answered, ${error} failed`;
  setTime(node.querySelector("time"), job.submitted);
  node.querySelector(".stop").hidden = !job.stoppable;
}

function detail(details, seen) {
  fill(details.querySelector("dl"), seen);
  const denied = details.querySelector(".denied");
  denied.hidden = !seen.denials.length;
  fill(denied, { denied: seen.denials.map(({ action, resource }) => `${action} on ${resource}`).join(", ") });
  const began = Date.parse(seen.timeline[0][1]);
  keyed(details.querySelector(".timeline"), seen.timeline, ([status]) => status, () => made("change"), (node, change) => {
    const [status, at, message] = change, seconds = (Date.parse(at) - began) / 1000;
    fill(node, { status, message, after: seconds ? `after ${seconds.toFixed(1)} s` : "" });
    setStatus(node.querySelector(".status"), status);
    setTime(node.querySelector("time"), at);
  });
  const records = details.querySelector(".records");
  keyed(records, seen.records, record => `${record.id} ${record.line}`, () => made("record"), (node, record) => {
    fill(node, record);
    node.querySelector(".answer").classList.toggle("problem", record.failed);
  });
}
