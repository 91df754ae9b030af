import { emptyConfig, type FieldConfig, mergeConfigs } from './fields/config.ts';
import { mergeVariables, type Variable } from './passes/variables.ts';
import { ResourceList } from './resources/resource-list.ts';

/** What a kustomization hands to the one that builds on it: objects, and what is to be known about their fields. */
export class Accumulator {
  readonly resources = new ResourceList();
  readonly variables = new Map<string, Variable>();
  config: FieldConfig = emptyConfig;

  addConfig(config: FieldConfig): void {
    this.config = mergeConfigs(this.config, config);
  }

  absorb({ resources, variables, config }: Accumulator): void {
    this.resources.appendAll(resources.items);
    this.addConfig(config);
    mergeVariables(this.variables, variables.values());
  }
}
