// Runs a TypeScript file with plain `node`: node scripts/run-ts.js <file.ts> [arguments]
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { register } from 'tsx/esm/api';

const file = process.argv[2];
if (file === undefined) {
  console.error('Usage: node scripts/run-ts.js <file.ts> [arguments]');
  process.exit(2);
}
const path = resolve(file);
// The file sees the arguments it would see if it were run directly.
process.argv.splice(1, 2, path);
register();
await import(pathToFileURL(path).href);
