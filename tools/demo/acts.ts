import type { StageSet } from '../../src/shared/api/types.ts';
import type { Files } from '../publisher/archive.ts';
import type { Act } from './act.ts';
import {
  appFollowedDatabase,
  configMap,
  databaseRuns,
  driftWasReported,
  eventSays,
  gateSaidNo,
  isGone,
  isHeldBack,
  isThere,
  releaseFollowedApp,
  shopFailedIn,
  shopIsAtVersion,
  shopIsReadyAt,
  stageSays,
  web,
  webRuns,
} from './proofs.ts';

const dayMs = 24 * 60 * 60 * 1_000;

export interface ActsOptions {
  /** How often the gate has said no. */
  readonly refusals: () => number;
  readonly nowMs: () => number;
}

/** In this order; each begins with what the one before it left. */
export function acts(stageSet: StageSet, version1: Files, { refusals, nowMs }: ActsOptions): readonly Act[] {
  const { 'release/banner.yaml': _banner, ...version2 } = withVersion(version1, '2.0.0');
  const version3 = onNodesThatAreNot(withVersion(version2, '3.0.0'));
  const { updateWindows = [] } = stageSet.spec;
  return [
    {
      title: 'Roll out a shop in three stages',
      tells:
        'First the database; the app when that is ready; and what customers see only when the app is ready and a gate, ' +
        'asked over HTTP, says yes. It says no.',
      async does(hands) {
        await hands.publish('1', version1);
        await hands.roll(stageSet);
      },
      proofs: [
        databaseRuns,
        webRuns(3, '1.0.0'),
        appFollowedDatabase,
        gateSaidNo(refusals),
        stageSays('release', 'may-release', 'the StageSet says that it is at the gate'),
        isGone(configMap('settings'), 'nothing of the release is there'),
      ],
      asks: ['why', 'shop'],
    },
    {
      title: 'Say yes at the gate',
      tells: 'The stage goes on by itself: the gate is asked again and again, at growing intervals.',
      does: async (hands) => hands.sayYes(),
      proofs: [isThere(configMap('settings'), 'the release is there'), releaseFollowedApp, shopIsReadyAt('1')],
    },
    {
      title: 'Publish version 2 during a freeze',
      tells: 'An update window closes, then a new revision appears, as after a push. It is held back.',
      async does(hands) {
        hands.tell('a freeze begins');
        await hands.edit({ updateWindows: [{ type: 'Deny', from: timeText(nowMs()), to: timeText(nowMs() + dayMs) }] });
        await hands.publish('2', version2);
      },
      proofs: [isHeldBack, webRuns(3, '1.0.0'), shopIsReadyAt('1')],
      asks: ['get', 'shop'],
    },
    {
      title: 'End the freeze',
      tells:
        'Version 2.0.0 comes with a migration: a Job that runs once, before the app changes. Then the stages follow, ' +
        'and the banner, which version 2 does not have, is pruned.',
      async does(hands) {
        hands.tell('the freeze ends');
        await hands.edit({ updateWindows });
      },
      proofs: [
        eventSays('MigrationCompleted', 'orders-2', 'the migration has run'),
        webRuns(3, '2.0.0'),
        isGone(configMap('banner'), 'the banner is gone'),
        shopIsAtVersion('2.0.0'),
        shopIsReadyAt('2'),
      ],
      asks: ['tree', 'shop'],
    },
    {
      title: 'Heal what somebody changed by hand',
      tells:
        'Somebody scales the app to 1 pod and deletes the settings. The controller notices at once and restores what ' +
        'the artifact says.',
      async does(hands) {
        hands.tell('somebody scales Deployment/web to 1 pod');
        await hands.api.patch(web, { spec: { replicas: 1 } }, { subresource: 'scale', fieldManager: 'somebody' });
        hands.tell('somebody deletes ConfigMap/settings');
        await hands.api.delete(configMap('settings'));
      },
      proofs: [
        webRuns(3, '2.0.0'),
        isThere(configMap('settings'), 'the settings are back'),
        driftWasReported('Deployment'),
        driftWasReported('ConfigMap'),
        shopIsReadyAt('2'),
      ],
    },
    {
      title: 'Roll back a revision that fails',
      tells:
        'The pods of version 3 ask for a node that there is not, so its app never becomes ready. All stages go back to ' +
        'what they were.',
      does: (hands) => hands.publish('3', version3),
      proofs: [
        eventSays('RolledBack', 'stage "app" to 2', 'an event says what is back'),
        webRuns(3, '2.0.0'),
        shopFailedIn('app'),
      ],
      asks: ['why', 'shop'],
    },
  ];
}

function timeText(wallMs: number): string {
  return new Date(wallMs).toISOString();
}

/** As a release would: the label that tells the version, and the tag of the image. */
function withVersion(files: Files, version: string): Files {
  return mapped(files, (text) => text.replaceAll(/(?<=web:|version: )\d\.0\.0/g, version));
}

/** The Deployment gives up soon, so that nobody has to watch it for ten minutes. */
function onNodesThatAreNot(files: Files): Files {
  return mapped(files, (text) =>
    text
      .replace('minReadySeconds: 2', 'minReadySeconds: 2\n  progressDeadlineSeconds: 5')
      .replace(/^ {4}spec:\n(?= {6}containers:\n {8}- name: web)/m, '    spec:\n      nodeSelector: {disk: none}\n'),
  );
}

function mapped(files: Files, change: (text: string) => string): Files {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, change(text.toString())]));
}
