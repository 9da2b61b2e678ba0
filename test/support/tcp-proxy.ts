import { type AddressInfo, createServer, connect, type Socket } from 'node:net';

/** A TCP relay on loopback that can break the network between a client and a server in three ways. */
export interface TcpProxy {
  readonly port: number;
  /** Connections accepted so far. */
  readonly accepted: () => number;
  /** Ends both sides in order (FIN). */
  cut(): void;
  /** Ends the client's side with a reset (RST). */
  reset(): void;
  /** From now on every byte is swallowed in both directions, and nobody is told. */
  stall(): void;
  /** From now on each byte takes this long, one way. */
  delay(milliseconds: number): void;
  close(): Promise<void>;
}

/** Relays to `host:port`; default target is loopback. */
export async function startTcpProxy(targetPort: number, targetHost = '127.0.0.1'): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let accepted = 0;
  let stalled = false;
  let delayMs = 0;
  const relay = (from: Socket, to: Socket): void => {
    from.on('data', (chunk) => {
      if (stalled) return;
      if (delayMs === 0) to.write(chunk);
      else setTimeout(() => to.writable && to.write(chunk), delayMs);
    });
    from.on('end', () => !stalled && setTimeout(() => to.end(), delayMs));
    from.on('error', () => to.destroy());
  };
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (inside) => {
    accepted++;
    const outside = connect({ host: targetHost, port: targetPort, noDelay: true, allowHalfOpen: true });
    const pair = [inside, outside] as const;
    pairs.add(pair);
    relay(inside, outside);
    relay(outside, inside);
    inside.on('close', () => {
      pairs.delete(pair);
      outside.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const each = (act: (inside: Socket, outside: Socket) => void): void => {
    for (const [inside, outside] of pairs) act(inside, outside);
  };
  return {
    port: (server.address() as AddressInfo).port,
    accepted: () => accepted,
    cut: () => each((inside, outside) => (inside.end(), outside.end())),
    reset: () => each((inside) => inside.resetAndDestroy()),
    stall: () => (stalled = true),
    delay: (milliseconds) => (delayMs = milliseconds),
    close: () => {
      each((inside, outside) => (inside.destroy(), outside.destroy()));
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
