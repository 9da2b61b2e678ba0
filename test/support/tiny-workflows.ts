import { ApplicationFailure, proxyActivities, setCurrentDetails, sleep } from '@temporalio/workflow';

/** Just enough of everything that carries a payload; for tests of what surrounds workflows. */
export async function tiny(person: string): Promise<string> {
  setCurrentDetails(`About ${person}`);
  const { greet } = proxyActivities<{ greet(name: string): Promise<string> }>({
    startToCloseTimeout: '10 s',
    retry: { maximumAttempts: 1 },
    summary: `greets ${person}`,
  });
  const greeting = await greet(person);
  if (greeting === '') throw ApplicationFailure.nonRetryable(`nobody greeted ${person}`, 'Silence', { person });
  return greeting;
}

export async function waits(milliseconds: number): Promise<number> {
  const before = Date.now();
  await sleep(milliseconds, { summary: 'waits' });
  return Date.now() - before;
}
