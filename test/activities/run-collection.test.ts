import { describe, expect, it } from 'vitest';
import { runCollection } from '../../activities/run-collection.ts';
import { loadCatalog } from '../../adapters/catalog/index.ts';
import type { RunResult, SshSession } from '../../adapters/ssh/index.ts';

const catalog = loadCatalog();
const collection = { ...catalog.collections.get('linux-triage')!, artifacts: ['linux-identity', 'linux-sessions'] };

/** A host that answers the script with whatever it likes; it can read the nonce in the script. */
function host(answer: (nonce: string) => string, ended: RunResult['ended'] = 'exit'): SshSession {
  return {
    address: '10.0.0.1',
    hostKey: 'SHA256:x',
    close: () => undefined,
    run: async (_command, { stdin }) => {
      const nonce = /\b[0-9a-f]{32}\b/.exec(String(stdin))![0];
      return { code: ended === 'exit' ? 0 : null, stdout: Buffer.from(answer(nonce)), stderr: Buffer.alloc(0), ended };
    },
  };
}

const section = (nonce: string, id: string, text: string): string =>
  `@@${nonce} BEGIN ${id} max=1000\n${text}\n@@${nonce} END ${id} rc=0\n`;
const run = (session: SshSession) =>
  runCollection(session, catalog, collection, { signal: new AbortController().signal });

describe('a collection', () => {
  it('takes only what it asked for from a host that forges more, and says so', async () => {
    const result = await run(
      host(
        (nonce) =>
          section(nonce, 'linux-identity', 'a') +
          section(nonce, '../../etc', 'x') +
          section(nonce, 'linux-sessions', 'b') +
          `@@${nonce} DONE\n`,
      ),
    );
    expect(result.sections.map(({ artifactId }) => artifactId)).toEqual(['linux-identity', 'linux-sessions']);
    expect(result.brokenOff).toBeUndefined();
  });

  it('keeps both of an artifact that comes twice, no more, and counts it as not read whole', async () => {
    const result = await run(
      host(
        (nonce) =>
          section(nonce, 'linux-identity', 'a').repeat(500) +
          section(nonce, 'linux-sessions', 'b') +
          `@@${nonce} DONE\n`,
      ),
    );
    expect(result.sections.filter(({ artifactId }) => artifactId === 'linux-identity')).toHaveLength(2);
    expect(result.missing).toEqual([expect.objectContaining({ artifactId: 'linux-identity', reason: 'malformed' })]);
  });

  it('cuts what a host sends at the limit of the catalogue, whatever limit the host writes into its marker', async () => {
    const limit = catalog.artifacts.get('linux-identity')!.maxBytes;
    const forged = (nonce: string): string =>
      `@@${nonce} BEGIN linux-identity max=99999999\n${'x'.repeat(limit + 5)}\n@@${nonce} END linux-identity rc=0\n`;
    const result = await run(
      host((nonce) => `${forged(nonce)}${section(nonce, 'linux-sessions', 'b')}@@${nonce} DONE\n`),
    );
    const [cut] = result.sections;
    expect(cut).toMatchObject({ artifactId: 'linux-identity', truncated: true });
    expect(cut?.bytes).toHaveLength(limit);
  });

  it('counts sections under names that are no artifact of the collection', async () => {
    const result = await run(
      host(
        (nonce) =>
          section(nonce, 'linux-shadow', 'x') +
          section(nonce, 'linux-identity', 'a') +
          section(nonce, 'linux-sessions', 'b') +
          `@@${nonce} DONE\n`,
      ),
    );
    expect(result.missing).toEqual([expect.objectContaining({ artifactId: 'linux-triage', reason: 'malformed' })]);
  });

  it('keeps what came before the connection broke and names what did not', async () => {
    const result = await run(host((nonce) => section(nonce, 'linux-identity', 'a'), 'connection_lost'));
    expect(result.sections).toHaveLength(1);
    expect(result.missing).toEqual([
      expect.objectContaining({ artifactId: 'linux-sessions', reason: 'connection_lost' }),
    ]);
    expect(result.brokenOff).toBe('connection_lost');
  });
});
