import { describe, expect, it } from 'vitest';
import { coverage, END, ROOT, snapshotOf } from './read-part.ts';

describe('coverage', () => {
  const whole = { 'linux-identity': ROOT, 'linux-cron': END, 'linux-systemd': END };

  it('calls a group read when all of it was read to its end', () => {
    expect(coverage(snapshotOf('linux', whole), 'autostart')).toMatchObject({ state: 'read', reasons: [] });
  });

  it('never takes silence for "nothing there"', () => {
    expect(coverage(snapshotOf('linux', { 'linux-cron': '' }), 'autostart')).toMatchObject({
      state: 'not_read',
      reasons: ['linux-cron: the command gave no answer'],
    });
    expect(coverage(snapshotOf('linux', {}), 'files')).toMatchObject({
      state: 'not_read',
      reasons: ['it was not collected'],
    });
  });

  it.each([
    ['cut output', whole, { truncated: ['linux-cron'] }, 'linux-cron: the output was cut'],
    [
      'a command that never ended',
      { ...whole, 'linux-cron': 'S\t/etc/cron.daily/a\n' },
      {},
      'linux-cron: the command did not come to its end',
    ],
    [
      'a folder that may not be read',
      { ...whole, 'linux-cron': `#note\tdenied\t/home/x\n${END}` },
      {},
      'linux-cron: no permission to read /home/x',
    ],
    [
      'a missing artifact',
      whole,
      { missing: [{ artifactId: 'linux-preload', reason: 'timeout', detail: '' }] as const },
      'linux-preload: time ran out',
    ],
    ['missing rights', { ...whole, 'linux-identity': 'uid\t1000\n' }, {}, 'linux-cron: read without root rights'],
  ])('calls a group partly read because of %s', (_, outputs, options, reason) => {
    const entry = coverage(snapshotOf('linux', outputs, options), 'autostart');
    expect(entry?.state).toBe('partial');
    expect(entry?.reasons).toContain(reason);
  });

  it('does not count a supplement as an answer', () => {
    expect(coverage(snapshotOf('linux', { 'linux-socket-owners': END }), 'sockets')?.state).toBe('not_read');
  });

  it('keeps the list of reasons short on a host that makes up thousands', () => {
    const notes = Array.from({ length: 5000 }, (_, i) => `#note\tdenied\t/home/${i}\n`).join('');
    const entry = coverage(snapshotOf('linux', { ...whole, 'linux-cron': notes + END }), 'autostart');
    expect(entry?.reasons).toHaveLength(21);
    expect(entry?.reasons.at(-1)).toBe('and 4980 more');
  });
});
