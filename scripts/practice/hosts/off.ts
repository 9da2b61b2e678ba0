/** A notebook that is switched off: its case waits, and closes as unreachable when nobody switches it on. */
export const OFF = {
  address: '10.20.0.15',
  hostName: 'nb-sales-03',
  user: 'sales3',
  peer: { address: '198.51.100.66', port: 51413, transport: 'tcp' },
  /** Nothing listens on tcpmux (RFC 1078) anywhere, so that a connection is refused as by a host without an SSH server. */
  port: 1,
} as const;
