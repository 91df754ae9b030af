// Loaded into every process that runs a test file, before that file.
import { after } from 'node:test';
import { endWithParent } from '../../tools/end-with-parent.ts';

/** Other hooks of this kind follow, and take what a busy machine lets them. */
const graceMs = Number(process.env.STAGESET_TEST_GRACE_MS ?? 30_000);

endWithParent(() => process.kill(process.pid, 'SIGKILL'));

// Node waits for ever for a file whose tests have left a socket or a timer open.
after(() => {
  const impatience = setTimeout(() => {
    console.error(`its tests are over, but these are still open: ${process.getActiveResourcesInfo().join(', ')}`);
    process.exit(1);
  }, graceMs);
  impatience.unref();
});
