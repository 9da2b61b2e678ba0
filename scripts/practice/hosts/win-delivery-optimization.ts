import type { WindowsState } from '../windows-state.ts';
import type { Clock } from './linux-base.ts';
import { windowsHost } from './windows-base.ts';

export const DELIVERY_OPTIMIZATION = {
  address: '10.20.0.14',
  hostName: 'WS-RECEPTION',
  user: 'reception',
  localPort: 50688,
  peer: { address: '198.51.100.31', port: 7680, transport: 'tcp' },
} as const;

/**
 * A clean computer that shares Windows updates with others: TCP 7680 belongs to Delivery Optimization (service DoSvc), which
 * detectors take for BitTorrent. The right answer is that nobody did anything.
 */
export function winDeliveryOptimization(clock: Clock): WindowsState {
  const { address, hostName, user, localPort, peer } = DELIVERY_OPTIMIZATION;
  const base = windowsHost(clock, { hostName, address, user, language: 'en', bootedMinutesAgo: 610 });
  const pid = base.processes.find((process) => process.services?.includes('DoSvc'))?.pid ?? 0;
  return {
    ...base,
    sockets: [
      ...base.sockets,
      {
        transport: 'TCP',
        local: `${address}:${localPort}`,
        remote: `${peer.address}:${peer.port}`,
        state: 'ESTABLISHED',
        pid,
      },
      { transport: 'TCP', local: `${address}:7680`, remote: '198.51.100.54:50112', state: 'ESTABLISHED', pid },
    ],
  };
}
