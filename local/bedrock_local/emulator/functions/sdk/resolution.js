// Finds the packages of the AWS SDK for JavaScript that a function neither brings nor has beside its app.
"use strict";

const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const OF_LAMBDA = /^@(?:aws-sdk|smithy)\//;
const CLIENT = /^@aws-sdk\/client-([a-z0-9-]+)$/;
const PROVIDERS = "@aws-sdk/credential-providers";

// Functions of the CDK have npm fetch the newest SDK, and go on with the one that there is if it cannot.
const NPM = { NPM_CONFIG_OFFLINE: "true", NPM_CONFIG_LOGS_MAX: "0" };

module.exports = (settings) => {
  Object.assign(process.env, NPM);
  const beside = Module.createRequire(path.join(settings.folder, "package.json"));

  // Looking beside the app comes by here again.
  let looking = false;

  function besideTheApp(name) {
    looking = true;
    try {
      return beside.resolve(name);
    } catch {
      return undefined;
    } finally {
      looking = false;
    }
  }

  // The file of a package: of the real one beside the app, or of ours; none if the error stands.
  function find(name, error) {
    if (looking || !OF_LAMBDA.test(name)) return undefined;
    const real = besideTheApp(name);
    if (real) return real;
    if (name === PROVIDERS) return path.join(__dirname, "credentials.js");
    const [, id] = CLIENT.exec(name) || [];
    const service = settings.services[(id || "").replaceAll("-", "")];
    if (service) return written(id, service);
    error.message = `The local AWS has no ${name}, which Lambda has: install it in ${settings.folder} `
      + `(npm install ${name}). ${error.message}`;
    return undefined;
  }

  // A package on disk: `import { S3Client } from` finds only names that stand in a file.
  function written(id, service) {
    const folder = path.join(process.env.TMPDIR || "/tmp", "aws-sdk-for-javascript", `client-${id}`);
    const file = path.join(folder, "index.js");
    if (fs.existsSync(file)) return file;
    const source = JSON.stringify(path.join(__dirname, "package.js"));
    const names = Object.keys(require("./package.js")(settings, service));
    const lines = names.map((name) => `exports.${name} = sdk.${name};`);
    fs.mkdirSync(folder, { recursive: true });
    // Another function may be reading it.
    const draft = `${file}.${process.pid}`;
    const { python, calls, packages } = settings;
    const first = `const sdk = require(${source})(${JSON.stringify({ python, calls, packages })}, "${service}");`;
    fs.writeFileSync(draft, [first, ...lines, ""].join("\n"));
    fs.renameSync(draft, file);
    return file;
  }

  function hook(name, context, next) {
    try {
      return next(name, context);
    } catch (error) {
      const file = find(name, error);
      if (!file) throw error;
      return { url: pathToFileURL(file).href, shortCircuit: true };
    }
  }

  if (Module.registerHooks) {
    Module.registerHooks({ resolve: hook });
    return;
  }
  // Before Node.js 22.15 there is no public way in, and none at all for `import`.
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (name, ...about) {
    try {
      return resolve.call(this, name, ...about);
    } catch (error) {
      const file = find(name, error);
      if (!file) throw error;
      return file;
    }
  };
};
