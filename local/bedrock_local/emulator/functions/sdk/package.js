// What one package of the AWS SDK for JavaScript exports, by the service's model.
// https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const zlib = require("node:zlib");

const { Client, ServiceException } = require("./client.js");

const NOT_IN_A_NAME = /[^A-Za-z0-9_]+/;
const upper = (text) => text[0].toUpperCase() + text.slice(1);
const lower = (text) => text[0].toLowerCase() + text.slice(1);
const named = (name, made) => Object.defineProperty(made, "name", { value: name });

module.exports = (settings, service) => {
  const read = reader(path.join(settings.packages, "botocore", "data", service));
  const model = read("service-2");
  const name = model.metadata.serviceId.split(" ").map(upper).join("");
  const made = clients(settings, service, name, model);
  exceptions(made, name, model);
  enumerations(made, model);
  paginators(made, read("paginators-1").pagination || {});
  for (const waiter of Object.keys(read("waiters-2").waiters || {})) {
    made[`waitUntil${upper(waiter)}`] = (about, input) => about.client.waitFor(waiter, about.maxWaitTime, input);
  }
  return made;
};

// Reads a file of the newest version of a service's model.
function reader(folder) {
  const newest = fs.readdirSync(folder).sort().at(-1);
  return (name) => {
    const file = path.join(folder, newest, `${name}.json`);
    if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, "utf8"));
    if (!fs.existsSync(`${file}.gz`)) return {};
    return JSON.parse(zlib.gunzipSync(fs.readFileSync(`${file}.gz`)).toString());
  };
}

// The client, the client with a method an operation, and the commands.
function clients(settings, service, name, model) {
  class Made extends Client {
    constructor(config) {
      super({ ...config, apiVersion: model.metadata.apiVersion }, { settings, service, name, model });
    }
  }
  const Whole = class extends Made {};
  const made = { [`${name}Client`]: named(`${name}Client`, Made), [name]: named(name, Whole) };
  for (const operation of Object.keys(model.operations)) {
    const Command = class {
      constructor(input) {
        this.operation = operation;
        this.input = input || {};
      }
    };
    made[`${operation}Command`] = named(`${operation}Command`, Command);
    Whole.prototype[lower(operation)] = function (input, ...more) {
      return this.send(new Command(input), ...more);
    };
  }
  return made;
}

// An error is of the class that has its name: which one it will be, only the answer says.
function exceptions(made, name, model) {
  made[`${name}ServiceException`] = named(`${name}ServiceException`, class extends ServiceException {
    static [Symbol.hasInstance](error) {
      return error instanceof ServiceException && error.$service === name;
    }
  });
  for (const [shape, about] of Object.entries(model.shapes)) {
    if (!about.exception) continue;
    made[shape] = named(shape, class extends ServiceException {
      static [Symbol.hasInstance](error) {
        return error instanceof ServiceException && error.$service === name && error.name === shape;
      }
    });
  }
}

function enumerations(made, model) {
  for (const [shape, about] of Object.entries(model.shapes)) {
    if (!about.enum || shape in made || NOT_IN_A_NAME.test(shape)) continue;
    const spelled = ["_", ""].map((gap) => about.enum.map((value) => [value.split(NOT_IN_A_NAME).join(gap), value]));
    made[shape] = Object.fromEntries(spelled.flat());
  }
}

function paginators(made, pagination) {
  for (const [operation, { input_token: asked, output_token: told, limit_key: limit }] of Object.entries(pagination)) {
    if (typeof asked !== "string" || typeof told !== "string") continue;
    const Command = made[`${operation}Command`];
    made[`paginate${operation}`] = async function* (about, input) {
      let token = about.startingToken;
      do {
        const size = limit && about.pageSize ? { [limit]: about.pageSize } : {};
        const page = await about.client.send(new Command({ ...input, ...size, ...(token ? { [asked]: token } : {}) }));
        yield page;
        token = told.split(".").reduce((value, key) => value?.[key], page);
      } while (token);
    };
  }
}
