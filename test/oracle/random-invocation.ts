/** Random command lines for a graph. */
import type { Graph } from '../../src/graph/graph.ts';
import type { RandomSource } from '../../src/graph/random.ts';
import type { Invocation } from '../goldens/run-transforms.ts';
import { type Choices, choices } from './choices.ts';
import { patternGenerators } from './pattern-invocation.ts';

type Generator = (pick: Choices, graph: Graph) => string;

const OPS = ['Identity', 'Identity', 'CheckNumerics', 'Relu', 'Add', 'Merge', 'Split', 'Const', 'IdentityN'];

const nodeName = (pick: Choices, graph: Graph): string =>
	pick.chance(0.1) || graph.nodes.length === 0 ? 'nowhere' : pick.one(graph.nodes).name;

const quoted = (text: string): string => `"${text}"`;

/** Parameters of which each is left out, given or given twice. */
function call(
	pick: Choices,
	name: string,
	params: Readonly<Record<string, () => string>>,
	sound: number,
): string {
	const given: string[] = [];
	for (const [key, value] of Object.entries(params)) {
		const times = pick.chance(sound) ? 1 : pick.below(3);
		for (let i = 0; i < times; i++) given.push(`${key}=${value()}`);
	}
	if (pick.chance(0.05)) given.push(`ignore_errors=${pick.one(['true', 'TRUE', 'false', '1'])}`);
	return given.length > 0 ? `${name}(${pick.shuffled(given).join(', ')})` : name;
}

const TYPES = ['float', 'int32', 'quint8_ref', 'nosuch', 'float32'];
const SHAPES = ['"1,2"', '3', '""', '"1,2,"', '"1, +2"', '0'];

/** One generator a transform. */
export const generators: Readonly<Record<string, Generator>> = {
	add_default_attributes: () => 'add_default_attributes',
	merge_duplicate_nodes: (pick) => call(pick, 'merge_duplicate_nodes', {}, 1),
	obfuscate_names: () => 'obfuscate_names',
	remove_attribute: (pick) =>
		call(
			pick,
			'remove_attribute',
			{
				attribute_name: () => pick.one(['T', 'p', 'foo', '_class', 'nosuch']),
				op_name: () => pick.one(['"*"', 'Identity', 'Const']),
			},
			0.8,
		),
	remove_control_dependencies: () => 'remove_control_dependencies',
	remove_device: () => 'remove_device',
	remove_nodes: removeNodes,
	rename_attribute: (pick) =>
		call(
			pick,
			'rename_attribute',
			{
				old_attribute_name: () => pick.one(['T', 'p', 'foo', 'nosuch']),
				new_attribute_name: () => pick.one(['T', 'q', 'bar']),
				op_name: () => pick.one(['"*"', 'Identity', 'Const']),
			},
			0.8,
		),
	rename_node: (pick, graph) =>
		call(
			pick,
			'rename_node',
			{
				old_node_name: () => quoted(nodeName(pick, graph)),
				new_node_name: () => quoted(pick.chance(0.1) ? nodeName(pick, graph) : 'fresh'),
			},
			0.9,
		),
	rename_op: (pick) =>
		call(
			pick,
			'rename_op',
			{ old_op_name: () => pick.one(OPS), new_op_name: () => pick.one(['Identity', 'Relu', 'Foo', '""']) },
			0.9,
		),
	set_device: (pick) =>
		call(
			pick,
			'set_device',
			{ device: () => pick.one(['"/cpu:0"', 'd', '""']), if_default: () => pick.one(['true', '0', 'False']) },
			0.7,
		),
	sort_by_execution_order: () => 'sort_by_execution_order',
	strip_unused_nodes: stripUnusedNodes,
};

function generatorOf(name: string): Generator {
	return generators[name] ?? patternGenerators[name]!;
}

function removeNodes(pick: Choices): string {
	const given: string[] = [];
	do given.push(`op=${pick.chance(0.1) ? '"*"' : pick.chance(0.1) ? '"Identity|Relu"' : pick.one(OPS)}`);
	while (pick.chance(0.3));
	if (pick.chance(0.25)) given.push(`max_inputs=${pick.one(['1', '2', '2', '3', '0', '-1', 'x'])}`);
	return pick.chance(0.02) ? 'remove_nodes(max_inputs=x)' : `remove_nodes(${given.join(', ')})`;
}

function stripUnusedNodes(pick: Choices, graph: Graph): string {
	const given: string[] = [];
	if (pick.chance(0.2)) given.push(`type=${pick.one(TYPES)}`);
	if (pick.chance(0.2)) given.push(`shape=${pick.one(SHAPES)}`);
	while (pick.chance(0.2)) {
		given.push(`name=${quoted(nodeName(pick, graph))}`);
		if (!pick.chance(0.1)) given.push(`type_for_name=${pick.one(TYPES)}`);
		if (!pick.chance(0.1)) given.push(`shape_for_name=${pick.one(SHAPES)}`);
	}
	if (pick.chance(0.02)) given.push('type=int32');
	return given.length > 0 ? `strip_unused_nodes(${given.join(', ')})` : 'strip_unused_nodes';
}

/** @param among names of transforms to draw from. */
export function randomInvocation(
	random: RandomSource,
	graph: Graph,
	among: readonly string[],
	longest: number,
): Invocation {
	const pick = choices(random);
	const names = (most: number): string => {
		const list: string[] = [];
		for (let count = pick.below(most + 1); count > 0; count--) {
			list.push(
				pick.one(['', '', '', '', '', '^']) + nodeName(pick, graph) + pick.one(['', '', '', '', ':0', ':1']),
			);
		}
		return list.join(',');
	};
	const transforms: string[] = [];
	for (let count = 1 + pick.below(longest); count > 0; count--)
		transforms.push(generatorOf(pick.one(among))(pick, graph));
	return { inputs: names(2), outputs: names(3), transforms: transforms.join(' ') };
}
