import { casesOf, configMap, deployment, documents, object, one, overlaid, secret, type Trees } from './tree.ts';

const generated = (text: string, more: Readonly<Record<string, string>> = {}) => ({
  'app/kustomization.yaml': text,
  ...more,
});

const trees: Trees = {
  literals: generated(
    'configMapGenerator: [{name: g, literals: [a=b, "c=\\"d\\"", "e=\'f\'", g=h=i, j=, "k=\\"x", "l= m "]}]\n',
  ),
  'a literal that is none': generated('configMapGenerator: [{name: g, literals: [a]}]\n'),
  'a literal without key': generated('configMapGenerator: [{name: g, literals: ["=a"]}]\n'),
  'a key twice': generated('configMapGenerator: [{name: g, literals: [a=1, a=2]}]\n'),
  'keys that are no texts': generated('configMapGenerator: [{name: g, literals: ["1=a"]}]\n'),
  'keys that are almost none': generated('configMapGenerator: [{name: g, literals: ["y=a", "on=b", "1.2.3=c"]}]\n'),
  'no name': generated('configMapGenerator: [{literals: [a=1]}]\n'),
  'env file': generated('configMapGenerator: [{name: g, envs: [e.env]}]\nsecretGenerator: [{name: s, env: e.env}]\n', {
    'app/e.env': '\uFEFF# comment\nA=1\n\n  B = x \nC\nD="q"\nE=a=b\r\n F=\t\n',
  }),
  'binary env file': generated('configMapGenerator: [{name: g, envs: [e.env]}]\n', { 'app/e.env': 'base64:QT3/AA==' }),
  files: generated(
    'configMapGenerator: [{name: g, files: [f.txt, "k=d/f.txt", d/b.bin]}]\nsecretGenerator: [{name: s, files: [f.txt, d/b.bin, long.txt]}]\n',
    {
      'app/f.txt': '\uFEFFtext\nmore\n',
      'app/d/f.txt': 'other',
      'app/d/b.bin': 'base64:/wABAg==',
      'app/long.txt': 'x'.repeat(120),
    },
  ),
  'base64 of one full line': generated(
    'secretGenerator: [{name: s, literals: ["a=0123456789012345678901234567890123456789012345678901", "b=012345678901234567890123456789012345678901234567890"]}]\n',
  ),
  'long binary': generated('configMapGenerator: [{name: g, files: [b.bin]}]\n', {
    'app/b.bin': `base64:${Buffer.alloc(100, 255).toString('base64')}`,
  }),
  'a file that is gone': generated('configMapGenerator: [{name: g, files: [gone]}]\n'),
  'a file source that is none': generated('configMapGenerator: [{name: g, files: ["a=b=c"]}]\n'),
  options: generated(
    'generatorOptions: {labels: {a: b, c: d}, annotations: {e: f}, disableNameSuffixHash: true, immutable: true}\nconfigMapGenerator:\n- {name: g, literals: [a=b], options: {labels: {a: own}, disableNameSuffixHash: false}}\n- {name: h}\n',
  ),
  'own options': generated(
    'configMapGenerator:\n- {name: g, namespace: n, literals: [a=b], options: {immutable: true, annotations: {x: y}}}\nsecretGenerator:\n- {name: t, type: kubernetes.io/tls, literals: [tls.crt=a, tls.key=b], options: {disableNameSuffixHash: true}}\n',
  ),
  references: one(
    'configMapGenerator: [{name: settings, literals: [a=b]}]\nsecretGenerator: [{name: pass, literals: [b=c]}]\nnamePrefix: x-\nnamespace: team\n',
    deployment,
  ),
  'references from an overlay': overlaid(
    'namePrefix: x-\ncommonLabels: {l: m}\n',
    'configMapGenerator: [{name: settings, literals: [a=b]}]\n',
    deployment,
  ),
  merge: overlaid(
    'configMapGenerator: [{name: settings, behavior: merge, literals: [b=2, a=changed], options: {labels: {new: l}}}]\nnamePrefix: x-\n',
    'configMapGenerator: [{name: settings, literals: [a=1, c=3], options: {labels: {old: l}, annotations: {q: r}}}]\n',
    deployment,
  ),
  'merge after a prefix': overlaid(
    'configMapGenerator: [{name: settings, behavior: merge, literals: [b=2]}]\n',
    'namePrefix: x-\nconfigMapGenerator: [{name: settings, literals: [a=1]}]\n',
    deployment,
  ),
  replace: overlaid(
    'configMapGenerator: [{name: settings, behavior: replace, literals: [b=2]}]\n',
    'configMapGenerator: [{name: settings, literals: [a=1]}]\n',
    deployment,
  ),
  'merge into a plain one': one(
    'configMapGenerator: [{name: settings, behavior: merge, literals: [b=2]}]\n',
    documents(configMap, deployment),
  ),
  'merge into a Secret with stringData': one(
    'secretGenerator: [{name: pass, behavior: merge, literals: [c=2]}]\n',
    secret.replace('Opaque', 'custom').replace('stringData', 'data: {d: ZA==, b: b2xk}\nimmutable: true\nstringData'),
  ),
  'merge with nothing': generated('configMapGenerator: [{name: g, behavior: merge, literals: [b=2]}]\n'),
  'create what is there': one('configMapGenerator: [{name: settings, literals: [b=2]}]\n', configMap),
  'hash switched off in the base': overlaid(
    'configMapGenerator: [{name: settings, behavior: merge, literals: [b=2]}]\n',
    'configMapGenerator: [{name: settings, literals: [a=1], options: {disableNameSuffixHash: true}}]\n',
    deployment,
  ),
  'hash switched off in the overlay': overlaid(
    'generatorOptions: {disableNameSuffixHash: true}\nconfigMapGenerator: [{name: settings, behavior: merge, literals: [b=2]}]\n',
    'configMapGenerator: [{name: settings, literals: [a=1]}]\n',
    deployment,
  ),
  'hash of HTML': generated('configMapGenerator: [{name: g, literals: ["a=<b> & é \\u2028", "n=\\t"]}]\n'),
  'hash after a patch': one(
    'configMapGenerator: [{name: g, literals: [a=b]}]\npatches: [{patch: "{apiVersion: v1, kind: ConfigMap, metadata: {name: g}, data: {n: 5, o: 1.50, b: true}}"}]\n',
    deployment,
  ),
  'same generator in two namespaces': generated(
    'configMapGenerator: [{name: g, namespace: a, literals: [a=b]}, {name: g, namespace: b, literals: [a=b]}]\n',
  ),
  'merge in a namespace': overlaid(
    'namespace: team\nconfigMapGenerator: [{name: settings, behavior: merge, literals: [b=2]}]\n',
    'namespace: team\nconfigMapGenerator: [{name: settings, literals: [a=1]}]\n',
    deployment,
  ),
  'merge by namespace': overlaid(
    'configMapGenerator: [{name: settings, namespace: team, behavior: merge, literals: [b=2]}]\n',
    'namespace: team\nconfigMapGenerator: [{name: settings, literals: [a=1]}]\n',
    deployment,
  ),
  'generators under a namespace': one(
    'namespace: team\nsecretGenerator: [{name: pass, literals: [a=1]}]\n',
    documents(
      deployment,
      object('ServiceAccount', 'robot', 'secrets: [{name: pass}]\nimagePullSecrets: [{name: pass}]\n'),
    ),
  ),
};

export const generators = casesOf('generators', trees);
