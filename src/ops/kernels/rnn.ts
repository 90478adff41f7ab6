/** Kernels of recurrent cells. */
import { DT_FLOAT } from '../../graph/dtype.ts';
import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { inWorkspace } from '../engine/workspace.ts';
import { cannotRun, noDtype, scalar } from '../values.ts';
import type { Floats } from './convolution-windows.ts';
import { consecutive, multiplyFloats } from './matmul.ts';

function sigmoid(x: number): number {
	return 1 / (1 + Math.exp(-x));
}

/** [x, h] × weights + bias. */
function affine(rows: number, parts: readonly Floats[], weights: Floats, bias: Floats): Floats {
	const widths = parts.map((part) => part.length / rows);
	const depth = widths.reduce((sum, width) => sum + width, 0);
	const joined = new Float32Array(rows * depth);
	for (let row = 0; row < rows; row++) {
		let at = row * depth;
		for (const [i, part] of parts.entries()) {
			joined.set(part.subarray(row * widths[i]!, (row + 1) * widths[i]!), at);
			at += widths[i]!;
		}
	}
	const one = { left: consecutive(1), right: consecutive(1) };
	const sizes = { rows, depth, columns: bias.length, transposeLeft: false, transposeRight: false };
	const open = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, bias };
	return inWorkspace(undefined, (workspace) =>
		multiplyFloats(workspace, joined, () => weights, sizes, one, open),
	);
}

function floats(values: readonly TensorValue[], context: KernelContext): Floats[] {
	return values.map(({ dtype, data }) => {
		if (dtype !== DT_FLOAT) throw noDtype(context, dtype);
		return data as Floats;
	});
}

interface CellSettings {
	readonly forgetBias: number;
	/** 0 and below: none. */
	readonly clip: number;
	readonly peephole: boolean;
	/** Order of the four gates in the columns of the weights; the block ops of version 2 have another. */
	readonly gates: readonly ['i', 'c' | 'f', 'f' | 'c', 'o'];
}

/** Gates and states of one step, in the order of LSTMBlockCell's outputs: i, cs, f, o, ci, co, h. */
type CellResult = readonly [Floats, Floats, Floats, Floats, Floats, Floats, Floats];

function lstmStep(
	rows: number,
	x: Floats,
	state: Floats,
	hidden: Floats,
	[weights, wci, wcf, wco, bias]: readonly Floats[],
	settings: CellSettings,
): CellResult {
	const size = state.length / rows;
	const sums = affine(rows, [x, hidden], weights!, bias!);
	const made = Array.from({ length: 7 }, () => new Float32Array(rows * size));
	const [i, cs, f, o, ci, co, h] = made as unknown as CellResult;
	const at = Object.fromEntries(settings.gates.map((gate, place) => [gate, place * size]));
	const peep = settings.peephole ? 1 : 0;
	for (let row = 0; row < rows; row++) {
		for (let k = 0; k < size; k++) {
			const cell = row * size + k;
			const from = row * size * 4 + k;
			const previous = state[cell]!;
			i[cell] = sigmoid(sums[from + at.i!]! + peep * previous * wci![k]!);
			f[cell] = sigmoid(sums[from + at.f!]! + settings.forgetBias + peep * previous * wcf![k]!);
			ci[cell] = Math.tanh(sums[from + at.c!]!);
			const next = ci[cell]! * i[cell]! + previous * f[cell]!;
			cs[cell] = settings.clip > 0 ? Math.max(-settings.clip, Math.min(next, settings.clip)) : next;
			o[cell] = sigmoid(sums[from + at.o!]! + peep * cs[cell]! * wco![k]!);
			co[cell] = Math.tanh(cs[cell]!);
			h[cell] = o[cell]! * co[cell]!;
		}
	}
	return [i, cs, f, o, ci, co, h];
}

export const lstmBlockCell: Kernel = (inputs, context) => {
	const [x, state, hidden, ...weights] = floats(inputs, context);
	const [rows, size] = inputs[1]!.shape as [number, number];
	const result = lstmStep(rows, x!, state!, hidden!, weights, {
		forgetBias: context.attr('forget_bias')?.float ?? 1,
		clip: context.attr('cell_clip')?.float ?? 3,
		peephole: context.attr('use_peephole')?.bool ?? false,
		gates: ['i', 'c', 'f', 'o'],
	});
	return result.map((data) => ({ dtype: DT_FLOAT, shape: [rows, size], data }));
};

/** The cell over all steps [time, batch, inputs]. */
export const blockLstm: Kernel = ([length, ...inputs], context) => {
	const [x, state, hidden, ...weights] = floats(inputs, context);
	const [steps, rows, width] = inputs[0]!.shape as [number, number, number];
	const size = inputs[1]!.shape[1]!;
	const second = context.node.op === 'BlockLSTMV2';
	const settings: CellSettings = {
		forgetBias: second ? 0 : (context.attr('forget_bias')?.float ?? 1),
		clip: context.attr('cell_clip')?.float ?? (second ? 0 : 3),
		peephole: context.attr('use_peephole')?.bool ?? false,
		gates: second ? ['i', 'f', 'c', 'o'] : ['i', 'c', 'f', 'o'],
	};
	const most = Math.min(scalar(length!), steps);
	const all = Array.from({ length: 7 }, () => new Float32Array(steps * rows * size));
	let [cs, h] = [state!, hidden!];
	for (let step = 0; step < most; step++) {
		const part = x!.subarray(step * rows * width, (step + 1) * rows * width);
		const result = lstmStep(rows, part, cs, h, weights, settings);
		for (const [i, values] of result.entries()) all[i]!.set(values, step * rows * size);
		[cs, h] = [result[1], result[6]];
	}
	return all.map((data) => ({ dtype: DT_FLOAT, shape: [steps, rows, size], data }));
};

export const gruBlockCell: Kernel = (inputs, context) => {
	const [x, state, gateWeights, cellWeights, gateBias, cellBias] = floats(inputs, context);
	const [rows, size] = inputs[1]!.shape as [number, number];
	if (gateBias!.length !== 2 * size || cellBias!.length !== size)
		throw cannotRun(context, 'its weights do not fit its state');
	const gates = affine(rows, [x!, state!], gateWeights!, gateBias!);
	const made = Array.from({ length: 5 }, () => new Float32Array(rows * size));
	const [r, u, c, h, reset] = made as [Floats, Floats, Floats, Floats, Floats];
	for (let cell = 0; cell < r.length; cell++) {
		const from = Math.floor(cell / size) * 2 * size + (cell % size);
		r[cell] = sigmoid(gates[from]!);
		u[cell] = sigmoid(gates[from + size]!);
		reset[cell] = r[cell]! * state![cell]!;
	}
	const sums = affine(rows, [x!, reset], cellWeights!, cellBias!);
	for (let cell = 0; cell < r.length; cell++) {
		c[cell] = Math.tanh(sums[cell]!);
		h[cell] = u[cell]! * state![cell]! + (1 - u[cell]!) * c[cell]!;
	}
	return [r, u, c, h].map((data) => ({ dtype: DT_FLOAT, shape: [rows, size], data }));
};
