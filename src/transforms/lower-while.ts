/**
 *   before   y = While(i, w) {cond: c, body: b}, where b returns w as it came
 *   after    y/enter_0 = Enter(i) {frame_name: y}              y/switch_0 = Switch(y/merge_0, y/LoopCond)
 *            y/enter_1 = Enter(w) {…, is_constant: true}       y/pivot = Identity(y/switch_0:1)
 *            y/merge_0 = Merge(y/enter_0, y/next_0)            y/body = b(y/switch_0:1, y/enter_1)   waits for y/pivot
 *            y/cond = c(y/merge_0, y/enter_1)                  y/next_0 = NextIteration(y/body)
 *            y/LoopCond = LoopCond(y/cond)                     y/exit_0 = Exit(y/switch_0)
 *                                                              readers of y:1 read w
 */
import { Attr } from '../graph/attr.ts';
import { DT_BOOL, DT_RESOURCE } from '../graph/dtype.ts';
import type { GraphFunction } from '../graph/function-library.ts';
import { isControl, sourceOf } from '../graph/names.ts';
import { Node } from '../graph/node.ts';
import { asBool, type Lowered, type Lowering, port, typeAt } from './lowering.ts';

/** Rounds of a loop that TensorFlow runs at once, unless the loop says otherwise. */
const PARALLEL_ITERATIONS = 10;

/** What stands for a While that carries a value. @param pivot what says that the function around it runs. */
export function lowerWhile(lowering: Lowering, node: Node, pivot: string | undefined): Lowered {
	const { nodes, add, call } = lowering.place(node);
	const args = node.inputs.filter((input) => !isControl(input));
	const types = node.attr('T')?.types ?? [];
	const body = lowering.functionOf(node, 'body');
	const carried = carriedValues(body, types, args.length);
	const frame = {
		frame_name: Attr.string(lowering.freeFrame(node.name)),
		parallel_iterations: Attr.int(node.attr('parallel_iterations')?.int ?? PARALLEL_ITERATIONS),
	};
	const enters = args.map((arg, i) =>
		add(`enter_${i}`, 'Enter', [arg, ...lowering.before(node, arg, carried[i] ? pivot : undefined)], {
			T: typeAt(types, i),
			...frame,
			is_constant: Attr.bool(!carried[i]),
		}),
	);
	for (const [i, name] of enters.entries()) if (!carried[i]) lowering.invariants.add(name);
	const nexts = enters.map((_name, i) => (carried[i] ? lowering.freeName(`${node.name}/next_${i}`) : ''));
	/** One node for each value that changes, and in the place of the others their Enter. */
	const each = (make: (i: number) => string): string[] =>
		enters.map((enter, i) => (carried[i] ? make(i) : enter));
	const merges = each((i) =>
		add(`merge_${i}`, 'Merge', [enters[i]!, nexts[i]!], { T: typeAt(types, i), N: Attr.int(2) }),
	);
	const first = carried.indexOf(true);
	const condCall = call('cond', 'cond', merges, merges[first]!);
	const condType = lowering.functionOf(node, 'cond').definition.signature?.output_arg[0]?.type ?? DT_BOOL;
	const loopCond = add('LoopCond', 'LoopCond', [asBool(condCall, Attr.type(condType), [], add)], {});
	const switches = each((i) => add(`switch_${i}`, 'Switch', [merges[i]!, loopCond], { T: typeAt(types, i) }));
	const bodyPivot = add('pivot', 'Identity', [`${switches[first]}:1`], { T: typeAt(types, first) });
	const insides = switches.map((name, i) => (carried[i] ? `${name}:1` : name));
	const bodyCall = call('body', 'body', insides, bodyPivot);
	// Side effects of a round end before the next begins.
	const effects = Object.keys(body.definition.control_ret).length > 0 ? [`^${bodyCall}`] : [];
	each((i) => {
		const inputs = [port(bodyCall, i), ...effects];
		const attrs = { T: typeAt(types, i) };
		nodes.push(Node.of({ name: nexts[i]!, op: 'NextIteration', inputs, device: node.device, attrs }));
		return nexts[i]!;
	});
	const returned = args.map((arg, i) =>
		carried[i] ? add(`exit_${i}`, 'Exit', [switches[i]!], { T: typeAt(types, i) }) : arg,
	);
	return { nodes, returned, finished: returned.filter((_name, i) => carried[i]) };
}

/** Which values a body may change. One at least runs round, since the rounds are told by it. */
function carriedValues(body: GraphFunction, types: readonly number[], count: number): boolean[] {
	const { signature, ret } = body.definition;
	const identities = new Map(
		body.nodes.flatMap((node) => (node.op === 'Identity' ? [[node.name, node]] : [])),
	);
	const args = signature?.input_arg ?? [];
	const origin = (value: string): string => {
		let name = sourceOf(value);
		for (let steps = 0; steps <= identities.size; steps++) {
			const node = identities.get(name);
			if (node?.inputs.length !== 1 || isControl(node.inputs[0]!)) break;
			name = node.sources[0]!;
		}
		return name;
	};
	const carried = Array.from({ length: count }, (_, i) => {
		const value = ret[signature?.output_arg[i]?.name ?? ''];
		return value === undefined || args[i] === undefined || origin(value) !== args[i].name;
	});
	if (!carried.includes(true)) {
		const first = types.findIndex((type) => type !== DT_RESOURCE);
		carried[Math.max(0, first)] = true;
	}
	return carried;
}
