import { loadCatalog } from '../adapters/catalog/index.ts';
import { Fault } from '../domain/errors.ts';

try {
  const catalog = loadCatalog(process.argv[2], process.argv[3]);
  const counts = {
    artifacts: catalog.artifacts.size,
    collections: catalog.collections.size,
    'p2p-clients': catalog.clients.length,
    alternatives: catalog.alternatives.length,
    rules: catalog.rules.length,
  };
  for (const [kind, count] of Object.entries(counts)) console.log(`${kind.padEnd(14)}${count}`);
  console.log(`${'policy'.padEnd(14)}mode ${catalog.policy.mode}`);
  console.log(`${'sha256'.padEnd(14)}${catalog.sha256}`);
} catch (fault) {
  if (!(fault instanceof Fault)) throw fault;
  console.error(fault.message);
  process.exitCode = 1;
}
