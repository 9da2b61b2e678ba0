import { fileURLToPath } from 'node:url';
import type { DataConverter, PayloadCodec } from '@temporalio/common';

/** Given to Client and Worker, and again to the workflow bundle: failures are made in both. */
export const failureConverterPath = fileURLToPath(new URL('./failure-converter.cjs', import.meta.url));

/** How values become payloads: JSON, with encoded error messages, encrypted by `codec`. */
export function dataConverter(codec: PayloadCodec): DataConverter {
  return { failureConverterPath, payloadCodecs: [codec] };
}
