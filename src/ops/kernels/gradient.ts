/** Gradients of activations, and losses with theirs. */
import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { cannotRun, integers } from '../values.ts';
import { floatsOf, likeInput } from './normalization.ts';

type Floats = Float32Array | Float64Array;

/** A function of two tensors of one shape, element by element. */
function pairwise(f: (a: number, b: number) => number): Kernel {
	return ([a, b], context) => {
		const [x, y] = [floatsOf(a!, context), floatsOf(b!, context)];
		if (x.length !== y.length) throw cannotRun(context, `shapes [${a!.shape}] and [${b!.shape}] differ`);
		const result = x.slice();
		for (let i = 0; i < x.length; i++) result[i] = f(x[i]!, y[i]!);
		return [likeInput(a!, result)];
	};
}

/** By the op: gradient and features for some, the function's own result and the gradient for others. */
export const gradients: Readonly<Record<string, Kernel>> = {
	ReluGrad: pairwise((gradient, x) => (x > 0 ? gradient : 0)),
	Relu6Grad: pairwise((gradient, x) => (x > 0 && x < 6 ? gradient : 0)),
	EluGrad: pairwise((gradient, y) => (y < 0 ? gradient * (y + 1) : gradient)),
	SeluGrad: pairwise((gradient, y) =>
		y < 0 ? gradient * (y + 1.7580993408473768) : gradient * 1.0507009873554805,
	),
	SoftplusGrad: pairwise((gradient, x) => gradient / (Math.exp(-x) + 1)),
	SoftsignGrad: pairwise((gradient, x) => gradient / (1 + Math.abs(x)) ** 2),
	SigmoidGrad: pairwise((y, gradient) => gradient * y * (1 - y)),
	TanhGrad: pairwise((y, gradient) => gradient * (1 - y * y)),
	RsqrtGrad: pairwise((y, gradient) => -0.5 * gradient * y * y * y),
	SqrtGrad: pairwise((y, gradient) => (0.5 * gradient) / y),
	InvGrad: pairwise((y, gradient) => -gradient * y * y),
	ReciprocalGrad: pairwise((y, gradient) => -gradient * y * y),
};

/** Loss of every row, and its gradient. @param labels the probability that a row wants in a place. */
function crossEntropy(
	logits: TensorValue,
	labels: (row: number, place: number) => number,
	context: KernelContext,
): readonly TensorValue[] {
	const values: Floats = floatsOf(logits, context);
	const [rows, size] = logits.shape as [number, number];
	const gradient = values.slice();
	const losses = new (values.constructor as Float32ArrayConstructor)(rows);
	for (let row = 0; row < rows; row++) {
		const own = Array.from(values.subarray(row * size, (row + 1) * size));
		const largest = Math.max(Number.NEGATIVE_INFINITY, ...own);
		const sum = own.reduce((total, value) => total + Math.exp(value - largest), 0);
		let loss = 0;
		for (let i = 0; i < size; i++) {
			const shifted = own[i]! - largest;
			const label = labels(row, i);
			// Where nothing is wanted, an infinite logit costs nothing.
			if (label !== 0) loss += label * (Math.log(sum) - shifted);
			gradient[row * size + i] = Math.exp(shifted) / sum - label;
		}
		losses[row] = loss;
	}
	return [likeInput({ ...logits, shape: [rows] }, losses), likeInput(logits, gradient)];
}

export const softmaxCrossEntropy: Kernel = ([logits, labels], context) => {
	if (String(logits!.shape) !== String(labels!.shape))
		throw cannotRun(context, `shapes [${logits!.shape}] and [${labels!.shape}] differ`);
	const size = logits!.shape[1]!;
	const wanted = floatsOf(labels!, context);
	return crossEntropy(logits!, (row, place) => wanted[row * size + place]!, context);
};

export const sparseCrossEntropy: Kernel = ([logits, labels], context) => {
	const wanted = integers(labels!);
	const size = logits!.shape[1]!;
	const outside = wanted.find((label) => label < 0 || label >= size);
	if (outside !== undefined)
		throw cannotRun(context, `Received a label value of ${outside} which is outside the valid range`);
	return crossEntropy(logits!, (row, place) => (wanted[row] === place ? 1 : 0), context);
};
