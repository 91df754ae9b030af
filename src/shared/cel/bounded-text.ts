import type { ASTNode } from '@marcbachmann/cel-js';
import { OURS } from './bounded-functions.ts';

/** A name that no expression may call. */
export class UnknownFunction extends Error {
  constructor(name: string) {
    super(`there is no function ${name}`);
    this.name = 'UnknownFunction';
  }
}

/** What Flux's environment and ours both have, and how each is called in the text that is evaluated. */
const functions = callable(
  'bool bytes double duration dyn has int size string timestamp type uint', // has() is a macro
);
const methods = new Map([
  ...callable(
    'all contains endsWith exists exists_one filter map size startsWith',
    'getDate getDayOfMonth getDayOfWeek getDayOfYear getFullYear getHours getMilliseconds getMinutes getMonth getSeconds',
    'indexOf lastIndexOf lowerAscii split substring trim upperAscii',
    'hasValue none of or orValue value',
  ),
  ...['charAt', 'join', 'matches', 'replace', 'reverse'].map((name) => [name, OURS + name] as const),
]);
const namespaces = new Map(
  ['base64.decode', 'base64.encode', 'sets.contains', 'sets.equivalent', 'sets.intersects'].map((name) => [
    name,
    OURS + name.replace('.', '_'),
  ]),
);

function callable(...names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.flatMap((line) => line.split(' ')).map((name) => [name, name]));
}

/** The expression again, with what could grow without bound replaced by what cannot. Throws UnknownFunction. */
export function boundedText(node: ASTNode): string {
  switch (node.op) {
    case 'value':
      return node.input.slice(node.start, node.end);
    case 'id':
      return node.args;
    case '.':
    case '.?':
      return `${boundedText(node.args[0])}${node.op}${node.args[1]}`;
    case '[]':
      return `${boundedText(node.args[0])}[${boundedText(node.args[1])}]`;
    case '[?]':
      return `${boundedText(node.args[0])}[?${boundedText(node.args[1])}]`;
    case 'call':
      return `${known(node.args[0], functions)}(${listed(node.args[1])})`;
    case 'rcall':
      return methodText(...node.args);
    case 'list':
      return `[${listed(node.args)}]`;
    case 'map':
      return `{${node.args.map(([key, value]) => `${boundedText(key)}: ${boundedText(value)}`).join(', ')}}`;
    case '?:':
      return `(${boundedText(node.args[0])} ? ${boundedText(node.args[1])} : ${boundedText(node.args[2])})`;
    case '!_':
    case '-_':
      return `(${node.op[0]}${boundedText(node.args)})`;
    case '+':
      return `${OURS}plus(${listed(node.args)})`;
    default:
      return `(${chained(node)})`;
  }
}

function methodText(name: string, receiver: ASTNode, args: readonly ASTNode[]): string {
  const inNamespace = receiver.op === 'id' ? namespaces.get(`${receiver.args}.${name}`) : undefined;
  if (inNamespace !== undefined) return `${inNamespace}(${listed(args)})`;
  return `${boundedText(receiver)}.${known(name, methods)}(${listed(args)})`;
}

type Binary = Extract<ASTNode, { readonly args: [ASTNode, ASTNode] }>;

/** Of a long chain of `&&` the parser takes each link by itself; parentheses it would nest. */
function chained({ op, args: [left, right] }: Binary): string {
  const isLink = left.op === op && (op === '&&' || op === '||');
  return `${isLink ? chained(left as Binary) : boundedText(left)} ${op} ${boundedText(right)}`;
}

function listed(nodes: readonly ASTNode[]): string {
  return nodes.map(boundedText).join(', ');
}

function known(name: string, names: ReadonlyMap<string, string>): string {
  const stand = names.get(name);
  if (stand === undefined) throw new UnknownFunction(name);
  return stand;
}
