import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { POSIX_LAUNCH } from '../../domain/collection-script.ts';

let tools: string;

beforeEach(() => {
  tools = mkdtempSync(join(tmpdir(), 'swarmcase-launch-'));
});

afterEach(() => rmSync(tools, { recursive: true }));

function tool(name: string, body: string): void {
  writeFileSync(join(tools, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(tools, name), 0o755);
}

function launch(): string {
  const script = 'echo "as ${ROLE:-account}"\n';
  return spawnSync('/bin/sh', ['-c', POSIX_LAUNCH], {
    input: script,
    env: { PATH: `${tools}:/usr/bin:/bin` },
    encoding: 'utf8',
  }).stdout;
}

describe('POSIX_LAUNCH', () => {
  it('runs the script once as root where the account may use sudo without a password', () => {
    tool('id', 'echo 1000');
    tool('sudo', '[ "$1" = -n ] && shift && ROLE=root exec "$@"');
    expect(launch()).toBe('as root\n');
  });

  it('runs the script with the rights there are where sudo refuses', () => {
    tool('id', 'echo 1000');
    tool('sudo', 'echo "a password is required" >&2; exit 1');
    expect(launch()).toBe('as account\n');
  });

  it('asks for nothing when the account is root', () => {
    tool('id', 'echo 0');
    tool('sudo', 'ROLE=root exec /bin/sh -s');
    expect(launch()).toBe('as account\n');
  });
});
