import { cell, facts } from './cells.ts';
import type { Section } from './report.ts';

const TERMS: readonly (readonly [term: string, meaning: string])[] = [
  [
    'Alert',
    'A message of a detector that an address showed peer-to-peer traffic. It is a reason to look, not a finding.',
  ],
  [
    'Peer-to-peer (P2P)',
    'Programs that send files to each other directly, without a server between them; BitTorrent is the best known way. Lawful content travels so, too.',
  ],
  ['Swarm, peer', 'All machines that exchange one torrent are its swarm; each of them is a peer.'],
  ['Info hash', 'The number that names one torrent. It does not say what is in it.'],
  [
    'Evidence, artifact',
    'Evidence is text that was read from the device; an artifact is the definition of what to read.',
  ],
  ['Evidence ladder', 'Five claims, from "it is there" to "content was transferred", each with its own proof.'],
  [
    'Proven, supported',
    'Proven: the evidence allows no other reading. Supported: it speaks for the claim and leaves room for another reading.',
  ],
  ['Not checked', 'The evidence that would decide was not had. It never means clean.'],
  ['Compromise', 'Somebody else than its user controls the device, for example through malicious software.'],
  ['SHA-256', 'A fingerprint of data: one changed bit gives another one.'],
  [
    'Capsule',
    'The file that holds all evidence of the case, its fingerprints and the log of who touched it; it can be checked by anybody.',
  ],
  [
    'Quarantine',
    'A place on the device where files are kept aside; nothing is deleted and everything can be put back.',
  ],
  ['Cooldown', 'A time in which repeats of a known case are recorded and not investigated again.'],
  ['UTC', 'World time; the same everywhere, without summer time.'],
];

/** The words of the report, for a reader who is no analyst. */
export function glossarySection(): Section {
  return {
    id: 'glossary',
    title: 'Words',
    blocks: [facts(TERMS.map(([term, meaning]) => [term, cell(meaning)] as const))],
  };
}
