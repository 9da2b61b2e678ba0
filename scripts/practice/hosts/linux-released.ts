import type { LinuxState } from '../linux-state.ts';
import { type Clock, debianHost } from './linux-base.ts';

export const RELEASED = {
  address: '10.20.0.18',
  hostName: 'nb-omar',
  /** The machine that had the address when the alert was raised. */
  previousHost: 'nb-lena',
  user: 'omar',
  peer: { address: '198.51.100.201', port: 6881, transport: 'udp' },
} as const;

/** The address went to another notebook after the alert: the clean machine that answers now is not the suspect. */
export function linuxReleased(clock: Clock): LinuxState {
  return debianHost(clock, {
    hostName: RELEASED.hostName,
    address: RELEASED.address,
    user: RELEASED.user,
    role: 'workstation',
    bootedMinutesAgo: 25,
  });
}
