/** What is odd about a graph: said on opening, before anybody asks. */
import type { Graph } from '../graph/graph.ts';
import { sourceOf } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { FieldReader } from '../graph/wire.ts';
import { isRegistered } from '../ops/registry.ts';
import { signatureOf } from '../ops/signature.ts';
import { findCandidates } from './candidates.ts';
import { producerOf } from './check.ts';
import { findCycle } from './cycle.ts';
import { distances } from './reach.ts';
import { type Role, rolesOf } from './roles.ts';
import { isVariable } from './weights.ts';

export type OddityKind =
	| 'variables'
	| 'training'
	| 'input pipeline'
	| 'unread placeholders'
	| 'invalid inputs'
	| 'cycle'
	| 'duplicate names'
	| 'unregistered ops'
	| 'unknown attributes'
	| 'newer producer'
	| 'deprecated ops'
	| 'functions'
	| 'control flow'
	| 'missing values';

export interface Oddity {
	readonly kind: OddityKind;
	/** `warn`: it stands in the way of running or shrinking the model. `note`: worth knowing. */
	readonly level: 'warn' | 'note';
	readonly count: number;
	/** One line without a full stop. */
	readonly text: string;
	/** The first few nodes, ops or functions that it is about. */
	readonly names: readonly string[];
	/** A line to type next, where one helps. */
	readonly next?: string;
}

/** The producer of TensorFlow 2.21, which the registry is of. */
const KNOWN_PRODUCER = 2474;
const SHOWN = 5;

/** Linear in the graph; attributes are looked at once. */
export function oddities(graph: Graph): Oddity[] {
	const found: Oddity[] = [];
	const add = (
		kind: OddityKind,
		level: Oddity['level'],
		names: readonly string[],
		text: (count: string) => string,
		next?: string,
	): void => {
		if (names.length === 0) return;
		const count = names.length;
		found.push({
			kind,
			level,
			count,
			text: text(String(count)),
			names: names.slice(0, SHOWN),
			...(next === undefined ? {} : { next }),
		});
	};
	addBroken(graph, add);
	const { nodes } = graph;
	const roles = rolesOf(graph);
	const named = (test: (node: Node, role: Role, at: number) => boolean): string[] =>
		nodes.filter((node, i) => test(node, roles[i]!, i)).map((node) => node.name);
	const variables = named(isVariable);
	const freeze = graph.parts.context?.variables ? 'freeze' : 'freeze(input_checkpoint="PREFIX")';
	add('variables', 'warn', variables, (n) => `${count(n, 'variable')} not frozen`, freeze);
	const needed = neededByOutputs(graph);
	const training = named((_, role, i) => (role === 'optimizer' || role === 'gradient') && needed[i]! < 0);
	add('training', 'warn', training, (n) => `${count(n, 'node')} of training left`, 'strip_unused_nodes');
	const pipeline = named((_, role) => role === 'pipeline');
	add(
		'input pipeline',
		'warn',
		pipeline,
		(n) => `${count(n, 'node')} of an input queue or dataset`,
		'strip_unused_nodes',
	);
	const { readerStart } = graph.topology;
	const unread = named(
		(node, _, i) => node.op.startsWith('Placeholder') && readerStart[i] === readerStart[i + 1],
	);
	add('unread placeholders', 'note', unread, (n) => `${count(n, 'placeholder')} that nothing reads`);
	const stripped = named((node) => node.op === 'Const' && lacksValues(node));
	add('missing values', 'warn', stripped, (n) => `${count(n, 'constant')} without values`);
	addOps(graph, add);
	add(
		'functions',
		'note',
		graph.functions.functions.map((f) => f.name),
		(n) => `${count(n, 'function')} in the library`,
	);
	addControlFlow(nodes, add);
	return found;
}

/** Forces of a molecule are gradients too: what the outputs need is no training. */
function neededByOutputs(graph: Graph): Int32Array {
	const outputs = findCandidates(graph).outputs.chosen.map((name) => graph.position.get(sourceOf(name))!);
	return distances(graph, outputs, 'up');
}

/** A value that cannot be decoded, or a shape of several elements and not one of them: TensorFlow reads zeros. */
function lacksValues(node: Node): boolean {
	const { tensor } = node;
	if (!tensor?.decodable) return true;
	if (tensor.hasContent || tensor.elements < 2) return false;
	const reader = new FieldReader(tensor.bytes);
	while (reader.next()) if (reader.field > 3) return false;
	return true;
}

type Add = (
	kind: OddityKind,
	level: Oddity['level'],
	names: readonly string[],
	text: (count: string) => string,
	next?: string,
) => void;

function count(n: string, noun: string): string {
	return `${n} ${noun}${n === '1' ? '' : 's'}`;
}

function addBroken(graph: Graph, add: Add): void {
	const invalid = graph.invalidInputs.map(({ node }) => node.name);
	add('invalid inputs', 'warn', invalid, (n) => `${count(n, 'input')} of nodes that do not exist`, 'check');
	const cycle = (findCycle(graph) ?? []).map((at) => graph.nodes[at]!.name);
	add('cycle', 'warn', cycle, (n) => `${n} nodes that wait for each other`, 'check');
	const twice = graph.nodes.length - graph.position.size;
	if (twice > 0) {
		const seen = new Set<string>();
		const names = graph.nodes.filter((node) => seen.has(node.name) || !seen.add(node.name));
		add(
			'duplicate names',
			'warn',
			names.map((node) => node.name),
			(n) => `${count(n, 'name')} used twice`,
			'check',
		);
	}
	const producer = producerOf(graph);
	if (producer > KNOWN_PRODUCER)
		add(
			'newer producer',
			'note',
			[String(producer)],
			() => `made by a newer TensorFlow: producer ${producer}, known are those up to ${KNOWN_PRODUCER}`,
		);
}

/** Nodes of one op whose attributes are looked at on opening; `check` looks at all. */
const MOST_OF_ONE_OP = 1_000;

function addOps(graph: Graph, add: Add): void {
	const producer = producerOf(graph);
	const unregistered: string[] = [];
	const deprecated: string[] = [];
	const foreign = new Set<string>();
	for (const [op, nodes] of graph.byOp) {
		const signature = signatureOf(op, graph.functions);
		if (!signature) unregistered.push(op);
		else {
			if (signature.deprecated && producer >= signature.deprecated.version) deprecated.push(op);
			const attributes = new Set(signature.attributes.map((attribute) => attribute.name));
			for (const node of nodes.slice(0, MOST_OF_ONE_OP))
				for (const name of node.attrs.keys())
					if (!attributes.has(name) && !name.startsWith('_')) foreign.add(`${op}.${name}`);
		}
	}
	for (const { nodes } of graph.functions.functions)
		for (const { op } of nodes)
			if (!isRegistered(op) && !graph.functions.get(op) && !unregistered.includes(op)) unregistered.push(op);
	const list = (names: readonly string[]): string =>
		names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ', …' : '');
	add(
		'unregistered ops',
		'warn',
		unregistered,
		(n) => `${count(n, 'op')} that TensorFlow does not know: ${list(unregistered)}`,
		'check',
	);
	add(
		'deprecated ops',
		'note',
		deprecated,
		(n) => `${count(n, 'op')} that this producer may not use: ${list(deprecated)}`,
		'check',
	);
	const attributes = [...foreign];
	add(
		'unknown attributes',
		'note',
		attributes,
		(n) => `${count(n, 'attribute')} that their op does not have: ${list(attributes)}`,
		'check',
	);
}

function addControlFlow(nodes: readonly Node[], add: Add): void {
	const loops: string[] = [];
	const branches: string[] = [];
	for (const node of nodes) {
		if (/^(?:LoopCond|While|StatelessWhile)$/.test(node.op)) loops.push(node.name);
		else if (/^(?:If|StatelessIf|Case|StatelessCase|Switch|RefSwitch)$/.test(node.op))
			branches.push(node.name);
	}
	add('control flow', 'note', loops, (n) => count(n, 'while loop'));
	if (loops.length === 0)
		add('control flow', 'note', branches, (n) => `${count(n, 'node')} of conditional branches`);
}
