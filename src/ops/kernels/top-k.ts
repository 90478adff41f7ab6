/** The largest of each row, and whether a given one is among them. */
import { DT_BOOL, DT_INT32 } from '../../graph/dtype.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { cannotRun, isSixteenBitFloat, isStrings, pick, scalar } from '../values.ts';
import { floatsOf } from './normalization.ts';

/** The k largest of every row, largest first; of equal ones the first. */
export const topK: Kernel = ([x, count], context) => {
	const k = context.node.op === 'TopK' ? (context.attr('k')?.int ?? 0) : scalar(count!);
	const size = x!.shape.at(-1) ?? 0;
	if (!(k >= 0 && k <= size)) throw cannotRun(context, `it wants ${k} of ${size} elements`);
	const { data } = x!;
	if (isStrings(data)) throw cannotRun(context, 'strings have no order here');
	const values = isSixteenBitFloat(x!.dtype) ? floatsOf(x!, context) : data;
	const rows = size === 0 ? 0 : data.length / size;
	const places = new Int32Array(rows * k);
	const indices = new Int32Array(rows * k);
	for (let row = 0; row < rows; row++) {
		const order = Array.from({ length: size }, (_, i) => i);
		const from = row * size;
		order.sort((a, b) => {
			const [p, q] = [values[from + a]!, values[from + b]!];
			return p < q ? 1 : p > q ? -1 : a - b;
		});
		for (let i = 0; i < k; i++) {
			indices[row * k + i] = order[i]!;
			places[row * k + i] = from + order[i]!;
		}
	}
	const shape = [...x!.shape.slice(0, -1), k];
	return [
		{ dtype: x!.dtype, shape, data: pick(x!, places) },
		{ dtype: DT_INT32, shape, data: indices },
	];
};

/** Whether the target is among the k best of its row. */
export const inTopK: Kernel = ([predictions, targets, count], context: KernelContext) => {
	const values = floatsOf(predictions!, context);
	const size = predictions!.shape[1]!;
	const k = count ? scalar(count) : (context.attr('k')?.int ?? 1);
	const data = Uint8Array.from({ length: targets!.data.length }, (_, row) => {
		const wanted = Number(targets!.data[row]);
		const own = values[row * size + wanted];
		if (own === undefined || wanted < 0 || wanted >= size || !Number.isFinite(own)) return 0;
		let larger = 0;
		for (let i = 0; i < size; i++) if (values[row * size + i]! > own) larger++;
		return larger < k ? 1 : 0;
	});
	return [{ dtype: DT_BOOL, shape: [data.length], data }];
};
