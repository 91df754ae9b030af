/** As zap names them. */
export type LogTime = 'epoch' | 'millis' | 'nano' | 'iso8601' | 'rfc3339' | 'rfc3339nano';

/** Our clock knows milliseconds, and UTC. */
export function timeText(wallMs: number, time: LogTime): string | number {
  switch (time) {
    case 'epoch':
      return wallMs / 1_000;
    case 'millis':
      return wallMs;
    case 'nano':
      return wallMs * 1_000_000;
    case 'iso8601':
    case 'rfc3339nano':
      return new Date(wallMs).toISOString();
    case 'rfc3339':
      return new Date(wallMs).toISOString().replace(/\.\d+Z$/, 'Z');
    default:
      return time satisfies never;
  }
}
