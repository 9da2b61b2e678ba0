import { describe, expect, it } from 'vitest';
import { runVerb } from '../../../adapters/responder/linux/run-verb.ts';
import type { SshSession } from '../../../adapters/ssh/index.ts';

/** A host that reads our script and answers for it. */
function host(answer: (nonce: string) => string): SshSession {
  return {
    address: '10.0.0.1',
    hostKey: 'SHA256:x',
    close: () => undefined,
    run: async (command) => {
      const nonce = /\b[0-9a-f]{24}\b/.exec(command)![0];
      return { code: 0, stdout: Buffer.from(answer(nonce)), stderr: Buffer.alloc(0), ended: 'exit' };
    },
  };
}

const prepare = (answer: (nonce: string) => string) =>
  runVerb(
    host(answer),
    { runAs: 'root', root: '/', stateDir: '/var/lib/swarmcase' },
    { verb: 'prepare', caseId: 'c', actionId: 'a', script: '', args: [], before: {} },
  );
const kept = (nonce: string, name: string, value: string): string =>
  `@@${nonce} B ${name} ${Buffer.from(value).toString('base64')}\n`;

describe('what a host gives us to remember for the undo', () => {
  it('comes back as it was said', async () => {
    const reply = await prepare((nonce) => `${kept(nonce, 'cwd', '/home/a\nb')}@@${nonce} R ready fine\n`);
    expect(reply).toEqual({ state: 'ready', detail: 'fine', before: { cwd: '/home/a\nb' } });
  });

  it('is refused when it is more than the history of a case can carry', async () => {
    const many = (nonce: string): string => kept(nonce, 'cwd', 'x'.repeat(100_000));
    await expect(prepare((nonce) => `${many(nonce)}@@${nonce} R ready fine\n`)).rejects.toMatchObject({
      type: 'OutputLimit',
    });
  });

  it('cannot be said by a host that does not know the nonce', async () => {
    await expect(prepare(() => `@@${'0'.repeat(24)} R ready fine\n`)).rejects.toMatchObject({ type: 'MalformedReply' });
  });
});
