/** Kernels of detectors: boxes that overlap a better one are dropped. */
import { DT_INT32 } from '../../graph/dtype.ts';
import type { TensorValue } from '../../graph/tensor.ts';
import type { Kernel } from '../define.ts';
import { cannotRun, scalar } from '../values.ts';
import { floatsOf } from './normalization.ts';

type Floats = Float32Array | Float64Array;

const { fround, min, max } = Math;

/** Intersection over union of two boxes [y1, x1, y2, x2], given by where they begin. */
function overlap(boxes: Floats, a: number, b: number): number {
	const [top, left] = [min(boxes[a]!, boxes[a + 2]!), min(boxes[a + 1]!, boxes[a + 3]!)];
	const [bottom, right] = [max(boxes[a]!, boxes[a + 2]!), max(boxes[a + 1]!, boxes[a + 3]!)];
	const [otherTop, otherLeft] = [min(boxes[b]!, boxes[b + 2]!), min(boxes[b + 1]!, boxes[b + 3]!)];
	const [otherBottom, otherRight] = [max(boxes[b]!, boxes[b + 2]!), max(boxes[b + 1]!, boxes[b + 3]!)];
	const area = fround(fround(bottom - top) * fround(right - left));
	const other = fround(fround(otherBottom - otherTop) * fround(otherRight - otherLeft));
	if (area <= 0 || other <= 0) return 0;
	const high = max(0, fround(min(bottom, otherBottom) - max(top, otherTop)));
	const wide = max(0, fround(min(right, otherRight) - max(left, otherLeft)));
	const common = fround(high * wide);
	return fround(common / fround(fround(area + other) - common));
}

interface Selection {
	readonly indices: number[];
	readonly scores: number[];
}

/**
 * The best boxes, best first, at most `most`.
 * @param similarity of two boxes by their numbers.
 * @param sigma of soft suppression: scores shrink with overlap; 0 drops boxes instead.
 */
function select(
	scores: Floats,
	most: number,
	threshold: number,
	lowest: number,
	sigma: number,
	similarity: (a: number, b: number) => number,
): Selection {
	const candidates = new CandidateQueue(scores, lowest);
	const chosen: Selection = { indices: [], scores: [] };
	const scale = sigma > 0 ? -0.5 / sigma : 0;
	for (let next = candidates.pop(); next && chosen.indices.length < most; next = candidates.pop()) {
		const original = next.score;
		let dropped = false;
		for (let j = chosen.indices.length - 1; j >= next.from && !dropped; j--) {
			const common = similarity(next.index, chosen.indices[j]!);
			if (scale === 0) dropped = common > threshold;
			else next.score = fround(next.score * Math.exp(scale * common * common));
			if (next.score <= lowest) dropped = true;
		}
		next.from = chosen.indices.length;
		if (dropped) continue;
		if (next.score === original) {
			chosen.indices.push(next.index);
			chosen.scores.push(next.score);
		} else if (next.score > lowest) candidates.push(next);
	}
	return chosen;
}

interface Candidate {
	readonly index: number;
	score: number;
	/** Chosen boxes that it has been compared with. */
	from: number;
}

/** Best score first; of equal ones the lower index. */
class CandidateQueue {
	readonly #sorted: Candidate[];

	constructor(scores: Floats, lowest: number) {
		const all = Array.from(scores, (score, index): Candidate => ({ index, score, from: 0 }));
		this.#sorted = all.filter(({ score }) => score > lowest).sort((a, b) => -better(a, b));
	}

	pop(): Candidate | undefined {
		return this.#sorted.pop();
	}

	push(candidate: Candidate): void {
		let low = 0;
		let high = this.#sorted.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (better(this.#sorted[middle]!, candidate) > 0) low = middle + 1;
			else high = middle;
		}
		this.#sorted.splice(low, 0, candidate);
	}
}

/** Below 0 when `a` comes first. */
function better(a: Candidate, b: Candidate): number {
	return b.score - a.score || a.index - b.index;
}

function indexTensor(values: readonly number[]): TensorValue {
	return { dtype: DT_INT32, shape: [values.length], data: Int32Array.from(values) };
}

function padded(values: readonly number[], length: number): number[] {
	return [...values, ...new Array<number>(max(0, length - values.length)).fill(0)];
}

/** NonMaxSuppression 1 to 5; 3 and later have a lowest score, 5 has soft suppression. */
export const nonMaxSuppression: Kernel = ([boxes, scores, most, ...rest], context) => {
	const { op } = context.node;
	const corners = floatsOf(boxes!, context);
	const values = floatsOf(scores!, context);
	if (boxes!.shape[0] !== scores!.shape[0])
		throw cannotRun(context, `${boxes!.shape[0]} boxes have ${scores!.shape[0]} scores`);
	const count = scalar(most!);
	const threshold =
		op === 'NonMaxSuppression' ? (context.attr('iou_threshold')?.float ?? 0.5) : scalar(rest[0]!);
	const lowest = rest[1] ? scalar(rest[1]) : Number.NEGATIVE_INFINITY;
	const sigma = rest[2] ? scalar(rest[2]) : 0;
	const similarity = (a: number, b: number): number => overlap(corners, a * 4, b * 4);
	const chosen = select(values, count, threshold, lowest, sigma, similarity);
	const length = context.attr('pad_to_max_output_size')?.bool ? count : chosen.indices.length;
	const indices = indexTensor(padded(chosen.indices, length));
	const valid: TensorValue = { dtype: DT_INT32, shape: [], data: Int32Array.of(chosen.indices.length) };
	if (op === 'NonMaxSuppressionV4') return [indices, valid];
	if (op !== 'NonMaxSuppressionV5') return [indices];
	const best = Float32Array.from(padded(chosen.scores, length));
	return [indices, { dtype: scores!.dtype, shape: [length], data: best }, valid];
};

export const nonMaxSuppressionWithOverlaps: Kernel = (
	[overlaps, scores, most, threshold, lowest],
	context,
) => {
	const table = floatsOf(overlaps!, context);
	const size = overlaps!.shape[0]!;
	const similarity = (a: number, b: number): number => table[a * size + b]!;
	const values = floatsOf(scores!, context);
	const chosen = select(values, scalar(most!), scalar(threshold!), scalar(lowest!), 0, similarity);
	return [indexTensor(chosen.indices)];
};

/** For every image of a batch: the best boxes of every class, then the best of all. */
export const combinedNonMaxSuppression: Kernel = ([boxes, scores, perClass, total, iou, low], context) => {
	const [batch, count, perBox] = boxes!.shape as [number, number, number];
	const classes = scores!.shape[2]!;
	const corners = floatsOf(boxes!, context);
	const values = floatsOf(scores!, context);
	const most = scalar(perClass!);
	const padsPerClass = context.attr('pad_per_class')?.bool ?? false;
	const length = padsPerClass ? min(scalar(total!), most * classes) : scalar(total!);
	const clips = context.attr('clip_boxes')?.bool ?? true;
	const result = {
		boxes: new Float32Array(batch * length * 4),
		scores: new Float32Array(batch * length),
		classes: new Float32Array(batch * length),
		valid: new Int32Array(batch),
	};
	for (let image = 0; image < batch; image++) {
		const found: { score: number; label: number; box: number }[] = [];
		for (let label = 0; label < classes; label++) {
			const own = Float32Array.from(
				{ length: count },
				(_, i) => values[(image * count + i) * classes + label]!,
			);
			const at = (box: number): number => ((image * count + box) * perBox + (perBox > 1 ? label : 0)) * 4;
			const similarity = (a: number, b: number): number => overlap(corners, at(a), at(b));
			const chosen = select(own, min(most, count), scalar(iou!), scalar(low!), 0, similarity);
			for (const [i, index] of chosen.indices.entries())
				found.push({ score: chosen.scores[i]!, label, box: at(index) });
		}
		found.sort((a, b) => b.score - a.score);
		const kept = found.slice(0, length);
		result.valid[image] = kept.length;
		for (const [i, { score, label, box }] of kept.entries()) {
			result.scores[image * length + i] = score;
			result.classes[image * length + i] = label;
			for (let k = 0; k < 4; k++) {
				const corner = corners[box + k]!;
				result.boxes[(image * length + i) * 4 + k] = clips ? max(0, min(1, corner)) : corner;
			}
		}
	}
	const { dtype } = boxes!;
	return [
		{ dtype, shape: [batch, length, 4], data: result.boxes },
		{ dtype, shape: [batch, length], data: result.scores },
		{ dtype, shape: [batch, length], data: result.classes },
		{ dtype: DT_INT32, shape: [batch], data: result.valid },
	];
};
