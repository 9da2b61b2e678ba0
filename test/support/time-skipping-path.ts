import { join } from 'node:path';

/** Where scripts/setup-time-skipping.sh puts the start script of Temporal's time-skipping test server. */
export function timeSkippingServerPath(): string {
  const named = process.env['TEMPORAL_TEST_SERVER_PATH'];
  if (named !== undefined) return named;
  const cache = process.env['XDG_CACHE_HOME'] ?? join(process.env['HOME'] ?? '.', '.cache');
  return join(cache, 'swarmcase', 'temporal-test-server-1.38.0', 'temporal-test-server');
}
