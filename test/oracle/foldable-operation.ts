/** Ops of a random graph: those that real graphs are full of, and the ways in which folding treats them. */
import { Attr } from '../../src/graph/attr.ts';
import { DT_BOOL, DT_FLOAT, DT_INT8, DT_INT32, DT_INT64, DT_UINT8 } from '../../src/graph/dtype.ts';
import { type FoldableGraph, NUMERIC, WHOLE } from './foldable-graph.ts';
import { addRareOperation } from './foldable-rare-operation.ts';

/** The second half has kernels whose last bits depend on the way they are computed. */
const FLOAT_UNARY = [
	...['Neg', 'Abs', 'Square', 'Floor', 'Sign', 'Sqrt'],
	...['Exp', 'Log', 'Tanh', 'Sigmoid', 'Rsqrt', 'Reciprocal'],
];
/** Adds an op that reads what is there. */
export function addOperation(graph: FoldableGraph): void {
	const pick = graph.pick;
	const x = graph.number();
	const T = Attr.type(x.dtype);
	const same = { dtype: x.dtype, shape: x.shape };
	const rank = x.shape?.length;
	const ints = (values: readonly number[]): string =>
		graph.constant(pick.chance(0.8) ? DT_INT32 : DT_INT32, [values.length], values);
	const int = (value: number): string => graph.constant(DT_INT32, [], [value]);
	const float = !WHOLE.has(x.dtype);
	switch (pick.below(38)) {
		case 0:
		case 1:
		case 2:
			if (x.dtype === DT_UINT8) return;
			graph.add(pick.one(float ? FLOAT_UNARY : ['Neg', 'Abs', 'Square', 'Sign']), [x.ref], { T }, [same]);
			return;
		case 3:
			graph.add(pick.one(['Identity', 'StopGradient', 'Snapshot', 'PreventGradient']), [x.ref], { T }, [
				same,
			]);
			return;
		case 4:
		case 5:
		case 6:
		case 7:
		case 8: {
			const y =
				graph.any(
					(made) =>
						made.dtype === x.dtype && (String(made.shape) === String(x.shape) || made.shape?.length === 0),
				) ?? x;
			const small = x.dtype === DT_INT8 || x.dtype === DT_UINT8;
			const op = pick.one(
				float
					? ['Add', 'AddV2', 'Sub', 'Mul', 'RealDiv', 'Maximum', 'Minimum', 'SquaredDifference']
					: small
						? ['AddV2', 'Sub', 'Mul']
						: ['Add', 'AddV2', 'Sub', 'Mul', 'Maximum', 'Minimum', 'FloorDiv', 'FloorMod'],
			);
			graph.add(op, pick.chance(0.5) ? [x.ref, y.ref] : [y.ref, x.ref], { T }, [same]);
			return;
		}
		case 9: {
			const y = graph.any((made) => made.dtype === x.dtype) ?? x;
			if (x.dtype === DT_UINT8 || x.dtype === DT_INT8) return;
			graph.add(pick.one(['Less', 'Greater', 'Equal', 'NotEqual', 'LessEqual']), [x.ref, y.ref], { T }, [
				{ dtype: DT_BOOL },
			]);
			return;
		}
		case 10:
		case 11: {
			const out = pick.one([DT_INT32, DT_INT64]);
			graph.add('Shape', [x.ref], { T, out_type: Attr.type(out) }, [
				{ dtype: out, shape: rank === undefined ? undefined : [rank] },
			]);
			return;
		}
		case 12: {
			const y = graph.any((made) => made.dtype === x.dtype) ?? x;
			const vector = { dtype: DT_INT32, shape: undefined };
			graph.add('ShapeN', [x.ref, y.ref], { T, N: Attr.int(2) }, [vector, vector]);
			return;
		}
		case 13:
			graph.add(pick.one(['Rank', 'Size']), [x.ref], { T }, [{ dtype: DT_INT32, shape: [] }]);
			return;
		case 14:
		case 15: {
			const out = pick.one(NUMERIC);
			graph.add('Cast', [x.ref], { SrcT: T, DstT: Attr.type(out) }, [{ dtype: out, shape: x.shape }]);
			return;
		}
		case 16: {
			const elements = x.shape?.reduce((product, size) => product * size, 1);
			const shape = pick.one([[-1], elements === undefined ? [-1] : [elements], [1, -1]]);
			graph.add('Reshape', [x.ref, ints(shape)], { T }, [{ dtype: x.dtype }]);
			return;
		}
		case 17: {
			const s = graph.any((made) => made.dtype === DT_INT32 && made.shape?.length === 1) ?? {
				ref: ints([-1]),
			};
			graph.add('Reshape', [x.ref, s.ref], { T }, [{ dtype: x.dtype }]);
			return;
		}
		case 18: {
			const y = graph.any((made) => made.dtype === x.dtype && String(made.shape) === String(x.shape)) ?? x;
			graph.add('Pack', [x.ref, y.ref], { T, N: Attr.int(2) }, [
				{ dtype: x.dtype, shape: x.shape && [2, ...x.shape] },
			]);
			return;
		}
		case 19: {
			const y = graph.any((made) => made.dtype === x.dtype && made.shape?.length === rank) ?? x;
			graph.add('ConcatV2', [x.ref, y.ref, int(pick.one([0, 0, -1]))], { T, N: Attr.int(2) }, [
				{ dtype: x.dtype },
			]);
			return;
		}
		case 20: {
			const shrink = pick.chance(0.4);
			const begin = pick.one([0, 0, 1, -1]);
			const refs = [ints([begin]), ints([shrink ? begin + 1 : 2]), ints([1])];
			graph.add(
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
			graph.add(
				'Slice',
				[x.ref, ints(new Array(rank).fill(0)), ints(new Array(rank).fill(pick.one([-1, 1])))],
				{ T, Index: Attr.type(DT_INT32) },
				[{ dtype: x.dtype }],
			);
			return;
		case 22: {
			const at = pick.one([0, 0, 1, 1, 2]);
			graph.add('Gather', [x.ref, ints([0, at])], { Tparams: T, Tindices: Attr.type(DT_INT32) }, [
				{ dtype: x.dtype },
			]);
			return;
		}
		case 23:
			if (rank === undefined) return;
			graph.add('Transpose', [x.ref, ints([...Array(rank).keys()].reverse())], { T }, [
				{ dtype: x.dtype, shape: x.shape && [...x.shape].reverse() },
			]);
			return;
		case 24:
			graph.add('ExpandDims', [x.ref, int(pick.one([0, -1]))], { T }, [{ dtype: x.dtype }]);
			return;
		case 25:
			graph.add('Squeeze', [x.ref], { T }, [{ dtype: x.dtype }]);
			return;
		case 26:
		case 27: {
			if (x.dtype === DT_UINT8 || x.dtype === DT_INT8) return;
			const axes = pick.one([[0], [-1], [], [0]]);
			const keep = pick.chance(0.3);
			graph.add(
				pick.one(float ? ['Sum', 'Max', 'Min', 'Prod', 'Mean'] : ['Sum', 'Max', 'Min', 'Prod']),
				[x.ref, ints(axes)],
				{ T, keep_dims: Attr.bool(keep) },
				[{ dtype: x.dtype }],
			);
			return;
		}
		case 28: {
			const s = graph.any((made) => made.dtype === DT_INT32 && made.shape?.length === 1) ?? {
				ref: ints([2, 2]),
			};
			const v = graph.any((made) => made.shape?.length === 0);
			if (!v) return;
			graph.add('Fill', [s.ref, v.ref], { T: Attr.type(v.dtype) }, [{ dtype: v.dtype }]);
			return;
		}
		case 29: {
			if (rank === undefined) return;
			const which = pick.below(3);
			if (which === 0) graph.add('Tile', [x.ref, ints(new Array(rank).fill(2))], { T }, [{ dtype: x.dtype }]);
			else if (which === 1) {
				const paddings = graph.constant(DT_INT32, [rank, 2], new Array(rank * 2).fill(1));
				graph.add('Pad', [x.ref, paddings], { T }, [{ dtype: x.dtype }]);
			} else
				graph.add('Range', [int(0), int(pick.below(5)), int(1)], { Tidx: Attr.type(DT_INT32) }, [
					{ dtype: DT_INT32 },
				]);
			return;
		}
		case 30: {
			const c = graph.any((made) => made.dtype === DT_BOOL && String(made.shape) === String(x.shape));
			if (!c) return;
			graph.add('Select', [c.ref, x.ref, x.ref], { T }, [same]);
			return;
		}
		case 31:
			if (pick.chance(0.5)) graph.add('Where', [x.ref], { T }, [{ dtype: DT_INT64 }]);
			else {
				if (rank !== 1) return;
				graph.add('Unique', [x.ref], { T }, [{ dtype: x.dtype }, { dtype: DT_INT32, shape: x.shape }]);
			}
			return;
		case 32: {
			const even = x.shape?.[0];
			if (even !== 2) return;
			const half = { dtype: x.dtype, shape: [1, ...x.shape!.slice(1)] };
			if (pick.chance(0.5)) graph.add('Split', [int(0), x.ref], { T, num_split: Attr.int(2) }, [half, half]);
			else {
				const part = { dtype: x.dtype, shape: x.shape!.slice(1) };
				graph.add('Unpack', [x.ref], { T, num: Attr.int(2) }, [part, part]);
			}
			return;
		}
		case 33:
		case 34:
		case 35:
		case 36:
			addRareOperation(graph, x, ints, int);
			return;
		default: {
			const which = pick.below(5);
			if (which === 0) graph.add('NoOp', [], {}, []);
			else if (which === 1)
				graph.add('IdentityN', [x.ref, x.ref], { T: Attr.types([x.dtype, x.dtype]) }, [same, same]);
			else if (which === 2 && x.dtype === DT_FLOAT) graph.add('Relu', [x.ref], { T }, [same]);
			else if (which === 3) graph.add('ZerosLike', [x.ref], { T }, [same]);
			else {
				const s = ints([2]);
				graph.add('RandomUniform', [s], { T: Attr.type(DT_INT32), dtype: Attr.type(DT_FLOAT) }, [
					{ dtype: DT_FLOAT, shape: [2] },
				]);
			}
		}
	}
}
