// A program that starts a lab and then waits to be killed: lifecycle.test.ts does that.
import { startLab } from '../../scripts/lab/up.ts';

await startLab({ hosts: [{ name: 'clean', role: 'clean' }] });
process.stdout.write('ready');
setInterval(() => undefined, 60_000);
