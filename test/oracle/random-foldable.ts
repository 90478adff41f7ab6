/** Small random graphs that TensorFlow can import: typed, mostly of fitting shapes, with much that folds. */
import { Attr } from '../../src/graph/attr.ts';
import { DT_BOOL, DT_FLOAT, DT_HALF, DT_INT32, DT_INT64, DT_STRING } from '../../src/graph/dtype.ts';
import { Graph } from '../../src/graph/graph.ts';
import { Node } from '../../src/graph/node.ts';
import type { RandomSource } from '../../src/graph/random.ts';
import { allocate } from '../../src/graph/tensor-data.ts';
import { type Choices, choices } from './choices.ts';

/** A tensor that later nodes may read. `shape` is what the generator believes; undefined when it has no idea. */
interface Made {
	readonly ref: string;
	readonly dtype: number;
	readonly shape: readonly number[] | undefined;
}

export interface Foldable {
	readonly graph: Graph;
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
}

const NUMERIC = [DT_FLOAT, DT_FLOAT, DT_FLOAT, DT_INT32, DT_INT32, DT_INT64, DT_HALF, 2, 4, 6];
/** The second half has kernels whose last bits depend on the way they are computed. */
const FLOAT_UNARY = [
	...['Neg', 'Abs', 'Square', 'Floor', 'Sign', 'Sqrt'],
	...['Exp', 'Log', 'Tanh', 'Sigmoid', 'Rsqrt', 'Reciprocal'],
];
const WHOLE = new Set([DT_INT32, DT_INT64, 4, 6]);

export function randomFoldable(random: RandomSource): Foldable {
	return new Generator(choices(random)).run();
}

class Generator {
	readonly #pick: Choices;
	readonly #nodes: Node[] = [];
	readonly #made: Made[] = [];
	readonly #placeholders: string[] = [];

	constructor(pick: Choices) {
		this.#pick = pick;
	}

	run(): Foldable {
		const pick = this.#pick;
		for (let i = 0; i < 3; i++) this.#source();
		const count = 2 + pick.below(pick.chance(0.3) ? 30 : 12);
		for (let i = 0; i < count; i++) {
			if (pick.chance(0.15)) this.#source();
			else this.#operation();
		}
		const names = this.#nodes.map((node) => node.name);
		const outputs = new Set<string>();
		for (let i = 0; i <= pick.below(3); i++)
			outputs.add(pick.chance(0.7) ? names.at(-1 - pick.below(Math.min(6, names.length)))! : pick.one(names));
		const inputs = this.#placeholders.filter(() => pick.chance(0.75));
		const nodes = pick.chance(0.4) ? pick.shuffled(this.#nodes) : this.#nodes;
		return { graph: new Graph([...nodes]), inputs, outputs: [...outputs] };
	}

	#name(): string {
		return `${this.#pick.one(['a', 'b', 'c', 's/', 'z', 'w_', 's/d/'])}${this.#nodes.length}`;
	}

	#add(
		op: string,
		inputs: readonly string[],
		attrs: Readonly<Record<string, Attr>>,
		outputs: readonly { readonly dtype: number; readonly shape?: readonly number[] | undefined }[],
	): string {
		const name = this.#name();
		const pick = this.#pick;
		const all = [...inputs];
		if (this.#nodes.length > 0 && pick.chance(0.07)) all.push(`^${pick.one(this.#nodes).name}`);
		if (this.#nodes.length > 0 && pick.chance(0.02)) all.push(`^${pick.one(this.#nodes).name}`);
		this.#nodes.push(Node.of({ name, op, inputs: all, attrs }));
		outputs.forEach((output, port) => {
			const ref = port === 0 ? (pick.chance(0.1) ? `${name}:0` : name) : `${name}:${port}`;
			this.#made.push({ ref, dtype: output.dtype, shape: output.shape });
		});
		return name;
	}

	#shape(): number[] {
		return this.#pick.one([[], [2], [3], [1], [2, 3], [1, 3], [2, 1], [4], [0], [2, 2, 2], [3, 2]]);
	}

	#constant(dtype: number, shape: readonly number[], values?: readonly number[]): string {
		const pick = this.#pick;
		const count = shape.reduce((product, size) => product * size, 1);
		const data = allocate(dtype, count) as unknown as { [i: number]: unknown };
		for (let i = 0; i < count; i++) {
			const value = values?.[i] ?? pick.one([0, 1, 2, 3, 5, 7, 1, 2]);
			if (dtype === DT_STRING) data[i] = Buffer.from(`s${value}`);
			else if (dtype === DT_INT64) data[i] = BigInt(value);
			else if (dtype === DT_HALF) data[i] = [0, 0x3c00, 0x4000, 0xc200, 0x3555, 0x2e66, 0x3800][value % 7];
			else if (dtype === DT_BOOL) data[i] = value % 2;
			else if (values || WHOLE.has(dtype)) data[i] = value;
			else data[i] = value + pick.one([0, 0.5, 0.1, -9.25]);
		}
		const tensor = { dtype, shape, data: data as never };
		const value = pick.chance(0.5) ? Attr.tensor(tensor) : Attr.tensorTyped(tensor);
		return this.#add('Const', [], { dtype: Attr.type(dtype), value }, [{ dtype, shape }]);
	}

	#source(): void {
		const pick = this.#pick;
		const kind = pick.below(10);
		if (kind < 6) {
			this.#constant(pick.one([...NUMERIC, DT_BOOL, DT_STRING]), this.#shape());
		} else if (kind < 8) {
			const shape = pick.one([[2, 3], [-1, 3], [2], null, undefined, [], [3]]);
			const attrs: Record<string, Attr> = { dtype: Attr.type(DT_FLOAT) };
			if (shape !== undefined) attrs.shape = Attr.shape(shape);
			const known = shape?.every((size) => size >= 0) ? shape : undefined;
			this.#placeholders.push(this.#add('Placeholder', [], attrs, [{ dtype: DT_FLOAT, shape: known }]));
		} else if (kind < 9) {
			const from = this.#constant(DT_FLOAT, [2]);
			const shape = pick.one([[2], [-1], null]);
			const attrs = { dtype: Attr.type(DT_FLOAT), shape: Attr.shape(shape) };
			this.#placeholders.push(
				this.#add('PlaceholderWithDefault', [from], attrs, [{ dtype: DT_FLOAT, shape: [2] }]),
			);
		} else {
			const attrs = { dtype: Attr.type(DT_FLOAT), shape: Attr.shape([2, 3]) };
			this.#add('VariableV2', [], attrs, [{ dtype: DT_FLOAT, shape: [2, 3] }]);
		}
	}

	#any(accepts: (made: Made) => boolean): Made | undefined {
		const fitting = this.#made.filter(accepts);
		if (fitting.length === 0) return undefined;
		// Late tensors make deep graphs.
		return this.#pick.chance(0.5)
			? fitting.at(-1 - this.#pick.below(Math.min(4, fitting.length)))
			: this.#pick.one(fitting);
	}

	#number(): Made {
		return (
			this.#any((made) => NUMERIC.includes(made.dtype)) ?? {
				ref: this.#constant(DT_FLOAT, [2]),
				dtype: DT_FLOAT,
				shape: [2],
			}
		);
	}

	#operation(): void {
		const pick = this.#pick;
		const x = this.#number();
		const T = Attr.type(x.dtype);
		const same = { dtype: x.dtype, shape: x.shape };
		const rank = x.shape?.length;
		const ints = (values: readonly number[]): string =>
			this.#constant(pick.chance(0.8) ? DT_INT32 : DT_INT32, [values.length], values);
		const int = (value: number): string => this.#constant(DT_INT32, [], [value]);
		const float = !WHOLE.has(x.dtype);
		switch (pick.below(38)) {
			case 0:
			case 1:
			case 2:
				if (x.dtype === 4) return;
				this.#add(pick.one(float ? FLOAT_UNARY : ['Neg', 'Abs', 'Square', 'Sign']), [x.ref], { T }, [same]);
				return;
			case 3:
				this.#add(pick.one(['Identity', 'StopGradient', 'Snapshot', 'PreventGradient']), [x.ref], { T }, [
					same,
				]);
				return;
			case 4:
			case 5:
			case 6:
			case 7:
			case 8: {
				const y =
					this.#any(
						(made) =>
							made.dtype === x.dtype && (String(made.shape) === String(x.shape) || made.shape?.length === 0),
					) ?? x;
				const small = x.dtype === 6 || x.dtype === 4;
				const op = pick.one(
					float
						? ['Add', 'AddV2', 'Sub', 'Mul', 'RealDiv', 'Maximum', 'Minimum', 'SquaredDifference']
						: small
							? ['AddV2', 'Sub', 'Mul']
							: ['Add', 'AddV2', 'Sub', 'Mul', 'Maximum', 'Minimum', 'FloorDiv', 'FloorMod'],
				);
				this.#add(op, pick.chance(0.5) ? [x.ref, y.ref] : [y.ref, x.ref], { T }, [same]);
				return;
			}
			case 9: {
				const y = this.#any((made) => made.dtype === x.dtype) ?? x;
				if (x.dtype === 4 || x.dtype === 6) return;
				this.#add(pick.one(['Less', 'Greater', 'Equal', 'NotEqual', 'LessEqual']), [x.ref, y.ref], { T }, [
					{ dtype: DT_BOOL },
				]);
				return;
			}
			case 10:
			case 11: {
				const out = pick.one([DT_INT32, DT_INT64]);
				this.#add('Shape', [x.ref], { T, out_type: Attr.type(out) }, [
					{ dtype: out, shape: rank === undefined ? undefined : [rank] },
				]);
				return;
			}
			case 12: {
				const y = this.#any((made) => made.dtype === x.dtype) ?? x;
				const vector = { dtype: DT_INT32, shape: undefined };
				this.#add('ShapeN', [x.ref, y.ref], { T, N: Attr.int(2) }, [vector, vector]);
				return;
			}
			case 13:
				this.#add(pick.one(['Rank', 'Size']), [x.ref], { T }, [{ dtype: DT_INT32, shape: [] }]);
				return;
			case 14:
			case 15: {
				const out = pick.one(NUMERIC);
				this.#add('Cast', [x.ref], { SrcT: T, DstT: Attr.type(out) }, [{ dtype: out, shape: x.shape }]);
				return;
			}
			case 16: {
				const elements = x.shape?.reduce((product, size) => product * size, 1);
				const shape = pick.one([[-1], elements === undefined ? [-1] : [elements], [1, -1]]);
				this.#add('Reshape', [x.ref, ints(shape)], { T }, [{ dtype: x.dtype }]);
				return;
			}
			case 17: {
				const s = this.#any((made) => made.dtype === DT_INT32 && made.shape?.length === 1) ?? {
					ref: ints([-1]),
				};
				this.#add('Reshape', [x.ref, s.ref], { T }, [{ dtype: x.dtype }]);
				return;
			}
			case 18: {
				const y = this.#any((made) => made.dtype === x.dtype && String(made.shape) === String(x.shape)) ?? x;
				this.#add('Pack', [x.ref, y.ref], { T, N: Attr.int(2) }, [
					{ dtype: x.dtype, shape: x.shape && [2, ...x.shape] },
				]);
				return;
			}
			case 19: {
				const y = this.#any((made) => made.dtype === x.dtype && made.shape?.length === rank) ?? x;
				this.#add('ConcatV2', [x.ref, y.ref, int(pick.one([0, 0, -1]))], { T, N: Attr.int(2) }, [
					{ dtype: x.dtype },
				]);
				return;
			}
			case 20: {
				const shrink = pick.chance(0.4);
				const begin = pick.one([0, 0, 1, -1]);
				const refs = [ints([begin]), ints([shrink ? begin + 1 : 2]), ints([1])];
				this.#add(
					'StridedSlice',
					[x.ref, ...refs],
					{
						T,
						Index: Attr.type(DT_INT32),
						shrink_axis_mask: Attr.int(shrink ? 1 : 0),
						begin_mask: Attr.int(pick.below(2)),
						end_mask: Attr.int(pick.below(2)),
					},
					[{ dtype: x.dtype }],
				);
				return;
			}
			case 21:
				if (rank === undefined) return;
				this.#add(
					'Slice',
					[x.ref, ints(new Array(rank).fill(0)), ints(new Array(rank).fill(pick.one([-1, 1])))],
					{ T, Index: Attr.type(DT_INT32) },
					[{ dtype: x.dtype }],
				);
				return;
			case 22: {
				const at = pick.one([0, 0, 1, 1, 2]);
				this.#add('Gather', [x.ref, ints([0, at])], { Tparams: T, Tindices: Attr.type(DT_INT32) }, [
					{ dtype: x.dtype },
				]);
				return;
			}
			case 23:
				if (rank === undefined) return;
				this.#add('Transpose', [x.ref, ints([...Array(rank).keys()].reverse())], { T }, [
					{ dtype: x.dtype, shape: x.shape && [...x.shape].reverse() },
				]);
				return;
			case 24:
				this.#add('ExpandDims', [x.ref, int(pick.one([0, -1]))], { T }, [{ dtype: x.dtype }]);
				return;
			case 25:
				this.#add('Squeeze', [x.ref], { T }, [{ dtype: x.dtype }]);
				return;
			case 26:
			case 27: {
				if (x.dtype === 4 || x.dtype === 6) return;
				const axes = pick.one([[0], [-1], [], [0]]);
				const keep = pick.chance(0.3);
				this.#add(
					pick.one(float ? ['Sum', 'Max', 'Min', 'Prod', 'Mean'] : ['Sum', 'Max', 'Min', 'Prod']),
					[x.ref, ints(axes)],
					{ T, keep_dims: Attr.bool(keep) },
					[{ dtype: x.dtype }],
				);
				return;
			}
			case 28: {
				const s = this.#any((made) => made.dtype === DT_INT32 && made.shape?.length === 1) ?? {
					ref: ints([2, 2]),
				};
				const v = this.#any((made) => made.shape?.length === 0);
				if (!v) return;
				this.#add('Fill', [s.ref, v.ref], { T: Attr.type(v.dtype) }, [{ dtype: v.dtype }]);
				return;
			}
			case 29: {
				if (rank === undefined) return;
				const which = pick.below(3);
				if (which === 0)
					this.#add('Tile', [x.ref, ints(new Array(rank).fill(2))], { T }, [{ dtype: x.dtype }]);
				else if (which === 1) {
					const paddings = this.#constant(DT_INT32, [rank, 2], new Array(rank * 2).fill(1));
					this.#add('Pad', [x.ref, paddings], { T }, [{ dtype: x.dtype }]);
				} else
					this.#add('Range', [int(0), int(pick.below(5)), int(1)], { Tidx: Attr.type(DT_INT32) }, [
						{ dtype: DT_INT32 },
					]);
				return;
			}
			case 30: {
				const c = this.#any((made) => made.dtype === DT_BOOL && String(made.shape) === String(x.shape));
				if (!c) return;
				this.#add('Select', [c.ref, x.ref, x.ref], { T }, [same]);
				return;
			}
			case 31:
				if (pick.chance(0.5)) this.#add('Where', [x.ref], { T }, [{ dtype: DT_INT64 }]);
				else {
					if (rank !== 1) return;
					this.#add('Unique', [x.ref], { T }, [{ dtype: x.dtype }, { dtype: DT_INT32, shape: x.shape }]);
				}
				return;
			case 32: {
				const even = x.shape?.[0];
				if (even !== 2) return;
				const half = { dtype: x.dtype, shape: [1, ...x.shape!.slice(1)] };
				if (pick.chance(0.5))
					this.#add('Split', [int(0), x.ref], { T, num_split: Attr.int(2) }, [half, half]);
				else {
					const part = { dtype: x.dtype, shape: x.shape!.slice(1) };
					this.#add('Unpack', [x.ref], { T, num: Attr.int(2) }, [part, part]);
				}
				return;
			}
			case 33:
			case 34:
			case 35:
			case 36:
				this.#further(x, ints, int);
				return;
			default: {
				const which = pick.below(5);
				if (which === 0) this.#add('NoOp', [], {}, []);
				else if (which === 1)
					this.#add('IdentityN', [x.ref, x.ref], { T: Attr.types([x.dtype, x.dtype]) }, [same, same]);
				else if (which === 2 && x.dtype === DT_FLOAT) this.#add('Relu', [x.ref], { T }, [same]);
				else if (which === 3) this.#add('ZerosLike', [x.ref], { T }, [same]);
				else {
					const s = ints([2]);
					this.#add('RandomUniform', [s], { T: Attr.type(DT_INT32), dtype: Attr.type(DT_FLOAT) }, [
						{ dtype: DT_FLOAT, shape: [2] },
					]);
				}
			}
		}
	}

	/** Rarer ops, with attributes of all kinds. */
	#further(x: Made, ints: (values: readonly number[]) => string, int: (value: number) => string): void {
		const pick = this.#pick;
		const T = Attr.type(x.dtype);
		const like = { dtype: x.dtype };
		const same = { dtype: x.dtype, shape: x.shape };
		const rank = x.shape?.length ?? 1;
		const float = x.dtype === DT_FLOAT;
		const I = Attr.type(DT_INT32);
		const mask = (): Attr => Attr.int(pick.below(pick.chance(0.5) ? 2 : 8));
		switch (pick.below(20)) {
			case 0:
				this.#add('AddN', [x.ref, x.ref, x.ref], { T, N: Attr.int(3) }, [same]);
				return;
			case 1:
				this.#add(
					'GatherV2',
					[x.ref, ints([0]), int(pick.one([0, 0, 1, -1]))],
					{ Tparams: T, Tindices: I, Taxis: I },
					[like],
				);
				return;
			case 2:
				this.#add(
					'BroadcastTo',
					[
						x.ref,
						ints(
							pick.one([
								[2, 3],
								[3, 2, 3],
								[2, 2],
							]),
						),
					],
					{ T },
					[like],
				);
				return;
			case 3:
				if (x.dtype === 4 || x.dtype === 6) return;
				this.#add(
					pick.one(['ArgMax', 'ArgMin']),
					[x.ref, int(pick.one([0, -1, 1]))],
					{ T, output_type: Attr.type(pick.one([DT_INT32, DT_INT64])) },
					[{ dtype: DT_INT64 }],
				);
				return;
			case 4: {
				const indices = this.#any((made) => made.dtype === DT_INT32 && made.shape !== undefined);
				const value = this.#any((made) => made.shape?.length === 0);
				if (!indices || !value) return;
				const types = { T: Attr.type(value.dtype), TI: I, axis: Attr.int(pick.one([-1, -1, 0])) };
				this.#add('OneHot', [indices.ref, int(pick.one([3, 2, 0])), value.ref, value.ref], types, [
					{ dtype: value.dtype },
				]);
				return;
			}
			case 5:
				this.#add('Concat', [int(pick.one([0, -1])), x.ref, x.ref], { T, N: Attr.int(2) }, [like]);
				return;
			case 6: {
				const condition = this.#any((made) => made.dtype === DT_BOOL);
				if (!condition) return;
				this.#add(pick.one(['Select', 'SelectV2']), [condition.ref, x.ref, x.ref], { T }, [like]);
				return;
			}
			case 7:
			case 8: {
				const begin = [pick.below(3) - 1, pick.below(3) - 1].slice(0, 1 + pick.below(2));
				const end = begin.map((at) => at + pick.below(3));
				const strides = begin.map(() => pick.one([1, 1, 1, 2, -1]));
				const masks = {
					begin_mask: mask(),
					end_mask: mask(),
					shrink_axis_mask: mask(),
					new_axis_mask: Attr.int(pick.one([0, 0, 0, 1, 2])),
					ellipsis_mask: Attr.int(pick.one([0, 0, 0, 1, 2])),
				};
				this.#add('StridedSlice', [x.ref, ints(begin), ints(end), ints(strides)], { T, Index: I, ...masks }, [
					like,
				]);
				return;
			}
			case 9:
				this.#add('ReverseV2', [x.ref, ints([pick.one([0, -1])])], { T, Tidx: I }, [same]);
				return;
			case 10:
				if (x.dtype === 4 || x.dtype === 6 || x.dtype === DT_HALF) return;
				this.#add(
					pick.one(['Cumsum', 'Cumprod']),
					[x.ref, int(0)],
					{ T, exclusive: Attr.bool(pick.chance(0.5)), reverse: Attr.bool(pick.chance(0.5)) },
					[same],
				);
				return;
			case 11: {
				const flags = this.#any((made) => made.dtype === DT_BOOL);
				if (!flags) return;
				this.#add(
					pick.one(['All', 'Any']),
					[flags.ref, ints(pick.one([[0], []]))],
					{ keep_dims: Attr.bool(pick.chance(0.5)) },
					[{ dtype: DT_BOOL }],
				);
				return;
			}
			case 12:
				this.#add('Squeeze', [x.ref], { T, squeeze_dims: Attr.ints(pick.one([[0], [-1], [1]])) }, [like]);
				return;
			case 13:
				this.#add(
					'Pack',
					[x.ref, x.ref, x.ref],
					{ T, N: Attr.int(3), axis: Attr.int(pick.one([0, 1, -1, -2])) },
					[like],
				);
				return;
			case 14:
				this.#add(
					'SplitV',
					[
						x.ref,
						ints(
							pick.one([
								[1, 1],
								[1, -1],
								[2, 1],
							]),
						),
						int(pick.one([0, -1])),
					],
					{ T, Tlen: I, num_split: Attr.int(2) },
					[like, like],
				);
				return;
			case 15: {
				if (x.shape === undefined) return;
				const paddings = this.#constant(DT_INT32, [rank, 2], new Array(rank * 2).fill(1));
				this.#add(
					'MirrorPad',
					[x.ref, paddings],
					{ T, mode: Attr.string(pick.one(['REFLECT', 'SYMMETRIC'])) },
					[like],
				);
				return;
			}
			case 16: {
				const flag = this.#any((made) => made.dtype === DT_BOOL && made.shape?.length === 0);
				if (!flag) return;
				this.#add('Switch', [x.ref, flag.ref], { T }, [same, same]);
				return;
			}
			case 17:
				this.#add('Merge', [x.ref, x.ref], { T, N: Attr.int(2) }, [same, { dtype: DT_INT32, shape: [] }]);
				return;
			case 18:
				if (!float) return;
				this.#add(
					'Enter',
					[x.ref],
					{ T, frame_name: Attr.string('f'), is_constant: Attr.bool(pick.chance(0.5)) },
					[like],
				);
				return;
			default: {
				const y = this.#any((made) => made.dtype === x.dtype && made.shape?.length === 2) ?? x;
				if (!float) return;
				this.#add(
					'MatMul',
					[x.ref, y.ref],
					{ T, transpose_a: Attr.bool(pick.chance(0.3)), transpose_b: Attr.bool(pick.chance(0.3)) },
					[like],
				);
			}
		}
	}
}
