// Unpacks the Chromium of the npm package, with the libraries and the fonts it brings, into a folder.
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { inflate } from "@sparticuz/chromium";

const folder = process.argv[2];
const unfinished = `${folder}.unfinished`;
const packed = fileURLToPath(new URL("../bin/", import.meta.resolve("@sparticuz/chromium")));

for (const old of [folder, unfinished]) {
  await rm(old, { recursive: true, force: true });
}
await mkdir(unfinished, { recursive: true });
// The package unpacks into the folder of temporary files, and takes what is there for its own.
process.env.TMPDIR = unfinished;
for (const name of ["chromium", "al2023.tar", "fonts.tar"]) {
  await inflate(join(packed, `${name}.br`));
}
// Its own names folders of AWS Lambda only.
await cp(new URL("fonts.conf", import.meta.url), join(unfinished, "fonts", "fonts.conf"));
await rename(unfinished, folder);
