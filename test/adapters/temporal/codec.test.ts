import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure, defaultPayloadConverter, type Payload } from '@temporalio/common';
import {
  encodeErrorToFailure,
  decodeOptionalFailureToOptionalError,
} from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/data-converter-helpers.js';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCodec, isEncrypted, loadCodec } from '../../../adapters/temporal/codec.ts';
import { dataConverter } from '../../../adapters/temporal/data-converter.ts';
import { ensureKeyFile, loadKeys } from '../../../adapters/temporal/key-file.ts';
import { createPseudonym } from '../../../adapters/temporal/pseudonym.ts';

let directory: string;
let keyFile: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'swarmcase-codec-'));
  keyFile = join(directory, 'state', 'payload.key');
  ensureKeyFile(keyFile);
  ensureKeyFile(join(directory, 'other.key'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const json = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const fromJson = (payload: Payload | undefined): unknown => defaultPayloadConverter.fromPayload(payload!);

describe('the payload codec', () => {
  it('gives back any payload and lets none be read on the way', async () => {
    const codec = loadCodec(keyFile);
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.uint8Array({ maxLength: 300 }), async (value, bytes) => {
        const clear = [json(value), { metadata: { encoding: Buffer.from('binary/plain') }, data: bytes }];
        const sent = await codec.encode(clear);
        expect(sent.every(isEncrypted)).toBe(true);
        const [first, second] = await codec.decode(sent);
        expect(fromJson(first)).toEqual(fromJson(clear[0]));
        expect(Buffer.from(second!.data!)).toEqual(Buffer.from(bytes));
      }),
    );
    const secret = 'anna.schmidt@example.test';
    const [sent] = await codec.encode([json({ user: secret })]);
    expect(Buffer.from(sent!.data!).includes(secret)).toBe(false);
  });

  it('never writes the same payload the same way twice', async () => {
    const codec = loadCodec(keyFile);
    const [a, b] = await codec.encode([json('same'), json('same')]);
    expect(Buffer.from(a!.data!)).not.toEqual(Buffer.from(b!.data!));
  });

  it('refuses a payload in which any single bit was flipped', async () => {
    const codec = loadCodec(keyFile);
    const [sent] = await codec.encode([json({ approve: false })]);
    const size = sent!.data!.length;
    await fc.assert(
      fc.asyncProperty(fc.nat(size - 1), fc.nat(7), async (index, bit) => {
        const data = Buffer.from(sent!.data!);
        data[index]! ^= 1 << bit;
        await expect(codec.decode([{ ...sent!, data }])).rejects.toMatchObject({ type: 'EvidenceIntegrity' });
      }),
    );
  });

  it('refuses a payload that was cut, emptied or put under other metadata', async () => {
    const codec = loadCodec(keyFile);
    const [sent] = await codec.encode([json('x')]);
    for (const length of [0, 5, 12, 27, sent!.data!.length - 1]) {
      const cut = { ...sent!, data: sent!.data!.slice(0, length) };
      await expect(codec.decode([cut])).rejects.toMatchObject({ type: 'EvidenceIntegrity' });
    }
    const relabelled = { ...sent!, metadata: { ...sent!.metadata, messageType: Buffer.from('other') } };
    await expect(codec.decode([relabelled])).rejects.toMatchObject({ type: 'EvidenceIntegrity' });
  });

  it('names the key that is missing when another installation wrote the payload', async () => {
    const [sent] = await loadCodec(join(directory, 'other.key')).encode([json('x')]);
    await expect(loadCodec(keyFile).decode([sent!])).rejects.toMatchObject({
      type: 'SecretMissing',
      message: expect.stringContaining(loadKeys(join(directory, 'other.key'))[0].id),
    });
  });

  it('reads old payloads after a rotation and writes new ones with the new key', async () => {
    const [old] = await loadCodec(keyFile).encode([json('before')]);
    const oldKey = loadKeys(keyFile)[0];
    writeFileSync(keyFile, `${randomBytes(32).toString('base64')}\n${readFileSync(keyFile, 'utf8')}`);
    const rotated = loadCodec(keyFile);
    expect(fromJson((await rotated.decode([old!]))[0])).toBe('before');
    const [fresh] = await rotated.encode([json('after')]);
    await expect(createCodec([oldKey]).decode([fresh!])).rejects.toMatchObject({ type: 'SecretMissing' });
    expect(fromJson((await rotated.decode([fresh!]))[0])).toBe('after');
  });

  it('passes on what was never encrypted', async () => {
    const plain = json({ by: 'a person with the plain CLI' });
    expect(await loadCodec(keyFile).decode([plain])).toEqual([plain]);
  });
});

describe('the data converter', () => {
  it('leaves no error message or stack trace in clear', async () => {
    const loaded = loadDataConverter(dataConverter(loadCodec(keyFile)));
    const failure = await encodeErrorToFailure(
      loaded,
      ApplicationFailure.nonRetryable('mail to anna@example.test failed', 'MailRefused', { to: 'anna@example.test' }),
    );
    const written = JSON.stringify(failure, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    expect(written).not.toContain('anna');
    expect(written).not.toContain('codec.test.ts');
    expect(written).toContain('MailRefused');
    const error = (await decodeOptionalFailureToOptionalError(loaded, failure)) as ApplicationFailure;
    expect(error.message).toBe('mail to anna@example.test failed');
    expect(error.details).toEqual([{ to: 'anna@example.test' }]);
    expect(error.stack).toContain('codec.test.ts');
  });
});

describe('the key file', () => {
  it('is made readable by its owner alone, and never made again', () => {
    const first = loadKeys(keyFile);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'state')).mode & 0o777).toBe(0o700);
    ensureKeyFile(keyFile);
    expect(loadKeys(keyFile)).toEqual(first);
    expect(readdirSync(join(directory, 'state'))).toEqual(['payload.key']);
  });

  it('is never made by a worker that lacks it', () => {
    const missing = join(directory, 'missing.key');
    expect(() => loadCodec(missing)).toThrow(expect.objectContaining({ type: 'ConfigInvalid' }));
    expect(existsSync(missing)).toBe(false);
  });

  it.each([0o640, 0o604, 0o660, 0o644])('is refused with mode %o', (mode) => {
    chmodSync(keyFile, mode);
    expect(() => loadKeys(keyFile)).toThrow(expect.objectContaining({ type: 'ConfigInvalid' }));
  });

  it.each(['', '# only words\n', 'AAAA\n', 'not base64 at all, but long enough to be 32 bytes\n'])(
    'is refused when it says %j',
    (text) => {
      writeFileSync(join(directory, 'bad.key'), text, { mode: 0o600 });
      expect(() => loadKeys(join(directory, 'bad.key'))).toThrow(expect.objectContaining({ type: 'ConfigInvalid' }));
    },
  );
});

describe('a pseudonym', () => {
  it('is the same for the same person however the name is written, and another in another installation', () => {
    const pseudonym = createPseudonym(keyFile);
    expect(pseudonym('user', 'ANNA')).toBe(pseudonym('user', 'anna'));
    expect(pseudonym('user', 'Jose\u0301')).toBe(pseudonym('user', 'jos\u00e9'));
    expect(pseudonym('user', 'anna')).toMatch(/^[0-9a-f]{32}$/);
    expect(pseudonym('user', 'anna')).not.toBe(pseudonym('host', 'anna'));
    expect(createPseudonym(join(directory, 'other.key'))('user', 'anna')).not.toBe(pseudonym('user', 'anna'));
  });

  it('outlives a rotation of the key', () => {
    const before = createPseudonym(keyFile)('user', 'anna');
    writeFileSync(keyFile, `${randomBytes(32).toString('base64')}\n${readFileSync(keyFile, 'utf8')}`);
    expect(createPseudonym(keyFile)('user', 'anna')).toBe(before);
  });
});
