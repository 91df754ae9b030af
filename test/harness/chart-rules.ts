import assert from 'node:assert/strict';
import { type Circumstance, type Grant, grants, type Rule, verbsOfWatchedKinds } from '../../tools/chart/grants.ts';

/** What the chart lets a controller do on a cluster of many tenants, wherever things are. */
export const clusterWideRules = rulesFor(['clusterWide', 'impersonating', 'takingTokens'], ['watched', 'cluster']);

/** And in its own namespace. */
export const releaseRules = rulesFor(['electing'], ['release']);

/** What it lets a controller of some namespaces do in each of them. */
export const scopedRules = rulesFor(['scoped', 'impersonating'], ['watched']);

/** Of `clusterWideRules`: all but how it acts as tenants. */
export const ownRules = rulesFor(['clusterWide'], ['watched']);

export const impersonation = ruleWhen('impersonating');
export const tokenRequests = ruleWhen('requestingTokens');
/** Of MCP with changes; there is no such right in a namespace. */
export const tokenReviews = ruleWhen('takingTokens');

/** The webhook's, for the configuration of this name. */
export function signingFor(configuration: string): Rule & { readonly resourceNames: readonly string[] } {
  return { ...ruleWhen('signingForItself'), resourceNames: [configuration] };
}

function rulesFor(circumstances: readonly Circumstance[], places: readonly Grant['in'][]): readonly Rule[] {
  return grants
    .filter((grant) => places.includes(grant.in) && (grant.when === undefined || circumstances.includes(grant.when)))
    .map(ruleOf);
}

function ruleWhen(circumstance: Circumstance): Rule {
  const found = grants.find(({ when }) => when === circumstance);
  assert.ok(found);
  return ruleOf(found);
}

function ruleOf({ apiGroups, resources, verbs }: Grant): Rule {
  return { apiGroups, resources, verbs };
}

/** What `rbac.watchedKinds` is by default. */
export const allKinds = { apiGroups: ['*'], resources: ['*'] };

/** What `rbac.watchedKinds` lets it do. */
export function watching(...kinds: readonly Omit<Rule, 'verbs'>[]): readonly Rule[] {
  return kinds.map((each) => ({ ...each, verbs: verbsOfWatchedKinds }));
}
