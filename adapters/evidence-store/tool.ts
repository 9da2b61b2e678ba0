import packageJson from '../../package.json' with { type: 'json' };

/** Name and version of the program that touched evidence, for custody entries and manifests. */
export const TOOL = `swarmcase ${packageJson.version}`;
