import { casesOf, configMap, deployment, documents, object, one, overlaid, service, type Trees } from './tree.ts';

const indent = (text: string) => text.replace(/^/gm, '    ');
const patch = (text: string, rest = '') => `patches:\n- patch: |\n${indent(text)}\n${rest}`;
const smp = (spec: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n${spec}`;
const ops = (text: string, target = '{kind: Deployment}') => patch(text, `  target: ${target}\n`);
const containers = (text: string) => smp(`spec: {template: {spec: {containers: ${text}}}}\n`);
const big = object(
  'ConfigMap',
  'big',
  'id: 9007199254740995\nmore: 18446744073709551615\nf: 1.50\nlarge: 1234567\no: 0750\n',
);

const trees: Trees = {
  'a field': one(patch(smp('spec: {replicas: 7, paused: true}\n')), deployment),
  'container by name': one(patch(containers('[{name: side, image: new}, {name: added, image: a}]')), deployment),
  'container without name': one(patch(containers('[{image: new}]')), deployment),
  'delete a container': one(patch(containers('[{name: side, $patch: delete}]')), deployment),
  'replace containers': one(patch(containers('[{name: only, image: a}, {$patch: replace}]')), deployment),
  'delete a map': one(patch(smp('spec: {template: {$patch: delete}}\n')), deployment),
  'replace a map': one(patch(smp('spec: {selector: {$patch: replace, matchLabels: {x: y}}}\n')), deployment),
  'null deletes': one(patch(smp('spec: {replicas: null, template: {metadata: null}}\n')), deployment),
  'delete the object': one(patch(smp('$patch: delete\n')), documents(deployment, service)),
  'replace at the top': one(patch(smp('$patch: replace\nspec: {replicas: 1}\n')), deployment),
  'unknown directive': one(patch(smp('spec: {$patch: frobnicate}\n')), deployment),
  'inert directives': one(
    patch(
      smp(
        'spec: {$retainKeys: [replicas], template: {spec: {$setElementOrder/containers: [{name: side}], $deleteFromPrimitiveList/x: [a]}}}\n',
      ),
    ),
    deployment,
  ),
  'ports merge by two keys': one(
    patch(
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 53, nodePort: 30053}, {port: 80, nodePort: 30080}, {port: 81}]}\n',
    ),
    service,
  ),
  'ports, both protocols': one(
    patch(
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 53, protocol: TCP, name: x}, {port: 53, protocol: UDP, nodePort: 1}]}\n',
    ),
    service,
  ),
  'container ports': one(
    patch(containers('[{name: web, ports: [{containerPort: 80, protocol: TCP, hostPort: 1}, {containerPort: 90}]}]')),
    deployment,
  ),
  'container ports without protocol': one(
    patch(containers('[{name: web, ports: [{containerPort: 80, hostPort: 1}]}]')),
    deployment,
  ),
  'env merge and delete': one(
    patch(
      containers('[{name: web, env: [{name: B, $patch: delete}, {name: D, value: d}, {name: C, value: changed}]}]'),
    ),
    deployment,
  ),
  finalizers: one(
    patch('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, finalizers: [new, b]}\n'),
    object('ConfigMap', 'a', '  finalizers: [a, b]\n'),
  ),
  'duplicate names in the base': one(
    patch(containers('[{name: web, tty: true}]')),
    smp('spec: {template: {spec: {containers: [{name: web, image: one}, {name: web, image: two}]}}}\n'),
  ),
  'tolerations are replaced': one(
    patch(smp('spec: {template: {spec: {tolerations: [{key: b}]}}}\n')),
    smp('spec: {template: {spec: {tolerations: [{key: a}]}}}\n'),
  ),
  'newer lists are replaced': one(
    patch(
      smp(
        'spec: {template: {spec: {schedulingGates: [{name: b}], resourceClaims: [{name: c}], topologySpreadConstraints: [{topologyKey: z, whenUnsatisfiable: DoNotSchedule, maxSkew: 2}]}}}\n',
      ),
    ),
    smp(
      'spec: {template: {spec: {schedulingGates: [{name: a}], resourceClaims: [{name: a}], topologySpreadConstraints: [{topologyKey: z, whenUnsatisfiable: DoNotSchedule, maxSkew: 1}, {topologyKey: y}]}}}\n',
    ),
  ),
  'custom resources have no merge keys': one(
    patch(
      'apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: t}\nspec: {containers: [{name: b}], map: {x: 1}}\n',
    ),
    object('Thing', 't', 'spec: {containers: [{name: a}], map: {y: 2}}\n', 'example.org/v1'),
  ),
  'an object in an object': one(
    patch(
      'apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: t}\nspec: {pod: {apiVersion: v1, kind: Pod, spec: {containers: [{name: b}]}}}\n',
    ),
    object(
      'Thing',
      't',
      'spec: {pod: {apiVersion: v1, kind: Pod, spec: {containers: [{name: a}]}}}\n',
      'example.org/v1',
    ),
  ),
  'a list where there is a map': one(patch(smp('spec: [a]\n')), deployment),
  'text where there is a map': one(patch(smp('spec: text\n')), deployment),
  'nulls in what is added': one(patch(smp('spec: {strategy: {a: null, b: {c: null}, d: [null, 1]}}\n')), deployment),
  'nulls of the base': one(patch(smp('spec: {replicas: 1}\n')), smp('spec: {a: null, b: , c: ~, d: {e: null}}\n')),
  'types change': one(
    patch(smp('spec: {replicas: "7", paused: on, minReadySeconds: 0x10}\n')),
    smp('spec: {replicas: 1, paused: "no", minReadySeconds: "5"}\n'),
  ),
  'by kind': one(
    patch(
      smp(
        'metadata: {name: ignored, labels: {n: 1}, annotations: {gone: null, m: true}}\nspec: {replicas: 9}\n',
      ).replace('metadata: {name: web}\n', ''),
      '  target: {kind: Deployment}\n',
    ),
    documents(
      deployment.replace('labels: {app: web}', 'labels: {app: web}\n  annotations: {gone: x}'),
      deployment.replace('name: web', 'name: web2'),
    ),
  ),
  'null in an annotation, by name': one(
    patch(smp('').replace('{name: web}', '{name: web, annotations: {gone: null, n: 5}}')),
    deployment.replace('labels: {app: web}', 'labels: {app: web}\n  annotations: {gone: x}'),
  ),
  'by pattern': one(
    patch(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {p: q}\n',
      '  target: {kind: Config.*, name: "a|b.+"}\n',
    ),
    documents(object('ConfigMap', 'a'), object('ConfigMap', 'b'), object('ConfigMap', 'bb'), object('ConfigMap', 'ab')),
  ),
  'by label selector': one(
    patch(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {p: q}\n',
      '  target: {labelSelector: "env in (a, b), !skip, tier!=x"}\n',
    ),
    documents(
      object('ConfigMap', 'a', '  labels: {env: a}\n'),
      object('ConfigMap', 'b', '  labels: {env: b, skip: "1"}\n'),
      object('ConfigMap', 'c', '  labels: {env: c}\n'),
      object('ConfigMap', 'd', '  labels: {env: a, tier: x}\n'),
    ),
  ),
  'by annotation selector': one(
    patch(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {p: q}\n',
      '  target: {annotationSelector: "a=b"}\n',
    ),
    documents(object('ConfigMap', 'a', '  annotations: {a: b}\n'), object('ConfigMap', 'b')),
  ),
  'a bad label selector': one(
    patch('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n', '  target: {labelSelector: "a in b"}\n'),
    configMap,
  ),
  'a bad pattern': one(
    patch('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n', '  target: {name: "("}\n'),
    configMap,
  ),
  'of nothing': one(patch(smp('').replace('web', 'gone')), deployment),
  'of nothing, by selector': one(patch(smp(''), '  target: {kind: Gone}\n'), deployment),
  'of another namespace': one(patch(smp('').replace('{name: web}', '{name: web, namespace: other}')), deployment),
  'by old name after a prefix': overlaid(patch(smp('spec: {replicas: 3}\n')), 'namePrefix: x-\n', deployment),
  'by new name after a prefix': overlaid(
    patch(smp('spec: {replicas: 3}\n').replace('web', 'x-web')),
    'namePrefix: x-\n',
    deployment,
  ),
  'by old namespace': overlaid(patch(smp('spec: {replicas: 3}\n')), 'namespace: team\n', deployment),
  'may change name and kind': one(
    patch(
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\n',
      '  target: {kind: Deployment}\n  options: {allowNameChange: true, allowKindChange: true}\n',
    ),
    documents(
      deployment,
      object(
        'HorizontalPodAutoscaler',
        'h',
        'spec: {scaleTargetRef: {name: web, kind: Deployment}}\n',
        'autoscaling/v2',
      ),
    ),
  ),
  'may not change name and kind': one(
    patch(
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec: {replicas: 4}\n',
      '  target: {kind: Deployment}\n',
    ),
    deployment,
  ),
  'several in one': one(
    patch(
      documents(
        smp('spec: {replicas: 3}'),
        'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: NodePort}\n',
      ),
    ),
    documents(deployment, service),
  ),
  'several with a target': one(patch(documents(smp(''), smp('')), '  target: {kind: Deployment}\n'), deployment),
  'nothing in it': one('patches: [{patch: "# nothing"}]\n', deployment),
  'neither text nor path': one('patches: [{target: {kind: Deployment}}]\n', deployment),
  'no patch at all': one('patches: [{patch: "just text"}]\n', deployment),
  'of a list': one(
    patch(
      'apiVersion: v1\nkind: List\nitems: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 8}}]\n',
    ),
    deployment,
  ),
  'in a file': one('patches: [{path: p.yaml}, {path: q.json, target: {kind: Deployment}}]\n', deployment, {
    'app/p.yaml': smp('spec: {replicas: 11}\n'),
    'app/q.json': '[{"op": "add", "path": "/spec/paused", "value": true}]',
  }),
  'a file that is gone': one('patches: [{path: gone.yaml}]\n', deployment),
  'the old fields': one(
    'patchesStrategicMerge:\n- p.yaml\n- |-\n  apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: web}\n  spec: {paused: true}\npatchesJson6902: [{target: {group: apps, version: v1, kind: Deployment, name: web}, patch: "- {op: replace, path: /spec/replicas, value: 12}"}]\nnamePrefix: x-\n',
    deployment,
    {
      'app/p.yaml': smp('metadata: {annotations: {a: 1}}\nspec: {replicas: 11}\n').replace(
        'metadata: {name: web}\nmetadata: {annotations: {a: 1}}',
        'metadata: {name: web, annotations: {a: 1}}',
      ),
    },
  ),
  'old field of nothing': one('patchesStrategicMerge: [p.yaml]\n', deployment, {
    'app/p.yaml': smp('').replace('web', 'gone'),
  }),
  'ops: all': one(
    ops(
      '- {op: add, path: /spec/template/spec/containers/-, value: {name: last}}\n- {op: add, path: /spec/template/spec/containers/0, value: {name: first}}\n- {op: remove, path: /spec/template/spec/volumes/-1}\n- {op: replace, path: /spec/template/spec/containers/-1/name, value: really-last}\n- {op: move, from: /spec/replicas, path: /spec/minReadySeconds}\n- {op: copy, from: /metadata/labels, path: /spec/template/metadata/annotations}\n- {op: test, path: /kind, value: Deployment}\n',
    ),
    deployment,
  ),
  'ops: test fails': one(ops('- {op: test, path: /kind, value: Other}\n'), deployment),
  'ops: test of a map': one(ops('- {op: test, path: /metadata/labels, value: {app: web}}\n'), deployment),
  'ops: replace what is not there': one(ops('- {op: replace, path: /spec/paused, value: true}\n'), deployment),
  'ops: absent parent': one(ops('- {op: replace, path: /spec/a/b, value: true}\n'), deployment),
  'ops: remove what is not there': one(ops('- {op: remove, path: /spec/paused}\n'), deployment),
  'ops: add an annotation': one(
    ops(
      '- {op: add, path: /metadata/annotations/x~1y, value: true}\n- {op: add, path: /metadata/annotations/n, value: 12345678}\n',
    ),
    deployment,
  ),
  'ops: add a label': one(ops('- {op: add, path: /metadata/labels/x, value: y}\n', '{kind: ConfigMap}'), configMap),
  'ops: numbers': one(
    ops(
      '- {op: add, path: /x, value: 0x10}\n- {op: add, path: /y, value: off}\n- {op: add, path: /z, value: 2030-12-31}\n',
      '{name: big}',
    ),
    big,
  ),
  'numbers without ops': one('', big),
  'ops: out of bounds': one(ops('- {op: add, path: /spec/template/spec/containers/7, value: {}}\n'), deployment),
  'ops: unknown': one(ops('- {op: frobnicate, path: /spec}\n'), deployment),
  'ops: without target': one('patches: [{patch: "[{\\"op\\": \\"remove\\", \\"path\\": \\"/spec\\"}]"}]\n', deployment),
  'ops: flow YAML': one('patches: [{patch: "[{op: remove, path: /spec}]", target: {kind: Deployment}}]\n', deployment),
  'ops: whole object': one(
    ops('- {op: replace, path: "", value: {apiVersion: v1, kind: ConfigMap, metadata: {name: new}}}\n'),
    deployment,
  ),
  'a replaced metadata forgets the origin': overlaid(
    'buildMetadata: [originAnnotations]\nnamePrefix: x-\n',
    patch(smp('').replace('{name: web}', '{name: web, $patch: replace, annotations: {a: b}}')),
    deployment,
  ),
  'ops: all annotations lose the origin': overlaid(
    'buildMetadata: [originAnnotations, transformerAnnotations]\npatches: [{target: {kind: ConfigMap}, patch: "[{\\"op\\": \\"add\\", \\"path\\": \\"/metadata/annotations\\", \\"value\\": {\\"a\\": 1}}]"}]\n',
    'namePrefix: x-\n',
    configMap,
  ),
  'ops: old truth values are in quotes': one(
    'patches: [{target: {kind: Deployment}, patch: "[{\\"op\\": \\"add\\", \\"path\\": \\"/spec/replicas\\", \\"value\\": \\"on\\"}]"}]\nreplicas: [{name: web, count: 3}]\n',
    deployment,
  ),
  'an object without version': one(
    patch('apiVersion: v1\nkind: X\nmetadata: {name: x, labels: {a: b}}\n', '  target: {kind: Thing}\n'),
    'kind: Thing\nmetadata: {name: t}\n',
  ),
  'quotes stay': one(
    patch(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: q}\ndata: {a: 5, b: 6, c: true, d: "7", e: text, f: 0x10}\n',
    ),
    object('ConfigMap', 'q', 'data: {a: "1", b: text, c: "text", d: 8, e: 9, f: \'t\'}\n'),
  ),
  'ops: rename': one(
    ops('- {op: replace, path: /metadata/name, value: renamed}\n'),
    documents(
      deployment,
      object('HorizontalPodAutoscaler', 'h', 'spec: {scaleTargetRef: {name: web}}\n', 'autoscaling/v2'),
    ),
  ),
};

export const patches = casesOf('patches', trees);
