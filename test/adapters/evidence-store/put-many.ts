import { createDirectoryStore } from '../../../adapters/evidence-store/directory-store.ts';
import { evidenceBytes, meta } from './samples.ts';

/** Child process of the store's tests: `put-many.ts <root> <case> <first> <last> <actor>`; says each id after it is stored. */
const [root = '', caseId = '', first = '0', last = '0', actor = ''] = process.argv.slice(2);
const store = createDirectoryStore(root, { freeBytesFloor: 0 });
for (let number = Number(first); number <= Number(last); number++) {
  await store.put({ ...meta(caseId, `item-${number}`), actor }, evidenceBytes(number));
  process.stdout.write(`item-${number}\n`);
}
