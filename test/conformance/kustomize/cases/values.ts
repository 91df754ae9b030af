import {
  casesOf,
  configMap,
  deployment,
  documents,
  object,
  one,
  overlaid,
  secret,
  service,
  type Trees,
} from './tree.ts';

const replace = (text: string) => `replacements:\n${text}`;
const from = (source: string, targets: string) => replace(`- source: ${source}\n  targets: ${targets}\n`);
const structured = object(
  'ConfigMap',
  'doc',
  'data:\n  conf.json: \'{"a": {"b": 1}, "z": [1, "x"]}\'\n  pretty.json: |-\n    {\n      "host": "old",\n      "n": 1\n    }\n  conf.yaml: |\n    a:\n      b: old\n    list:\n    - name: x\n      value: y\n',
);

const trees: Trees = {
  'a name': one(
    from(
      '{kind: Service, name: web}',
      '[{select: {kind: Deployment}, fieldPaths: [spec.template.spec.containers.0.image]}]',
    ),
    documents(deployment, service),
  ),
  'by container name': one(
    from(
      '{kind: ConfigMap, fieldPath: data.a}',
      '[{select: {kind: Deployment}, fieldPaths: ["spec.template.spec.containers.[name=web].env.[name=C].value"]}]',
    ),
    documents(deployment, configMap),
  ),
  'every item': one(
    from(
      '{kind: ConfigMap, fieldPath: data.a}',
      '[{select: {kind: Deployment}, fieldPaths: ["spec.template.spec.containers.*.image"]}]',
    ),
    documents(deployment, configMap),
  ),
  'delimiter and index': one(
    from(
      '{kind: ConfigMap, fieldPath: data.a}',
      '[{select: {kind: Deployment}, fieldPaths: [spec.template.spec.containers.0.image], options: {delimiter: ":", index: 1}}]',
    ),
    documents(deployment, configMap),
  ),
  'prefix and suffix by delimiter': one(
    from(
      '{kind: ConfigMap, fieldPath: data.a}',
      '[{select: {kind: Deployment}, fieldPaths: [spec.template.spec.containers.0.image], options: {delimiter: "/", index: -1}}, {select: {kind: Deployment}, fieldPaths: [spec.template.spec.containers.0.image], options: {delimiter: "/", index: 99}}]',
    ),
    documents(deployment, configMap),
  ),
  'a part of the source': one(
    from(
      '{kind: Deployment, fieldPath: spec.template.spec.containers.0.image, options: {delimiter: ":", index: 1}}',
      '[{select: {kind: ConfigMap}, fieldPaths: [data.a]}]',
    ),
    documents(deployment, configMap),
  ),
  'index out of bounds': one(
    from(
      '{kind: Deployment, fieldPath: metadata.name, options: {delimiter: ":", index: 1}}',
      '[{select: {kind: ConfigMap}, fieldPaths: [data.a]}]',
    ),
    documents(deployment, configMap),
  ),
  create: one(
    from(
      '{kind: ConfigMap, fieldPath: data.a}',
      '[{select: {kind: Deployment}, fieldPaths: [metadata.annotations.new, "spec.template.spec.containers.[name=added].image", spec.deep.er], options: {create: true}}]',
    ),
    documents(deployment, configMap),
  ),
  'not created': one(
    from(
      '{kind: ConfigMap, fieldPath: data.a}',
      '[{select: {kind: Deployment}, fieldPaths: [metadata.annotations.new]}]',
    ),
    documents(deployment, configMap),
  ),
  'a map': one(
    from(
      '{kind: Deployment, fieldPath: metadata.labels}',
      '[{select: {kind: Service}, fieldPaths: [spec.selector]}, {select: {kind: ConfigMap}, fieldPaths: [data], options: {create: true}}]',
    ),
    documents(deployment, configMap, service),
  ),
  'types stay': one(
    from('{kind: ConfigMap, fieldPath: data.a}', '[{select: {kind: Deployment}, fieldPaths: [spec.replicas]}]'),
    documents(deployment, configMap),
  ),
  'a number into text': one(
    from('{kind: Deployment, fieldPath: spec.replicas}', '[{select: {kind: ConfigMap}, fieldPaths: [data.a]}]'),
    documents(deployment, configMap),
  ),
  'text into a number': one(
    from('{kind: Deployment, fieldPath: metadata.name}', '[{select: {kind: Deployment}, fieldPaths: [spec.replicas]}]'),
    documents(deployment, configMap),
  ),
  'source is gone': one(
    from('{kind: Gone}', '[{select: {kind: ConfigMap}, fieldPaths: [data.a]}]'),
    documents(deployment, configMap),
  ),
  'source is several': one(
    from('{version: v1}', '[{select: {kind: ConfigMap}, fieldPaths: [data.a]}]'),
    documents(deployment, configMap, service),
  ),
  'source field is gone': one(
    from('{kind: Deployment, fieldPath: spec.gone}', '[{select: {kind: ConfigMap}, fieldPaths: [data.a]}]'),
    documents(deployment, configMap),
  ),
  'no source': one(replace('- targets: [{select: {kind: ConfigMap}, fieldPaths: [data.a]}]\n'), configMap),
  'no targets': one(replace('- source: {kind: ConfigMap}\n'), configMap),
  'no selection': one(from('{kind: ConfigMap, fieldPath: data.a}', '[{fieldPaths: [data.a]}]'), configMap),
  'a value': one(
    replace(
      '- sourceValue: "7"\n  targets: [{select: {kind: Deployment}, fieldPaths: [spec.replicas, metadata.labels.app]}]\n',
    ),
    deployment,
  ),
  rejected: one(
    from(
      '{kind: Service, name: web}',
      '[{select: {kind: ConfigMap}, reject: [{name: b}, {labelSelector: "skip"}], fieldPaths: [data.a]}]',
    ),
    documents(
      service,
      ...['a', 'b', 'c'].map((name) =>
        object('ConfigMap', name, `${name === 'c' ? '  labels: {skip: "1"}\n' : ''}data: {a: x}\n`),
      ),
    ),
  ),
  'default path': one(
    from('{kind: Service, name: web}', '[{select: {kind: ConfigMap}}]'),
    documents(service, configMap),
  ),
  'dotted keys': one(
    from(
      '{kind: Service, name: web}',
      '[{select: {kind: ConfigMap}, fieldPaths: ["metadata.annotations.[a.b/c]", "data.x\\\\.y"], options: {create: true}}]',
    ),
    documents(service, configMap),
  ),
  'a file of them': one('replacements: [{path: r.yaml}, {path: s.yaml}]\n', documents(service, configMap), {
    'app/r.yaml': 'source: {kind: Service}\ntargets: [{select: {kind: ConfigMap}, fieldPaths: [data.a]}]\n',
    'app/s.yaml':
      '- source: {kind: Service, fieldPath: spec.selector.app}\n  targets: [{select: {kind: ConfigMap}, fieldPaths: [data.b], options: {create: true}}]\n',
  }),
  'a generated name': one(
    `configMapGenerator: [{name: g, literals: [a=b]}]\n${from('{kind: ConfigMap, name: g}', '[{select: {kind: Deployment}, fieldPaths: [spec.template.spec.containers.0.image]}]')}`,
    deployment,
  ),
  'after a prefix, by the old name': overlaid(
    from(
      '{kind: Service, name: web}',
      '[{select: {name: web, kind: Deployment}, fieldPaths: [spec.template.spec.containers.0.image]}]',
    ),
    'namePrefix: x-\n',
    documents(deployment, service),
  ),
  'in JSON': one(
    from(
      '{kind: Service}',
      '[{select: {kind: ConfigMap}, fieldPaths: ["data.conf\\\\.json.a.b", "data.pretty\\\\.json.host"]}]',
    ),
    documents(service, structured),
  ),
  'in YAML': one(
    from(
      '{kind: Service}',
      '[{select: {kind: ConfigMap}, fieldPaths: ["data.conf\\\\.yaml.a.b", "data.conf\\\\.yaml.list.[name=x].value"]}]',
    ),
    documents(service, structured),
  ),
  'in YAML with comments': one(
    from(
      '{kind: Service}',
      '[{select: {kind: ConfigMap}, fieldPaths: ["data.conf.host", "data.conf.new.er"], options: {create: true}}]',
    ),
    documents(
      service,
      object(
        'ConfigMap',
        'doc',
        'data:\n  conf: |\n    # first\n    host: "old" # why\n    list:\n      - a\n      - {b: c, d: [1, 2]}\n    on: yes\n    n: 0750\n    long: "x y"\n    other: \'q\'\n',
      ),
    ),
  ),
  'in what is no document': one(
    from('{kind: Service}', '[{select: {kind: ConfigMap}, fieldPaths: [data.a.b]}]'),
    documents(service, configMap),
  ),
  'a lost name': overlaid(
    'nameSuffix: -s\nnamePrefix: y-\n',
    `namePrefix: x-\n${from('{kind: Service, fieldPath: spec}', '[{select: {kind: ConfigMap}}]')}`,
    documents(service, configMap),
  ),
  'into null': one(
    from('{kind: Service}', '[{select: {kind: ConfigMap}, fieldPaths: [data.a]}]'),
    documents(service, object('ConfigMap', 'n', 'data: {a: null}\n')),
  ),
  'into empty': one(
    from('{kind: Service}', '[{select: {kind: ConfigMap}, fieldPaths: [data.a]}]'),
    documents(service, object('ConfigMap', 'n', 'data: {a: ""}\n')),
  ),
  vars: one(
    'vars:\n- {name: HOST, objref: {apiVersion: v1, kind: Service, name: web}}\n- {name: N, objref: {apiVersion: apps/v1, kind: Deployment, name: web}, fieldref: {fieldpath: spec.replicas}}\nnamePrefix: x-\n'.replace(
      'name: N,',
      'name: COUNT,',
    ),
    documents(
      deployment
        .replace('value: plain', 'value: "http://$(HOST):$(COUNT)/$$(HOST)/$(GONE)"')
        .replace(
          '- {name: init, image: busybox}',
          '- {name: init, image: busybox, args: ["$(HOST)", "$(COUNT)"], command: [sh]}',
        ),
      service,
    ),
  ),
  'vars: a truth value as name': one(
    'vars: [{name: N, objref: {apiVersion: v1, kind: Service, name: web}}]\n',
    documents(deployment, service),
  ),
  'vars: whole values keep their type': one(
    'vars:\n- {name: P, objref: {apiVersion: v1, kind: ConfigMap, name: settings}, fieldref: {fieldpath: data.port}}\n- {name: F, objref: {apiVersion: v1, kind: ConfigMap, name: settings}, fieldref: {fieldpath: f}}\n- {name: L, objref: {apiVersion: v1, kind: ConfigMap, name: settings}, fieldref: {fieldpath: "list[1].x"}}\n',
    documents(
      object('ConfigMap', 'settings', 'data: {port: 8080}\nf: 1.5\nlist: [{x: a}, {x: b}]\n'),
      object('Service', 's', '  annotations: {a: "$(P)-$(F)-$(L)"}\nspec: {ports: [{port: $(P), targetPort: $(F)}]}\n'),
    ),
  ),
  'vars: not there': one(
    'vars: [{name: X, objref: {apiVersion: v1, kind: Service, name: gone}}]\n',
    documents(deployment, service),
  ),
  'vars: field not there': one(
    'vars: [{name: X, objref: {apiVersion: v1, kind: Service, name: web}, fieldref: {fieldpath: spec.gone}}]\n',
    documents(deployment, service),
  ),
  'vars: twice': overlaid(
    'vars: [{name: X, objref: {apiVersion: v1, kind: Service, name: web}}]\n',
    'vars: [{name: X, objref: {apiVersion: v1, kind: Service, name: web}}]\n',
    documents(deployment, service),
  ),
  'vars: a label is one': one(
    'commonLabels: {host: $(X)}\nvars: [{name: X, objref: {apiVersion: v1, kind: Service, name: web}}]\nnamePrefix: p-\n',
    documents(deployment, service),
  ),
  'large integers in a text of JSON': one(
    from('{kind: Service, name: web}', '[{select: {kind: ConfigMap}, fieldPaths: ["data.j.name"]}]'),
    documents(
      service,
      object(
        'ConfigMap',
        'j',
        'data:\n  j: \'{"name": "x", "a": 12345678901234567890, "b": -9007199254740993, "c": 123456789012345678901, "d": 1.50, "e": 1e3}\'\n',
      ),
    ),
  ),
  configurations: one(
    'configurations: [c.yaml]\nnamePrefix: x-\ncommonLabels: {l: m}\nimages: [{name: nginx, newTag: "5"}]\nreplicas: [{name: t, count: 4}]\nvars: [{name: X, objref: {apiVersion: v1, kind: Service, name: web}}]\n',
    documents(
      configMap,
      service,
      secret,
      object(
        'Thing',
        't',
        'spec: {ref: {name: settings}, refs: [settings, other], image: nginx, text: "see $(X)", size: 1}\n',
        'example.org/v1',
      ),
    ),
    {
      'app/c.yaml':
        'nameReference:\n- {kind: ConfigMap, fieldSpecs: [{path: spec/ref, kind: Thing}, {path: spec/refs, kind: Thing}]}\nnamePrefix: [{path: spec/title, create: true, kind: Thing}]\ncommonLabels: [{path: spec/labels, create: true, kind: Thing}]\nimages: [{path: spec/image, kind: Thing}]\nreplicas: [{path: spec/size, kind: Thing}]\nvarReference: [{path: spec/text, kind: Thing}]\n',
    },
  ),
  'configurations: conflict': one('configurations: [c.yaml]\n', configMap, {
    'app/c.yaml': 'namePrefix: [{path: metadata/name, create: true}]\n',
  }),
  'configurations: of one kind what is there for all': one(
    'configurations: [c.yaml]\nnamePrefix: x-\nnameSuffix: -y\n',
    documents(configMap, object('Thing', 't', '', 'example.org/v1'), object('Other', 'o', '', 'example.org/v1')),
    {
      'app/c.yaml':
        'namePrefix: [{path: metadata/name, kind: Thing}]\nnameSuffix: [{path: metadata/name, group: example.org}]\n',
    },
  ),
  'configurations: of one kind, as in a base': overlaid(
    'configurations: [c.yaml]\nnamePrefix: x-\n',
    '',
    documents(configMap, object('Thing', 't', '', 'example.org/v1')),
    { 'app/c.yaml': 'namePrefix: [{path: metadata/name, kind: Thing}]\n' },
  ),
  'configurations: of one kind, created where for all it is not': one(
    'configurations: [c.yaml]\nnamePrefix: x-\n',
    configMap,
    { 'app/c.yaml': 'namePrefix: [{path: metadata/name, kind: Thing, create: true}]\n' },
  ),
  'configurations: unknown field': one('configurations: [c.yaml]\n', configMap, { 'app/c.yaml': 'frobnicate: []\n' }),
  'configurations of a base': overlaid(
    'namePrefix: x-\n',
    'configurations: [c.yaml]\n',
    documents(configMap, object('Thing', 't', 'spec: {ref: {name: settings}}\n', 'example.org/v1')),
    {
      'base/c.yaml':
        'nameReference: [{kind: ConfigMap, version: v1, fieldSpecs: [{path: spec/ref/name, kind: Thing}]}]\n',
    },
  ),
  crds: one(
    'crds: [crd.json]\nnamePrefix: x-\ncommonLabels: {l: m}\ncommonAnnotations: {n: o}\n',
    documents(
      configMap,
      object('Bee', 'b', 'spec: {cm: {name: settings}, sel: {a: b}, notes: {p: q}}\n', 'example.org/v1'),
    ),
    {
      'app/crd.json': JSON.stringify({
        'org.example.v1.Bee': {
          Schema: { properties: { kind: {}, apiVersion: {}, metadata: {}, spec: { $ref: 'org.example.v1.BeeSpec' } } },
        },
        'org.example.v1.BeeSpec': {
          Schema: {
            properties: {
              cm: { 'x-kubernetes-object-ref-api-version': 'v1', 'x-kubernetes-object-ref-kind': 'ConfigMap' },
              sel: { 'x-kubernetes-label-selector': '' },
              notes: { 'x-kubernetes-annotation': '' },
            },
          },
        },
      }),
    },
  ),
  openapi: one(
    'openapi: {path: schema.json}\npatches: [{patch: "{apiVersion: example.org/v1, kind: Thing, metadata: {name: t}, spec: {items: [{id: b, v: 2}]}}"}, {patch: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: {spec: {containers: [{name: side, tty: true}]}}}}"}]\n',
    documents(deployment, object('Thing', 't', 'spec: {items: [{id: a}, {id: b, v: 1}]}\n', 'example.org/v1')),
    {
      'app/schema.json': JSON.stringify({
        definitions: {
          'org.example.v1.Thing': {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  items: {
                    type: 'array',
                    items: { type: 'object' },
                    'x-kubernetes-patch-merge-key': 'id',
                    'x-kubernetes-patch-strategy': 'merge',
                  },
                },
              },
            },
            'x-kubernetes-group-version-kind': [{ group: 'example.org', version: 'v1', kind: 'Thing' }],
          },
        },
      }),
    },
  ),
  'openapi: version': one('openapi: {version: v1.21.2}\nnamespace: x1\n', documents(deployment)),
  'openapi: another version': one('openapi: {version: v1.30.0}\n', documents(deployment)),
  transformers: one(
    'transformers:\n- t.yaml\n- |-\n  apiVersion: builtin\n  kind: NamespaceTransformer\n  metadata: {name: n, namespace: team}\n  unsetOnly: true\n  setRoleBindingSubjects: allServiceAccounts\n  fieldSpecs: [{path: metadata/namespace, create: true}]\n',
    documents(
      deployment,
      configMap,
      object('ConfigMap', 'b', '  namespace: own\n'),
      object('RoleBinding', 'rb', 'subjects: [{kind: ServiceAccount, name: x}]\n', 'rbac.authorization.k8s.io/v1'),
    ),
    {
      'app/t.yaml': documents(
        'apiVersion: builtin\nkind: PrefixTransformer\nmetadata: {name: p}\nprefix: x-\nfieldSpecs: [{path: metadata/name}]',
        'apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: l}\nlabels: {a: b}\nfieldSpecs: [{path: metadata/labels, create: true}]',
        'apiVersion: builtin\nkind: ImageTagTransformer\nmetadata: {name: i}\nimageTag: {name: nginx, newTag: "7"}',
        'apiVersion: builtin\nkind: ReplicaCountTransformer\nmetadata: {name: r}\nreplica: {name: web, count: 3}\nfieldSpecs: [{path: spec/replicas, kind: Deployment, create: true}]',
        'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: q}\npatch: "[{\\"op\\": \\"add\\", \\"path\\": \\"/data/z\\", \\"value\\": \\"1\\"}]"\ntarget: {kind: ConfigMap, name: settings}',
        'apiVersion: builtin\nkind: AnnotationsTransformer\nmetadata: {name: a}\nannotations: {c: d}\nfieldSpecs: [{path: metadata/annotations, create: true}]\n',
      ),
    },
  ),
  'a service account of a cloud': one('generators: [g.yaml]\nnamePrefix: x-\n', configMap, {
    'app/g.yaml':
      'apiVersion: builtin\nkind: IAMPolicyGenerator\nmetadata: {name: g}\ncloud: gke\nprojectId: other\nkubernetesService: {name: robot, namespace: team}\nserviceAccount: {name: android, projectId: works}\n',
  }),
  'generator plugins': one('generators: [g.yaml]\n', configMap, {
    'app/g.yaml': documents(
      'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: made, namespace: ns1}\nliterals: [a=b]',
      'apiVersion: builtin\nkind: SecretGenerator\nmetadata: {name: mades}\ntype: x/y\nfiles: [f.txt]\n',
    ),
    'app/f.txt': 'text',
  }),
  'other plugins': one('transformers: [t.yaml]\n', configMap, {
    'app/t.yaml': 'apiVersion: example.org/v1\nkind: Frobnicator\nmetadata: {name: f}\n',
  }),
  functions: one('transformers: [t.yaml]\n', configMap, {
    'app/t.yaml':
      'apiVersion: example.org/v1\nkind: Frobnicator\nmetadata:\n  name: f\n  annotations:\n    config.kubernetes.io/function: |\n      container: {image: example.org/f}\n',
  }),
  'unknown built-in': one('transformers: [t.yaml]\n', configMap, {
    'app/t.yaml': 'apiVersion: builtin\nkind: Frobnicator\nmetadata: {name: f}\n',
  }),
  'value add': one('transformers: [t.yaml]\n', documents(deployment, configMap), {
    'app/t.yaml':
      'apiVersion: builtin\nkind: ValueAddTransformer\nmetadata: {name: v}\nvalue: added\ntargets: [{fieldPath: data/dir, selector: {kind: ConfigMap}}, {fieldPath: metadata/namespace}]\n',
  }),
  'replacement plugin': one('transformers: [t.yaml]\n', documents(service, configMap), {
    'app/t.yaml':
      'apiVersion: builtin\nkind: ReplacementTransformer\nmetadata: {name: v}\nreplacements: [{source: {kind: Service}, targets: [{select: {kind: ConfigMap}, fieldPaths: [data.a]}]}]\n',
  }),
  'a validator that changes': one('validators: [t.yaml]\n', configMap, {
    'app/t.yaml':
      'apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: l}\nlabels: {a: b}\nfieldSpecs: [{path: metadata/labels, create: true}]\n',
  }),
  'a validator that says it ran': one('validators: [t.yaml]\n', configMap, {
    'app/t.yaml':
      'apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: l}\nlabels: {validated-by: me}\nfieldSpecs: [{path: metadata/labels, create: true}]\n',
  }),
  'a validator that does not': one('validators: [t.yaml]\n', configMap, {
    'app/t.yaml':
      'apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: l}\nlabels: {a: b}\nfieldSpecs: [{path: metadata/gone}]\n',
  }),
};

export const values = casesOf('values', trees);
