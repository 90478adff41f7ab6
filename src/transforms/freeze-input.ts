/**
 *   before   is_training = Placeholder() {dtype: bool}       after   is_training = Const() {value: bool[] false}
 *            sw = Switch(x, is_training)                              y = …(x), the branch that `false` takes
 *            m  = Merge(batch_branch, moving_branch)
 */
import { Attr } from '../graph/attr.ts';
import { DT_BFLOAT16, DT_BOOL, DT_FLOAT, DT_HALF, dtypeName, dtypeStorage } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import { sourceOf } from '../graph/names.ts';
import { Node } from '../graph/node.ts';
import { stage } from '../graph/progress.ts';
import type { TensorData, TensorValue } from '../graph/tensor.ts';
import { allocate } from '../graph/tensor-data.ts';
import { encodeText } from '../graph/text.ts';
import { resolveDecidedBranches } from './decided-branches.ts';
import { defineTransform } from './define.ts';
import { removeIdleDropout } from './idle-dropout.ts';
import { inputNode } from './input-node.ts';
import { string } from './parameters.ts';

const USAGE = 'freeze_input(name=is_training, value=false)';

export default defineTransform({
	name: 'freeze_input',
	summary: 'turn an input into a constant and take out what that decides',
	details:
		'The placeholder becomes a Const of its type: a scalar, a list such as "[1, 2]", or a scalar spread over a fully known ' +
		'shape. Switch and Merge, If and StatelessIf that a constant now decides are resolved and the branch not taken is removed; dropout with ' +
		'keep_prob 1 or rate 0 becomes an Identity. `fold_constants` then folds what has become constant.',
	origin: 'whittle',
	loss: 'interface',
	picture:
		'before   is_training = Placeholder()          after   is_training = Const() {value: bool[] false}\n' +
		'         sw = Switch(x, is_training)                  y = …(x)\n' +
		'         m  = Merge(batch, moving)',
	params: {
		name: string('the input', {
			missing: `freeze_input needs the name of an input: ${USAGE}`,
			subject: 'node',
		}),
		value: string('its value: false, 1.0, "[1, 2]"', { missing: `freeze_input needs a value: ${USAGE}` }),
	},
	examples: ['freeze_input(name=is_training, value=false)', 'freeze_input(name=keep_prob, value=1.0)'],
	seeAlso: ['fold_constants', 'remove_training_nodes'],
	idempotent: false,

	*apply({ graph, inputs, outputs, params, report }) {
		const target = inputNode(graph, params.name, 'freeze_input');
		const frozen = frozenInput(target, params.value);
		const keep = new Set(outputs.map(sourceOf));
		const replaced = graph.with(graph.nodes.map((node) => (node === target ? frozen : node)));
		yield* stage(replaced.indexed(), 0, 0.3);
		const branches = yield* stage(resolveDecidedBranches(replaced, keep), 0.3, 0.8);
		const dropout = removeIdleDropout(branches.graph);
		report.note(`\`${target.name}\` is the constant ${params.value} now`);
		if (branches.resolved > 0) {
			report.note(
				`${branches.resolved} decided branch nodes resolved, ${branches.removed} dead nodes removed`,
			);
		}
		if (dropout.resolved.length > 0)
			report.note(`${dropout.resolved.length} dropouts became Identity: ${dropout.resolved.join(', ')}`);
		for (const { node, reason } of branches.left) report.skip(node, reason);
		report.ends({ inputs: inputs.filter((input) => sourceOf(input) !== target.name), outputs });
		return dropout.graph;
	},
});

/**
 * The Const that takes the place of a placeholder.
 * @param text the value as typed: `false`, `1.0`, `[1, 2]`.
 * @throws WhittleError `transform` where it is none of the placeholder's type.
 */
export function frozenInput(target: Node, text: string): Node {
	const dtype = target.attr('dtype')?.type ?? DT_FLOAT;
	const values = readValues(text, dtype, target.name);
	const shape = target.attr('shape')?.shape;
	const spread = !values.list && shape && shape.every((size) => size >= 0) ? shape : undefined;
	const value: TensorValue = spread
		? fill(dtype, spread, values.data)
		: (values.list ?? { dtype, shape: [], data: values.data });
	const controls = target.inputs.filter((input) => input.startsWith('^'));
	return Node.of({
		name: target.name,
		op: 'Const',
		inputs: controls,
		device: target.device,
		attrs: { dtype: Attr.type(dtype), value: Attr.tensor(value) },
	});
}

function readValues(text: string, dtype: number, name: string): { data: TensorData; list?: TensorValue } {
	const list = /^\s*\[(.*)\]\s*$/s.exec(text);
	const pieces = list ? list[1]!.split(',').filter((piece) => piece.trim() !== '') : [text];
	const storage = dtypeStorage(dtype);
	if (storage === 'string') {
		const data = pieces.map((piece) => encodeText(list ? piece.trim() : piece));
		return list ? { data, list: { dtype, shape: [data.length], data } } : { data };
	}
	const data = allocate(dtype, pieces.length);
	if (
		storage === 'opaque' ||
		storage.startsWith('complex') ||
		dtype === DT_BFLOAT16 ||
		dtype === DT_HALF ||
		!ArrayBuffer.isView(data)
	) {
		throw new WhittleError(
			'transform',
			`freeze_input: \`${name}\` is of type ${dtypeName(dtype)}, which cannot be written as text`,
		);
	}
	pieces.forEach((piece, i) => {
		(data as { [i: number]: number | bigint })[i] = readNumber(piece.trim(), dtype, name);
	});
	return list ? { data, list: { dtype, shape: [pieces.length], data } } : { data };
}

function readNumber(text: string, dtype: number, name: string): number | bigint {
	const fail = (): never => {
		throw new WhittleError(
			'transform',
			`freeze_input: \`${text}\` is no ${dtypeName(dtype)} value for \`${name}\``,
			{
				hint: dtype === DT_BOOL ? 'true or false' : `For example ${USAGE}.`,
			},
		);
	};
	if (dtype === DT_BOOL) return /^(true|1)$/i.test(text) ? 1 : /^(false|0)$/i.test(text) ? 0 : fail();
	const storage = dtypeStorage(dtype);
	if (storage.startsWith('float'))
		return text !== '' && Number.isFinite(Number(text)) ? Number(text) : fail();
	if (!/^[+-]?\d+$/.test(text)) return fail();
	const value = BigInt(text);
	if (storage === 'int64' || storage === 'uint64') return value;
	const kept = allocate(dtype, 1) as { [i: number]: number };
	kept[0] = Number(value);
	return kept[0] === Number(value) ? kept[0]! : fail();
}

function fill(dtype: number, shape: readonly number[], scalar: TensorData): TensorValue {
	const elements = shape.reduce((product, size) => product * size, 1);
	if (elements > 1 << 24)
		throw new WhittleError('transform', `freeze_input: a constant of ${elements} elements is too large`);
	const data = allocate(dtype, elements);
	if (ArrayBuffer.isView(data)) (data as { fill(v: never): unknown }).fill(scalar[0] as never);
	else return { dtype, shape, data: new Array<Uint8Array>(elements).fill(scalar[0] as Uint8Array) };
	return { dtype, shape, data };
}
