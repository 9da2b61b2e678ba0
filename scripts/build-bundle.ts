import { buildWorkflowBundle } from '../adapters/temporal/bundle.ts';

// Fails by itself when the workflows do not bundle or import what their sandbox forbids.
const { code, codePath } = await buildWorkflowBundle();
console.log(`Workflow bundle: ${(Buffer.byteLength(code) / 1024 / 1024).toFixed(2)} MB, ${codePath}`);
