// The process that makes the calls: a JSON object a line to it and from it.
"use strict";

const { spawn } = require("node:child_process");
const readline = require("node:readline");

const { decoded, encoded } = require("./values.js");

class Calls {
  static #only;

  #settings;
  #process;
  #waiting = new Map();
  #last = 0;

  static of(settings) {
    Calls.#only ??= new Calls(settings);
    return Calls.#only;
  }

  constructor(settings) {
    this.#settings = settings;
  }

  async ask(request) {
    const line = JSON.stringify(await encoded(request));
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#started().stdin.write(`${id} ${line}\n`);
    });
  }

  #started() {
    if (this.#process) return this.#process;
    const { python, calls, packages } = this.#settings;
    const stdio = ["pipe", "pipe", "inherit"];
    const process_ = spawn(python, [calls], { env: { ...process.env, PYTHONPATH: packages }, stdio });
    readline.createInterface({ input: process_.stdout }).on("line", (line) => this.#answered(line));
    process_.on("error", (error) => this.#ended(error));
    process_.on("exit", () => this.#ended(new Error("What makes the calls of the AWS SDK has ended.")));
    process_.stdin.on("error", (error) => this.#ended(error));
    this.#process = process_;
    return process_;
  }

  #answered(line) {
    const end = line.indexOf(" ");
    const id = Number(line.slice(0, end));
    this.#waiting.get(id)?.resolve(decoded(JSON.parse(line.slice(end + 1))));
    this.#waiting.delete(id);
  }

  #ended(error) {
    this.#process = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

module.exports = { Calls };
