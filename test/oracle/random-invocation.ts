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

const opName = (pick: Choices, graph: Graph): string => pick.one(graph.nodes)?.op || 'nosuch';

function attributeName(pick: Choices, graph: Graph): string {
	const names = [...(pick.one(graph.nodes)?.attrs.keys() ?? [])];
	return names.length > 0 ? pick.one(names) : 'nosuch';
}

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

/** The log that freeze_requantization_ranges is told to read, in the folder where the tool runs. */
export const LOG_FILE = 'min-max.log';

const TYPES = ['float', 'int32', 'quint8_ref', 'nosuch', 'float32'];
const SHAPES = ['"1,2"', '3', '""', '"1,2,"', '"1, +2"', '0'];

const FOLDING_PARAMETERS = [
	...['max_constant_size_in_bytes=8', 'max_constant_size_in_bytes=0', 'max_constant_size_in_bytes=x'],
	...[
		'exclude_op=Neg',
		'exclude_op=Mul, exclude_op=Shape',
		'clear_output_shapes=false',
		'clear_output_shapes=x',
	],
	...['ignore_errors=true', 'ignore_errors=true, exclude_op=Add'],
];

/** One generator a transform. */
export const generators: Readonly<Record<string, Generator>> = {
	add_default_attributes: () => 'add_default_attributes',
	fold_constants: (pick) =>
		pick.chance(0.7) ? 'fold_constants' : `fold_constants(${pick.one(FOLDING_PARAMETERS)})`,
	freeze_requantization_ranges: (pick) =>
		call(
			pick,
			'freeze_requantization_ranges',
			{
				min_max_log_file: () => (pick.chance(0.02) ? 'nowhere.log' : LOG_FILE),
				...(pick.chance(0.5) && {
					min_percentile: () => pick.one(['0', '20', '49.5', '-3', 'x']),
					max_percentile: () => pick.one(['0', '20', '49.5', '100', '-3', '1e1']),
				}),
			},
			0.9,
		),
	inline_partitionedcall: () => 'inline_partitionedcall',
	merge_duplicate_nodes: (pick) => call(pick, 'merge_duplicate_nodes', {}, 1),
	obfuscate_names: () => 'obfuscate_names',
	remove_attribute: (pick, graph) =>
		call(
			pick,
			'remove_attribute',
			{
				attribute_name: () => pick.one(['T', 'p', 'foo', '_class', attributeName(pick, graph)]),
				op_name: () => pick.one(['"*"', 'Identity', opName(pick, graph)]),
			},
			0.8,
		),
	remove_control_dependencies: () => 'remove_control_dependencies',
	remove_device: () => 'remove_device',
	remove_nodes: removeNodes,
	rename_attribute: (pick, graph) =>
		call(
			pick,
			'rename_attribute',
			{
				old_attribute_name: () =>
					pick.one(['T', 'p', attributeName(pick, graph), attributeName(pick, graph)]),
				new_attribute_name: () => pick.one(['T', 'q', 'bar']),
				op_name: () => pick.one(['"*"', 'Identity', opName(pick, graph)]),
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
	rename_op: (pick, graph) =>
		call(
			pick,
			'rename_op',
			{
				old_op_name: () => pick.one([...OPS, opName(pick, graph)]),
				new_op_name: () => pick.one(['Identity', 'Relu', 'Foo', '""']),
			},
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
	...patternGenerators,
};

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

/** What some transforms have nothing to do without. */
const WANTED_OPS: Readonly<Record<string, readonly string[]>> = {
	freeze_requantization_ranges: ['RequantizationRange'],
	inline_partitionedcall: ['PartitionedCall'],
	backport_tensor_array_v3: ['TensorArrayV3'],
	backport_concatv2: ['ConcatV2'],
	flatten_atrous_conv: ['SpaceToBatchND'],
	fold_batch_norms: ['Mul'],
	fold_old_batch_norms: ['FusedBatchNorm', 'BatchNormWithGlobalNormalization'],
	fuse_pad_and_conv: ['MirrorPad'],
	fuse_resize_and_conv: ['ResizeBilinear'],
	fuse_resize_pad_and_conv: ['ResizeBilinear'],
};

function transformName(pick: Choices, graph: Graph, among: readonly string[]): string {
	for (let tries = 0; ; tries++) {
		const name = pick.one(among);
		const wanted = WANTED_OPS[name];
		if (!wanted || tries > 20 || pick.chance(0.3) || wanted.some((op) => graph.byOp.has(op))) return name;
	}
}

/** Names to take for inputs and outputs beside those drawn from the whole graph. */
export interface LikelyEnds {
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
}

/**
 * @param among names of transforms to draw from.
 * @param longest how many transforms a list has at most.
 */
export function randomInvocation(
	random: RandomSource,
	graph: Graph,
	among: readonly string[],
	longest: number,
	likely: LikelyEnds = { inputs: [], outputs: [] },
): Invocation {
	const pick = choices(random);
	const names = (most: number, good: readonly string[]): string => {
		const port = (): string => pick.one(['', '', '', '', ':0', ':1']);
		if (good.length > 0 && pick.chance(0.85))
			return good.map((name) => name + (pick.chance(0.1) ? port() : '')).join(',');
		const list: string[] = [];
		for (let count = pick.below(most + 1); count > 0; count--)
			list.push(pick.one(['', '', '', '', '', '^']) + nodeName(pick, graph) + port());
		return list.join(',');
	};
	const transforms: string[] = [];
	for (let count = 1 + pick.below(longest); count > 0; count--)
		transforms.push(generators[transformName(pick, graph, among)]!(pick, graph));
	return {
		inputs: names(2, likely.inputs),
		outputs: names(3, likely.outputs),
		transforms: transforms.join(' '),
	};
}
