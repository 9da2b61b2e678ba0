export { archiveCase } from './archive-case.ts';
export { cooldownLease } from './cooldown-lease.ts';
export { intake } from './intake.ts';
export { investigateHost } from './investigate-host.ts';
