import type { Config, SiteConfig } from '../adapters/config/index.ts';
import { Fault } from '../domain/errors.ts';

/** @throws Fault ConfigInvalid that names the sites there are. */
export function siteOf(config: Config, id: string): SiteConfig {
  const site = config.sites[id];
  if (!site) {
    throw new Fault(
      'ConfigInvalid',
      `No site "${id}" in ${config.file}. Sites there: ${Object.keys(config.sites).join(', ') || 'none'}.`,
    );
  }
  return site;
}
