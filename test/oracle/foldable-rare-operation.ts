/** Rarer ops of a random graph. */
import { Attr } from '../../src/graph/attr.ts';
import { DT_BOOL, DT_FLOAT, DT_HALF, DT_INT8, DT_INT32, DT_INT64, DT_UINT8 } from '../../src/graph/dtype.ts';
import type { FoldableGraph, Made } from './foldable-graph.ts';

/** Rarer ops, with attributes of all kinds. */
export function addRareOperation(
	graph: FoldableGraph,
	x: Made,
	ints: (values: readonly number[]) => string,
	int: (value: number) => string,
): void {
	const pick = graph.pick;
	const T = Attr.type(x.dtype);
	const like = { dtype: x.dtype };
	const same = { dtype: x.dtype, shape: x.shape };
	const rank = x.shape?.length ?? 1;
	const float = x.dtype === DT_FLOAT;
	const I = Attr.type(DT_INT32);
	const mask = (): Attr => Attr.int(pick.below(pick.chance(0.5) ? 2 : 8));
	switch (pick.below(20)) {
		case 0:
			graph.add('AddN', [x.ref, x.ref, x.ref], { T, N: Attr.int(3) }, [same]);
			return;
		case 1:
			graph.add(
				'GatherV2',
				[x.ref, ints([0]), int(pick.one([0, 0, 1, -1]))],
				{ Tparams: T, Tindices: I, Taxis: I },
				[like],
			);
			return;
		case 2:
			graph.add(
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
			if (x.dtype === DT_UINT8 || x.dtype === DT_INT8) return;
			graph.add(
				pick.one(['ArgMax', 'ArgMin']),
				[x.ref, int(pick.one([0, -1, 1]))],
				{ T, output_type: Attr.type(pick.one([DT_INT32, DT_INT64])) },
				[{ dtype: DT_INT64 }],
			);
			return;
		case 4: {
			const indices = graph.any((made) => made.dtype === DT_INT32 && made.shape !== undefined);
			const value = graph.any((made) => made.shape?.length === 0);
			if (!indices || !value) return;
			const types = { T: Attr.type(value.dtype), TI: I, axis: Attr.int(pick.one([-1, -1, 0])) };
			graph.add('OneHot', [indices.ref, int(pick.one([3, 2, 0])), value.ref, value.ref], types, [
				{ dtype: value.dtype },
			]);
			return;
		}
		case 5:
			graph.add('Concat', [int(pick.one([0, -1])), x.ref, x.ref], { T, N: Attr.int(2) }, [like]);
			return;
		case 6: {
			const condition = graph.any((made) => made.dtype === DT_BOOL);
			if (!condition) return;
			graph.add(pick.one(['Select', 'SelectV2']), [condition.ref, x.ref, x.ref], { T }, [like]);
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
			graph.add('StridedSlice', [x.ref, ints(begin), ints(end), ints(strides)], { T, Index: I, ...masks }, [
				like,
			]);
			return;
		}
		case 9:
			graph.add('ReverseV2', [x.ref, ints([pick.one([0, -1])])], { T, Tidx: I }, [same]);
			return;
		case 10:
			if (x.dtype === DT_UINT8 || x.dtype === DT_INT8 || x.dtype === DT_HALF) return;
			graph.add(
				pick.one(['Cumsum', 'Cumprod']),
				[x.ref, int(0)],
				{ T, exclusive: Attr.bool(pick.chance(0.5)), reverse: Attr.bool(pick.chance(0.5)) },
				[same],
			);
			return;
		case 11: {
			const flags = graph.any((made) => made.dtype === DT_BOOL);
			if (!flags) return;
			graph.add(
				pick.one(['All', 'Any']),
				[flags.ref, ints(pick.one([[0], []]))],
				{ keep_dims: Attr.bool(pick.chance(0.5)) },
				[{ dtype: DT_BOOL }],
			);
			return;
		}
		case 12:
			graph.add('Squeeze', [x.ref], { T, squeeze_dims: Attr.ints(pick.one([[0], [-1], [1]])) }, [like]);
			return;
		case 13:
			graph.add(
				'Pack',
				[x.ref, x.ref, x.ref],
				{ T, N: Attr.int(3), axis: Attr.int(pick.one([0, 1, -1, -2])) },
				[like],
			);
			return;
		case 14:
			graph.add(
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
			const paddings = graph.constant(DT_INT32, [rank, 2], new Array(rank * 2).fill(1));
			graph.add(
				'MirrorPad',
				[x.ref, paddings],
				{ T, mode: Attr.string(pick.one(['REFLECT', 'SYMMETRIC'])) },
				[like],
			);
			return;
		}
		case 16: {
			const flag = graph.any((made) => made.dtype === DT_BOOL && made.shape?.length === 0);
			if (!flag) return;
			graph.add('Switch', [x.ref, flag.ref], { T }, [same, same]);
			return;
		}
		case 17:
			graph.add('Merge', [x.ref, x.ref], { T, N: Attr.int(2) }, [same, { dtype: DT_INT32, shape: [] }]);
			return;
		case 18:
			if (!float) return;
			graph.add(
				'Enter',
				[x.ref],
				{ T, frame_name: Attr.string('f'), is_constant: Attr.bool(pick.chance(0.5)) },
				[like],
			);
			return;
		default: {
			const y = graph.any((made) => made.dtype === x.dtype && made.shape?.length === 2) ?? x;
			if (!float) return;
			graph.add(
				'MatMul',
				[x.ref, y.ref],
				{ T, transpose_a: Attr.bool(pick.chance(0.3)), transpose_b: Attr.bool(pick.chance(0.3)) },
				[like],
			);
		}
	}
}
