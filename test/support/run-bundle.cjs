// Runs a program that `bundle.ts` made, with what V8 made of it when it ran first: compiling it takes half of a start.
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

const [, , file] = process.argv;
const compiled = `${file}.compiled`;
const known = existsSync(compiled);
const script = new Script(wrap(readFileSync(file, 'utf8')), {
  filename: file,
  ...(known ? { cachedData: readFileSync(compiled) } : {}),
});
script.runInThisContext()(exports, createRequire(file), module, file, dirname(file));

const keep = () => {
  const part = `${compiled}.${process.pid}`;
  writeFileSync(part, script.createCachedData());
  renameSync(part, compiled);
};
// Once everything that a start needs has been compiled.
if (!known) setTimeout(keep, 5_000).unref();
