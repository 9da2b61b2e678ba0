import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Announcement,
  shellQuote,
  unwrapPosixCommand,
  wrapPosixCommand,
} from '../../../adapters/ssh/remote-command.ts';

describe('shellQuote', () => {
  it('makes one argument of any text without NUL', () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (values) => {
        const printed = execFileSync('/bin/sh', ['-c', `printf '%s\\n--\\n' ${values.map(shellQuote).join(' ')}`]);
        expect(printed.toString()).toBe(Buffer.from(values.map((value) => `${value}\n--\n`).join('')).toString());
      }),
      { numRuns: 50 },
    );
  });
});

describe('wrapPosixCommand', () => {
  it('can be taken off again by a server that plays a host', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (command) => {
        expect(unwrapPosixCommand(wrapPosixCommand(command).text)).toBe(command);
      }),
    );
    expect(unwrapPosixCommand('cmd.exe /d /c ver')).toBe('cmd.exe /d /c ver');
  });
});

describe('Announcement', () => {
  it('finds its line in any chunking, after the noise of a login shell, and keeps every other byte', () => {
    const noise = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(
        noise,
        noise,
        fc.integer({ min: 2, max: 4_194_304 }),
        fc.integer({ min: 1, max: 9 }),
        (before, after, pid, size) => {
          const announcement = new Announcement('token-1');
          const stream = Buffer.concat([before, Buffer.from(`token-1 ${pid}\n`), after]);
          const kept: Buffer[] = [];
          for (let at = 0; at < stream.length; at += size) kept.push(announcement.take(stream.subarray(at, at + size)));
          kept.push(announcement.rest());
          expect(announcement.pid).toBe(pid);
          expect(Buffer.concat(kept)).toEqual(Buffer.concat([before, after]));
        },
      ),
    );
  });

  it('gives up on a stream that never announces, without holding it back', () => {
    const announcement = new Announcement('token-1');
    const noise = Buffer.alloc(20_000, 'x');
    expect(announcement.take(noise)).toEqual(noise);
    expect(announcement.take(Buffer.from('token-1 5\n'))).toEqual(Buffer.from('token-1 5\n'));
    expect(announcement.pid).toBeUndefined();
  });
});
