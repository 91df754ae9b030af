import { defaultValues } from '../default-values.ts';
import { list, oneOf, optional, struct, text } from './language.ts';
import { duration, time } from './names.ts';

const updateWindow = struct(
  'A window of time: either schedule and duration, for one that recurs, or from and to, for one that happens once.',
  {
    type: oneOf('Deny holds new revisions back while the window is active; Allow lets them through only then.', [
      'Allow',
      'Deny',
    ]),
    schedule: optional(text('When the window starts: a cron expression of five fields, such as 0 9 * * MON-FRI.')),
    duration: optional(duration('How long the window stays active after each start.')),
    timeZone: optional(
      text('IANA name of the time zone that schedule is read in, such as Europe/Berlin.', {
        defaultsTo: defaultValues.timeZone,
      }),
    ),
    from: optional(time('When a window that happens once starts.')),
    to: optional(time('When a window that happens once ends; after from.')),
  },
);

export const updateWindows = list(
  'When new revisions may roll out. Deny wins over Allow; once there is an Allow window, one must be active.',
  updateWindow,
);

export const windowScope = oneOf(
  'What a closed window holds back: Updates holds new revisions only and goes on correcting drift; All applies nothing at all.',
  ['Updates', 'All'],
  { defaultsTo: defaultValues.windowScope },
);
