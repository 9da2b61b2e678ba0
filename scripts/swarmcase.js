#!/usr/bin/env node
// The command `swarmcase`. The program itself is TypeScript and is compiled as it is loaded.
import { register } from 'tsx/esm/api';

register();
await import('./cli/main.ts');
