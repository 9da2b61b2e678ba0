import { protocolSeen } from './alert-protocol.ts';
import type { Alert } from './alert.ts';
import type { AlternativeResult, Reason } from './assessment.ts';
import { groupCoverage } from './coverage.ts';
import type { HostSnapshot, ProcessFact } from './facts/snapshot.ts';
import type { AlertJoin } from './join-alert.ts';
import type { AlternativeDefinition } from './knowledge.ts';
import { withoutHome } from './path-pattern.ts';
import type { RecognisedClient } from './recognise-p2p.ts';
import { visible } from './safe-text.ts';
import { byText, distinct } from './sort.ts';

export interface AlternativesInput {
  readonly snapshot: HostSnapshot;
  readonly alerts: readonly Alert[];
  /** Joins of each alert, in the order of `alerts`. */
  readonly joins: readonly (readonly AlertJoin[])[];
  readonly clients: readonly RecognisedClient[];
  readonly definitions: readonly AlternativeDefinition[];
}

export interface AlternativesTested {
  /** Sorted by id. */
  readonly results: readonly AlternativeResult[];
  /** For each alert, the ids of the explanations that hold for it. */
  readonly explainedBy: readonly (readonly string[])[];
}

type Condition = AlternativeDefinition['when'][number];
type Tested = { readonly state: AlternativeResult['state']; readonly because: readonly Reason[] };

/** Tests each innocent explanation on each alert. One that holds for some alerts only is ruled out as explanation of the case. */
export function testAlternatives(input: AlternativesInput): AlternativesTested {
  const definitions = [...input.definitions].sort(byText((definition) => definition.id));
  const explainedBy: string[][] = input.alerts.map(() => []);
  const results = definitions.map((definition): AlternativeResult => {
    const tested = input.alerts.map((alert, index) => testAlert(definition, alert, input.joins[index] ?? [], input));
    tested.forEach(({ state }, index) => {
      if (state === 'explains') explainedBy[index]?.push(definition.id);
    });
    return { id: definition.id, title: definition.title, ...combine(definition, tested) };
  });
  return { results, explainedBy };
}

function combine(definition: AlternativeDefinition, tested: readonly Tested[]): Tested {
  const because = (state: Tested['state']): readonly Reason[] => {
    const texts = tested.filter((one) => one.state === state).flatMap((one) => one.because);
    return [...new Map(texts.map((reason) => [reason.text, reason])).values()]
      .sort(byText(({ text }) => text))
      .slice(0, 10);
  };
  const count = (state: Tested['state']): number => tested.filter((one) => one.state === state).length;
  const explains = count('explains');
  if (explains > 0 && explains === tested.length) {
    return { state: 'explains', because: [{ text: definition.explains, evidenceIds: [] }, ...because('explains')] };
  }
  if (explains > 0) {
    const text = `It holds for ${explains} of ${tested.length} alerts only.`;
    return {
      state: 'ruled_out',
      because: [{ text, evidenceIds: [] }, ...because('explains'), ...because('ruled_out')],
    };
  }
  const state = count('not_checked') > 0 || tested.length === 0 ? 'not_checked' : 'ruled_out';
  return { state, because: because(state) };
}

function testAlert(
  definition: AlternativeDefinition,
  alert: Alert,
  joins: readonly AlertJoin[],
  input: AlternativesInput,
): Tested {
  const client = input.clients.find(({ pids }) =>
    joins.some(({ strength, owner }) => strength === 'exact' && owner !== undefined && pids.includes(owner.pid)),
  );
  if (client) return ruledOut(`The connection of the alert belongs to ${client.name}.`, evidenceOf(joins.slice(0, 1)));
  const protocol = protocolSeen(alert);
  if (definition.ruled_out_by_protocol && protocol !== undefined) {
    return ruledOut(`The alert saw BitTorrent itself (${protocol}), which such programs do not speak.`);
  }
  const tested = definition.when.map((condition) => testCondition(condition, alert, joins, input));
  return (
    tested.find(({ state }) => state === 'explains') ??
    tested.find(({ state }) => state === 'not_checked') ??
    tested.find(({ because }) => because.some(({ evidenceIds }) => evidenceIds.length > 0)) ??
    tested[0] ??
    ruledOut('Nothing was asked.')
  );
}

/** The fields of one condition must all hold; the alert's own fields are looked at first, because they need nothing from the host. */
function testCondition(
  condition: Condition,
  alert: Alert,
  joins: readonly AlertJoin[],
  input: AlternativesInput,
): Tested {
  const held: Reason[] = [];
  if (condition.alert_signature_ids) {
    const id = alert.signatureId;
    if (id === undefined || !condition.alert_signature_ids.includes(id)) {
      return ruledOut('The alert has another signature.');
    }
    held.push({ text: `The alert has signature ${visible(id, 40)}.`, evidenceIds: [] });
  }
  if (condition.alert_ports) {
    const port = [alert.peer?.port, alert.localPort].find(
      (one) => one !== undefined && condition.alert_ports?.includes(one),
    );
    if (port === undefined) return ruledOut('The alert has other ports.');
    held.push({ text: `The alert has port ${port}.`, evidenceIds: [] });
  }
  const owned = joins.some(({ strength, owner }) => strength !== 'listener' && owner !== undefined);
  if (condition.socket_owner_names || (condition.process_command_line_contains && owned)) {
    return testOwners(condition, joins, input, held);
  }
  if (condition.process_command_line_contains) return testProcesses(condition, input, held);
  return { state: 'explains', because: held };
}

function testOwners(
  condition: Condition,
  joins: readonly AlertJoin[],
  input: AlternativesInput,
  held: readonly Reason[],
): Tested {
  const { snapshot, clients } = input;
  const connections = joins.filter(({ strength }) => strength !== 'listener');
  if (connections.length === 0) {
    const sockets = groupCoverage(snapshot, 'sockets');
    const text = 'The connection of the alert was no longer open when the host was read, so its program is unknown.';
    return sockets.whole ? notChecked(text, sockets.evidenceIds) : { state: 'not_checked', because: sockets.because };
  }
  const because: Reason[] = [...held];
  // The firmest connections decide: an exact one makes others to the same peer unimportant.
  const firmest = connections.filter(({ strength }) => strength === connections[0]?.strength);
  for (const { owner, socket } of firmest) {
    const evidenceIds = evidenceOf([{ socket, ...(owner ? { owner } : {}) }]);
    if (!owner) return notChecked('The host did not say which program owns the connection of the alert.', evidenceIds);
    const shown = `Process ${owner.pid} (${visible(withoutHome(owner.executable ?? owner.name, snapshot.platform))})`;
    if (clients.some(({ pids }) => pids.includes(owner.pid))) {
      return ruledOut(`${shown}, which owns the connection of the alert, is a catalogued P2P program.`, evidenceIds);
    }
    if (condition.socket_owner_names && !hasName(owner, condition.socket_owner_names, snapshot)) {
      return ruledOut(`${shown} owns the connection of the alert.`, evidenceIds);
    }
    const doubt = doubtAbout(owner, snapshot);
    if (doubt !== undefined) return notChecked(`${shown} owns the connection of the alert, but ${doubt}.`, evidenceIds);
    if (!hasText(owner, condition.process_command_line_contains, snapshot)) {
      return ruledOut(`${shown} owns the connection of the alert and was started for something else.`, evidenceIds);
    }
    because.push({ text: `${shown} owns the connection of the alert.`, evidenceIds });
  }
  return { state: 'explains', because };
}

function testProcesses(condition: Condition, { snapshot }: AlternativesInput, held: readonly Reason[]): Tested {
  const process = snapshot.processes
    .filter((one) => !one.own && hasText(one, condition.process_command_line_contains, snapshot))
    .sort((a, b) => a.pid - b.pid)[0];
  if (process) {
    const text = `Process ${process.pid} (${visible(process.name, 60)}) is of this kind.`;
    return { state: 'explains', because: [...held, { text, evidenceIds: [process.evidenceId] }] };
  }
  const processes = groupCoverage(snapshot, 'processes');
  return processes.whole
    ? ruledOut('No program of this kind runs.', processes.evidenceIds)
    : { state: 'not_checked', because: processes.because };
}

function hasName(process: ProcessFact, names: readonly string[], snapshot: HostSnapshot): boolean {
  const fold = (text: string): string => (snapshot.platform === 'windows' ? text.toLowerCase() : text);
  const file = process.executable?.split(/[/\\]/).at(-1);
  return names.some((name) => fold(name) === fold(file ?? process.name));
}

function hasText(process: ProcessFact, texts: readonly string[] | undefined, snapshot: HostSnapshot): boolean {
  if (!texts) return true;
  const fold = (text: string): string => (snapshot.platform === 'windows' ? text.toLowerCase() : text);
  return texts.some((text) => fold(process.commandLine ?? '').includes(fold(text)));
}

/** A harmless name from a place that anyone may write to, or without a file behind it, excuses nothing. */
function doubtAbout(process: ProcessFact, snapshot: HostSnapshot): string | undefined {
  if (process.executable === undefined) return 'its executable could not be read';
  if (process.executableDeleted) return 'its executable was deleted';
  const writable =
    snapshot.platform === 'windows'
      ? /\\(?:temp|public|downloads|\$recycle\.bin)\\/i.test(process.executable)
      : /^\/(?:tmp|var\/tmp|dev\/shm|memfd:)/.test(process.executable);
  return writable ? 'its executable lies where anyone may write' : undefined;
}

function evidenceOf(joins: readonly Pick<AlertJoin, 'owner' | 'socket'>[]): readonly string[] {
  return distinct(joins.flatMap(({ owner, socket }) => [socket.evidenceId, ...(owner ? [owner.evidenceId] : [])]));
}

function ruledOut(text: string, evidenceIds: readonly string[] = []): Tested {
  return { state: 'ruled_out', because: [{ text, evidenceIds }] };
}

function notChecked(text: string, evidenceIds: readonly string[]): Tested {
  return { state: 'not_checked', because: [{ text, evidenceIds }] };
}
