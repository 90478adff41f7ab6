/**
 * Turns variables into constants, and what reads a handle into what reads a value.
 *
 *   before   w  = VarHandleOp() {dtype: float}           after   w  = Const() {value: float[3,3] …}
 *            r  = ReadVariableOp(w)                               r  = Identity(w)
 *            g  = ResourceGather(table, ids)                      g  = GatherV2(table, ids, g/axis)
 *            v  = VariableV2() {dtype: float}                     v  = Const() {value: …}
 */
import { Attr } from '../graph/attr.ts';
import { baseDtype, DT_BOOL, DT_INT32, DT_RESOURCE } from '../graph/dtype.ts';
import { isControl } from '../graph/names.ts';
import { Node } from '../graph/node.ts';

export const VARIABLES: ReadonlySet<string> = new Set(['Variable', 'VariableV2', 'VarHandleOp']);

/** Ops that hand a handle on, so that they hand its value on once it is a constant. */
const PASSING: ReadonlySet<string> = new Set([
	'Identity',
	'Enter',
	'Exit',
	'NextIteration',
	'Switch',
	'Merge',
]);

/** Ops that change a variable: they have no place in a frozen graph. */
export const WRITES =
	/^(Assign.*|Resource(Scatter|Apply|SparseApply|StridedSliceAssign).*|Scatter(Add|Sub|Update|Mul|Div|Min|Max|NdUpdate|NdAdd|NdSub)|(Sparse)?Apply.*|CountUpTo|ResourceCountUpTo|DestroyResourceOp)$/;

/** Tensors (`node` at port 0) that were handles and are values now, with the values' dtype. */
export type FrozenTensors = Map<string, number>;

/**
 * One node read with its handles already frozen; in the order of data, so that chains of Identity follow.
 * @param frozen grows by what the node itself hands on.
 * @returns the nodes in its place; undefined where the op cannot take a value for a handle.
 */
export function readFrozen(node: Node, frozen: FrozenTensors): readonly Node[] | undefined {
	const dtype =
		node.inputs.length > 0 && !isControl(node.inputs[0]!) ? frozen.get(node.sources[0]!) : undefined;
	if (dtype === undefined) return [node];
	const T = Attr.type(dtype);
	const controls = node.inputs.filter(isControl);
	const make = (op: string, inputs: readonly string[], attrs: Record<string, Attr>): Node =>
		Node.of({ name: node.name, op, inputs: [...inputs, ...controls], device: node.device, attrs });
	switch (node.op) {
		case 'ReadVariableOp':
			return [make('Identity', [node.inputs[0]!], { T })];
		case 'VarIsInitializedOp':
		case 'IsVariableInitialized':
			return [make('Const', [], constant(DT_BOOL, [], Uint8Array.of(1)))];
		case 'VariableShape':
			return [
				make('Shape', [node.inputs[0]!], { T, out_type: node.attr('out_type') ?? Attr.type(DT_INT32) }),
			];
		case 'ResourceGather': {
			const axis = Node.of({
				name: `${node.name}/axis`,
				op: 'Const',
				attrs: constant(DT_INT32, [], Int32Array.of(0)),
			});
			const attrs = {
				Tparams: T,
				Tindices: node.attr('Tindices') ?? Attr.type(DT_INT32),
				Taxis: Attr.type(DT_INT32),
				batch_dims: node.attr('batch_dims') ?? Attr.int(0),
			};
			return [axis, make('GatherV2', [...node.inputs.slice(0, 2), axis.name], attrs)];
		}
		case 'ResourceGatherNd': {
			const attrs = { Tparams: T, Tindices: node.attr('Tindices') ?? Attr.type(DT_INT32) };
			return [make('GatherNd', node.inputs.slice(0, 2), attrs)];
		}
	}
	const type = node.attr('T')?.type;
	if (PASSING.has(node.op)) {
		if (type !== undefined && baseDtype(type) !== DT_RESOURCE) return [node];
		frozen.set(node.name, dtype);
		const attrs = new Map(node.attrs).set('T', T);
		// It speaks of the handle, which is a scalar.
		attrs.delete('_output_shapes');
		return [node.with({ attrs })];
	}
	return undefined;
}

function constant(
	dtype: number,
	shape: readonly number[],
	data: Uint8Array | Int32Array,
): Record<string, Attr> {
	return { dtype: Attr.type(dtype), value: Attr.tensor({ dtype, shape, data }) };
}
