import type { SocketFact } from './snapshot.ts';
import { readNumber, textLines, type Reading } from './records.ts';
import { readSocketAddress } from './socket-address.ts';

/**
 * `netstat -ano`: protocol, local, remote, state (TCP only), PID. The state is a translated word and is kept, not judged, except that a socket
 * without a remote end listens. Without the PID column (some builds leave it out) sockets have no owner, and that is a problem.
 */
export function parseWindowsNetstat(text: string, evidenceId: string): Reading<SocketFact> {
  const facts: SocketFact[] = [];
  let unparsed = 0;
  let headings = 0;
  let withoutPid = 0;
  for (const line of textLines(text)) {
    const [protocol = '', local = '', remote = '', ...rest] = line.trim().split(/\s+/);
    const from = readSocketAddress(local);
    const to = readSocketAddress(remote);
    if (!/^(TCP|UDP)$/.test(protocol) || from?.port === undefined || !to) {
      if (facts.length === 0 && headings < 3) headings++;
      else unparsed++;
      continue;
    }
    const pid = readNumber(rest.at(-1));
    if (pid === undefined) withoutPid++;
    const words = pid === undefined ? rest : rest.slice(0, -1);
    const connected = to.port !== undefined && to.port !== 0;
    facts.push({
      evidenceId,
      transport: protocol === 'TCP' ? 'tcp' : 'udp',
      state: protocol === 'UDP' ? 'UNCONN' : connected ? words.join(' ') : 'LISTEN',
      localAddress: from.address,
      localPort: from.port,
      ...(connected && to.port !== undefined ? { remoteAddress: to.address, remotePort: to.port } : {}),
      ...(pid === undefined || pid === 0 ? {} : { pid }),
    });
  }
  const problems = withoutPid > 0 ? ['netstat did not say which processes own the sockets'] : [];
  return { facts, unparsed, problems, answered: facts.length > 0 };
}
