import { createServer } from 'node:net';
import { Fault } from '../../../domain/errors.ts';

/**
 * A port that is free on this address now. Somebody else may take it before it is used.
 * @throws Fault TemporalUnavailable when the address is not of this machine.
 */
export async function freePort(ip: string): Promise<number> {
  const port = await listenOnce(ip, 0);
  if (typeof port === 'number') return port;
  throw new Fault('TemporalUnavailable', `Cannot listen on ${ip}: ${port.code ?? port.message}`);
}

/**
 * The port to use: the one asked for, or a free one for 0.
 * @param what who wants it, for the message.
 * @throws Fault TemporalUnavailable when the port is taken or not allowed.
 */
export async function choosePort(ip: string, asked: number, what: string): Promise<number> {
  if (asked === 0) return freePort(ip);
  const result = await listenOnce(ip, asked);
  if (typeof result === 'number') return result;
  const reason = result.code === 'EADDRINUSE' ? 'another program uses it' : (result.code ?? result.message);
  throw new Fault(
    'TemporalUnavailable',
    `${what} cannot use port ${asked} on ${ip}: ${reason}. Stop that program or choose another port.`,
  );
}

function listenOnce(ip: string, port: number): Promise<number | NodeJS.ErrnoException> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen(port, ip, () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === 'object' && bound ? bound.port : port));
    });
  });
}
