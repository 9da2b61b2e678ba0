import type { Assessment } from '../domain/assessment.ts';
import type { Resolution } from '../domain/case.ts';
import { assess } from './assess.ts';
import type { CaseFile } from './case-file.ts';
import { collect } from './collect.ts';

/**
 * The forensic branch: collects more from a host that shows signs of compromise and judges again. Nothing on the host is
 * changed and its user is not told; containment stays with the forensic lead, who gets the ticket and the capsule.
 */
export async function preserve(file: CaseFile): Promise<Resolution> {
  const first = file.facts.assessment!;
  file.enter('preserving', 'Signs of compromise: preserving evidence, changing nothing');
  if ((await collect(file, 'forensic')) === 'collected') {
    const second = await assess(file);
    // More evidence may add findings; it never talks a case out of the forensic branch.
    if (gravity(second) < gravity(first)) file.learn({ assessment: first });
  } else {
    file.note('The forensic collection could not be finished: the host is away or breaks it off');
  }
  return file.facts.assessment?.compromise.outcome === 'compromised' ? 'compromised' : 'suspected_compromise';
}

function gravity({ compromise }: Assessment): number {
  const order = ['none_found', 'inconclusive', 'suspicious', 'compromised'];
  return order.indexOf(compromise.outcome);
}
