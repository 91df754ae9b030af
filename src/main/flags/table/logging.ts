import { logLevels } from '../../log/log.ts';
import { switchFlag, wishFlag } from '../kinds.ts';
import { zapLevelFlag } from '../zap-level.ts';

export const loggingFlags = {
  logLevel: wishFlag({
    name: 'log-level',
    choices: logLevels,
    fallbackText: 'info',
    help: 'Least level that is logged.',
  }),
  logEncoding: wishFlag({
    name: 'log-encoding',
    choices: ['json', 'text'],
    fallbackText: 'json',
    help: 'How log lines are written.',
  }),
  zapLogLevel: zapLevelFlag({
    name: 'zap-log-level',
    help: 'Another name for --log-level, with the levels of zap: panic is error, a number above 0 debug.',
  }),
  zapEncoder: wishFlag({
    name: 'zap-encoder',
    choices: ['json', 'console'],
    help: 'Another name for --log-encoding: console is text.',
  }),
  zapStacktraceLevel: wishFlag({
    name: 'zap-stacktrace-level',
    choices: ['info', 'warn', 'error', 'panic'],
    fallbackText: 'panic',
    help: 'From which level on a line about an error tells where it arose.',
  }),
  zapTimeEncoding: wishFlag({
    name: 'zap-time-encoding',
    choices: ['epoch', 'millis', 'nano', 'iso8601', 'rfc3339', 'rfc3339nano'],
    fallbackText: 'rfc3339nano',
    help: 'How log lines tell the time.',
  }),
  zapDevel: switchFlag({
    name: 'zap-devel',
    fallback: false,
    help: 'Where other flags say nothing: --log-level=debug, --log-encoding=text, --zap-stacktrace-level=warn.',
  }),
} as const;
