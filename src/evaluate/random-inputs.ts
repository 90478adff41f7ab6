/** Seeded inputs for a graph that nobody gave any: the same on every machine for the same seed. */
import {
	DT_BFLOAT16,
	DT_BOOL,
	DT_HALF,
	DT_INT64,
	DT_RESOURCE,
	DT_STRING,
	DT_UINT64,
	dtypeName,
	dtypeStorage,
} from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import { fnv1a, mulberry32 } from '../graph/random.ts';
import type { TensorData, TensorValue } from '../graph/tensor.ts';
import { narrow } from '../ops/values.ts';
import type { InputSpec } from './input-specs.ts';

/** Sizes that stand in for unknown ones: the first axis is a batch, the others are tried in turn. */
export const UNKNOWN_SIZES: readonly number[] = [32, 64, 96, 224, 16, 1];

/** @param unknown the size of unknown axes other than the first. An unknown rank is taken for `[1]`. */
export function concreteShape(shape: readonly number[] | null, unknown: number): readonly number[] {
	const first = isBareImage(shape) ? unknown : 1;
	return (shape ?? [1]).map((size, axis) => (size >= 0 ? size : axis === 0 ? first : unknown));
}

/** [height, width, colours] without a batch: height and width are both known or both not. */
function isBareImage(shape: readonly number[] | null): boolean {
	if (shape?.length !== 3 || ![1, 3, 4].includes(shape[2]!)) return false;
	return shape[0]! < 0 === shape[1]! < 0;
}

/** Inputs that set how a graph works rather than being its data, by what they are usually called. */
const SETTINGS: readonly (readonly [RegExp, number])[] = [
	[/thresh/i, 0.05],
	[/factor|ratio/i, 0.7],
	[/min_?size/i, 24],
];

function settingOf({ tensor, shape }: InputSpec): number | undefined {
	if (!shape || shape.length > 1) return undefined;
	const known = SETTINGS.find(([pattern]) => pattern.test(tensor))?.[1];
	return known ?? (shape.length === 0 ? 1 : undefined);
}

/**
 * Floats uniform in [−1, 1), integers from 0 up to the size of the table that they index (10 unless known); an image
 * without a batch in 0 … 255; strings that are sound files, noise. A scalar is a setting rather than data: 1, or false, or what its name is known for.
 * @throws WhittleError `evaluate` for strings and other types that cannot be made up.
 */
export function randomValue(spec: InputSpec, seed: number, unknown: number): TensorValue {
	const shape = concreteShape(spec.likely, unknown);
	const random = mulberry32(fnv1a(`${seed}|${spec.tensor}`));
	if (spec.isSound && spec.dtype === DT_STRING) return { dtype: DT_STRING, shape: [], data: [noise(random)] };
	const below = spec.below ?? 10;
	const setting = settingOf(spec);
	const colours = isBareImage(spec.shape);
	return filled(spec, shape, (real, flag) => {
		if (setting !== undefined) return flag ? 0 : real ? setting : Math.ceil(setting);
		const u = random();
		if (flag) return u >= 0.5 ? 1 : 0;
		if (colours) return real ? 255 * u : Math.floor(256 * u);
		return real ? 2 * u - 1 : Math.floor(u * below);
	});
}

const SAMPLES = 16_000;

/** One second of noise as a WAV file of 16 kHz, 16 bits, one channel. */
function noise(random: () => number): Uint8Array {
	const file = Buffer.alloc(44 + 2 * SAMPLES);
	file.write('RIFF', 0, 'latin1');
	file.writeUInt32LE(36 + 2 * SAMPLES, 4);
	file.write('WAVEfmt ', 8, 'latin1');
	file.writeUInt32LE(16, 16);
	file.writeUInt16LE(1, 20);
	file.writeUInt16LE(1, 22);
	file.writeUInt32LE(SAMPLES, 24);
	file.writeUInt32LE(2 * SAMPLES, 28);
	file.writeUInt16LE(2, 32);
	file.writeUInt16LE(16, 34);
	file.write('data', 36, 'latin1');
	file.writeUInt32LE(2 * SAMPLES, 40);
	for (let i = 0; i < SAMPLES; i++) file.writeInt16LE(Math.floor((random() - 0.5) * 32768), 44 + 2 * i);
	return file;
}

/** Every element the same. */
export function constantValue(spec: InputSpec, shape: readonly number[], value: number): TensorValue {
	return filled(spec, shape, () => value);
}

/** Elements from a list. */
export function listedValue(
	spec: InputSpec,
	shape: readonly number[],
	values: readonly number[],
): TensorValue {
	let at = 0;
	return filled(spec, shape, () => values[at++]!);
}

function filled(
	spec: InputSpec,
	shape: readonly number[],
	make: (real: boolean, flag: boolean) => number,
): TensorValue {
	const { dtype } = spec;
	const length = shape.reduce((product, size) => product * size, 1);
	const real = dtypeStorage(dtype).startsWith('float') || dtype === DT_HALF || dtype === DT_BFLOAT16;
	const values = Array.from({ length }, () => make(real, dtype === DT_BOOL));
	return { dtype, shape, data: stored(spec, values) };
}

function stored({ dtype, tensor }: InputSpec, values: readonly number[]): TensorData {
	if (dtype === DT_HALF || dtype === DT_BFLOAT16) return narrow(Float32Array.from(values), dtype);
	if (dtype === DT_INT64) return BigInt64Array.from(values, (value) => BigInt(Math.trunc(value)));
	if (dtype === DT_UINT64) return BigUint64Array.from(values, (value) => BigInt(Math.trunc(value)));
	const kinds = {
		float32: Float32Array,
		float64: Float64Array,
		int32: Int32Array,
		int16: Int16Array,
		int8: Int8Array,
		uint32: Uint32Array,
		uint16: Uint16Array,
		uint8: Uint8Array,
	} as const;
	const storage = dtypeStorage(dtype);
	if (dtype === DT_RESOURCE) {
		const name = tensor.replace(/:0$/, '');
		throw new WhittleError(
			'evaluate',
			`The input \`${name}\` stands for a variable, whose value is not here.`,
			{
				hint: 'Open the SavedModel or checkpoint that has the variables, and freeze it.',
			},
		);
	}
	if (!Object.hasOwn(kinds, storage)) {
		const what = dtype === DT_STRING ? 'strings' : `values of type ${dtypeName(dtype)}`;
		const name = tensor.replace(/:0$/, '');
		throw new WhittleError('evaluate', `The input \`${name}\` takes ${what}, which cannot be made up.`, {
			hint: `feed ${name}=… gives it a value, or feed a tensor behind it.`,
		});
	}
	return kinds[storage as keyof typeof kinds].from(values);
}
