import { Fault } from '../../../domain/errors.ts';

/** One line of `swarmcase doctor`. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'bad';
  readonly detail: string;
  /** What to do; only where something is wrong. */
  readonly fix?: string;
}

/** Runs one check; whatever it throws becomes its line. */
export async function check(name: string, fix: string, look: () => Promise<string> | string): Promise<Check> {
  try {
    return { name, state: 'ok', detail: await look() };
  } catch (error) {
    const detail =
      error instanceof Fault
        ? `${error.type}: ${error.message}`
        : error instanceof Error
          ? error.message
          : String(error);
    return { name, state: 'bad', detail, fix };
  }
}
