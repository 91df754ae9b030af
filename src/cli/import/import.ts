import { UsageError } from '../cli-error.ts';
import type { ConnectionFlags } from '../connection/flags.ts';
import type { OutputFormat } from '../print-objects.ts';
import { readObjects } from '../read-input.ts';
import { tell } from '../tell.ts';
import { importDocuments } from './documents.ts';
import { type ImportedKind, kindNamed } from './kinds.ts';
import { localSources } from './local-sources.ts';
import { describeNote } from './note.ts';
import { printImported } from './print.ts';
import { describeRefusal, sift } from './refusals.ts';

/** The flags of `import`, as commander reads them. */
export interface ImportFlags extends ConnectionFlags {
  readonly filename?: readonly string[];
  readonly kind?: ImportedKind;
  readonly output: OutputFormat;
  readonly showSecrets?: boolean;
  readonly sourceDir?: readonly string[];
  readonly writeHooks?: boolean;
}

/** What `import` prints, and 3 where that is not all of it. */
export interface ImportAnswer {
  readonly text: string;
  readonly exitCode: 0 | 3;
}

/** The notes go to standard error as well, for whoever pipes the rest into kubectl; what is not imported comes last. */
export async function importAll(words: readonly string[], flags: ImportFlags): Promise<ImportAnswer> {
  if (flags.writeHooks && flags.sourceDir === undefined) {
    throw new UsageError('--write-hooks writes into the folder of the source: give it with --source-dir');
  }
  const documents = await documentsOf(words, flags);
  const { kind, namespace, showSecrets = false } = flags;
  const sources = await localSources(flags.sourceDir ?? []);
  const read = importDocuments(documents, { kind, namespace, showSecrets, manifestsOf: sources.manifestsOf });
  const { imported, refused } = sift(read.imported);
  for (const { from, notes } of imported) for (const note of notes) tell(`note: ${from}: ${describeNote(note)}`);
  if (flags.writeHooks) await sources.write(imported.flatMap(({ hookFiles }) => hookFiles));
  const allRefused = [...read.refused, ...refused];
  for (const each of allRefused) tell(describeRefusal(each));
  return { text: printImported(imported, flags.output), exitCode: allRefused.length > 0 ? 3 : 0 };
}

async function documentsOf(words: readonly string[], flags: ImportFlags) {
  const [kind, name, ...more] = words;
  const { filename } = flags;
  if (filename !== undefined) {
    if (kind !== undefined)
      throw new UsageError(`"${kind}" and -f ${filename[0]} both say what to import: give one of them`);
    return (await Promise.all(filename.map((file) => readObjects(file, '-f')))).flat();
  }
  if (kind === undefined)
    throw new UsageError('nothing to import: give -f FILE, or kustomization NAME, or application NAME');
  if (name === undefined || more.length > 0) throw new UsageError(`import ${kind} takes one name: see --help`);
  if (flags.kind !== undefined) throw new UsageError('--kind chooses among the objects of a file: leave it out');
  const { objectsFromCluster } = await import('./from-cluster.ts');
  return objectsFromCluster(kindNamed(kind), name, flags);
}
