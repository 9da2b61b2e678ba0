import { must, run } from './run.ts';

/** First three parts of the company network; addresses exist only inside the lab's own namespaces. */
const LAN = '10.77.0';
export const LAN_RANGE = `${LAN}.0/24`;
export const CORP_ADDRESS = `${LAN}.2`;
/** TEST-NET-3 (RFC 5737): the lab's internet. */
export const TRACKER_ADDRESS = '203.0.113.10';
export const WEB_ADDRESS = '203.0.113.11';
export const MAX_HOSTS = 200;

export const hostAddress = (index: number): string => `${LAN}.${11 + index}`;

/**
 * Makes `<prefix>gw` (bridge `br0` = company network, `wan0` = internet, routing between them), `<prefix>corp` (where the
 * investigator runs) and `<prefix>seed`. The bridge is inside a namespace: the machine's own firewall never sees a frame,
 * and no namespace has a link to the machine, so nothing can leave.
 */
export async function makeNetwork(prefix: string): Promise<void> {
  for (const name of ['gw', 'corp', 'seed']) await must(['ip', 'netns', 'add', prefix + name]);
  await batch(`${prefix}gw`, [
    'link set lo up',
    'link add br0 type bridge forward_delay 0',
    'link set br0 up',
    `addr add ${LAN}.1/24 dev br0`,
    `link add p-corp type veth peer name eth0 netns ${prefix}corp`,
    'link set p-corp master br0 up',
    `link add wan0 type veth peer name eth0 netns ${prefix}seed`,
    'link set wan0 up',
    'addr add 203.0.113.1/24 dev wan0',
  ]);
  await must(['ip', 'netns', 'exec', `${prefix}gw`, 'sysctl', '-qw', 'net.ipv4.ip_forward=1']);
  await batch(`${prefix}corp`, ['link set lo up', ...addressLines(CORP_ADDRESS)]);
  await batch(`${prefix}seed`, [
    'link set lo up',
    'link set eth0 up',
    `addr add ${TRACKER_ADDRESS}/24 dev eth0`,
    `addr add ${WEB_ADDRESS}/24 dev eth0`,
    'route add default via 203.0.113.1',
  ]);
}

/** Makes the namespaces of hosts and plugs them into the bridge, links down: the hosts are off. */
export async function makeHostNetworks(prefix: string, namespaces: readonly string[]): Promise<void> {
  for (const namespace of namespaces) await must(['ip', 'netns', 'add', namespace]);
  await batch(
    `${prefix}gw`,
    namespaces.flatMap((namespace, n) => [
      `link add p${n} type veth peer name eth0 netns ${namespace}`,
      `link set p${n} master br0 up`,
    ]),
  );
  await Promise.all(namespaces.map((namespace) => batch(namespace, ['link set lo up'])));
}

/** Plugs the cable in and gives the host its address. */
export const linkUp = (namespace: string, address: string): Promise<void> =>
  batch(namespace, ['addr flush dev eth0', ...addressLines(address)]);

/** Pulls the cable: nobody answers for the address any more, as with a machine that is switched off. */
export const linkDown = (namespace: string): Promise<void> => batch(namespace, ['link set eth0 down']);

/** Lets the others forget which machine had an address; a real network does it by gratuitous ARP. */
export async function forgetNeighbours(prefix: string): Promise<void> {
  for (const name of await namespaces(prefix)) await run(['ip', '-n', name, 'neigh', 'flush', 'all']);
}

export async function namespaces(prefix: string): Promise<string[]> {
  const listed = await must(['ip', 'netns', 'list']);
  return listed
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => name.startsWith(prefix));
}

function addressLines(address: string): string[] {
  return ['link set eth0 up', `addr add ${address}/24 dev eth0`, `route replace default via ${LAN}.1`];
}

async function batch(namespace: string, lines: readonly string[]): Promise<void> {
  await must(['ip', '-n', namespace, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}
