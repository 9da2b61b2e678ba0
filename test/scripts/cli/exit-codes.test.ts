import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SWARMCASE = resolve('scripts/swarmcase.js');
let directory: string;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a person would, in a fresh installation without a server. */
function swarmcase(...args: string[]): Promise<Ended> {
  const env = { PATH: process.env['PATH'], HOME: directory };
  return new Promise((done) => {
    execFile(process.execPath, [SWARMCASE, ...args], { cwd: directory, env }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'swarmcase-cli-'));
  expect((await swarmcase('init')).code).toBe(0);
  writeFileSync(join(directory, 'empty.txt'), '');
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('a command ends with', () => {
  it.concurrent.each([
    [0, 'list --closed', 'No cases.'],
    [0, 'open --file empty.txt', 'Nothing to open'],
    [1, 'list', 'SecretMissing: No codec key'],
    [1, 'doctor', 'BAD'],
    [2, 'frobnicate', 'unknown command'],
    [2, 'open 8.8.8.8', 'Outside the ranges of site hq'],
    [4, 'init', 'there already'],
    [4, 'verify empty.txt', 'NOT verified'],
    [5, 'verify nothing.zip', 'There is no file nothing.zip'],
    [5, 'assess nothing', 'There is nothing at nothing'],
    [5, 'artifacts nothing', 'No artifact "nothing"'],
    [5, 'show 10.20.0.9 --offline', 'No case "10.20.0.9"'],
  ])('%i: %s', async (code, line, says) => {
    const ended = await swarmcase(...line.split(' '));
    expect({ code: ended.code, text: ended.stdout + ended.stderr }).toEqual({
      code,
      text: expect.stringContaining(says),
    });
    expect(ended.stderr).not.toContain('    at ');
  });
});

it('the reader of a pipe may leave early', async () => {
  const text = await new Promise<string>((done) => {
    execFile(
      '/bin/sh',
      ['-c', `"${process.execPath}" "${SWARMCASE}" artifacts --json | head -n 1; echo after`],
      (_, stdout, stderr) => done(stdout + stderr),
    );
  });
  expect(text).toBe('[\nafter\n');
});
