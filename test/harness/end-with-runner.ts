// Loaded into every process that runs a test file, before that file.
import { endWithParent } from '../../tools/end-with-parent.ts';

endWithParent(() => process.kill(process.pid, 'SIGKILL'));
