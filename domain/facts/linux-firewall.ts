import type { FirewallFact } from './snapshot.ts';
import { readRecords, type Reading } from './records.ts';

/** Rules of nftables and iptables that accept or refuse; everything else of the rule set is structure, not a rule. */
export function parseLinuxFirewall(text: string, evidenceId: string): Reading<FirewallFact> {
  const { records, notes, problems } = readRecords(text);
  const facts: FirewallFact[] = [];
  for (const record of records) {
    const name = record.join(' ').trim();
    const verdict = /(?:^|\s)(?:-j\s+)?(ACCEPT|DROP|REJECT|accept|drop|reject)(?:\s|;|$)/
      .exec(name)?.[1]
      ?.toLowerCase();
    if (verdict !== undefined && !name.startsWith('#')) {
      facts.push({ evidenceId, name, action: verdict === 'accept' ? 'allow' : 'block' });
    }
  }
  return { facts, unparsed: 0, problems, answered: notes.some(({ word }) => word === 'source') };
}
