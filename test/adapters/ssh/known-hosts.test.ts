import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strictVerifier } from '../../../adapters/ssh/host-key.ts';
import {
  fingerprint,
  knownHostsName,
  parseKnownHosts,
  pinnedKeyTypes,
  verifyHostKey,
} from '../../../adapters/ssh/known-hosts.ts';

function key(seed: string, type = 'ssh-ed25519'): Buffer {
  const name = Buffer.from(type);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return Buffer.concat([length, name, Buffer.from([0, 0, 0, 32]), createHash('sha256').update(seed).digest()]);
}
function line(hosts: string, blob: Buffer, type = 'ssh-ed25519'): string {
  return `${hosts} ${type} ${blob.toString('base64')}`;
}

describe('verifyHostKey', () => {
  const a = key('a');
  const b = key('b');
  const ecdsa = key('c', 'ecdsa-sha2-nistp256');

  it('accepts the pinned key, tells an unknown host from a changed one', () => {
    const hosts = parseKnownHosts(`# pins\n\n${line('10.0.0.1,pc.example', a)} root@pc\n`);
    expect(verifyHostKey(hosts, '10.0.0.1', 22, a)).toBe('match');
    expect(verifyHostKey(hosts, 'PC.Example', 22, a)).toBe('match');
    expect(verifyHostKey(hosts, '10.0.0.1', 22, b)).toBe('mismatch');
    expect(verifyHostKey(hosts, '10.0.0.2', 22, a)).toBe('unknown');
  });

  it('calls a key of another type a mismatch, and knows every pinned type', () => {
    const hosts = parseKnownHosts([line('10.0.0.1', a), line('10.0.0.1', ecdsa, 'ecdsa-sha2-nistp256')].join('\n'));
    expect(pinnedKeyTypes(hosts, '10.0.0.1', 22)).toEqual(['ssh-ed25519', 'ecdsa-sha2-nistp256']);
    expect(verifyHostKey(hosts, '10.0.0.1', 22, ecdsa)).toBe('match');
    expect(verifyHostKey(hosts, '10.0.0.1', 22, key('d', 'ssh-rsa'))).toBe('mismatch');
  });

  it('prefers the pins of the exact port and falls back to those of the address', () => {
    const hosts = parseKnownHosts([line('[10.0.0.1]:2222', b), line('10.0.0.1', a)].join('\r\n'));
    expect(verifyHostKey(hosts, '10.0.0.1', 2222, b)).toBe('match');
    expect(verifyHostKey(hosts, '10.0.0.1', 2222, a)).toBe('mismatch');
    expect(verifyHostKey(hosts, '10.0.0.1', 2200, a)).toBe('match');
    expect(verifyHostKey(hosts, '10.0.0.1', 22, b)).toBe('mismatch');
  });

  it('lets a revocation win over a pin and ignores certificate authorities', () => {
    const hosts = parseKnownHosts(
      [line('10.0.0.1', a), `@revoked ${line('*', a)}`, `@cert-authority ${line('*', b)}`].join('\n'),
    );
    expect(verifyHostKey(hosts, '10.0.0.1', 22, a)).toBe('revoked');
    expect(verifyHostKey(hosts, '10.0.0.9', 22, b)).toBe('unknown');
  });

  it('understands wildcards and negation', () => {
    const hosts = parseKnownHosts(line('10.0.?.*,!10.0.0.66', a));
    expect(verifyHostKey(hosts, '10.0.0.5', 22, a)).toBe('match');
    expect(verifyHostKey(hosts, '10.0.0.66', 22, a)).toBe('unknown');
    expect(verifyHostKey(hosts, '10x0.0.5', 22, a)).toBe('unknown');
  });

  it('reads what ssh-keygen hashes and agrees with its fingerprints', () => {
    const dir = mkdtempSync(join(tmpdir(), 'swarmcase-known-hosts-'));
    try {
      execFileSync('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', join(dir, 'k')]);
      const [type = '', base64 = ''] = readFileSync(join(dir, 'k.pub'), 'utf8').split(' ');
      const file = join(dir, 'known_hosts');
      writeFileSync(file, `10.0.0.1 ${type} ${base64}\n[10.0.0.2]:2222 ${type} ${base64}\n`);
      execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
      const text = readFileSync(file, 'utf8');
      expect(text).not.toContain('10.0.0.1');
      const hosts = parseKnownHosts(text);
      const blob = Buffer.from(base64, 'base64');
      expect(hosts.malformed).toEqual([]);
      expect(verifyHostKey(hosts, '10.0.0.1', 22, blob)).toBe('match');
      expect(verifyHostKey(hosts, '10.0.0.2', 2222, blob)).toBe('match');
      expect(verifyHostKey(hosts, '10.0.0.2', 22, blob)).toBe('unknown');
      expect(execFileSync('ssh-keygen', ['-lf', join(dir, 'k.pub')], { encoding: 'utf8' })).toContain(
        fingerprint(blob),
      );
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('names the lines that mean nothing instead of passing over them', () => {
    const lying = line('10.0.0.1', a, 'ssh-rsa');
    const text = ['10.0.0.1', `@revokd ${line('*', a)}`, lying, '|1|x 1 2', '10.0.0.1 ssh-ed25519 !!!!'].join('\n');
    expect(parseKnownHosts(text)).toEqual({ entries: [], malformed: [1, 2, 3, 4, 5] });
  });

  it('never throws on any text, and matches no key that the text does not hold', () => {
    const piece = fc.constantFrom(
      '@revoked ',
      '10.0.0.1',
      '|1|',
      '|',
      ' ',
      '\t',
      '\n',
      'ssh-ed25519',
      '*',
      '!',
      ',',
      '[',
      '\\',
      '(',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (parts) => {
        const hosts = parseKnownHosts(parts.join(''));
        expect(['unknown', 'mismatch']).toContain(verifyHostKey(hosts, '10.0.0.1', 22, a));
      }),
    );
  });

  it('finds any pinned host again under its own name and port only', () => {
    fc.assert(
      fc.property(
        fc.ipV4(),
        fc.ipV4(),
        fc.integer({ min: 1, max: 65535 }),
        fc.string(),
        (address, other, port, seed) => {
          const blob = key(seed);
          const hosts = parseKnownHosts(line(knownHostsName(address, port), blob));
          expect(verifyHostKey(hosts, address, port, blob)).toBe('match');
          expect(verifyHostKey(hosts, address, port, key(`${seed}x`))).toBe('mismatch');
          if (other !== address) expect(verifyHostKey(hosts, other, port, blob)).toBe('unknown');
          if (port !== 22) expect(verifyHostKey(hosts, address, port === 1 ? 2 : port - 1, blob)).toBe('unknown');
        },
      ),
    );
  });
});

describe('strictVerifier', () => {
  it('takes nothing but true for yes', () => {
    expect(strictVerifier(() => true)(Buffer.alloc(0))).toBe(true);
    expect(strictVerifier(() => 1 as unknown as boolean)(Buffer.alloc(0))).toBe(false);
  });

  it('does not compile with an async verifier, and refuses the key of one that got in', () => {
    // @ts-expect-error a promise is not a decision
    expect(strictVerifier(async () => true)(Buffer.alloc(0))).toBe(false);
  });
});
