/** Transport of the flow that raised the alert. */
export type Transport = 'tcp' | 'udp';

/** The far end of the flow, as the SIEM named it. */
export interface Peer {
  readonly address: string;
  readonly port?: number;
  readonly transport?: Transport;
}

/**
 * One SIEM message that a host showed P2P traffic, already normalised:
 * `address` is the inside machine (the suspect), `peer` the outside one.
 */
export interface Alert {
  /** Product or list that raised it, for example `suricata`, `list`, `cli`. */
  readonly source: string;
  /** ISO-8601 UTC. */
  readonly observedAt: string;
  /** Canonical text form of the suspect's IP address (no port, no zone, no IPv4-mapped IPv6). */
  readonly address: string;
  readonly localPort?: number;
  readonly peer?: Peer;
  readonly signature?: string;
  /** Signature id of the detector, for example the Suricata sid. */
  readonly signatureId?: string;
  readonly severity?: 'low' | 'medium' | 'high';
  /** Lower-case hex, 40 (v1) or 64 (v2) digits. */
  readonly infoHash?: string;
  /** Where the original message can be found, never the message itself. */
  readonly rawReference?: string;
}
