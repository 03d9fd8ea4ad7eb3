// @aws-sdk/credential-providers, of which a function has two: its own credentials, and those of a role.
"use strict";

const PROLONGED_SECONDS = 300;

exports.fromEnv = () => async () => ({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  sessionToken: process.env.AWS_SESSION_TOKEN,
});
exports.fromNodeProviderChain = exports.fromEnv;

exports.fromTemporaryCredentials = ({ params, masterCredentials, clientConfig }) => {
  let held;
  return async () => {
    if (held && held.expiration - Date.now() > PROLONGED_SECONDS * 1000) return held;
    // Resolved here, where it is known to be wanted.
    const { STSClient, AssumeRoleCommand } = require("@aws-sdk/client-sts");
    const sts = new STSClient({ ...clientConfig, credentials: masterCredentials });
    const input = { RoleSessionName: `aws-sdk-js-${Date.now()}`, ...params };
    const { Credentials: given } = await sts.send(new AssumeRoleCommand(input));
    held = {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      sessionToken: given.SessionToken,
      expiration: given.Expiration,
    };
    return held;
  };
};
