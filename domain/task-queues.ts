/** Queue of the case worker: workflows, judgement, reports, mail, tickets. It has no credentials for hosts. */
export const CASE_QUEUE = 'cases';

/** Queue of a site's collection worker, which may read hosts. */
export function collectionQueue(site: string): string {
  return `site-${site}`;
}

/** Queue of a site's response worker, which may change hosts. */
export function responseQueue(site: string): string {
  return `response-${site}`;
}
