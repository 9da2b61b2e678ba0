export type Platform = 'linux' | 'windows' | 'macos' | 'unknown';

/** Confidence of one hop or of a whole identification. Ordered: `low` < `medium` < `high`. */
export type Confidence = 'low' | 'medium' | 'high';

/** One step on the way from an address to a person: what was learnt, from where, when, how sure. */
export interface IdentityHop {
  readonly kind: 'address-to-host' | 'reverse-dns' | 'host-identity' | 'session' | 'domain';
  readonly value: string;
  /** Name of the source, for example `ssh`, `dns`, `address-log`. */
  readonly source: string;
  /** ISO-8601 UTC: the time the statement is about, or was read. */
  readonly at: string;
  readonly confidence: Confidence;
}

export interface HostIdentity {
  readonly name: string;
  readonly platform: Platform;
  /** Stable id of the installation (`/etc/machine-id`, MachineGuid); absent when it could not be read. */
  readonly machineId?: string;
  /** SHA256 fingerprint of the SSH host key that answered, OpenSSH form `SHA256:...`. */
  readonly hostKey: string;
  readonly domain?: string;
  /** Server editions and protected classes are never changed by Swarmcase. */
  readonly role: 'workstation' | 'server' | 'unknown';
}

export interface HostUser {
  readonly name: string;
  readonly domain?: string;
  readonly session: 'console' | 'graphical' | 'remote' | 'unknown';
  /** ISO-8601 UTC. */
  readonly since?: string;
  readonly confidence: Confidence;
  /** Mail address, when a directory or the configuration's pattern gives one. */
  readonly mail?: string;
}

/** Who the case is about. `unresolved` is a value, not a fault. */
export interface Subject {
  readonly address: string;
  readonly host: HostIdentity | 'unresolved';
  readonly user: HostUser | 'unresolved';
  /**
   * Whether the address log says that the host that answers now also had the address at the alert's time.
   * `other_host`: the alert was about another machine, so nothing here proves it genuine.
   */
  readonly hostAtAlertTime: 'confirmed' | 'other_host' | 'unknown';
  readonly hops: readonly IdentityHop[];
  /** Host clock minus our clock, in milliseconds; absent when it could not be measured. */
  readonly clockSkewMs?: number;
}
