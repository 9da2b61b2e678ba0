import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TEMPORAL_CLI_VERSION } from '../../../adapters/temporal/server/find-cli.ts';

let directory: string;
let cached: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'swarmcase-find-'));
  cached = join(directory, 'cache', 'swarmcase', `temporal-cli-${TEMPORAL_CLI_VERSION}`, 'temporal');
  mkdirSync(join(directory, 'bin'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function executable(file: string, script = 'exit 0'): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Runs the search with a PATH of one folder, an empty cache and no way out of this machine. */
function find(environment: Record<string, string> = {}): Promise<string> {
  const env = {
    HOME: directory,
    PATH: join(directory, 'bin'),
    XDG_CACHE_HOME: join(directory, 'cache'),
    HTTPS_PROXY: 'http://127.0.0.1:1',
    ...environment,
  };
  const args = ['scripts/run-ts.js', 'test/support/find-cli-process.ts'];
  return new Promise((done, failed) => {
    execFile(process.execPath, args, { env, cwd: resolve(import.meta.dirname, '../../..') }, (error, stdout) => {
      if (error) failed(error);
      else done(stdout.trim());
    });
  });
}

describe('the search for the Temporal CLI', () => {
  it('takes the one that TEMPORAL_CLI_PATH names before all others, and no other if that is wrong', async () => {
    executable(join(directory, 'bin', 'temporal'));
    const named = executable(join(directory, 'mine'));
    expect(await find({ TEMPORAL_CLI_PATH: named })).toBe(`found ${named}`);
    expect(await find({ TEMPORAL_CLI_PATH: join(directory, 'nothing') })).toContain('TEMPORAL_CLI_PATH names');
  });

  it('takes the one on the PATH before the cached one', async () => {
    executable(cached);
    expect(await find()).toBe(`found ${cached}`);
    const onPath = executable(join(directory, 'bin', 'temporal'));
    expect(await find()).toBe(`found ${onPath}`);
  });

  it('names every way when there is none', { timeout: 60_000 }, async () => {
    const said = await find();
    for (const way of [
      'TEMPORAL_ADDRESS',
      'TEMPORAL_CLI_PATH',
      'temporal.download',
      'Go 1.21',
      'Tried: downloading it:',
      'Tried: building it',
    ]) {
      expect(said).toContain(way);
    }
  });

  it('tells what the build said when it fails', { timeout: 60_000 }, async () => {
    executable(join(directory, 'bin', 'go'), 'echo "no module proxy" >&2; exit 1');
    expect(await find()).toContain('Tried: building it with Go: no module proxy');
  });

  it('builds once for all who start at the same time, and says that it still builds', { timeout: 90_000 }, async () => {
    const log = join(directory, 'builds');
    // What go does, as far as it matters: it takes long and leaves an executable at -o.
    executable(
      join(directory, 'bin', 'go'),
      `echo build >> ${log}; /bin/sleep 7; while [ "$1" != -o ]; do shift; done; echo '#!/bin/sh' > "$2"; /bin/chmod 755 "$2"`,
    );
    const [first, ...others] = await Promise.all([find(), find(), find()]);
    expect(readFileSync(log, 'utf8')).toBe('build\n');
    const all = [first!, ...others];
    expect(all.every((said) => said.endsWith(`found ${cached}`))).toBe(true);
    expect(all.filter((said) => / with Go \(several minutes, only this once\) \.\.\. 5 s/.test(said))).toHaveLength(1);
    expect(all.filter((said) => /Another process \(\d+\) is getting the Temporal CLI/.test(said))).toHaveLength(2);
  });

  it('takes over from one who died while building', { timeout: 60_000 }, async () => {
    mkdirSync(dirname(cached), { recursive: true });
    // Beyond the largest PID of Linux.
    writeFileSync(join(dirname(cached), 'lock'), '4194305');
    expect(await find()).toContain('Tried: building it');
  });
});
