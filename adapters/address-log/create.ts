import type { SiteConfig } from '../config/schema.ts';
import { createCsvAddressLog } from './csv.ts';
import { createHttpAddressLog } from './http.ts';
import type { AddressLog } from './index.ts';

/**
 * The address log that a site's configuration names.
 * @throws Fault ConfigInvalid, SecretMissing (never retried).
 */
export function createAddressLog(
  config: NonNullable<SiteConfig['address_log']>,
  secret: (name: string) => string,
): AddressLog {
  if (config.kind === 'csv') return createCsvAddressLog(config.path);
  return createHttpAddressLog(config.url, config.token_secret === undefined ? undefined : secret(config.token_secret));
}
