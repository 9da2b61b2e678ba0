import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { type Identified, makeIdentifySubject } from '../../activities/identify-subject.ts';
import type { HostUser, Subject } from '../../domain/subject.ts';
import { ALERT, SUBJECT } from '../support/case-story.ts';

const AT = ALERT.observedAt;
const hop = { kind: 'address-to-host', value: 'pc-12', source: 'address-log', at: AT, confidence: 'high' } as const;
const HOST = SUBJECT.host as Exclude<Subject['host'], string>;

/** What is known of a user who the host says sits at it, beside what the address log says. */
async function identify(
  says: string,
  log?: { readonly hostName: string; readonly user?: string; readonly mail?: string },
  names: readonly string[] = [],
): Promise<Subject> {
  const user: HostUser = { name: says, session: 'graphical', confidence: 'high' };
  const identifySubject = makeIdentifySubject({
    connector: {
      connect: async () => ({
        address: ALERT.address,
        hostKey: HOST.hostKey,
        run: () => Promise.reject(new Error('unused')),
        close: () => undefined,
      }),
    },
    reverseDns: async () => names,
    readHost: async () => ({ host: HOST, user, hops: [] }),
    ...(log ? { addressLog: { whoHad: async () => ({ hop, ...log }), check: async () => ({ problems: [] }) } } : {}),
  });
  const run = new MockActivityEnvironment().run(identifySubject, { caseId: 'c', site: 'hq', alert: ALERT });
  return ((await run) as Identified).subject;
}

describe('the user of a host', () => {
  it('is known for sure only when the address log names the same one', async () => {
    expect((await identify('alice')).user).toMatchObject({ name: 'alice', confidence: 'medium' });
    expect((await identify('alice', { hostName: 'pc-12' })).user).toMatchObject({ confidence: 'medium' });
    expect((await identify('alice', { hostName: 'PC-12.corp.example', user: 'CORP\\Alice' })).user).toMatchObject({
      confidence: 'high',
    });
    expect((await identify('alice', { hostName: 'pc-12', user: 'alice@corp.example' })).user).toMatchObject({
      confidence: 'high',
    });
  });

  it('is not to be named, and gets no mail, when the host names somebody else than the address log', async () => {
    const { user } = await identify('boss', { hostName: 'pc-12', user: 'alice', mail: 'alice@corp.example' });
    expect(user).toEqual({ name: 'boss', session: 'graphical', confidence: 'low' });
  });

  it('has the mail address of the log only when the log is about this host', async () => {
    const lease = { user: 'alice', mail: 'alice@corp.example' };
    expect((await identify('alice', { hostName: 'pc-12', ...lease })).user).toMatchObject({ mail: lease.mail });
    expect((await identify('alice', { hostName: 'pc-13', ...lease })).user).toEqual({
      name: 'alice',
      session: 'graphical',
      confidence: 'medium',
    });
  });

  it('is found among no more names than a case can carry', async () => {
    const names = Array.from({ length: 5_000 }, (_, i) => `pc-${i}.example`);
    expect((await identify('alice', undefined, names)).hops).toHaveLength(10);
  });
});
