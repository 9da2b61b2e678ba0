/** Served by a worker of kind `bare`. */
export const BARE_QUEUE = 'bare';
/** Served by nobody: what is put there stays open. */
export const NOBODYS_QUEUE = 'nobody';
