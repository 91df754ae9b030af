import type { StageSet } from '../../src/shared/api/types.ts';
import type { Files } from '../publisher/archive.ts';
import type { Act } from './act.ts';
import {
  configMap,
  driftWasReported,
  isGone,
  isThere,
  shopIsReadyAt,
  smokeTest,
  smokeTestFollowedWeb,
  smokeTestPassed,
  web,
  webRuns,
} from './proofs.ts';

/** In this order; each begins with what the one before it left. */
export function acts(stageSet: StageSet, version1: Files): readonly Act[] {
  const version2 = withTag(version1, 'v1', 'v2');
  const { 'release/banner.yaml': _banner, ...withoutBanner } = version2;
  return [
    {
      title: 'Roll out a shop in two stages',
      tells:
        'The stage "app" brings a Deployment of 3 pods. The stage "release", with a smoke test among other things, ' +
        'begins only when the app is ready.',
      async does(hands) {
        await hands.publish('1', version1);
        await hands.roll(stageSet);
      },
      proofs: [
        webRuns(3, 'v1'),
        isThere(configMap('settings'), 'the settings are there'),
        smokeTestPassed('v1'),
        smokeTestFollowedWeb('v1'),
        shopIsReadyAt('1'),
      ],
    },
    {
      title: 'Publish version 2',
      tells:
        'A new revision of the artifact appears, as after a push, and rolls out in the same order: pods are replaced, ' +
        'then the new smoke test runs. The old one goes.',
      does: (hands) => hands.publish('2', version2),
      proofs: [
        webRuns(3, 'v2'),
        smokeTestPassed('v2'),
        smokeTestFollowedWeb('v2'),
        isGone(smokeTest('v1'), 'the smoke test of v1 is gone'),
        shopIsReadyAt('2'),
      ],
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
        webRuns(3, 'v2'),
        isThere(configMap('settings'), 'the settings are back'),
        driftWasReported('Deployment'),
        driftWasReported('ConfigMap'),
        shopIsReadyAt('2'),
      ],
    },
    {
      title: 'Prune what was taken out',
      tells:
        'The banner is taken out of the artifact. The controller removes it from the cluster and leaves the rest alone.',
      does: (hands) => hands.publish('3', withoutBanner),
      proofs: [
        isGone(configMap('banner'), 'the banner is gone'),
        isThere(configMap('settings'), 'the settings stayed'),
        webRuns(3, 'v2'),
        shopIsReadyAt('3'),
      ],
    },
  ];
}

/** As a release would: the tag of the images, and the name of the Job that bears it. */
function withTag(files: Files, before: string, after: string): Files {
  const tag = new RegExp(`(?<=[-:])${before}\\b`, 'g');
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.toString().replace(tag, after)]));
}
