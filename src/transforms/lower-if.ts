/**
 *   before   y = If(p, a) {then_branch: f, else_branch: g}
 *   after    y/switch_pred = Switch(p, p)                      y/then = f(y/switch_0:1)      waits for y/pivot_t
 *            y/pivot_f = Identity(y/switch_pred:0)             y/else = g(y/switch_0:0)      waits for y/pivot_f
 *            y/pivot_t = Identity(y/switch_pred:1)             y/merge_0 = Merge(y/else, y/then)
 *            y/switch_0 = Switch(a, p)                         readers of y read y/merge_0
 */
import { Attr } from '../graph/attr.ts';
import { DT_BOOL } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import { isControl } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { asBool, type Lowered, type Lowering, port, typeAt } from './lowering.ts';

/** What stands for an If. @param pivot what says that the function around it runs. */
export function lowerIf(lowering: Lowering, node: Node, pivot: string | undefined): Lowered {
	const { nodes, add, call } = lowering.place(node);
	const [given, ...args] = node.inputs.filter((input) => !isControl(input));
	if (given === undefined) throw new WhittleError('transform', `\`${node.name}\` (If) has no predicate`);
	const types = node.attr('Tin')?.types ?? [];
	const before = lowering.before(node, given, pivot);
	const flag = { T: Attr.type(DT_BOOL) };
	const predicate = asBool(given, node.attr('Tcond'), before, add);
	const decided = add('switch_pred', 'Switch', [predicate, predicate, ...before], flag);
	const pivotFalse = add('pivot_f', 'Identity', [decided], flag);
	const pivotTrue = add('pivot_t', 'Identity', [`${decided}:1`], flag);
	const switches = args.map((arg, i) =>
		add(`switch_${i}`, 'Switch', [arg, predicate, ...before], { T: typeAt(types, i) }),
	);
	const onTrue = switches.map((name) => `${name}:1`);
	const thenCall = call('then', 'then_branch', onTrue, pivotTrue);
	const elseCall = call('else', 'else_branch', switches, pivotFalse);
	const outputs = node.attr('Tout')?.types ?? [];
	const returned = outputs.map((type, i) =>
		add(`merge_${i}`, 'Merge', [port(elseCall, i), port(thenCall, i)], {
			T: Attr.type(type),
			N: Attr.int(2),
		}),
	);
	// A branch not taken never runs, so nobody outside may wait for what is in it.
	const ranFalse = add('ran_f', 'Identity', [pivotFalse, `^${elseCall}`], flag);
	const ranTrue = add('ran_t', 'Identity', [pivotTrue, `^${thenCall}`], flag);
	const executed = add('executed', 'Merge', [ranFalse, ranTrue], { ...flag, N: Attr.int(2) });
	return { nodes, returned, finished: [executed] };
}
