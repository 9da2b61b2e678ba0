import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LinuxHost, startLinuxHost } from '../support/linux-host.ts';

let host: LinuxHost;
beforeAll(async () => {
  host = await startLinuxHost();
});
afterAll(() => host.stop());

/** The shell blocks of the runbook, on this host instead of a real one. */
function blocks(): string[] {
  const part = readFileSync('docs/runbook.md', 'utf8').split('\n### Undo by hand\n')[1] ?? '';
  return [...part.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) =>
    text.replaceAll('/var/lib/swarmcase/quarantine/$CASE', host.caseDir),
  );
}

it('the runbook shows what was moved and puts it back with a shell alone', async () => {
  const path = join(host.root, 'home/alice/.config/transmission-daemon');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'settings.json'), '{}');
  const action = { kind: 'quarantine-path', actionId: '1-quarantine-path', path } as const;
  await host.apply(action, await host.prepare(action));
  expect(existsSync(path)).toBe(false);

  const [look, putBack] = blocks();
  expect(execFileSync('/bin/sh', ['-c', look!], { encoding: 'utf8' })).toContain(path);
  execFileSync('/bin/sh', ['-c', `${putBack!}\ntrue`]);
  expect(readFileSync(join(path, 'settings.json'), 'utf8')).toBe('{}');
});
