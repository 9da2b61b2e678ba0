import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { Fault } from '../../domain/errors.ts';
import { SA } from '../../workflows/search-attributes.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;

const TYPES = {
  KEYWORD: { cli: 'Keyword', proto: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD },
  BOOL: { cli: 'Bool', proto: IndexedValueType.INDEXED_VALUE_TYPE_BOOL },
  INT: { cli: 'Int', proto: IndexedValueType.INDEXED_VALUE_TYPE_INT },
} as const;

const ALREADY_EXISTS = 6;

/** Flags of `temporal server start-dev` that register the attributes of a case. */
export function searchAttributeFlags(): string[] {
  return Object.values(SA).flatMap(({ name, type }) => ['--search-attribute', `${name}=${TYPES[type].cli}`]);
}

/**
 * Registers what is missing of the attributes of a case in a namespace; may be repeated.
 * @throws Fault TemporalUnavailable when an attribute exists with another type, or this client may not register any: the
 * message holds the commands for somebody who may.
 */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing: Record<string, proto.temporal.api.enums.v1.IndexedValueType> = {};
  for (const { name, type } of Object.values(SA)) {
    const wanted = TYPES[type];
    const present = customAttributes[name];
    if (present === undefined) missing[name] = wanted.proto;
    else if (present !== wanted.proto) {
      throw new Fault(
        'TemporalUnavailable',
        `Search attribute ${name} of namespace ${namespace} is not of type ${wanted.cli}.`,
      );
    }
  }
  if (Object.keys(missing).length === 0) return;
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: missing });
  } catch (cause) {
    // Another worker did the same in the same moment.
    if ((cause as { code?: number }).code === ALREADY_EXISTS) return;
    const commands = Object.values(SA)
      .filter(({ name }) => name in missing)
      .map(
        ({ name, type }) =>
          `temporal operator search-attribute create -n ${namespace} --name ${name} --type ${TYPES[type].cli}`,
      );
    const reason = (cause as Error).message;
    throw new Fault(
      'TemporalUnavailable',
      [`Cannot register search attributes (${reason}). An administrator can:`, ...commands].join('\n'),
      { cause },
    );
  }
}
