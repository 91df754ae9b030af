import { type Panel, type Row, rows } from './dashboard/rows.ts';

const file = 'chart/dashboards/stageset-controller.json';

/** The Grafana dashboard, from the rows in `dashboard/rows.ts`. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([[file, `${JSON.stringify(dashboard(), null, 2)}\n`]]);
}

const datasource = { type: 'prometheus', uid: '$datasource' };

function dashboard(): object {
  return {
    uid: 'stageset-controller',
    title: 'stageset-controller',
    tags: ['stageset', 'gitops'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: variables() },
    panels: laidOut(rows),
  };
}

function variables(): readonly object[] {
  const ofLabel = (name: string, query: string) => ({
    name,
    type: 'query',
    datasource,
    query: { query, refId: name },
    refresh: 2,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: ['All'], value: ['$__all'] },
    sort: 1,
  });
  return [
    { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
    ofLabel('job', 'label_values(controller_runtime_max_concurrent_reconciles{controller="stageset"}, job)'),
    ofLabel('namespace', 'label_values(stageset_stage_ready{job=~"$job"}, namespace)'),
  ];
}

/** Grafana's grid. */
const WIDTH = 24;
const NUMBER = { w: 4, h: 8 };
const GRAPH = { w: 8, h: 8 };

/** Each row from left to right, and on below where it is full. */
function laidOut(all: readonly Row[]): readonly object[] {
  const placed: object[] = [];
  let y = 0;
  for (const { title, panels } of all) {
    placed.push({
      id: placed.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: WIDTH, h: 1 },
      panels: [],
    });
    y += 1;
    let x = 0;
    for (const panel of panels) {
      const size = panel.asNumber ? NUMBER : GRAPH;
      if (x + size.w > WIDTH) {
        x = 0;
        y += size.h;
      }
      placed.push({ id: placed.length + 1, ...panelOf(panel), gridPos: { x, y, ...size } });
      x += size.w;
    }
    y += GRAPH.h;
  }
  return placed;
}

function panelOf({ title, description, unit = 'short', asNumber, queries }: Panel): object {
  return {
    type: asNumber ? 'stat' : 'timeseries',
    title,
    ...(description !== undefined && { description }),
    datasource,
    fieldConfig: { defaults: { unit, ...(!asNumber && { min: 0 }) }, overrides: [] },
    options: asNumber
      ? { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value', graphMode: 'area' }
      : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    targets: queries.map(({ expr, legend }, i) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + i),
      datasource,
      expr,
      legendFormat: legend,
    })),
  };
}
