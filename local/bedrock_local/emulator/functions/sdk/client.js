// A client of the AWS SDK for JavaScript, whose calls boto3 makes: the two share the service models.
"use strict";

const { Calls } = require("./calls.js");

class ServiceException extends Error {}

class Client {
  #about;

  constructor(config, about) {
    this.#about = about;
    const region = async () => (await called(config.region)) || process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
    this.config = { ...config, region, serviceId: about.model.metadata.serviceId };
  }

  // The SDK takes a callback as well: send(command, callback), send(command, options, callback).
  send(command, ...more) {
    const callback = more.find((each) => typeof each === "function");
    const answer = this.#call(command);
    if (!callback) return answer;
    answer.then((output) => callback(null, output), callback);
    return undefined;
  }

  destroy() {}

  async waitFor(waiter, seconds, input) {
    await this.#ask({ waiter, seconds, input });
    return { state: "SUCCESS" };
  }

  async #call({ operation, input }) {
    const { operations, shapes } = this.#about.model;
    const { members = {} } = shapes[operations[operation].input?.shape] || {};
    for (const [name, { location }] of Object.entries(members)) {
      if (location === "uri" && !input[name]) throw new Error(`No value provided for input HTTP label: ${name}.`);
    }
    return this.#ask({ operation, input });
  }

  async #ask(request) {
    const { settings, service, name } = this.#about;
    const { endpoint, credentials, forcePathStyle, maxAttempts } = this.config;
    const place = await called(endpoint);
    const { error, output, metadata } = await Calls.of(settings).ask({
      ...request,
      service,
      region: await this.config.region(),
      endpoint: place?.url ? String(place.url) : place,
      credentials: keys(await called(credentials)),
      forcePathStyle,
      maxAttempts,
    });
    if (!error) return { $metadata: metadata, ...output };
    const fault = metadata.httpStatusCode >= 500 ? "server" : "client";
    throw Object.assign(new ServiceException(error.message), error.members, {
      name: error.name, $service: name, $fault: fault, $metadata: metadata,
    });
  }
}

function keys({ accessKeyId, secretAccessKey, sessionToken } = {}) {
  return { accessKeyId, secretAccessKey, sessionToken };
}

async function called(value) {
  return typeof value === "function" ? value() : value;
}

module.exports = { Client, ServiceException };
