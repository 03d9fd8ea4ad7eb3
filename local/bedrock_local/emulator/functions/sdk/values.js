// Values that JSON does not have, marked by a name that no service gives: bytes, times and streams.
"use strict";

const { Readable } = require("node:stream");

const MARK = "\u0000";

// What the SDK answers for a blob: bytes that know how to be a text.
class Bytes extends Uint8Array {
  transformToString(encoding = "utf-8") {
    return Buffer.from(this).toString(encoding);
  }
}

async function encoded(value) {
  if (value === null || value === undefined || typeof value === "function") return undefined;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object") return value;
  if (value instanceof Date) return { [MARK]: "time", value: value.getTime() / 1000 };
  if (ArrayBuffer.isView(value)) return bytes(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
  if (Array.isArray(value)) return Promise.all(value.map(encoded));
  if (typeof value.arrayBuffer === "function") return bytes(Buffer.from(await value.arrayBuffer()));
  if (value[Symbol.asyncIterator]) return bytes(Buffer.concat(await collected(value)));
  const entries = Object.entries(value).map(async ([name, member]) => [name, await encoded(member)]);
  return Object.fromEntries(await Promise.all(entries));
}

async function collected(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return chunks;
}

function bytes(buffer) {
  return { [MARK]: "bytes", value: buffer.toString("base64") };
}

function decoded(value) {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(decoded);
  if (value[MARK] === "time") return new Date(value.value * 1000);
  if (value[MARK] === "bytes") return new Bytes(Buffer.from(value.value, "base64"));
  if (value[MARK] === "stream") return stream(Buffer.from(value.value, "base64"));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, decoded(member)]));
}

function stream(buffer) {
  const whole = new Bytes(buffer);
  return Object.assign(Readable.from([buffer], { objectMode: false }), {
    transformToString: async (encoding) => whole.transformToString(encoding),
    transformToByteArray: async () => whole,
    transformToWebStream: () => new Blob([buffer]).stream(),
  });
}

module.exports = { decoded, encoded };
