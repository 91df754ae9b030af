import { runChecks } from './checks.ts';

const results = await runChecks();
if (results.some(({ passed }) => !passed)) process.exitCode = 1;
