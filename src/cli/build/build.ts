import { printBetween, printEach } from '../print-objects.ts';
import { type BuildFlags, subjectOf } from './flags.ts';

/** What `build` prints. Nothing is printed before all of it is built: what follows a pipe gets all or nothing. */
export async function build(argument: string | undefined, flags: BuildFlags): Promise<string> {
  const subject = subjectOf(argument, flags);
  if (subject.is === 'folder') {
    const { buildFolder } = await import('./build-folder.ts');
    return printBetween(await buildFolder(subject.folder, flags), flags.output);
  }
  const { buildStageSet } = await import('./build-stage-set.ts');
  return printEach(await buildStageSet(subject, flags), flags.output);
}
