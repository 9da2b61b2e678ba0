import type { CaseRecord } from '../case.ts';
import { clientNames } from './context.ts';
import { sentenceList } from './cells.ts';

/** What a person should do next, most urgent first. Never more than the evidence asks for. */
export function recommendationsFor(record: CaseRecord): readonly string[] {
  const names = sentenceList(clientNames(record)) || 'the program';
  const cameBack = record.recheck.some(({ state }) => state === 'came_back');
  const { resolution } = record;
  if (resolution === undefined) return [];
  switch (resolution) {
    case 'compromised':
    case 'suspected_compromise':
      return [
        'Hand the capsule and this report to a forensic analyst; do not clean, restart or switch off the device before that.',
        'Decide about isolating the device from the network; this case isolates nothing by itself.',
        'Change the passwords that were used on the device, from another device.',
        'Do not warn the user of the device before the analyst agrees.',
      ];
    case 'policy_violation':
      return [
        `Agree with the user on removing ${names}, or record the business reason for it.`,
        'Ask before judging: the device may be shared, and lawful content is shared over the same protocol.',
      ];
    case 'policy_violation_remediated':
      return [
        cameBack
          ? `Talk to the user: ${names} came back after it was removed.`
          : 'Tell the user what was changed, and that quarantined files are kept and can be put back.',
        'Close the ticket when the last re-check finds the program still gone.',
      ];
    case 'false_positive':
      return ['Tune the detector with the explanation above, so that the same traffic raises no further alert.'];
    case 'inconclusive':
      return [
        'Read the rows "what would change it" in the evidence ladder: they name the evidence that would decide the case.',
        'Name nobody and change nothing on the strength of this case.',
      ];
    case 'unreachable':
      return [
        'Find out whether the device is still in use, and investigate again when it is on.',
        ...leaseAdvice(record),
      ];
    case 'needs_attention':
      return ['Solve the problems listed in the summary, then finish or repeat the case by hand.'];
    case 'cancelled':
      return ['Open the case again if the reason for the cancellation no longer holds.'];
    case 'suppressed':
      return [`Look at the earlier case ${record.suppression?.heldBy ?? '(not on record)'} for the investigation.`];
    case 'out_of_scope':
      return ['Check whether the address belongs into the configured ranges, or the alert to another site.'];
  }
}

function leaseAdvice({ subject }: CaseRecord): readonly string[] {
  return subject?.hops.length === 0 || subject === undefined
    ? [
        'Connect a log of who had which address (DHCP or asset export): without it an address that is off names no device.',
      ]
    : [];
}
