import type { Option } from 'commander';

/** Go's spelling of a flag that is on or off, `--show-secrets=false`, as scripts for kubectl and its kin write it. */
export function withoutGoBooleans(args: readonly string[], options: readonly Option[]): readonly string[] {
  const onOff = new Set(options.filter((option) => option.isBoolean()).map(({ long }) => long));
  const negations = new Set(options.filter((option) => option.negate).map(({ long }) => long));
  const end = args.indexOf('--');
  return args.flatMap((arg, at) => {
    const [, flag = '', value = ''] = /^(--[a-z-]+)=(.*)$/s.exec(arg) ?? [];
    if (!onOff.has(flag) || (end >= 0 && at > end)) return [arg];
    if (['true', 't', '1', 'TRUE', 'True', 'T'].includes(value)) return [flag];
    if (['false', 'f', '0', 'FALSE', 'False', 'F'].includes(value)) {
      const negation = flag.replace(/^--/, '--no-');
      return negations.has(negation) ? [negation] : [];
    }
    return [arg];
  });
}
