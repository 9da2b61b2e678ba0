import { describe, expect, it } from 'vitest';
import { Fault } from '../../domain/errors.ts';
import { assertLinearRegex, compileLinearRegex, LONGEST_VALUE } from '../../domain/linear-regex.ts';

describe('an expression of a rule', () => {
  it.each([
    '^ld-preload$',
    '^/(?:tmp|dev/shm)/',
    'curl[^|]{0,300}\\|\\s{0,3}sh\\b',
    '^(?!explorer\\.exe$)',
    '[*+]{1,3}\\*\\+',
    '\\u{202e}',
    'a?b?c?',
  ])('may be %s', (source) => {
    expect(() => assertLinearRegex(source)).not.toThrow();
  });

  it.each([
    ['a*', 'without a limit'],
    ['a+b', 'without a limit'],
    ['a{3,}', 'without a limit'],
    ['(?:a|b){0,9}', 'repeats a group'],
    ['(a)\\1', 'refers back'],
    ['(?<name>a)\\k<name>', 'refers back'],
    ['(?<=a)b', 'looks behind'],
    ['a{0,200}b{0,200}', 'ways'],
    ['(', 'not a regular expression'],
    ['\\-', 'not a regular expression'],
  ])('may not be %s: %s', (source, why) => {
    expect(() => assertLinearRegex(source)).toThrow(Fault);
    expect(() => assertLinearRegex(source)).toThrow(why);
  });

  it('ignores case and reads a bounded part of a value', () => {
    const test = compileLinearRegex('xmrig');
    expect(test('/opt/XMRig')).toBe(true);
    expect(test(`${' '.repeat(LONGEST_VALUE)}xmrig`)).toBe(false);
  });
});
