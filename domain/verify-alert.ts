import type { AlternativesTested } from './alternatives.ts';
import type { Assessment, Reason } from './assessment.ts';
import { groupCoverage } from './coverage.ts';
import { anyProtocolSeen, clientJoin, type PointLine, pointsForUse, type PointsInput } from './evidence-points.ts';
import type { FactGroup } from './facts/snapshot.ts';
import { hoursAfterAlerts, NEAR_HOURS } from './host-time.ts';
import { withoutHome } from './path-pattern.ts';
import { visible } from './safe-text.ts';
import { distinct } from './sort.ts';
import type { Confidence, Subject } from './subject.ts';

export interface VerifyInput extends PointsInput {
  readonly subject: Subject;
  readonly alternatives: AlternativesTested;
}

export type Verified = Pick<Assessment, 'verification' | 'confidence' | 'reasons'>;

/** From this sum the alert is genuine. */
const GENUINE_FROM = 60;
/** From this sum it is surely so. */
const HIGH_FROM = 90;
/** From this sum P2P use is probable, which is not enough to act on. */
const PROBABLE_FROM = 30;

/** What must have been read whole before "nothing was found" may be said. */
const NEEDED_FOR_ABSENCE: readonly FactGroup[] = ['processes', 'sockets', 'files', 'packages'];

/**
 * Decides whether the alert was about real P2P use of this host, from a printed sum of evidence classes. Absence counts only
 * when it was looked for everywhere and soon; a host that is not proven to be the alert's is never judged.
 */
export function verifyAlert(input: VerifyInput): Verified {
  const { alerts, clients, snapshot } = input;
  const forUse = pointsForUse(input);
  const explained = alerts.length > 0 && input.alternatives.explainedBy.every((ids) => ids.length > 0);
  const strangers = strangerReasons(input);
  const gaps = NEEDED_FOR_ABSENCE.flatMap((group) => groupCoverage(snapshot, group).because);
  const nothing = clients.length === 0 && forUse.length === 0 && strangers.length === 0;
  const lines = [
    ...forUse,
    ...(explained ? [explainedLine(input)] : []),
    ...(nothing && gaps.length === 0 ? [absenceLine()] : []),
  ];
  const sum = lines.reduce((total, { points }) => total + points, 0);
  const printed = [...lines.map(print), { text: `Sum: ${sum} points. ${meaning(sum)}`, evidenceIds: [] }, ...strangers];
  const conclude = (verification: Verified['verification'], confidence: Confidence, ...more: string[]): Verified => ({
    verification,
    confidence,
    reasons: [...printed, ...more.map((text) => ({ text, evidenceIds: [] }))],
  });

  const doubt = identityDoubt(input.subject);
  if (doubt !== undefined) return conclude('inconclusive', 'low', doubt);

  const running = clients.some(({ pids }) => pids.length > 0);
  if (explained) {
    const unseen = groupCoverage(snapshot, 'processes').because;
    if (!running && unseen.length > 0) {
      const text = 'Every alert has an innocent explanation, but the process list was not read whole.';
      const capped = conclude('inconclusive', 'low', text);
      return { ...capped, reasons: [...capped.reasons, ...unseen] };
    }
    if (!running)
      return conclude('false_positive', explainedConfidence(input), 'Every alert has an innocent explanation.');
    const text = 'The alerts have an innocent explanation, but a catalogued P2P program runs on the host as well.';
    return conclude('inconclusive', 'low', text);
  }

  if (sum >= GENUINE_FROM) {
    if (clients.length === 0) {
      return conclude('inconclusive', 'low', 'No program that could have caused the alert was found on the host.');
    }
    return conclude('genuine', genuineConfidence(input, sum));
  }
  if (!nothing) return conclude('inconclusive', 'low', 'There is some evidence, and not enough for either answer.');
  if (gaps.length > 0) {
    const missing = conclude(
      'inconclusive',
      'low',
      'Nothing was found, but not everything was read: that proves nothing.',
    );
    return { ...missing, reasons: [...missing.reasons, ...gaps] };
  }
  if (hoursAfterAlerts(snapshot.collectedAt, alerts) > NEAR_HOURS) {
    return conclude(
      'inconclusive',
      'low',
      `Nothing was found, but the host was read more than ${NEAR_HOURS} hours after the alert.`,
    );
  }
  const protocol = anyProtocolSeen(alerts);
  if (protocol !== undefined) {
    const text = `Nothing was found, but the detector saw BitTorrent itself (${protocol}): something sent it.`;
    return conclude('inconclusive', 'low', text);
  }
  return conclude(
    'false_positive',
    input.subject.hostAtAlertTime === 'confirmed' ? 'medium' : 'low',
    'Everything was read soon after the alert, and nothing on the host could have caused it.',
  );
}

function print({ code, points, text, evidenceIds }: PointLine): Reason {
  return { text: `${code} ${points > 0 ? '+' : ''}${points}: ${text}`, evidenceIds };
}

function meaning(sum: number): string {
  if (sum >= GENUINE_FROM) return `Genuine needs ${GENUINE_FROM}.`;
  return sum >= PROBABLE_FROM ? `Probable; genuine needs ${GENUINE_FROM}.` : `Genuine needs ${GENUINE_FROM}.`;
}

function explainedLine({ alternatives }: VerifyInput): PointLine {
  const ids = distinct(alternatives.explainedBy.flat());
  const because = alternatives.results.filter(({ id }) => ids.includes(id)).flatMap((result) => result.because);
  return {
    code: 'F1',
    points: -80,
    text: `Every alert has an innocent explanation (${ids.join(', ')}).`,
    evidenceIds: distinct(because.flatMap(({ evidenceIds }) => evidenceIds)),
  };
}

function absenceLine(): PointLine {
  const text = 'Processes, connections, files and packages were read whole, and no P2P program was found.';
  return { code: 'F3', points: -30, text, evidenceIds: [] };
}

/** Programs outside the catalogue that own the alert's connection: they forbid "nothing was found". */
function strangerReasons({ joins, clients, alternatives }: VerifyInput): readonly Reason[] {
  const reasons = joins.flatMap((ofAlert, index) =>
    (alternatives.explainedBy[index]?.length ?? 0) > 0
      ? []
      : ofAlert
          .filter(({ strength }) => strength !== 'listener')
          .filter(({ owner }) => !clients.some(({ pids }) => owner !== undefined && pids.includes(owner.pid)))
          .map(({ owner, socket }) => ({
            text: owner
              ? `Process ${owner.pid} (${visible(withoutHome(owner.executable ?? owner.name, 'unknown'))}), which is in no catalogue, has a connection to the peer of the alert.`
              : 'A connection to the peer of the alert is listed without its program.',
            evidenceIds: distinct([socket.evidenceId, ...(owner ? [owner.evidenceId] : [])]),
          })),
  );
  return [...new Map(reasons.map((reason) => [reason.text, reason])).values()].slice(0, 10);
}

function identityDoubt(subject: Subject): string | undefined {
  if (subject.host === 'unresolved') return 'It is not known which host had the address, so no host is judged.';
  if (subject.hostAtAlertTime === 'other_host') {
    return 'The address belonged to another machine at the time of the alert: nothing found on this one answers it.';
  }
  return undefined;
}

/** Without a record of who had the address, only the open connection itself proves that this is the host. */
function genuineConfidence(input: VerifyInput, sum: number): Confidence {
  const exact = clientJoin(input.joins, input.clients)?.join.strength === 'exact';
  return sum >= HIGH_FROM && (exact || input.subject.hostAtAlertTime === 'confirmed') ? 'high' : 'medium';
}

function explainedConfidence({ joins, alternatives, subject }: VerifyInput): Confidence {
  const exact = joins.every((ofAlert) => ofAlert[0]?.strength === 'exact' && ofAlert[0].owner !== undefined);
  if (exact && alternatives.explainedBy.length > 0) return 'high';
  return subject.hostAtAlertTime === 'confirmed' || joins.some((ofAlert) => ofAlert.length > 0) ? 'medium' : 'low';
}
