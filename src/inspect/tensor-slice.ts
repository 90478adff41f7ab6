/** Slices of a tensor in the notation of Python: `[0]`, `[:,:,0]`, `[..., 3]`, `[10:20:2]`, `[-1]`. */
import { WhittleError } from '../graph/error.ts';

export interface Slice {
	/** Sizes of the axes that are left. */
	readonly shape: readonly number[];
	readonly elements: number;
	/** Offsets of the first `most` elements, in row-major order. */
	indexes(most: number): Generator<number>;
}

interface Axis {
	readonly start: number;
	readonly step: number;
	readonly count: number;
	/** A single index takes its axis away. */
	readonly single: boolean;
}

const hint = 'for example [0], [:,:,0,1], [10:20], [..., 3]';

/** @param text empty for the whole tensor. @throws WhittleError `usage` for what does not fit the shape. */
export function readSlice(shape: readonly number[], text: string): Slice {
	const axes = readAxes(shape, text);
	const left = axes.filter((axis) => !axis.single).map((axis) => axis.count);
	const strides = new Array<number>(shape.length).fill(1);
	for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1]! * shape[i + 1]!;
	const elements = axes.reduce((product, axis) => product * axis.count, 1);
	return {
		shape: left,
		elements,
		*indexes(most) {
			for (let n = 0; n < Math.min(most, elements); n++) {
				let rest = n;
				let offset = 0;
				for (let i = axes.length - 1; i >= 0; i--) {
					const { start, step, count } = axes[i]!;
					offset += (start + (rest % count) * step) * strides[i]!;
					rest = Math.floor(rest / count);
				}
				yield offset;
			}
		},
	};
}

function readAxes(shape: readonly number[], text: string): Axis[] {
	const inner = text.trim().replace(/^\[(.*)\]$/s, '$1');
	const parts = inner.trim() === '' ? [] : inner.split(',').map((part) => part.trim());
	const dots = parts.findIndex((part) => part === '...' || part === '…');
	if (dots >= 0) {
		const missing = shape.length - (parts.length - 1);
		parts.splice(dots, 1, ...new Array<string>(Math.max(0, missing)).fill(':'));
	}
	if (parts.length > shape.length) {
		throw new WhittleError('usage', `The slice has ${parts.length} axes; the tensor has ${shape.length}.`, {
			hint,
		});
	}
	return shape.map((size, i) => readAxis(parts[i] ?? ':', size, i));
}

function readAxis(text: string, size: number, axis: number): Axis {
	const single = /^-?\d+$/.exec(text);
	if (single) {
		const index = Number(text) < 0 ? Number(text) + size : Number(text);
		if (index < 0 || index >= size)
			throw new WhittleError('usage', `Axis ${axis} has ${size} entries; ${text} is not one of them.`, {
				hint,
			});
		return { start: index, step: 1, count: 1, single: true };
	}
	const range = /^(-?\d+)?:(-?\d+)?(?::(\d+))?$/.exec(text);
	const step = Number(range?.[3] ?? 1);
	if (!range || step < 1) throw new WhittleError('usage', `\`${text}\` is no part of a slice.`, { hint });
	const bound = (given: string | undefined, otherwise: number): number => {
		if (given === undefined) return otherwise;
		const value = Number(given) < 0 ? Number(given) + size : Number(given);
		return Math.min(Math.max(value, 0), size);
	};
	const start = bound(range[1], 0);
	const count = Math.max(0, Math.ceil((bound(range[2], size) - start) / step));
	return { start, step, count, single: false };
}
