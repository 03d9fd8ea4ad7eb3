// The page: asks once a second what there is, and has each part show what is new.

import * as denials from "./denials.js";
import * as faults from "./faults.js";
import * as jobs from "./jobs.js";
import { Refused, latest } from "./server.js";
import * as stacks from "./stacks.js";

const EVERY = 1000;
const connection = document.getElementById("connection");
const news = document.getElementById("news");
let before = null;

async function renew() {
  try {
    const state = await latest("state");
    if (state) show(state);
    await jobs.renew();
    await stacks.renew();
    say(connection, "");
  } catch (error) {
    const ended = error instanceof Refused && error.status === 403;
    say(connection, ended
      ? "This page is of a local AWS that has ended, or was opened too often since: run bedrock-local console."
      : "The local AWS does not answer. What is shown is what it said last.");
  }
  connection.hidden = !connection.textContent;
}

function show(state) {
  jobs.show(state);
  stacks.show(state);
  denials.show(state);
  faults.show(state, renew);
  if (before) say(news, changes(before, state));
  before = state;
}

function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Say in a sentence what is new, for who does not see it move. */
function changes(earlier, now) {
  const was = new Map(earlier.jobs.map(job => [job.id, job.status]));
  const changed = now.jobs.filter(job => was.get(job.id) !== job.status);
  const told = changed.length > 3 ? [`${changed.length} jobs have changed.`] : changed.map(job => `${job.name} is ${job.status}.`);
  const more = now.denials.length - earlier.denials.length;
  if (more > 0) told.push(more === 1 ? "A permission was denied." : `${more} permissions were denied.`);
  return told.length ? told.join(" ") : news.textContent;
}

async function live() {
  if (!document.hidden) await renew();
  setTimeout(live, EVERY);
}

document.addEventListener("visibilitychange", () => document.hidden || renew());
live();
