import type { FactGroup } from './facts/snapshot.ts';
import type { Finding } from './assessment.ts';

/** How to recognise a P2P program on one platform. All comparisons ignore case on Windows only. */
export interface P2pClientPlatform {
  /** Whole process names as the kernel or task list shows them (Linux cuts at 15 characters). */
  readonly process_names: readonly string[];
  /** Patterns of the real executable path; `*` matches inside one path part, `**` any number of parts. */
  readonly executables: readonly string[];
  /** Text that the command line must contain, for clients that run inside an interpreter. */
  readonly command_line_contains: readonly string[];
  /** State directories and files, below a home directory (`~/`) or absolute; same patterns. Evidence that the client is or was here. */
  readonly state_paths: readonly string[];
  /**
   * State that is the client's alone, so that a response may move it: literal paths without wildcards, never a folder that may
   * hold downloads. Empty: nothing of this client is ever moved.
   */
  readonly quarantine_paths: readonly string[];
  readonly package_names: readonly string[];
  readonly autostart_names: readonly string[];
}

/** One file of `catalog/p2p-clients/`. */
export interface P2pClient {
  readonly id: string;
  readonly name: string;
  readonly status: 'stable' | 'experimental' | 'deprecated';
  readonly network: 'bittorrent' | 'edonkey' | 'gnutella' | 'soulseek' | 'other';
  readonly platforms: Partial<Record<'linux' | 'windows' | 'macos', P2pClientPlatform>>;
  readonly default_ports: readonly number[];
  readonly references: readonly string[];
  readonly false_positives: readonly string[];
}

/** One file of `catalog/alternatives/`: an innocent explanation and the facts that decide it. */
export interface AlternativeDefinition {
  readonly id: string;
  readonly title: string;
  /** Sentence for the report when it explains the alert. */
  readonly explains: string;
  /** Such programs never speak BitTorrent: an alert that saw the protocol itself (an info_hash, a handshake) rules the explanation out. */
  readonly ruled_out_by_protocol: boolean;
  /** Any of these must match for the explanation to hold. Fields of one entry must all match. */
  readonly when: readonly {
    readonly alert_ports?: readonly number[];
    readonly alert_signature_ids?: readonly string[];
    readonly socket_owner_names?: readonly string[];
    readonly process_command_line_contains?: readonly string[];
  }[];
  readonly references: readonly string[];
  readonly false_positives: readonly string[];
}

/** One file of `catalog/rules/`: the first, small form of a compromise rule. */
export interface CompromiseRule {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly category: Finding['category'];
  readonly weight: number;
  readonly decisive: boolean;
  readonly attack: readonly string[];
  /** Where the rule can match at all; elsewhere it counts neither as checked nor as missing. */
  readonly platforms: readonly ('linux' | 'windows' | 'macos')[];
  readonly needs: readonly FactGroup[];
  /**
   * Every field given must match the same fact; values are regular expressions over one field (see `domain/fact-fields.ts` for the
   * fields, `domain/linear-regex.ts` for what an expression may contain). A field that a fact does not have never matches.
   */
  readonly match: {
    readonly fact: 'process' | 'autostart' | 'file' | 'socket' | 'hosts-file';
    readonly fields: Readonly<Record<string, string>>;
  };
  readonly references: readonly string[];
  readonly false_positives: readonly string[];
}
